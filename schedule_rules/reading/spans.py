"""Points of time and their days: the conventions of the phrase collection.

Quarters, half-years, seasons, terms, school years, early and late.  Reading
the words is left to ``points``.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from schedule_rules.days import feast_days, later
from schedule_rules.reading.codes import Code
from schedule_rules.schedule import Granularity

_MONTHS = 12


class WrittenSpan(NamedTuple):
    """Days from ``start`` to ``end``, both included; ``written`` at the text's precision."""

    start: date
    end: date
    granularity: Granularity
    written: str


@dataclass(slots=True)
class Point:
    """A point named in the wording: tokens ``first``..``last`` - 1; ``year`` None until found.

    ``day`` is the number behind a month that may be a day of it.
    """

    kind: str
    value: Any
    year: int | None
    first: int
    last: int
    day: int | None = None


def clamp(point: Point) -> None:
    """Make a day that its month does not have the last one it has."""
    if point.kind == "day" and point.year is not None:
        month, day = point.value
        if 1 <= month <= _MONTHS:
            point.value = (month, max(1, min(day, monthrange(point.year, month)[1])))


# first and last month; a month over 12 is one of the next year
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}
_TERMS = {"spring": (1, 7), "summer": (6, 8), "autumn": (8, 12), "winter": (12, 14), "summerterm": (4, 7)}


def span_of(point: Point) -> WrittenSpan:
    """Return the days of a point that has a year; ValueError where the calendar has none.

    A number below zero counts from the end of the year.

    >>> print(*span_of(Point("quarter", -1, 2026, 0, 1)))
    2026-10-01 2026-12-31 quarter 2026-Q4
    >>> print(*span_of(Point("season", "winter", 2026, 0, 1)))
    2026-12-01 2027-02-28 season 2026-winter
    """
    year, value = point.year or 0, point.value
    both = f"{year}/{year + 1}"
    match point.kind:
        case "year":
            return _months(year, 1, 12, "year", str(year))
        case "school" if value[1] == year + 1:
            return WrittenSpan(date(year, 8, 1), date(year + 1, 7, 31), "school_year", both)
        case "fiscal" if value[1] == year + 1:
            # that of British councils
            return WrittenSpan(date(year, 4, 1), date(year + 1, 3, 31), "year", both)
        case "school" | "fiscal" | "pair" | "decade":
            first, last = (year, year + 9) if point.kind == "decade" else value
            return WrittenSpan(date(first, 1, 1), date(last, 12, 31), "year", f"{first}/{last}")
        case "turn":
            return WrittenSpan(date(year, 12, 31), date(year + 1, 1, 1), "day", both)
        case "halfturn":
            return WrittenSpan(date(year, 6, 30), date(year, 7, 1), "day", f"{year}-06-30")
        case "feast":
            days = feast_days(value, year)
            return WrittenSpan(days.first, days.last, "day", days.first.isoformat())
        case "half":
            number = 2 if value < 0 else value
            return _months(year, 6 * number - 5, 6 * number, "half", f"{year}-H{number}")
        case "third":
            number = 3 if value < 0 else value
            return _months(year, 4 * number - 3, 4 * number, "quarter", f"{year}-T{number}")
        case "quarter":
            return _quarter(year, 4 if value < 0 else value)
        case "fiscal_quarter":
            number, begins = value
            years_on, before = divmod(begins - 1 + 3 * ((4 if number < 0 else number) - 1), _MONTHS)
            return _months(year + years_on, before + 1, before + 3, "quarter")
        case "month":
            return _months(year, value, value, "month")
        case "monthturn":
            end = _months(year, value[0], value[0], "month").end
            return WrittenSpan(end, end + timedelta(days=1), "day", f"{year}-{value[0]:02d}")
        case "few":
            first, last = (1, value) if value > 0 else (_MONTHS + 1 + value, _MONTHS)
            return _months(year, first, last, "month")
        case "season":
            return _months(year, *_SEASONS[value], "season", f"{year}-{value}")
        case "term":
            return _months(year, *_TERMS[value], "season", f"{year}-{value}")
        case "week":
            monday = date.fromisocalendar(year, value, 1)
            return WrittenSpan(monday, monday + timedelta(days=6), "week", f"{year}-W{value:02d}")
        case "day":
            month, number = value
            # "the last of March"
            day = date(year, month, monthrange(year, month)[1] if number == -1 else number)
            return WrittenSpan(day, day, "day", day.isoformat())
        case _:
            raise LookupError(point.kind)


def _months(year: int, first: int, last: int, granularity: Granularity, written: str = "") -> WrittenSpan:
    """Return the months ``first``..``last`` of ``year``; a last month over 12 is one of the next year."""
    years_on, before = divmod(last - 1, _MONTHS)
    end = date(year + years_on, before + 1, monthrange(year + years_on, before + 1)[1])
    return WrittenSpan(date(year, first, 1), end, granularity, written or f"{year}-{first:02d}")


def _quarter(year: int, number: int) -> WrittenSpan:
    return _months(year, 3 * number - 2, 3 * number, "quarter", f"{year}-Q{number}")


def part_of_year(year: int, code: str) -> WrittenSpan:
    """Return early, middle or late in a year: the first quarter, four months, the last quarter."""
    if code == Code.MIDDLE:
        return _months(year, 5, 8, "month", f"{year}-mid")
    return _quarter(year, 1 if code == Code.EARLY else 4)


def moved(day: date, count: int, unit: str) -> WrittenSpan:
    """Return the day that is ``count`` days, weeks, months or years (``unit``) after ``day``."""
    there = later(day, count, unit)
    return WrittenSpan(there, there, "day", there.isoformat())


def day_before(span: WrittenSpan) -> WrittenSpan:
    """Return the span that ends the day before ``span``."""
    end = span.start - timedelta(days=1)
    return span._replace(end=end, start=end)


def day_after(span: WrittenSpan) -> WrittenSpan:
    """Return the span that begins the day after ``span``."""
    start = span.end + timedelta(days=1)
    return span._replace(start=start, end=start)
