"""What planning reads: only programmes that something concerns, with the outcome that all would have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminders.planning.planner import Step, step
from reminders.planning.preferences import Preferences
from reminders.service import Service
from reminders.store import Database, people
from reminders.use.answers.record import PauseRequest, pause_reminders
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.planning import load_state
from reminders.use.planning.load_state import load_planner
from reminders.use.programme.store_programme import store_programme
from schedule_rules.days import Span
from schedule_rules.workdays import standard_workdays
from tests.use.office import Office, at
from tests.use.town import LIBRARY, PEOPLE, TOWN, action, programme, town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def village(database: Database, key: str = "village") -> None:
    """Another programme, of other people, that is released."""
    made = replace(programme(action("choir", "Jatkuva", "spring")), key=key)
    with database.write() as connection:
        store_programme(connection, made, at("2025-01-06T00:00"), held=False)
        people.save_contacts(connection, key, [replace(one, email=f"{key}.{one.email}") for one in PEOPLE])


def outcome(found: Step) -> tuple[object, ...]:
    """What a step changes and mails."""
    dates = [(day, some) for day, some in found.dates if some]
    changes = (found.caught_up, dates, found.starts, found.early, found.readdressings)
    return (*changes, found.lost, found.rerouted, found.superseded, found.untrue, found.mails)


def test_what_is_read_for_a_day_decides_as_all_that_is_stored(database: Database) -> None:
    """On each sending day of four months, with pauses, a hand-over and a reader's own day in between."""
    office = town(
        database, action("fair", "2/2025", "library"), action("garden", "3/2025", "library", "museum")
    )
    village(database)
    with database.write() as connection:
        people.save_preferences(connection, TOWN, LIBRARY, Preferences(weekday=2), at("2025-01-08T12:00"))
    deeds: dict[date, Callable[[Service], object]] = {
        date(2025, 2, 4): lambda service: pause_reminders(
            service, PauseRequest(f"{TOWN}:fair:milestone:end", date(2025, 2, 24), "x")
        ),
        date(2025, 3, 4): lambda service: hand_over(
            service, HandOver(TOWN, "library", "museum", date(2025, 3, 20))
        ),
    }
    for day in standard_workdays().between(Span(date(2025, 1, 7), date(2025, 4, 30))):
        with database.read() as connection:
            few, everything = (load_planner(connection, day, until) for until in (None, day))
        assert outcome(step(few, day)) == outcome(step(everything, day)), day
        office.tick(f"{day}T09:00")
        if day in deeds:
            deeds[day](office.service(f"{day}T14:00"))


def test_where_nothing_is_due_no_programme_is_read(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a day between two stages and two digests; on one with a stage only its programme is."""
    office = town(database, action("fair", "2/2025", "library"))
    village(database)
    for when in ("2025-02-18T09:00", "2025-02-19T09:00"):
        office.tick(when)
    read: list[str] = []
    whole = load_state.load_state

    def noting(connection: object, row: object, *others: object) -> object:
        read.append(row.programme.key)  # type: ignore[attr-defined]
        return whole(connection, row, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(load_state, "load_state", noting)
    day = date(2025, 2, 20)
    with database.read() as connection:
        load_planner(connection, day)
        assert read == []
        load_planner(connection, day + timedelta(days=1))
        assert read == [TOWN]


def test_a_day_before_the_watermark_is_read_as_the_watermarks(database: Database) -> None:
    """What is past is not planned: the state is of the last planned day."""
    office = Office(database)
    town(database, action("fair", "2/2025", "library"))
    office.tick("2025-02-19T09:00")
    with database.read() as connection:
        assert load_planner(connection, date(2025, 2, 3)).day == date(2025, 2, 19)
