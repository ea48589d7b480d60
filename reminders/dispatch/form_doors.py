"""How a unit's form of the annual data collection is opened: by its mail's link, or by the secretary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminders.asked import addresses, asked_of
from reminders.collecting import actions_of, day_asked
from reminders.dispatch.own_links import Closed
from reminders.dispatch.rounds import Round, round_of
from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local
from reminders.due import responsible
from reminders.links import Links
from reminders.store import Connection
from reminders.store import rounds as store
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Action


@dataclass(frozen=True, slots=True)
class ByHand:
    """The secretary opens a form herself, instead of a unit by its link: of which round."""

    year: int
    programme: str


Door = str | ByHand
"""How a form is opened: by a link's token, or by hand."""


@dataclass(frozen=True)
class Opened:
    """What a link opens: the round, its reader's address, and the units that the reader answers for."""

    found: Round
    reader: str
    units: tuple[str, ...]

    @property
    def occurrence(self) -> str:
        """The id of the round."""
        return str(self.found.row.id)

    def actions(self, unit: str) -> tuple[Action, ...]:
        """Return the actions that a unit's form asks about."""
        return actions_of(self.found.world, unit, day_asked(self.found.row, self.found.today))


def open_form(service: Service, door: Door) -> Opened | Closed:
    """Return what a link opens, or why it opens nothing; nothing is written.

    By hand every unit's form opens; ``NotFoundError`` when there is no such round.
    """
    now = service.clock()
    with service.database.read() as connection:
        return open_in(service, connection, door, local(service.settings, now).day)


def open_in(service: Service, connection: Connection, door: Door, today: date) -> Opened | Closed:
    """Return the same inside the caller's transaction; ``today`` is the service's civil date."""
    if isinstance(door, ByHand):
        found = round_of(connection, door.year, today, door.programme)
        own = [one.email for one in found.world.people.secretary(today) if one.role == "secretary"]
        units = responsible(found.world, found.row, day_asked(found.row, today))
        return Opened(found, next(iter(own), "secretary"), units)
    links = Links(service.secret)
    ticket = links.read(door)
    if ticket is None or ticket.purpose != "form":
        return Closed("unknown")
    if ticket.until < today:
        return Closed("expired")
    known = store.rounds(connection)
    occurrence = links.subject_of(ticket, known)
    if occurrence is None:
        return Closed("gone")
    found = round_of(connection, known[occurrence], today, OccurrenceID.parse(occurrence).programme)
    reader = links.reader_of(ticket, addresses([found.world], today))
    units = asked_of(found.world, found.row, reader, day_asked(found.row, today)) if reader else ()
    return Opened(found, reader, units) if reader and units else Closed("left")
