"""A unit of five in three roles, one of them away for two months: exactly what each gets in a year."""

from __future__ import annotations

from collections import Counter

import pytest

from reminders.dispatch.answers import Said, record
from reminders.store import Database
from tests.reminders.dispatch.office import Office
from tests.reminders.dispatch.town import (
    ANNA,
    BERTIL,
    DEPUTY,
    SECRETARY,
    SPRING_BOX,
    SPRING_HEAD,
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
    record(office.service("2025-10-30T12:00"), Said("town:choir:review:2025", "on-track", ANNA))
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
TO_THE_HEAD = {"2025-01-21": "choir review escalation", "2025-06-13": "garden milestone escalation"}


def expected(address: str, days: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    """A mail of one item on each day."""
    return [(day, address, [item]) for day, item in sorted(days.items())]


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
