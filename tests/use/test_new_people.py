"""People come and go while reminders wait: what waits goes to whoever gets it now, once, and as foreseen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from reminders.delivery import MemoryTransport
from reminders.errors import GuardError
from reminders.planning.recipients import Contact
from reminders.store import Database, people as store_people, programmes as repository
from reminders.use.people.contacts import replace_contacts
from reminders.use.people.retention import remove_everything_of
from reminders.use.planning.preview import forecast_window
from schedule_rules.days import Span
from tests.use.office import Office, at
from tests.use.test_forecast import foreseen, sent
from tests.use.town import MUSEUM, PEOPLE, SECRETARY, TOWN, Away, action, mails, run, town

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SUCCESSOR, STAND_IN = "successor@town.example", "stand-in@town.example"
ESCALATED = "fair milestone escalation"
OLD = next(one for one in PEOPLE if one.email == SECRETARY)
NEW = replace(OLD, name="Successor", email=SUCCESSOR)
OTHERS = tuple(one for one in PEOPLE if one != OLD)


def opened(database: Database, people: Iterable[Contact] = PEOPLE) -> Office:
    """The town, whose museum has no head: on Friday 14 February 2025 its fair is the secretary's matter."""
    return town(database, action("fair", "1/2025", "museum"), people=people)


def replaced(office: Office, people: Iterable[Contact]) -> None:
    """Enter another list."""
    with office.database.write() as connection:
        store_people.save_contacts(connection, TOWN, tuple(people))


def summaries_with_escalation(office: Office) -> list[tuple[str, str]]:
    """(day, address) of the summaries that hold the fair's escalation."""
    rows = mails(office, SECRETARY, SUCCESSOR, STAND_IN)
    return [(day, to) for day, to, items in rows if ESCALATED in items]


def escalations(office: Office) -> list[tuple[str, str]]:
    """Who was to be told of it, and what became of that."""
    return office.look("reminder", "recipient", "state", stage="escalation")


def test_what_waits_for_the_next_summary_goes_to_the_new_secretary(database: Database) -> None:
    """Planned on Friday, replaced on Monday: Tuesday's summary of the successor holds it, nobody else's."""
    office = opened(database)
    run(office, "2025-01-07", "2025-02-14")
    assert escalations(office) == [(SECRETARY, "planned")]
    replaced(office, (*OTHERS, NEW))
    run(office, "2025-02-17", "2025-02-25")
    assert summaries_with_escalation(office) == [("2025-02-18", SUCCESSOR)]
    assert escalations(office) == [(SECRETARY, "cancelled"), (SUCCESSOR, "sent")]


@SQLITE
def test_a_change_of_secretary_entered_beforehand_comes_true_as_foreseen(database: Database) -> None:
    """One until Sunday, the other from Monday on: the forecast of January is what the run sends."""
    last, first = date(2025, 2, 16), date(2025, 2, 17)
    people = (*OTHERS, replace(OLD, valid_until=last), replace(NEW, valid_from=first))
    office, window = opened(database, people), Span(date(2025, 1, 8), date(2025, 3, 31))
    run(office, "2025-01-07", "2025-01-07")
    with office.database.read() as connection:
        before = foreseen(forecast_window(connection, window))
    run(office, "2025-01-08", "2025-03-31")
    assert summaries_with_escalation(office) == [("2025-02-18", SUCCESSOR)]
    assert sent(office.service("2025-03-31T12:00"), window) == before


@SQLITE
def test_one_of_two_secretaries_leaves(database: Database) -> None:
    """Who stays is told once; nothing waits for the one who left."""
    office = opened(database, (*PEOPLE, NEW))
    run(office, "2025-01-07", "2025-02-14")
    replaced(office, (*OTHERS, NEW))
    run(office, "2025-02-17", "2025-03-04")
    assert summaries_with_escalation(office) == [("2025-02-18", SUCCESSOR)]
    assert escalations(office) == [(SECRETARY, "cancelled"), (SUCCESSOR, "sent")]


@SQLITE
def test_what_nobody_can_get_waits_until_somebody_can(database: Database) -> None:
    """No secretary for a week: it waits, and goes to the first who comes, with the missed summary."""
    office = opened(database)
    run(office, "2025-01-07", "2025-02-14")
    replaced(office, OTHERS)
    run(office, "2025-02-17", "2025-02-21")
    assert escalations(office) == [(SECRETARY, "planned")]
    replaced(office, (*OTHERS, NEW))
    run(office, "2025-02-24", "2025-02-25")
    assert summaries_with_escalation(office) == [("2025-02-24", SUCCESSOR)]


