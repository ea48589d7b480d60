"""From due reminders to mails: one an address, weighed, in order; tables over the small town."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminders.planning.mails import enclose, feeds_due, mail_kind, mails_again, mails_of_day
from tests.planning.states import FAIR, GARDEN, reminder, town_state
from tests.use.town import LIBRARY, MUSEUM, PEOPLE, SECRETARY, TOWN

DAY, LATER = date(2025, 2, 21), {TOWN: date(2025, 12, 30)}
WEEK, MONTH = reminder(), reminder(GARDEN, "-P30D", order=-30)


def test_one_mail_an_address_with_its_items_by_date() -> None:
    """Two items of the library and one of the museum, in order of address."""
    found = mails_of_day({TOWN: town_state()}, DAY, [MONTH, replace(MONTH, recipient=MUSEUM), WEEK], LATER)
    assert [(one.recipient, [item.occurrence for item in one.items]) for one in found] == [
        (LIBRARY, [FAIR, GARDEN]),
        (MUSEUM, [GARDEN]),
    ]


@pytest.mark.parametrize(
    ("stage", "occurrence", "kind"),
    [
        ("escalation", FAIR, "escalation"),
        ("first-start", FAIR, "status-request"),
        ("-P10D", f"{TOWN}:follow:collection:2024", "collection"),
        ("handover", f"{TOWN}:follow:collection:2024", "nudge"),
        ("-P7D", FAIR, "nudge"),
    ],
)
def test_what_a_reminder_alone_would_make(stage: str, occurrence: str, kind: str) -> None:
    """By its stage, then by its kind."""
    assert mail_kind(reminder(occurrence, stage)) == kind


def test_a_mail_weighs_what_its_heaviest_part_weighs() -> None:
    """A status request beside an escalation is an escalation."""
    heavy = reminder(GARDEN, "escalation"), reminder(stage="first-start")
    assert [one.kind for one in mails_of_day({TOWN: town_state()}, DAY, heavy, LATER)] == ["escalation"]


def test_the_digest_lists_what_is_overdue_and_what_waited_for_it() -> None:
    """An item of her own stands once; without a digest that day what waits for it goes nowhere."""
    own = reminder(stage="escalation", to=SECRETARY, waits=True, role="secretary")
    states, tuesday = {TOWN: town_state()}, date(2025, 4, 1)
    (mail,) = mails_of_day(states, tuesday, [own], {TOWN: date(2025, 3, 25)})
    assert [(item.occurrence, item.stage, item.reason) for item in mail.items] == [
        (FAIR, "escalation", "first"),
        (GARDEN, "digest", "first"),
    ]
    assert mails_of_day(states, tuesday, [own], LATER) == ()


def test_busy_addresses_have_had_theirs_but_what_was_readdressed_goes_again() -> None:
    """A second mail holds only that, and nothing that waits for a digest."""
    states = {TOWN: town_state()}
    assert mails_of_day(states, DAY, [WEEK], LATER, busy={LIBRARY}) == ()
    waits = reminder(to=SECRETARY, waits=True)
    assert [one.recipient for one in mails_again(states, DAY, [WEEK, waits])] == [LIBRARY]


@pytest.mark.parametrize(
    ("asked_on", "address", "goes"),
    [
        (date(2025, 2, 20), LIBRARY, True),
        (date(2025, 1, 21), LIBRARY, False),  # nobody waits for it any more
        (date(2025, 2, 20), "stranger@town.example", False),
    ],
)
def test_a_private_calendar_goes_to_a_contact_that_asked(asked_on: date, address: str, goes: bool) -> None:
    """In the day's mail where there is one, else in one of its own."""
    states = {TOWN: town_state(people=PEOPLE)}
    waiting = feeds_due(states, DAY, {address: asked_on})
    alone = enclose((), states, DAY, (), {}, waiting)
    beside = enclose(mails_of_day(states, DAY, [WEEK], LATER), states, DAY, (), {}, waiting)
    assert [len(one.feeds) for one in alone] == ([1] if goes else [])
    assert [(len(one.reminders), len(one.feeds)) for one in beside] == [(1, 1 if goes else 0)]
    assert enclose((), states, DAY, {address}, {}, waiting) == ()
