"""A law over runs in any order: no head is mailed before the unit was mailed of its date and had its days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given, strategies as st

from reminders.planning.mails import Mail
from reminders.planning.planner import PlannerState, step
from reminders.planning.policy import Policy
from schedule_rules.days import Span
from tests.planning.states import FAIR, GARDEN, town_state
from tests.use.town import LIBRARY, LIBRARY_HEAD, MUSEUM, TOWN

FIRST, LAST = date(2025, 1, 7), date(2025, 6, 30)
DUE = {FAIR: date(2025, 2, 28), GARDEN: date(2025, 3, 31)}
"""Both are the library's; the garden is the museum's too."""


def spans(length: int) -> st.SearchStrategy[list[Span]]:
    """A few spans of days between the first start and the summer."""
    starts = st.dates(FIRST + timedelta(days=1), LAST - timedelta(days=length))
    one = st.builds(
        lambda first, days: Span(first, first + timedelta(days=days)), starts, st.integers(0, length)
    )
    return st.lists(one, max_size=3)


def days_of_runs(down: list[Span], held: list[Span]) -> Iterator[tuple[date, bool, list[Mail]]]:
    """Each day on which the service runs, whether the programme is held then, and the mails."""
    policy = Policy(year_letter=False)
    own = town_state(policy=policy, told={}, first_mails={}, started_on=None)
    state, day = PlannerState(FIRST, {TOWN: own}), FIRST
    while day <= LAST:
        if not any(day in span for span in down):
            is_held = any(day in span for span in held)
            state = replace(state, day=day, held=frozenset({TOWN}) if is_held else frozenset())
            made = step(state, day)
            yield day, is_held, list(made.mails)
            state = made.after
        day += timedelta(days=1)


@given(spans(60), spans(60))
@example([Span(date(2025, 2, 22), date(2025, 3, 12))], [])  # the unit hears twelve days late
@example([Span(date(2025, 2, 22), date(2025, 4, 30))], [])
@example([], [Span(date(2025, 2, 22), date(2025, 4, 30))])
@example([Span(date(2025, 3, 3), date(2025, 3, 10))], [Span(date(2025, 2, 22), date(2025, 3, 13))])
def test_no_head_is_mailed_before_its_unit_had_its_sending_days(down: list[Span], held: list[Span]) -> None:
    """Whatever kept the mail back, downtimes or holds: ten sending days; and in the end each head hears."""
    workdays = Policy().workdays
    heard: dict[tuple[str, str], date] = {}
    escalated: set[str] = set()
    for day, is_held, mails in days_of_runs(down, held):
        assert not (is_held and mails)
        for mail in mails:
            for one in (one for one in mail.reminders if one.occurrence in DUE):
                if mail.recipient in {LIBRARY, MUSEUM} and (day >= DUE[one.occurrence] or one.order >= 0):
                    heard.setdefault((one.occurrence, mail.recipient), day)
                elif mail.recipient == LIBRARY_HEAD:
                    escalated.add(one.occurrence)
                    first = heard[one.occurrence, LIBRARY]
                    assert len(workdays.between(Span(first + timedelta(days=1), day))) >= 10, (
                        one,
                        first,
                        day,
                    )
    stood_still = [*down, *held]
    if all(span.last < date(2025, 4, 15) for span in stood_still):
        assert escalated == set(DUE)
