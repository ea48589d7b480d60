"""Links that let their reader act without signing in: signed, for one purpose, subject and reader.

Pure. A token holds no name: subject and reader stand in it as short keyed marks, which are compared with what
is stored when the link is opened. The same facts always give the same token, so that a mail has the same
octets whoever composes it. What a link may do, and the pages behind it, are left to ``use`` and ``web``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final, Literal, get_args

from itsdangerous import Signer

from reminders.planning.addresses import folded
from reminders.planning.state import ProgrammeState, is_closed, reply_of, said_on, stopped_until
from reminders.planning.targets import is_checkpoint
from reminders.planning.unset_series import unset_series
from schedule_rules.occurrence import Occurrence, series_seed, with_first_action
from schedule_rules.programme import Programme

Purpose = Literal["answer", "unit", "preferences", "form", "calendar", "series", "held"]
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
VALID_FOR: Final = timedelta(days=30)
"""How long a mail's links hold at least, and after their matter is answered (behaviour.md, "Answers")."""

_DAY_ZERO: Final = date(2000, 1, 1)
_SUBJECT, _READER, _SIGNATURE = 8, 8, 16
_HEAD: Final = 3 + _SUBJECT + _READER
# Lower-case base32 (RFC 4648 section 6): nothing that a mail program could take for the end of an
# address, and a gateway that writes addresses in capitals does no harm. 35 octets fill it exactly.
TOKEN: Final = re.compile("[a-z2-7]{56}")
_GLUED: Final = ".,;:>)]”’"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A token that is ours: its purpose, its last civil day, the marks of what it is for."""

    purpose: Purpose
    until: date
    subject: bytes
    reader: bytes


@dataclass(frozen=True)
class Links:
    """Makes and reads the tokens of one service.

    ``origins`` are the ids by which links know actions whose id has changed since they were first mailed, by
    (programme, id of today): a link follows its action, and never opens another that has its id now.
    """

    secret: str
    origins: Mapping[tuple[str, str], str] = field(default_factory=dict, hash=False)

    def issue(self, purpose: Purpose, subject: str, reader: str, until: date) -> str:
        """Return the token (56 letters and digits) for one ``reader`` (an address, in any spelling).

        ``subject`` is an occurrence, or nothing where the purpose needs none; ``until`` the last civil day,
        in the service's time zone. It must lie in 2000–2179.
        """
        head = bytes([PURPOSES.index(purpose)]) + (until - _DAY_ZERO).days.to_bytes(2, "big")
        head += self._mark("subject", self._lasting(subject), _SUBJECT) + self._mark(
            "reader", folded(reader), _READER
        )
        return base64.b32encode(head + self._signature(head)).decode().lower()

    def read(self, token: str) -> Ticket | None:
        """Return what a token says, None when it is not whole or not ours; its day may be over."""
        clean = token.rstrip(_GLUED).lower()
        if not TOKEN.fullmatch(clean):
            return None
        octets = base64.b32decode(clean.upper())
        head, signature = octets[:_HEAD], octets[_HEAD:]
        if not hmac.compare_digest(signature, self._signature(head)) or head[0] >= len(PURPOSES):
            return None
        until = _DAY_ZERO + timedelta(days=int.from_bytes(head[1:3], "big"))
        return Ticket(PURPOSES[head[0]], until, head[3 : 3 + _SUBJECT], head[3 + _SUBJECT :])

    def subject_of(self, ticket: Ticket, known: Iterable[str]) -> str | None:
        """Return which of the ``known`` occurrences a ticket is for."""
        marks = ((one, self._mark("subject", self._lasting(one), _SUBJECT)) for one in known)
        return next((one for one, mark in marks if mark == ticket.subject), None)

    def _lasting(self, subject: str) -> str:
        """Return a subject, which begins with its programme and action, as links first knew it."""
        return with_first_action(subject, self.origins)

    def reader_of(self, ticket: Ticket, known: Iterable[str]) -> str | None:
        """Return which of the ``known`` addresses a ticket was made for, as it is written there.

        Links that were mailed before 0.1 was out have the mark of the address in lower case only.
        """
        for one in known:
            spellings = (folded(one), one.lower())
            if ticket.reader in {self._mark("reader", spelling, _READER) for spelling in spellings}:
                return one
        return None

    def _mark(self, what: str, text: str, octets: int) -> bytes:
        return hmac.digest(self._keys[0], f"{what}\0{text}".encode(), "sha256")[:octets]

    def _signature(self, head: bytes) -> bytes:
        """Return 128 bits of an HMAC (RFC 2104 section 5 allows half of its length)."""
        return hmac.digest(self._keys[1], head, "sha256")[:_SIGNATURE]

    @cached_property
    def _keys(self) -> tuple[bytes, bytes]:
        """Return the keys of marks and of signatures: no other use of the secret shares them.

        The names are part of every link that was mailed: they stay, wherever this file moves.
        """
        salts = ("reminders.links.marks", "reminders.links.signature")
        signers = (Signer(self.secret, salt=salt, digest_method=hashlib.sha256) for salt in salts)
        marks, signature = (signer.derive_key() for signer in signers)
        return marks, signature


def links_of(secret: str, programmes: Iterable[Programme]) -> Links:
    """Return what makes and reads the links to these programmes."""
    return Links(
        secret, {(one.key, action): first for one in programmes for action, first in one.origins.items()}
    )


def last_day(mailed: date) -> date:
    """Return the last day on which the links of a mail of ``mailed`` hold."""
    return mailed + VALID_FOR


def holds_until(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> date:
    """Return the last day on which a unit may answer an occurrence, or change its answer, by a mail's link.

    ``date.max``: as long as the matter is open; nothing that is over without an answer is answered.
    """
    if not is_closed(state, row, today) and stopped_until(state, row, organisation) != date.max:
        return date.max
    reply = reply_of(state, row, organisation)
    return last_day(said_on(state, reply)) if reply else date.min


@dataclass(frozen=True, slots=True)
class SeriesYear:
    """An event series of an action, by name, and a year whose dates its unit is asked to set."""

    action: str
    name: str
    year: int


def series_subject(row: Occurrence) -> str:
    """Return the subject of a link to the dates of a series' year; it stays when the dates change."""
    return f"{row.id.seed}:{row.due.year}"


def series_years(state: ProgrammeState) -> Mapping[str, SeriesYear]:
    """Return the years of all series, those that people took away included, by ``series_subject``."""
    programme = state.programme
    rows = (row for row in state.occurrences.values() if row.kind == "event" and not is_checkpoint(row.id))
    derived = {(row.id.action, row.id.series) for row in rows}
    derived |= {(row.id.action, row.id.series) for row in unset_series(programme).values()}
    return {
        f"{series_seed(programme.key, action, name)}:{year}": SeriesYear(action, name, year)
        for action, name in derived | {(one.action, one.name) for one in programme.series}
        for year in range(programme.period.first.year, programme.period.last.year + 1)
    }
