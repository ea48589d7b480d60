"""Days of every year (by date, by feast, by week) and a span of days: the calendar's smallest values."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dateutil.easter import easter

EARLIEST: Final = date(1970, 1, 1)
LATEST: Final = date(2099, 12, 31)
"""The first and the last day that is read as one: others are slips, and in no calendar of sending days."""


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year, such as 31 October."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        """Return this day in ``year``; 29 February is the 28th where there is none."""
        return date(year, self.month, self.day - (self == _LEAP_DAY and year % 4 != 0))


_LEAP_DAY: Final = MonthDay(2, 29)


def later(day: date, count: int, unit: str) -> date:
    """Return the day that is ``count`` days, weeks, months or years (``unit``) after ``day``.

    >>> print(later(date(2026, 3, 31), -1, "month"))
    2026-02-28
    """
    months = {"month": count, "year": 12 * count}.get(unit)
    if months is None:
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Tell whether ``day`` lies in the span."""
        return self.first <= day <= self.last

    def years(self) -> range:
        """Return the calendar years that the span touches."""
        return range(self.first.year, self.last.year + 1)


# days after Easter Sunday, and how many days the feast has
_AFTER_EASTER: Final = {
    "shrove-tuesday": (-47, 1), "palm-sunday": (-7, 1), "maundy-thursday": (-3, 1), "good-friday": (-2, 1),
    "easter": (0, 2), "ascension": (39, 1), "whitsun": (49, 2),
}  # fmt: skip
_ON_A_DATE: Final = {
    "epiphany": (1, 6, 1), "walpurgis": (4, 30, 1), "may-day": (5, 1, 1), "seventeenth-of-may": (5, 17, 1),
    "sixth-of-june": (6, 6, 1), "saint-john": (6, 24, 1), "independence": (12, 6, 1), "lucia": (12, 13, 1),
    "christmas": (12, 24, 3),
}  # fmt: skip
# the weekday (Monday is 0) on or after a day of the year
_WEEKDAY_FROM: Final = {
    "midsummer-eve": (4, 6, 19), "midsummer": (5, 6, 20), "all-saints": (5, 10, 31), "advent": (6, 11, 27),
}  # fmt: skip


@lru_cache(maxsize=4096)
def feast_days(name: str, year: int) -> Span:
    """Return the days of a feast in ``year``, as the calendars of Finland, Sweden and Norway have it.

    Midsummer is the Saturday from 20 to 26 June, All Saints' Day that from 31 October to 6 November, Advent
    begins on the Sunday from 27 November to 3 December; the others count from Easter or have a date.

    >>> print(feast_days("midsummer", 2026).first, feast_days("easter", 2027).first)
    2026-06-20 2027-03-28
    """
    if name in _AFTER_EASTER:
        after, length = _AFTER_EASTER[name]
        first = easter(year) + timedelta(days=after)
    elif name in _ON_A_DATE:
        month, day, length = _ON_A_DATE[name]
        first = date(year, month, day)
    else:
        weekday, month, day = _WEEKDAY_FROM[name]
        earliest, length = date(year, month, day), 1
        first = earliest + timedelta(days=(weekday - earliest.weekday()) % 7)
        if name == "advent":
            return Span(first, date(year, 12, 24))
    return Span(first, first + timedelta(days=length - 1))


@dataclass(frozen=True, slots=True)
class FeastDay:
    """The day of every year that is so many days after the first day of a feast (below zero: before it)."""

    feast: str
    after: int = 0

    def in_year(self, year: int) -> date:
        """Return this day in ``year``."""
        return feast_days(self.feast, year).first + timedelta(days=self.after)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day (Monday is 1) of an ISO week of every year; of week 52 where a year has no 53."""

    week: int
    weekday: int

    def in_year(self, year: int) -> date:
        """Return this day in ``year``."""
        last = date(year, 12, 28).isocalendar().week
        return date.fromisocalendar(year, min(self.week, last), self.weekday)


YearDay = MonthDay | FeastDay | WeekDay
