"""What a person did, as a value: an act of the audit trail, and its kinds.

Pure. Acts are written and sealed into the evidence in ``store.audit``; how one reads is said by
``use.watch.audit``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

ActKind = Literal[
    "sign-in",
    "sign-in-refused",
    "sign-in-link",
    "sign-out",
    "sign-out-everywhere",
    "account-bound",
    "account-unbound",
    "import",
    "reading-choices",
    "reading-choices-forgotten",
    "draft-discarded",
    "correct",
    "setting",
    "hold",
    "release",
    "close",
    "contacts-import",
    "contact-added",
    "contact-changed",
    "contact-removed",
    "revive",
    "hand-over",
    "preferences",
    "person-removed",
    "answer",
    "answer-on-behalf",
    "answer-undone",
    "pause",
    "pause-ended",
    "date-approved",
    "date-refused",
    "target-date",
    "target-date-removed",
    "series",
    "form-saved",
    "form-sent",
    "form-opened",
    "value",
    "round-closed",
    "round-opened",
    "units-reminded",
    "private-calendar",
    "private-calendar-closed",
    "private-calendar-asked",
    "link-asked",
    "mail-tried-again",
    "mail-let-go",
    "key-accepted",
    "clock-accepted",
    "count-accepted",
    "purge",
    "backup",
    "restore",
    "contacts-export",
    "report-export",
    "record-export",
    "list-export",
    "trail-export",
    "person-export",
]
"""All that is recorded; an act that is none of these cannot be."""
ACTS: Final[tuple[ActKind, ...]] = get_args(ActKind)
MOST_REFUSALS: Final = 30
"""Refused sign-ins that are recorded within an hour; a flood of them must not fill the record."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: who did what, when, from where.

    ``address``: whose act it is; nothing where nobody is named. ``origin``: the network address of a browser,
    *command* on the service's own machine, *schedule*. ``programme``: its key; nothing: the whole service.
    ``subject`` is what it was about and holds no address; ``person`` the address of whom it was about.
    ``counts``: how many of what, where an act is about many.
    """

    id: int
    at: datetime
    address: str
    origin: str
    act: ActKind
    programme: str = ""
    subject: str = ""
    person: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActFilter:
    """Which acts are wanted; what is not said is not asked.

    ``programmes``: those of these keys, with those about no programme where ``whole_service`` says so; None:
    all. Of those about no programme that this leaves out, what ``persons`` did, or what was about them, is
    let through. ``person``: those of an address that has these letters in it, or about it.
    """

    programmes: Collection[str] | None = None
    whole_service: bool = True
    persons: Collection[str] = ()
    act: str = ""
    person: str = ""
