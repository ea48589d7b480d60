"""What can't be answered is never asked: a round of the annual data collection whose form has closed.

A fresh start in December asked every unit for the data of the year before last, by a form that had closed in
February; the button opened "closed", and still it was escalated to the heads.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from reminders.errors import UsageError
from reminders.planning.state import past_obligations
from reminders.store import Database, programmes
from reminders.use.collection.rounds import close_round, read_round, reopen_round
from reminders.use.planning.load_state import load_state
from tests.use.office import VAASA, Office, body
from tests.web.conftest import Reader

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def asked(office: Office) -> set[str]:
    """The rounds that stand in mails."""
    items = [one for items in office.look("digest", "items") for one in items]
    return {one["occurrence"].rpartition(":")[2] for one in items if ":collection:" in one["occurrence"]}


@SQLITE
@pytest.mark.parametrize(("first", "open_ones"), [("2025-12-01", {"2025"}), ("2026-11-30", set[str]())])
def test_no_mail_of_a_first_start_holds_one(
    loaded_database: Database, first: str, open_ones: set[str]
) -> None:
    """Of the rounds only that whose form is open; nor is one overdue in the digest."""
    office = Office(loaded_database)
    office.tick(f"{first}T09:00")
    office.tick(f"{date.fromisoformat(first).replace(day=30)}T09:00")
    assert asked(office) == open_ones
    with loaded_database.read() as connection:
        state = load_state(connection, programmes.stored_programme(connection, VAASA))
    past = past_obligations(state, date.fromisoformat(first))
    assert "collection" not in {row.kind for row in past}


@SQLITE
def test_opened_again_it_closes_on_its_new_day_and_tells_the_missing(loaded_database: Database) -> None:
    """The round of 2024, closed since February: due and closing on 19 December, told on the next day."""
    office = Office(loaded_database)
    office.tick("2025-12-01T09:00")
    service = office.service("2025-12-04T12:00")
    with pytest.raises(UsageError, match="closing date"):
        reopen_round(service, 2024, date(2025, 12, 4))
    found = reopen_round(service, 2024, date(2025, 12, 19))
    assert (found.phase, found.row.due, found.row.closes) == ("open", date(2025, 12, 19), date(2025, 12, 19))
    office.tick("2025-12-05T09:00")
    told = office.look(
        "reminder", "organisations", occurrence_id=str(found.row.id), role="unit", state="sent"
    )
    assert {key for keys in told for key in keys} == {one.organisation for one in found.progress.missing}
    readers = set(office.look("reminder", "recipient", occurrence_id=str(found.row.id), state="sent"))
    mails = [body(office.mails_of(one)[-1]) for one in readers]
    assert mails
    assert all(re.search(r"(?i)avattu uudelleen|öppna(ts|d) på nytt|opened again", one) for one in mails)
    for day in ("2025-12-22", "2026-01-21", "2026-02-10"):
        office.tick(f"{day}T09:00")
    after = read_round(office.service("2025-12-20T12:00"), 2024)
    assert after.phase == "closed"
    rows = office.look("reminder", "role", "due_on", occurrence_id=str(found.row.id))
    assert {role for role, _ in rows} == {"unit"}
    assert max(day for _, day in rows) <= date(2025, 12, 19)


@SQLITE
def test_closed_by_hand_before_its_day_it_is_opened_until_then(loaded_database: Database) -> None:
    """The same closing day moves nothing."""
    office = Office(loaded_database)
    office.tick("2025-12-01T09:00")
    close_round(office.service("2025-12-10T12:00"), 2025)
    found = reopen_round(office.service("2025-12-11T12:00"), 2025, date(2026, 2, 15))
    assert (found.phase, found.row.due, found.row.closes) == ("open", date(2026, 1, 31), date(2026, 2, 15))


AGAIN = r"(?i)avattu uudelleen|öppna(ts|d) på nytt|opened again"


@SQLITE
@pytest.mark.parametrize(
    ("until", "due"),
    [("2026-01-30", "2026-01-30"), ("2026-02-15", "2026-01-31")],
    ids=["an earlier closing day", "the same closing day"],
)
def test_closed_by_hand_and_opened_before_its_day_it_tells_the_missing(
    loaded_database: Database, until: str, due: str
) -> None:
    """A round closed on 10 December and opened on the 11th: told on the 12th, once, with its closing day."""
    office = Office(loaded_database)
    office.tick("2025-12-01T09:00")
    close_round(office.service("2025-12-10T12:00"), 2025)
    office.tick("2025-12-11T09:00")
    found = reopen_round(office.service("2025-12-11T12:00"), 2025, date.fromisoformat(until))
    assert (found.row.due.isoformat(), str(found.row.closes)) == (due, until)
    office.tick("2025-12-12T09:00")
    told = office.look(
        "reminder", "organisations", "recipient", occurrence_id=str(found.row.id), due_on=date(2025, 12, 12)
    )
    assert {key for keys, _ in told for key in keys} == {one.organisation for one in found.progress.missing}
    closes = date.fromisoformat(until)
    shown = re.compile(rf"(?i)\b{closes.day}\.?[\s\xa0]*({closes.month}\.|{closes:%b})")
    for _, address in told:
        mail = body(office.mails_of(address)[-1])
        assert re.search(AGAIN, mail)
        assert shown.search(mail)
    office.tick("2025-12-15T09:00")
    assert max(office.look("reminder", "due_on", occurrence_id=str(found.row.id))) == date(2025, 12, 12)


@SQLITE
def test_opened_longer_without_having_closed_it_was_not_opened_again(loaded_database: Database) -> None:
    """An open round that takes answers longer: its new day is told, not that it had closed."""
    office = Office(loaded_database)
    office.tick("2025-12-01T09:00")
    found = reopen_round(office.service("2025-12-11T12:00"), 2025, date(2026, 3, 2))
    assert not found.state.reopened
    office.tick("2025-12-12T09:00")
    told = office.look(
        "reminder", "recipient", occurrence_id=str(found.row.id), due_on=date(2025, 12, 12), state="sent"
    )
    assert told
    assert not any(re.search(AGAIN, body(office.mails_of(one)[-1])) for one in told)


@SQLITE
def test_opened_again_when_its_date_has_passed_it_is_due_on_its_last_day(loaded_database: Database) -> None:
    """Closed and opened between 31 January and 15 February: nobody is asked by a day that has been."""
    office = Office(loaded_database)
    office.tick("2025-12-01T09:00")
    office.tick("2026-01-12T09:00")
    close_round(office.service("2026-02-03T12:00"), 2025)
    found = reopen_round(office.service("2026-02-04T12:00"), 2025, date(2026, 2, 15))
    assert (found.phase, found.row.due, found.row.closes) == ("open", date(2026, 2, 15), date(2026, 2, 15))
    office.tick("2026-02-05T09:00")
    told = office.look("reminder", "due_on", occurrence_id=str(found.row.id), role="unit", state="sent")
    assert date(2026, 2, 5) in told


@SQLITE
def test_pages_say_that_it_was_opened_again(loaded_database: Database) -> None:
    """The round's page says since when."""
    office = Office(loaded_database)
    office.tick("2025-12-01T09:00")
    close_round(office.service("2025-12-10T12:00"), 2025)
    service = office.service("2025-12-11T12:00")
    reopen_round(service, 2025, date(2026, 1, 30))
    page = Reader(service).get("/collection/2025?lang=en").text
    assert "Opened again on Thursday 11\xa0December 2025" in page
    assert "<dt>Closes</dt><dd>Fri 30\xa0Jan 2026" in page
