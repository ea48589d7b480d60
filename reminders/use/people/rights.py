"""Who may act in which programme today, read from the contact lists as they are now.

The rule itself is in ``planning.speakers``; what a unit may answer is asked there too.
"""

from __future__ import annotations

from collections.abc import Iterable

from reminders.clock import civil_time
from reminders.errors import GuardError
from reminders.planning.addresses import listed_as
from reminders.planning.recipients import People
from reminders.planning.speakers import ProgrammePeople, managed_by
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import Connection, people, programmes


def people_by_programme(connection: Connection, rows: Iterable[ProgrammeRow]) -> dict[str, ProgrammePeople]:
    """Return who is who in every programme, by key; ``rows`` are those that can be read.

    Of one that is damaged it is not known which board monitors it: its secretaries are those of its list.
    """
    found = {row.programme.key: row for row in rows}
    dead = people.dead_addresses(connection)
    return {
        key: ProgrammePeople(
            People(people.contacts_of(connection, key), row.programme.monitored_by if row else "", dead),
            is_draft=bool(row and row.is_draft),
        )
        for key in programmes.programme_keys(connection)
        for row in [found.get(key)]
    }


def programmes_of(service: Service, address: str) -> frozenset[str]:
    """Return the programmes in which an address may act today; none: it may not sign in."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        rows = programmes.all_programmes(connection)
        return managed_by(people_by_programme(connection, rows), address, today)


def decided_by(service: Service, programme: str, address: str) -> str:
    """Return who a command says has decided, as the list writes the address; the role where it names nobody.

    Raises ``GuardError`` where that is neither the programme's secretary today nor who stands in.
    """
    if address in {"", "secretary"}:
        return address
    if programme not in programmes_of(service, address):
        expected = f"the secretary of {programme}, or who stands in today"
        raise GuardError(f"--by: expected the address of {expected}; found {address!r}")
    with service.database.read() as connection:
        known = [one.email for one in people.contacts_of(connection, programme)]
    return listed_as(address, known) or address
