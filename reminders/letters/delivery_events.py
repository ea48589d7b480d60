"""What happened to a message, as values: its events, a mail and its fate, mails as lists show them.

Pure. The events are written and chained in `store.evidence` and read in `store.delivery_log`; what follows
one attempt is decided in `retry`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from schedule_rules.occurrence import OccurrenceID

_ADDRESS: Final = re.compile(
    r"(?<![^\s<>()\[\]\"',;:=])[^\s<>()\[\]\"',;:=]+@[^\s<>()\[\]\"',;:=]*[^\s<>()\[\]\"',;:=.]"
)
_FILE: Final = re.compile(r"/[a-z0-9-]+--(?=[0-9a-f]{12}\.eml)")
_WRITTEN: Final = re.compile(r"\d{4}-\d\d-\d\d/[^/ ]*--[0-9a-f]{12}\.eml")
_SHA256: Final = re.compile(r"\b[0-9a-f]{64}\b", re.ASCII)
RECORDED: Final = frozenset(("planned", "composed", "sealed", "renamed", "erased", "acted"))
"""Events that say what a row is, and what was rightly changed of it; the others what became of a mail."""


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One thing that happened to a message. ``kind``: composed, handed-over, refused, ...

    ``state`` is what the message is in after it; nothing: as it stands when the event is written. One about a
    reminder that was planned, an act of the audit trail, or the record itself, has no ``outbox_id``.
    """

    outbox_id: int | None
    attempt: int
    at: datetime
    kind: str
    phase: str = ""
    code: int = 0
    text: str = ""
    reminder_id: int | None = None
    state: str = ""

    @property
    def reply(self) -> str:
        """The server's words as they came, code and text; where a mail is recorded, its octets' hash."""
        if self.kind in RECORDED:
            found = _SHA256.search(self.text)
            return f"sha256 {found[0]}" if found else ""
        return " ".join(part for part in (str(self.code) if self.code else "", self.text) if part)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A mail and its fate."""

    id: int
    day: date
    to: str
    language: str
    kind: str
    items: tuple[dict[str, str], ...]
    at: datetime
    message_id: str
    state: str
    subject: str
    events: tuple[DeliveryEvent, ...]
    sha256: str = ""

    def items_about(self, action: str) -> tuple[dict[str, str], ...]:
        """Return those of its items that are about an action."""
        return tuple(item for item in self.items if OccurrenceID.parse(item["occurrence"]).action == action)


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail as a list shows it."""

    id: int
    day: date
    at: datetime
    to: str
    subject: str
    language: str
    kind: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class MailCount:
    """The mails of one day: how many, and how many in which state."""

    day: date
    states: Mapping[str, int]

    @property
    def sent(self) -> int:
        """How many a mail server or a folder took."""
        return self.states.get("sent", 0)


def last_answer(events: Iterable[DeliveryEvent]) -> DeliveryEvent | None:
    """Return the last event in which a server said something, or a folder named its file."""
    said = [event for event in events if event.kind not in RECORDED and (event.code or event.text)]
    return said[-1] if said else None


def was_written(answer: str) -> bool:
    """Tell whether an answer is that of a folder: the name of a file, not the words of a mail server."""
    return bool(_WRITTEN.fullmatch(answer))


def without_addresses(text: str) -> str:
    """Return a server's words without the addresses in them: the record must outlive a person's data."""
    return _FILE.sub("/…--", _ADDRESS.sub("…", text))


def refusal_reply(code: int, text: str) -> str:
    """Return a refusal as a server said it, code and text, without addresses; a report's text has both."""
    words = without_addresses(text)
    return words if words.startswith(f"{code} ") else f"{code} {words}".strip()
