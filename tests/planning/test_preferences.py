"""What a reader wishes moves reminders within its reach, and never a duty."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from reminders.planning.policy import DEFAULT_POLICY, Stage, stage_name, stages
from reminders.planning.preferences import (
    REACH,
    RHYTHMS,
    DigestRhythm,
    Preferences,
    duties,
    gets_digest,
    goes_on,
    is_mail_day,
    is_off,
    optional_stages,
    readers_day,
)
from schedule_rules.days import Span
from schedule_rules.occurrence import Occurrence, OccurrenceID, OccurrenceKind
from schedule_rules.programme import Text
from schedule_rules.rule import Basis
from schedule_rules.workdays import standard_workdays

WORKDAYS = standard_workdays()
WISHES = st.builds(Preferences, st.none() | st.integers(0, 4), st.sampled_from(RHYTHMS))
DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
OFFSETS = st.sampled_from([-30, -10, -7, -1, 1, 7, 30, 60, 90])


def stage(send_on: date, offset: int) -> Stage:
    """A stage on its own sending day."""
    return Stage("town:a:milestone:end", stage_name(offset), "unit", send_on, offset)


def occurrence(kind: OccurrenceKind, due: date) -> Occurrence:
    """One that is due."""
    one = OccurrenceID("town", "a", kind, "end")
    return Occurrence(one, due, Text("a"), ("unit",), "needs-action", Basis("printed", Text("a"), "last-day"))


@pytest.mark.parametrize(
    ("wish", "offset", "own", "expected"),
    [
        (Preferences(weekday=0), -7, "2025-03-13", "2025-03-10"),
        (Preferences(weekday=0), 7, "2025-03-13", "2025-03-17"),
        (Preferences(weekday=3), 7, "2025-03-13", "2025-03-13"),
        (Preferences(weekday=0), -1, "2025-04-24", "2025-04-14"),
        (Preferences(weekday=0), -7, "2025-01-07", "2025-01-07"),
        (Preferences(rhythm="weekly"), -7, "2025-03-13", "2025-03-11"),
        (Preferences(weekday=4, rhythm="weekly"), 7, "2025-03-13", "2025-03-14"),
        (Preferences(rhythm="monthly"), -7, "2025-03-13", "2025-03-03"),
        (Preferences(rhythm="monthly"), 7, "2025-03-13", "2025-04-01"),
        (Preferences(weekday=2, rhythm="monthly"), 7, "2025-03-13", "2025-04-02"),
        (Preferences(), -7, "2025-03-13", "2025-03-13"),
    ],
)
def test_a_stage_moves_to_the_readers_day(wish: Preferences, offset: int, own: str, expected: str) -> None:
    """Before the date earlier, after it later; over Easter Monday, not over a long quiet period."""
    found = readers_day(wish, stage(date.fromisoformat(own), offset), WORKDAYS)
    assert found == date.fromisoformat(expected)


@given(WISHES, DAYS, OFFSETS)
def test_a_stage_never_moves_past_its_date_or_its_reach(wish: Preferences, near: date, offset: int) -> None:
    """It lands on a sending day, on the right side of its own day, at most as far as it may move."""
    own = WORKDAYS.on_or_before(near)
    found = readers_day(wish, stage(own, offset), WORKDAYS)
    assert WORKDAYS.is_sending_day(found)
    assert found <= own if offset < 0 else found >= own
    assert abs((found - own).days) <= REACH[wish.rhythm]
    assert found == own or is_mail_day(wish, found, WORKDAYS)


@given(WISHES, DAYS, OFFSETS)
def test_what_waits_goes_in_the_end(wish: Preferences, near: date, offset: int) -> None:
    """On the reader's day, and a stage before the date on its own day at the latest."""
    own = WORKDAYS.on_or_before(near)
    one = stage(own, offset)
    assert goes_on(wish, one, readers_day(wish, one, WORKDAYS), WORKDAYS) or offset > 0
    last = own if offset < 0 else own + timedelta(days=REACH[wish.rhythm] + 1)
    assert goes_on(wish, one, last, WORKDAYS)


@given(WISHES, DAYS)
def test_a_month_has_one_day_of_a_monthly_reader(wish: Preferences, near: date) -> None:
    """At most one, and with every weekday free exactly the month's first sending day."""
    first = near.replace(day=1)
    month = [
        day for n in range(31) if (day := first + timedelta(days=n)).month == near.month and first <= day
    ]
    monthly = Preferences(wish.weekday, "monthly")
    assert sum(is_mail_day(monthly, day, WORKDAYS) for day in month) <= 1


@pytest.mark.parametrize(
    ("kind", "due", "expected"),
    [
        ("milestone", date(2025, 3, 13), {"first-start", "escalation", "opening", "P0D", "P1D"}),
        ("milestone", date(2024, 12, 31), {"first-start", "escalation", "opening", "P0D", "P7D"}),
        ("review", date(2025, 10, 31), {"first-start", "escalation", "opening", "P0D", "P7D"}),
        ("start", date(2025, 1, 1), set()),
        ("event", date(2025, 3, 13), set()),
    ],
)
def test_the_floor(kind: OccurrenceKind, due: date, expected: set[str]) -> None:
    """The due day, the first reminder after it that is left, the escalation, the opening, the first start."""
    one = occurrence(kind, due)
    assert duties(kind, stages(one, WORKDAYS, DEFAULT_POLICY)) == expected


def test_what_can_be_switched_off() -> None:
    """By name of the stage; start notes, asking for dates, the pace and the year's letter by their own."""
    assert optional_stages(DEFAULT_POLICY) == (
        *("-P30D", "-P10D", "-P7D", "-P1D", "P1D", "P7D", "P30D", "P60D", "P90D"),
        *("start", "dates", "pace", "year"),
    )
    wish = Preferences(off=frozenset({"-P30D", "start"}))
    asked: list[tuple[OccurrenceKind, str]] = [
        ("milestone", "-P30D"),
        ("milestone", "-P7D"),
        ("start", "P0D"),
        ("event", "-P30D"),
    ]
    assert [is_off(wish, *one) for one in asked] == [True, False, True, False]
    assert is_off(Preferences(off=frozenset({"dates"})), "event", "-P30D")


@pytest.mark.parametrize(
    ("digest", "meetings", "expected"),
    [
        ("both", (date(2025, 3, 20),), ["2025-03-11", "2025-03-13", "2025-03-18"]),
        ("weekly", (date(2025, 3, 20),), ["2025-03-11", "2025-03-18"]),
        ("meetings", (date(2025, 3, 20),), ["2025-03-13"]),
        ("meetings", (), ["2025-03-11", "2025-03-18"]),
    ],
)
def test_the_secretarys_summary(
    digest: DigestRhythm, meetings: tuple[date, ...], expected: list[str]
) -> None:
    """Weekly, five sending days before a meeting, or both; weekly while no meeting is known."""
    days = [date(2025, 3, 10) + timedelta(days=n) for n in range(10)]
    wish = Preferences(digest=digest)
    found = [day for day in days if gets_digest(wish, Span(day, day), meetings, WORKDAYS, DEFAULT_POLICY)]
    assert [day.isoformat() for day in found] == expected


def test_the_weekday_holds_for_the_summary_too() -> None:
    """Thursdays instead of Tuesdays."""
    days = [date(2025, 3, 10) + timedelta(days=n) for n in range(10)]
    wish = Preferences(weekday=3)
    assert [day for day in days if gets_digest(wish, Span(day, day), (), WORKDAYS, DEFAULT_POLICY)] == [
        date(2025, 3, 13)
    ]
