"""Sending days: holidays, eves, quiet periods, rolling."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from schedule_rules.days import MonthDay, Span
from schedule_rules.workdays import OutOfRangeError, QuietPeriod, Workdays, standard_workdays

DAYS = st.dates(date(2012, 1, 1), date(2048, 12, 31))
FINNISH_2025 = {
    date(2025, 1, 1),
    date(2025, 1, 6),
    date(2025, 4, 18),
    date(2025, 4, 21),
    date(2025, 5, 1),
    date(2025, 5, 29),
    date(2025, 6, 20),
    date(2025, 12, 24),
    date(2025, 12, 25),
    date(2025, 12, 26),
}


def test_the_year_2025_as_the_almanac_has_it() -> None:
    """Working days of 2025 are the weekdays without the ten closed ones that fall on weekdays."""
    workdays = standard_workdays()
    weekdays = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = {day for day in weekdays if day.weekday() < 5 and not workdays.is_working_day(day)}
    assert closed == FINNISH_2025


@pytest.mark.parametrize(
    ("year", "eve"),
    [
        (2023, date(2023, 6, 23)),
        (2024, date(2024, 6, 21)),
        (2026, date(2026, 6, 19)),
        (2030, date(2030, 6, 21)),
    ],
)
def test_midsummer_eve_is_the_friday_from_the_19th_on(year: int, eve: date) -> None:
    """Midsummer Eve is no working day, whatever the year."""
    assert standard_workdays().holidays[eve] == "Midsummer Eve"
    assert not standard_workdays().is_working_day(eve)
    assert eve.year == year


def test_quiet_periods_are_working_days_without_mail() -> None:
    """A Tuesday in July is worked but nothing is sent; so are 23 December and 2 January."""
    workdays = standard_workdays()
    for day in (date(2025, 7, 15), date(2024, 12, 23), date(2025, 1, 2)):
        assert workdays.is_working_day(day)
        assert not workdays.is_sending_day(day)


def test_a_quiet_period_over_new_year() -> None:
    """A period from 23 December to 6 January holds both ends and nothing outside."""
    quiet = QuietPeriod(MonthDay(12, 23), MonthDay(1, 6))
    held = [day for day in (date(2024, 12, 22) + timedelta(days=n) for n in range(17)) if day in quiet]
    assert (held[0], held[-1], len(held)) == (date(2024, 12, 23), date(2025, 1, 6), 15)


@given(DAYS)
def test_rolling_goes_one_way(day: date) -> None:
    """Back is never later, forward never earlier, and a sending day stays where it is."""
    workdays = standard_workdays()
    back, forward = workdays.on_or_before(day), workdays.on_or_after(day)
    assert back <= day <= forward
    assert workdays.is_sending_day(back)
    assert workdays.is_sending_day(forward)
    assert (back == day == forward) == workdays.is_sending_day(day)


@given(DAYS, st.integers(1, 60))
def test_counting_forth_and_back_again(day: date, count: int) -> None:
    """The n-th sending day after a day has exactly n sending days after the day up to it."""
    workdays = standard_workdays()
    later = workdays.after(day, count)
    assert len(workdays.between(Span(day + timedelta(days=1), later))) == count
    assert workdays.before(later, count) <= day


def test_outside_the_built_years_raises() -> None:
    """A date that the calendar does not know raises instead of counting as open."""
    workdays = Workdays(first_year=2024, last_year=2025)
    for call in (workdays.is_sending_day, workdays.on_or_after, workdays.is_working_day):
        with pytest.raises(OutOfRangeError, match=r"2026-01-01 is outside 2024-01-01\.\.2025-12-31"):
            call(date(2026, 1, 1))
    with pytest.raises(OutOfRangeError, match="no sending day within"):
        workdays.after(date(2025, 12, 31), 1)