@SQLITE
def test_who_comes_back_gets_it_once(database: Database) -> None:
    """Away on Monday only: planned for her, for another, for her again; one summary holds it."""
    office = opened(database)
    run(office, "2025-01-07", "2025-02-14")
    replaced(office, (*OTHERS, NEW))
    run(office, "2025-02-17", "2025-02-17")
    assert escalations(office) == [(SECRETARY, "cancelled"), (SUCCESSOR, "planned")]
    replaced(office, PEOPLE)
    run(office, "2025-02-18", "2025-02-25")
    assert summaries_with_escalation(office) == [("2025-02-18", SECRETARY)]
    assert escalations(office) == [(SECRETARY, "sent"), (SUCCESSOR, "cancelled")]


@SQLITE
def test_what_waits_for_an_address_that_died_goes_on(database: Database) -> None:
    """A bounce of another mail flags the secretary's address: the other secretary's summary holds it."""
    office = opened(database)
    run(office, "2025-01-07", "2025-02-14")
    replaced(office, (*PEOPLE, NEW))
    with office.database.write() as connection:
        store_people.flag_address(connection, SECRETARY, at("2025-02-14T12:00"), 550, "5.1.1 gone")
    run(office, "2025-02-17", "2025-02-25")
    assert summaries_with_escalation(office) == [("2025-02-18", SUCCESSOR)]


@SQLITE
def test_what_was_planned_behind_a_hold_goes_to_who_is_there_at_its_release(database: Database) -> None:
    """Planned for the contact on Friday, held; another is contact on Monday, when it goes."""
    office = opened(database)
    run(office, "2025-01-07", "2025-01-23")
    with office.database.write() as connection:
        repository.set_held(connection, TOWN, held=True)
    run(office, "2025-01-24", "2025-01-24")
    curator = "curator@town.example"
    replaced(office, tuple(replace(one, email=curator) if one.email == MUSEUM else one for one in PEOPLE))
    with office.database.write() as connection:
        repository.set_held(connection, TOWN, held=False)
    run(office, "2025-01-27", "2025-01-27")
    assert mails(office, curator) == [("2025-01-27", curator, ["fair milestone -P7D"])]
    states = office.look("reminder", "recipient", "state", stage="-P7D")
    assert states == [(MUSEUM, "cancelled"), (curator, "sent")]


@SQLITE
def test_a_mail_that_waits_for_the_server_follows_its_reader(database: Database) -> None:
    """Written at nine, the server is away, another is contact and secretary at ten: both mails are theirs."""
    office = opened(database)
    run(office, "2025-01-08", "2025-01-23")
    office.transport = Away()
    office.tick("2025-02-04T09:00")
    curator = "curator@town.example"
    others = tuple(replace(one, email=curator) if one.email == MUSEUM else one for one in OTHERS)
    replaced(office, (*others, NEW))
    office.transport = MemoryTransport()
    office.tick("2025-02-04T10:00")
    assert sorted(one.recipient for one in office.envelopes) == [curator, SUCCESSOR]
    assert office.tick("2025-02-04T11:00").outcomes == {}
    states = sorted(office.look("outbox", "rcpt", "state")[-4:])
    assert states == [(curator, "sent"), (MUSEUM, "cancelled"), (SECRETARY, "cancelled"), (SUCCESSOR, "sent")]
    assert set(office.look("reminder", "state", recipient=MUSEUM, stage="P1D")) == {"cancelled"}


@SQLITE
def test_a_mail_whose_reader_left_without_a_successor_goes_all_the_same(database: Database) -> None:
    """Written at nine, everybody is taken off the list at ten: it goes where it was meant to, once."""
    office = opened(database)
    office.transport = Away()
    office.tick("2025-01-07T09:00")
    replaced(office, ())
    office.transport = MemoryTransport()
    office.tick("2025-01-07T10:00")
    assert [one.recipient for one in office.envelopes] == [MUSEUM, SECRETARY]


@SQLITE
def test_who_is_removed_and_entered_again_on_the_same_day_stops_nobody(database: Database) -> None:
    """The Message-ID of that day's summary is taken: only that letter is not made, others have theirs."""
    office = opened(database)
    run(office, "2025-01-07", "2025-01-21")
    service, second = office.service("2025-01-21T10:00"), replace(PEOPLE[-1], email="second@town.example")
    with pytest.raises(GuardError, match="the only secretary of town"):
        remove_everything_of(service, SECRETARY)
    replace_contacts(service, TOWN, (*PEOPLE, second))
    remove_everything_of(service, SECRETARY)
    replace_contacts(office.service("2025-01-21T10:00"), TOWN, PEOPLE)
    run(office, "2025-01-21", "2025-01-28")
    assert [day for day, _, _ in mails(office, MUSEUM)][-1] == "2025-01-24"
    assert [day for day, _, _ in mails(office, SECRETARY)][-1] == "2025-01-28"
