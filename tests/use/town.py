"""A small programme with one unit of five persons, and a service on it.

Spring is three persons to be mailed on an ordinary day (two contacts and, when the
second is away, the deputy), a mailbox and a head; Library and Museum are others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from reminders.delivery import MemoryTransport
from reminders.letters.retry import Outcome
from reminders.planning.programme_settings import SettingRecord
from reminders.planning.recipients import Contact
from reminders.store import Database, people as store_people, programmes
from reminders.use.programme.store_programme import store_programme
from schedule_rules.days import Span
from schedule_rules.programme import LANGUAGES, Action, Domain, Goal, Organisation, Programme, Text, TextLang
from tests.conftest import HELSINKI
from tests.use.office import Office

TOWN = "town"
ANNA, BERTIL, DEPUTY = "anna@town.example", "bertil@town.example", "deputy@town.example"
SPRING_BOX, SPRING_HEAD = "spring@town.example", "spring-head@town.example"
LIBRARY, LIBRARY_HEAD, MUSEUM = "library@town.example", "library-head@town.example", "museum@town.example"
SECRETARY = "secretary@town.example"

PEOPLE = (
    Contact("spring", "contact", "Anna", ANNA, "fi"),
    Contact("spring", "contact", "Bertil", BERTIL, "sv"),
    Contact("spring", "deputy", "Deputy", DEPUTY, "en", date(2025, 3, 1), date(2025, 4, 30), BERTIL),
    Contact("spring", "mailbox", "", SPRING_BOX, "fi+sv"),
    Contact("spring", "head", "Head", SPRING_HEAD, "fi"),
    Contact("library", "contact", "Library", LIBRARY, "fi"),
    Contact("library", "head", "Library head", LIBRARY_HEAD, "fi"),
    Contact("museum", "contact", "Museum", MUSEUM, "fi"),
    Contact("board", "secretary", "Secretary", SECRETARY, "fi"),
)


class Away(MemoryTransport):
    """A server that cannot be reached: what is composed waits, untried."""

    def deliver(self, envelope: object, on_dot: object) -> Outcome:
        """Take nothing."""
        return Outcome("no-answer", "connect", 0, "down")


def same(text: str) -> Text:
    """A text that is the same in all languages."""
    return Text(text, text, text)


def action(key: str, schedule: str, *leads: str) -> Action:
    """An action of a wording."""
    bullets: dict[TextLang, tuple[str, ...]] = {lang: (key.capitalize(),) for lang in LANGUAGES}
    return Action(key, "goal", bullets, same(schedule), same(", ".join(leads)), leads)


def organisation(key: str) -> Organisation:
    """A unit of the town."""
    return Organisation(key, "unit", same(key.capitalize()))


def programme(*actions: Action) -> Programme:
    """A programme of 2024–2026 that the board monitors."""
    return Programme(
        key=TOWN,
        name=same("Town"),
        period=Span(date(2024, 1, 1), date(2026, 12, 31)),
        timezone="Europe/Helsinki",
        languages=("fi", "sv", "en"),
        domains=(Domain("domain", same("Domain")),),
        goals=(Goal("goal", "domain", same("Goal")),),
        organisations=tuple(map(organisation, ("spring", "library", "museum", "board"))),
        actions=actions,
        stamp=date(2024, 1, 1),
        monitored_by="board",
    )


def town(
    database: Database, *actions: Action, people: Iterable[Contact] = PEOPLE, on: str = "2025-01-07"
) -> Office:
    """A service on a released town that nothing was mailed of; stored a day before ``on``.

    It leaves the list of the unit's year out, which would stand in every first mail of January.
    """
    made = programme(*actions)
    now = datetime.combine(date.fromisoformat(on) - timedelta(days=1), datetime.min.time(), HELSINKI)
    with database.write() as connection:
        store_programme(connection, made, now, held=False)
        store_people.save_contacts(connection, TOWN, people)
        programmes.add_setting(connection, TOWN, SettingRecord("year_letter", "no", "secretary", now))
    return Office(database)


def run(office: Office, first: str, last: str) -> None:
    """Tick once at nine on each day of a stretch."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        office.tick(f"{day}T09:00")
        day += timedelta(days=1)


def reminded_of_fair(database: Database, *others: Action, leader: str = "library") -> Office:
    """A town with a fair in January 2025 (and ``others``), whose reminder of the 24th is out."""
    office = town(database, action("fair", "1/2025", leader), *others)
    run(office, "2025-01-07", "2025-01-24")
    return office


def mails(office: Office, *addresses: str) -> list[tuple[str, str, list[str]]]:
    """(day, address, items) of what was mailed to addresses; an item as action, kind, stage."""
    rows = office.look("digest", "local_date", "recipient", "items", "state")
    return sorted(
        (day.isoformat(), to, sorted(_item(one) for one in items))
        for day, to, items, state in rows
        if state != "cancelled" and to in addresses
    )


def newest(office: Office) -> int:
    """The id of the answer that was given last."""
    found: int = office.look("answer", "id")[-1]
    return found


def _item(item: dict[str, str]) -> str:
    _, action_id, kind, _ = item["occurrence"].split(":")
    return f"{action_id} {kind} {item['stage']}"
