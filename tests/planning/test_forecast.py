"""The forecast is the planner's steps, folded: tables over the small town. That ticks send it: tests/use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from reminders.planning.forecast import forecast
from reminders.planning.mails import Mail
from reminders.planning.planner import PlannerState, step
from schedule_rules.days import Span
from schedule_rules.workdays import standard_workdays
from tests.planning.states import FAIR, GARDEN, planner_state, reminder, town_state
from tests.use.town import LIBRARY, LIBRARY_HEAD, TOWN

SPRING = Span(date(2025, 2, 21), date(2025, 6, 30))


def test_it_is_what_step_after_step_would_send() -> None:
    """On each sending day of the window, from what the day before left."""
    state = planner_state(town_state(), "2025-02-21")
    found: list[Mail] = []
    for day in standard_workdays().between(SPRING):
        taken = step(state, day)
        found += taken.mails
        state = taken.after
    assert list(forecast(planner_state(town_state(), "2025-02-21"), SPRING)) == found
    days = [mail.day for mail in found if any(item.occurrence == FAIR for item in mail.items)]
    assert days[:4] == [date(2025, 2, 21), date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 3)]


def test_a_held_programme_is_released_on_the_first_day() -> None:
    """Nothing was mailed yet: the first day starts it."""
    held = PlannerState(SPRING.first, {TOWN: town_state()}, held=frozenset({TOWN}))
    first = next(forecast(held, SPRING))
    assert (first.day, first.recipient) == (SPRING.first, LIBRARY)


def test_what_failed_at_a_dead_address_is_foreseen_for_who_gets_it_next() -> None:
    """The next run hands it on, and so does the forecast."""
    state = planner_state(town_state(dead={LIBRARY}), "2025-02-24", stranded=(reminder(),))
    first = next(forecast(state, Span(date(2025, 2, 24), date(2025, 2, 24))))
    assert (first.recipient, [item.stage for item in first.items]) == (LIBRARY_HEAD, ["-P7D"])


def test_a_year_sends_each_item_to_each_address_once_a_stage_and_one_mail_a_day() -> None:
    """A law of the whole fold."""
    window = Span(SPRING.first, SPRING.first + timedelta(days=365))
    state = replace(planner_state(town_state(), "2025-02-21"), last_digest={TOWN: date(2025, 2, 18)})
    mails = list(forecast(state, window))
    keys = [one.key for mail in mails for one in mail.reminders]
    assert len(keys) == len(set(keys))
    places = [(mail.day, mail.recipient) for mail in mails]
    assert len(places) == len(set(places))
    assert {FAIR, GARDEN} <= {one[0] for one in keys}


def test_without_programmes_there_is_nothing() -> None:
    """An empty database has an empty forecast."""
    assert list(forecast(PlannerState(SPRING.first, {}), SPRING)) == []
