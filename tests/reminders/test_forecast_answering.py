"""The forecast comes true with all that people enter beforehand: answers, pauses, absences, hand-overs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from reminders.dispatch.answers import Said, record, undo
from reminders.dispatch.handing import HandOver, hand_over
from reminders.dispatch.load import FIRST_PROGRAMME as VAASA
from reminders.dispatch.pauses import Wish, pause, resume
from reminders.dispatch.proposals import approve
from reminders.dispatch.tick import Service
from reminders.recipients import Contact
from reminders.store import programmes as repository
from schedule_rules.days import Span
from tests.reminders.test_forecast import Clock, make_service, predict, run_days, sent

HR, HR_HEAD = "hr-unit-contact@vaasa.example", "hr-unit-head@vaasa.example"
WELFARE = "welfare-unit-contact@vaasa.example"
STAND_IN = "hr-stand-in@vaasa.example"


def open_of(service: Service, organisation: str) -> list[str]:
    """The milestones and reviews that an organisation is asked of, by date."""
    with service.database.read() as connection:
        rows = repository.stored_occurrences(connection, VAASA)
    own = (one.row for one in rows if organisation in one.row.organisations)
    return [str(row.id) for row in own if row.kind in {"milestone", "review"}]


@contextmanager
def hour(clock: Clock, now: datetime) -> Iterator[None]:
    """Set the clock for a while."""
    before, clock.now = clock.now, now
    yield
    clock.now = before


def enter(service: Service) -> None:
    """What people have entered by the morning of 8 January 2025."""
    own = open_of(service, "hr-unit")
    record(service, Said(own[0], "done", HR))
    record(service, Said(own[1], "late", HR, "Viivästyy", date(2025, 6, 30)))
    (answer,) = record(service, Said(own[2], "on-track", HR))
    with service.database.read() as connection:
        ids = {one.occurrence: one.id for one in repository.answers_of(connection, VAASA)}
    undo(service, ids[answer.occurrence], HR_HEAD)
    approve(service, ids[own[1]], "board-secretary@vaasa.example")
    asked = open_of(service, "welfare-unit")
    pause(service, Wish(asked[0], date(2025, 2, 5), "Loma", WELFARE))
    pause(service, Wish(asked[1], date(2025, 1, 31), "Loma", WELFARE))
    resume(service, asked[1], WELFARE)
    for giver, taker, day in (
        ("real-estate", "housing-advisers", date(2025, 3, 1)),
        ("culture-and-library-services", "communications", date(2025, 9, 15)),
        ("safety-network", "security-work", date(2025, 1, 2)),
    ):
        hand_over(service, HandOver(VAASA, giver, taker, day, by="board-secretary@vaasa.example"))


def be_away(service: Service) -> None:
    """The contact of the HR unit is away from March to May; a deputy stands in."""
    away = Contact("hr-unit", "deputy", "", STAND_IN, "en", date(2025, 3, 1), date(2025, 5, 31), HR)
    with service.database.write() as connection:
        repository.save_contacts(connection, VAASA, (*repository.contacts_of(connection, VAASA), away))


def test_a_year_with_all_that_people_enter(tmp_path: Path) -> None:
    """Entered after the first run, foreseen, then run day by day: the same mails, item by item."""
    service, clock = make_service(tmp_path, datetime(2025, 1, 7, 7, tzinfo=UTC))
    run_days(service, clock, Span(date(2025, 1, 7), date(2025, 1, 7)))
    clock.now = datetime(2025, 1, 7, 12, tzinfo=UTC)
    be_away(service)
    enter(service)
    window = Span(date(2025, 1, 8), date(2025, 12, 31))
    before = predict(service, window)
    run_days(service, clock, window)
    assert sent(service, window) == before
    stages = {item[1] for mail in before for item in mail[4]}
    assert {"handover", "escalation", "digest"} <= stages
    assert len({(mail[0], mail[1]) for mail in before}) == len(before)
    assert [mail[0] for mail in before if mail[1] == STAND_IN] != []
