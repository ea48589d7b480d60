"""When a target is judged, what it asks for by then, and who is behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from reminders.planning.targets import (
    checkpoint_occurrences,
    checkpoint_stage,
    checkpoints,
    due_by,
    is_behind,
    is_checkpoint,
    target_of,
    target_standing,
    targets,
)
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Programme, Text
from schedule_rules.rule import Basis, TargetRule
from schedule_rules.schedule import Frequency, Per
from schedule_rules.workdays import standard_workdays

WHOLE = (date(2023, 1, 1), date(2026, 12, 31))
FAIRS = ("work-mini-recruitment-fairs", "target-year")


def rule(low: int, high: int | None = None, per: Per = "year", span: tuple[date, date] = WHOLE) -> TargetRule:
    """So many times a year."""
    words = Basis("printed", Text("n"), "target")
    return TargetRule("a", "target-year", Frequency(low, high, per), *span, words)


@pytest.mark.parametrize(
    ("target", "day", "expected"),
    [
        (rule(4, 5), date(2025, 3, 31), 0),
        (rule(4, 5), date(2025, 6, 30), 1),
        (rule(4, 5), date(2025, 9, 30), 2),
        (rule(4, 5), date(2025, 12, 31), 4),
        (rule(10), date(2025, 3, 31), 2),
        (rule(10), date(2024, 6, 30), 4),
        (rule(2, per="month"), date(2025, 6, 30), 11),
        (rule(4, span=(date(2025, 7, 1), date(2026, 12, 31))), date(2025, 12, 31), 2),
        (rule(4, span=(date(2025, 7, 1), date(2026, 12, 31))), date(2025, 6, 30), 0),
    ],
)
def test_what_is_asked_for_by_a_day(target: TargetRule, day: date, expected: int) -> None:
    """The minimum times the share of the year that has passed, rounded down; a part of a year likewise."""
    assert due_by(target, day) == expected


def test_four_a_year_are_judged_each_quarter_fewer_twice() -> None:
    """A day that asks for nothing yet is no checkpoint."""
    year = (date(2025, 1, 1), date(2025, 12, 31))
    assert [checkpoints(rule(low, span=year)) for low in (10, 4, 3, 2, 1)] == [
        (date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)),
        (date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)),
        (date(2025, 6, 30), date(2025, 11, 30)),
        (date(2025, 11, 30),),
        (),
    ]


@given(st.integers(1, 60), st.dates(*WHOLE), st.integers(0, 400))
def test_the_pace_never_falls_and_ends_at_the_minimum(low: int, day: date, more: int) -> None:
    """Within a year it only rises; on its last day all is asked for."""
    last = date(day.year, 12, 31)
    later = min(day + timedelta(days=more), last)
    assert 0 <= due_by(rule(low), day) <= due_by(rule(low), later) <= low
    assert due_by(rule(low), last) == low


@given(st.integers(4, 20), st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=25))
def test_a_unit_that_keeps_the_pace_is_never_behind(low: int, held: list[date]) -> None:
    """Behind means fewer dates in the year than the checkpoint asks for; more dates never make it worse."""
    target = rule(low)
    for day in checkpoints(target):
        stands = target_standing(target, held, 2025, day)
        assert stands.entered + len(stands.coming) == len(held)
        assert (stands.minimum, stands.maximum) == (low, None)


def test_how_a_target_stands() -> None:
    """Held up to the day, coming after it, as printed; other years do not count."""
    held = [date(2024, 5, 5), date(2025, 3, 12), date(2025, 4, 1), date(2025, 11, 5)]
    found = target_standing(rule(4, 5), held, 2025, date(2025, 4, 1))
    assert (found.entered, found.coming, found.minimum, found.maximum) == (2, (date(2025, 11, 5),), 4, 5)


def test_the_checkpoints_of_vaasa(vaasa: Programme) -> None:
    """Four printed targets; their ids are read back, name action and rule, and stand in no calendar."""
    assert set(targets(vaasa)) == {
        FAIRS,
        ("education-workplace-visits", "target-year"),
        ("health-culture-buddy", "target-year"),
        ("social-welcome-to-vaasa", "target-year"),
    }
    ids = [one for one in checkpoint_occurrences(vaasa) if FAIRS[0] in one and "2025" in one]
    assert ids == [
        f"vaasa-2023-2026:{FAIRS[0]}:event:pace-target-year-2025-{day}" for day in ("06-30", "09-30", "12-31")
    ]
    parsed = OccurrenceID.parse(ids[0])
    assert (str(parsed), is_checkpoint(parsed), target_of(parsed)) == (ids[0], True, FAIRS)
    assert not is_checkpoint(replace(parsed, instance="month-2025-06-30"))


def test_a_checkpoint_has_one_stage_on_a_sending_day(vaasa: Programme) -> None:
    """30 November 2025 is a Sunday, 31 December in the quiet period."""
    workdays = standard_workdays()
    days = {one: checkpoint_stage(row, workdays) for one, row in checkpoint_occurrences(vaasa).items()}
    late = {day.occurrence[-10:]: day.send_on for day in days.values() if "-2025-1" in day.occurrence}
    assert late == {"2025-11-30": date(2025, 12, 1), "2025-12-31": date(2026, 1, 7)}
    assert {(one.name, one.role) for one in days.values()} == {("pace", "unit")}
    assert [one.occurrence for one in days.values() if one.send_on == date(2025, 12, 1)] == [
        f"vaasa-2023-2026:{action}:event:pace-target-year-2025-11-30"
        for action in ("health-culture-buddy", "social-welcome-to-vaasa")
    ]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), True),
        ((date(2025, 3, 12),), True),
        ((date(2025, 3, 12), date(2025, 5, 5)), False),
        ((date(2025, 3, 12), date(2025, 11, 5)), False),
        ((date(2024, 3, 12), date(2024, 11, 5)), True),
    ],
)
def test_who_is_behind(vaasa: Programme, held: tuple[date, ...], expected: bool) -> None:
    """Two of four by the end of September; a date to come counts, one of another year does not."""
    row = checkpoint_occurrences(vaasa)[f"vaasa-2023-2026:{FAIRS[0]}:event:pace-target-year-2025-09-30"]
    assert is_behind(vaasa, row, {FAIRS: held}) is expected
