"""What opens behind a link of a mail: whose it is, what it is about, whether it still holds.

Opening writes nothing. Why a link opens nothing is said by a code, and nothing
else is told of it: neither title nor unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reminders.asked import addresses, asked_of, units_of
from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local, world_of
from reminders.due import World, needs_answer
from reminders.links import Links, Purpose, Ticket, last_day
from reminders.store import Connection
from reminders.store import programmes as repository
from schedule_rules.occurrence import Occurrence

Why = Literal["unknown", "expired", "left", "gone", "moved"]


@dataclass(frozen=True, slots=True)
class Closed:
    """A link that opens nothing.

    ``unknown``: forged, cut or of another purpose; ``expired``; ``left``: its reader is
    no contact any more; ``gone``: its matter is not in the programme any more;
    ``moved``: another organisation is responsible (``to``: its keys, of ``world``).
    """

    why: Why
    world: World | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A reader's link that holds: until when, and the worlds as they stand ``today``.

    ``answers`` are the ids of the newest answers that count, by (occurrence, organisation).
    """

    reader: str
    until: date
    today: date
    worlds: Mapping[str, World]
    answers: Mapping[tuple[str, str], int]

    def seen(self, occurrence: str, organisations: Iterable[str]) -> int:
        """Return the id of the newest answer of some organisations about an occurrence; 0: none yet."""
        return max((self.answers.get((occurrence, key), 0) for key in organisations), default=0)


@dataclass(frozen=True)
class Matched:
    """A link to one occurrence: the organisations that its reader speaks for."""

    opened: Opened
    world: World
    occurrence: Occurrence
    organisations: tuple[str, ...]


def open_link(service: Service, token: str, *purposes: Purpose) -> Opened | Closed:
    """Return who a link of one of some purposes lets in, else why not."""
    today = local(service.settings, service.clock()).day
    ticket = Links(service.secret).read(token)
    if ticket is None or ticket.purpose not in purposes:
        return Closed("unknown")
    if today > ticket.until:
        return Closed("expired")
    with service.database.read() as connection:
        worlds = worlds_of(connection)
        rows = [row for key in worlds for row in repository.answers_of(connection, key)]
    reader = Links(service.secret).reader_of(ticket, addresses(worlds.values(), today))
    newest = {(row.occurrence, row.organisation): row.id for row in rows}
    # A calendar's link may hold for years; what it leads to holds no longer than a mail's.
    until = min(ticket.until, last_day(today))
    return Opened(reader, until, today, worlds, newest) if reader else Closed("left")


def open_answer(service: Service, token: str) -> Matched | Closed:
    """Return the occurrence that a link is about, and for whom its reader answers; else why not."""
    links, opened = Links(service.secret), open_link(service, token, "answer", "calendar")
    ticket = links.read(token)
    if isinstance(opened, Closed) or ticket is None:
        return opened if isinstance(opened, Closed) else Closed("unknown")
    world, row = subject_of(links, ticket, opened.worlds)
    if world is None or row is None or not needs_answer(row) or row.kind == "collection":
        return Closed("gone")
    return matched(opened, world, row)


def matched(opened: Opened, world: World, row: Occurrence) -> Matched | Closed:
    """Return a reader's part in an occurrence, else that it has moved or was never the reader's."""
    own = asked_of(world, row, opened.reader, opened.today)
    return Matched(opened, world, row, own) if own else not_ours(opened, world, row.id.action)


def not_ours(opened: Opened, world: World, action: str) -> Closed:
    """Return why an action's matter is closed to a reader who answers for none of its organisations."""
    mine = units_of(world, opened.reader, opened.today)
    found = world.programme.action_by_id[action]
    if any(move.giver in mine for move in found.handovers):
        return Closed("moved", world, found.leads_on(opened.today))
    return Closed("left")


def subject_of(
    links: Links, ticket: Ticket, worlds: Mapping[str, World]
) -> tuple[World | None, Occurrence | None]:
    """Return the occurrence that a ticket is for, with its world."""
    for world in worlds.values():
        found = links.subject_of(ticket, world.occurrences)
        if found:
            return world, world.occurrences[found]
    return None, None


def worlds_of(connection: Connection) -> Mapping[str, World]:
    """Return the worlds of the programmes, held ones too: their mails went out before."""
    return {row.programme.key: world_of(connection, row) for row in repository.all_programmes(connection)}
