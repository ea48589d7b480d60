"""Sending days: which days mail may go out on, and rolling to them.

Weekends, public holidays, eves, quiet periods and a programme's closed days are not sending days (design:
behaviour.md). The calendar is built once into two arrays, so that "n sending days after" is one look-up.
Which date a stage has is left to ``reminders.planning.policy``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays as holidays_library

from schedule_rules.days import EARLIEST, LATEST, MonthDay, Span

# The eves on which Finnish offices are closed; the library lists them as days between.
_EVES = ("Christmas Eve", "Midsummer Eve")
_SATURDAY = 5
_LEAP_DAY = date(2024, 2, 29).toordinal()


@dataclass(frozen=True, slots=True)
class QuietPeriod:
    """Days of every year without mail, both ends included; may run over New Year."""

    first: MonthDay
    last: MonthDay

    def __contains__(self, day: date) -> bool:
        """Tell whether ``day`` is quiet."""
        here = (day.month, day.day)
        first, last = (self.first.month, self.first.day), (self.last.month, self.last.day)
        return first <= here <= last if first <= last else here >= first or here <= last


DEFAULT_QUIET = (QuietPeriod(MonthDay(12, 23), MonthDay(1, 6)), QuietPeriod(MonthDay(7, 1), MonthDay(7, 31)))


class OutOfRangeError(ValueError):
    """A day lies outside the years that the calendar was built for."""


class Workdays:
    """Sending days of a country; ``OutOfRangeError`` for other years: silence would send on a holiday."""

    def __init__(
        self,
        country: str = "FI",
        quiet: tuple[QuietPeriod, ...] = DEFAULT_QUIET,
        first_year: int = EARLIEST.year - 1,
        last_year: int = LATEST.year + 2,
        closed: tuple[date, ...] = (),
    ) -> None:
        """Build the arrays from the holidays library's public holidays and eves, and the ``closed`` days."""
        self.country, self.quiet, self.closed = country, quiet, frozenset(closed)
        self.first, self.last = date(first_year, 1, 1), date(last_year, 12, 31)
        self.holidays = closed_days(country, first_year, last_year)
        every = map(date.fromordinal, range(_LEAP_DAY - 59, _LEAP_DAY + 307))
        quiet_days = {(day.month, day.day) for day in every if self.is_quiet(day)}
        away = {day.toordinal() for day in (*self.holidays, *self.closed)}
        self._ordinals = [
            ordinal
            for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1)
            if (ordinal - 1) % 7 < _SATURDAY
            and ordinal not in away
            and ((day := date.fromordinal(ordinal)).month, day.day) not in quiet_days
        ]

    def _checked(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise OutOfRangeError(f"{day} is outside {self.first}..{self.last}")
        return day.toordinal()

    def is_sending_day(self, day: date) -> bool:
        """Tell whether mail may go out on ``day``."""
        ordinal = self._checked(day)
        place = bisect_left(self._ordinals, ordinal)
        return place < len(self._ordinals) and self._ordinals[place] == ordinal

    def is_working_day(self, day: date) -> bool:
        """Tell whether ``day`` is no weekend, holiday, eve or closed day; quiet periods do not count."""
        self._checked(day)
        return day.weekday() < _SATURDAY and day not in self.holidays and day not in self.closed

    def is_quiet(self, day: date) -> bool:
        """Tell whether ``day`` is in a quiet period."""
        return any(day in period for period in self.quiet)

    def is_closed(self, day: date) -> bool:
        """Tell whether a rule of events leaves ``day`` out: a holiday or eve, a closed day, a quiet period.

        A weekend does not count: who sets a rule has chosen its weekdays.
        """
        return self.is_quiet(day) or day in self.holidays or day in self.closed

    def on_or_before(self, day: date) -> date:
        """Return the last sending day that is not after ``day``."""
        return self._at(bisect_right(self._ordinals, self._checked(day)) - 1)

    def on_or_after(self, day: date) -> date:
        """Return the first sending day that is not before ``day``."""
        return self._at(bisect_left(self._ordinals, self._checked(day)))

    def after(self, day: date, count: int) -> date:
        """Return the ``count``-th sending day after ``day`` (count >= 1)."""
        return self._at(bisect_right(self._ordinals, self._checked(day)) + count - 1)

    def before(self, day: date, count: int) -> date:
        """Return the ``count``-th sending day before ``day`` (count >= 1)."""
        return self._at(bisect_left(self._ordinals, self._checked(day)) - count)

    def between(self, window: Span) -> list[date]:
        """Return the sending days in ``window``."""
        begin = bisect_left(self._ordinals, self._checked(window.first))
        stop = bisect_right(self._ordinals, self._checked(window.last))
        return [date.fromordinal(ordinal) for ordinal in self._ordinals[begin:stop]]

    def _at(self, place: int) -> date:
        if not 0 <= place < len(self._ordinals):
            raise OutOfRangeError(f"no sending day within {self.first}..{self.last}")
        return date.fromordinal(self._ordinals[place])


@lru_cache(maxsize=8)
def closed_days(country: str, first_year: int, last_year: int) -> dict[date, str]:
    """Return public holidays and the eves that count as such: date to English name."""
    years = range(first_year, last_year + 1)
    days = dict(holidays_library.country_holidays(country, years=years, language="en_US").items())
    for year in years:
        days.update({eve: name for eve, name in eves(year).items() if eve not in days})
    return days


def eves(year: int) -> dict[date, str]:
    """Return Christmas Eve and Midsummer Eve (the Friday in 19-25 June) of ``year``."""
    nineteenth = date(year, 6, 19)
    midsummer = nineteenth + timedelta(days=(4 - nineteenth.weekday()) % 7)
    return dict(zip((date(year, 12, 24), midsummer), _EVES, strict=True))


@lru_cache(maxsize=32)
def standard_workdays(
    country: str = "FI",
    quiet: tuple[QuietPeriod, ...] = DEFAULT_QUIET,
    closed: tuple[date, ...] = (),
) -> Workdays:
    """Return the calendar of ``country``, built once for each set of quiet periods and closed days."""
    return Workdays(country, quiet, closed=closed)
