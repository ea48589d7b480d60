"""A unit of five in three roles, one of them away for two months: exactly what each gets in a year."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from reminders.store import Database
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.planning.preview import forecast_window
from reminders.use.programme.settings import SettingChange, change_setting
from schedule_rules.days import Span
from tests.use.office import Office
from tests.use.town import (
    ANNA,
    BERTIL,
    DEPUTY,
    SECRETARY,
    SPRING_BOX,
    SPRING_HEAD,
    TOWN,
    action,
    mails,
    run,
    town,
)

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def year(database: Database) -> Office:
    """The whole of 2025: a milestone in May, one in December, a review that Anna answers."""
    office = town(database, action("garden", "5/2025", "spring"), action("choir", "Jatkuva", "spring"))
    run(office, "2025-01-07", "2025-10-30")
    record_answer(office.service("2025-10-30T12:00"), AnswerGiven("town:choir:review:2025", "on-track", ANNA))
    run(office, "2025-10-31", "2025-12-31")
    return office


BOTH_PRESENT = {
    "2025-01-07": "choir review first-start",
    "2025-02-06": "choir review P30D",
    "2025-05-02": "garden start P0D",
    "2025-05-23": "garden milestone -P7D",
    "2025-05-30": "garden milestone P0D",
    "2025-06-02": "garden milestone P1D",
    "2025-06-09": "garden milestone P7D",
    "2025-06-30": "garden milestone P30D",
    "2025-08-01": "garden milestone P60D",
    "2025-08-29": "garden milestone P90D",
    "2025-10-01": "choir review -P30D",
    "2025-10-21": "choir review -P10D",
}
WHILE_AWAY = {"2025-04-30": "garden milestone -P30D"}
TO_THE_HEAD = {"2025-02-04": "choir review escalation", "2025-06-13": "garden milestone escalation"}


def expected(address: str, days: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    """A mail on each day; only the list of the year has several items."""
    return [(day, address, items.split(", ")) for day, items in sorted(days.items())]


def test_each_of_the_five_gets_what_their_role_gets(year: Office) -> None:
    """Contacts what the unit gets; the deputy only while the second is away; the head what nobody answered.

    Rolled by the calendar (1 May, weekends, July) as behaviour.md has it; nothing after Anna's answer
    of 30 October.
    """
    assert mails(year, ANNA) == expected(ANNA, BOTH_PRESENT | WHILE_AWAY)
    assert mails(year, BERTIL) == expected(BERTIL, BOTH_PRESENT)
    assert mails(year, DEPUTY) == expected(DEPUTY, WHILE_AWAY)
    assert mails(year, SPRING_HEAD) == expected(SPRING_HEAD, TO_THE_HEAD)
    assert mails(year, SPRING_BOX) == []


def test_nobody_gets_two_mails_on_a_day(year: Office) -> None:
    """One mail an address a day, digests included, and every item that was planned has an address."""
    days = Counter(year.look("digest", "recipient", "local_date"))
    assert set(days.values()) == {1}
    known = {ANNA, BERTIL, DEPUTY, SPRING_HEAD, SECRETARY}
    assert set(year.look("reminder", "recipient")) == known


def foreseen(office: Office, first: str, last: str) -> list[tuple[str, str, list[str]]]:
    """The forecast of a stretch in the form of ``mails``."""
    with office.database.read() as connection:
        drafts = list(forecast_window(connection, Span(date.fromisoformat(first), date.fromisoformat(last))))
    items = [
        (one, sorted(" ".join((*i.occurrence.split(":")[1:3], i.stage)) for i in one.items)) for one in drafts
    ]
    return sorted((one.day.isoformat(), one.recipient, said) for one, said in items)


def test_the_january_letter_too(database: Database) -> None:
    """With the list of the year: on the second day, when nothing else goes, to all of the unit who are there.

    The forecast says the whole of it beforehand: until the answer, and after the answer the rest.
    """
    office = town(database, action("garden", "5/2025", "spring"), action("choir", "Jatkuva", "spring"))
    change_setting(office.service("2025-01-06T12:00"), SettingChange(TOWN, "year_letter", "", SECRETARY))
    first = foreseen(office, "2025-01-07", "2025-10-30")
    run(office, "2025-01-07", "2025-10-30")
    record_answer(office.service("2025-10-30T12:00"), AnswerGiven("town:choir:review:2025", "on-track", ANNA))
    second = foreseen(office, "2025-10-31", "2025-12-31")
    run(office, "2025-10-31", "2025-12-31")
    letter = {"2025-01-08": "choir review year, garden milestone year"}
    assert mails(office, ANNA) == expected(ANNA, BOTH_PRESENT | WHILE_AWAY | letter)
    assert mails(office, BERTIL) == expected(BERTIL, BOTH_PRESENT | letter)
    assert mails(office, DEPUTY) == expected(DEPUTY, WHILE_AWAY)
    assert mails(office, SPRING_HEAD) == expected(SPRING_HEAD, TO_THE_HEAD)
    assert mails(office, SPRING_BOX) == []
    assert [one for one in first + second if one[1] != SECRETARY] == sorted(
        mails(office, ANNA, BERTIL, DEPUTY, SPRING_HEAD)
    )
