"""What a named stretch of time is in days: the conventions of the phrase collection.

Quarters, half-years, seasons, terms, school years, early and late.  Reading
the words is left to ``points``.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from schedule_rules.schedule import Granularity


class Stretch(NamedTuple):
    """Days from ``start`` to ``end``, both included; ``written`` at the text's precision."""

    start: date
    end: date
    granularity: Granularity
    written: str


def _months(year: int, first: int, last: int, granularity: Granularity, written: str = "") -> Stretch:
    """Return the months ``first``..``last`` of ``year``; a last month over 12 is one of the next year."""
    final = year + (last - 1) // 12
    month = (last - 1) % 12 + 1
    end = date(final, month, monthrange(final, month)[1])
    return Stretch(date(year, first, 1), end, granularity, written or f"{year}-{first:02d}")


def year(number: int) -> Stretch:
    """Return a calendar year."""
    return _months(number, 1, 12, "year", str(number))


def years(first: int, last: int) -> Stretch:
    """Return calendar years from ``first`` to ``last``."""
    return Stretch(date(first, 1, 1), date(last, 12, 31), "year", f"{first}/{last}")


def half(of: int, number: int) -> Stretch:
    """Return a half-year; number -1 is the second."""
    number = 2 if number < 0 else number
    return _months(of, 6 * number - 5, 6 * number, "half", f"{of}-H{number}")


def third(of: int, number: int) -> Stretch:
    """Return four months of a year cut in three; number -1 is the third."""
    number = 3 if number < 0 else number
    return _months(of, 4 * number - 3, 4 * number, "quarter", f"{of}-T{number}")


def quarter(of: int, number: int) -> Stretch:
    """Return a quarter; number -1 is the fourth."""
    number = 4 if number < 0 else number
    return _months(of, 3 * number - 2, 3 * number, "quarter", f"{of}-Q{number}")


def fiscal_quarter(first: int, number: int, begins: int) -> Stretch:
    """Return a quarter of the financial year that begins in month ``begins`` of ``first``."""
    number = 4 if number < 0 else number
    years_on, before = divmod(begins - 1 + 3 * (number - 1), 12)
    return _months(first + years_on, before + 1, before + 3, "quarter")


def month(of: int, number: int) -> Stretch:
    """Return a month."""
    return _months(of, number, number, "month")


def day(of: int, month_day: tuple[int, int]) -> Stretch:
    """Return one day; ValueError where the calendar has no such day."""
    at = date(of, *month_day)
    return Stretch(at, at, "day", at.isoformat())


def week(of: int, number: int) -> Stretch:
    """Return an ISO week."""
    first = date.fromisocalendar(of, number, 1)
    return Stretch(first, first + timedelta(days=6), "week", f"{of}-W{number:02d}")


_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}
_TERMS = {"spring": (1, 7), "summer": (6, 8), "autumn": (8, 12), "winter": (12, 14), "summerterm": (4, 7)}


def season(of: int, name: str) -> Stretch:
    """Return a season; a winter ends in February of the next year."""
    return _months(of, *_SEASONS[name], "season", f"{of}-{name}")


def term(of: int, name: str) -> Stretch:
    """Return a teaching term."""
    return _months(of, *_TERMS[name], "season", f"{of}-{name}")


def school_year(first: int) -> Stretch:
    """Return the school year that begins in ``first``."""
    return Stretch(date(first, 8, 1), date(first + 1, 7, 31), "school_year", f"{first}/{first + 1}")


def financial_year(first: int) -> Stretch:
    """Return the financial year of British councils that begins in ``first``."""
    return Stretch(date(first, 4, 1), date(first + 1, 3, 31), "year", f"{first}/{first + 1}")


def turn(first: int) -> Stretch:
    """Return the turn of the year after ``first``."""
    return Stretch(date(first, 12, 31), date(first + 1, 1, 1), "day", f"{first}/{first + 1}")


def few_months(of: int, number: int) -> Stretch:
    """Return the first so many months of a year, the last ones if ``number`` is below zero."""
    return _months(of, 1, number, "month") if number > 0 else _months(of, 13 + number, 12, "month")


def month_turn(of: int, month_before: int) -> Stretch:
    """Return the last day of a month and the first of the next one."""
    last = month(of, month_before).end
    return Stretch(last, last + timedelta(days=1), "day", f"{of}-{month_before:02d}")


_MIDDLE = 15


def until_middle(stretch: Stretch) -> Stretch:
    """Return the days of a month up to its middle."""
    return stretch._replace(end=stretch.end.replace(day=_MIDDLE))


def until_midyear(stretch: Stretch) -> Stretch:
    """Return the days of the middle of a year up to its half."""
    return stretch._replace(end=stretch.end.replace(month=6, day=30))


def from_midyear(stretch: Stretch) -> Stretch:
    """Return the days of the middle of a year from its half on."""
    return stretch._replace(start=stretch.start.replace(month=7, day=1))


def from_middle(stretch: Stretch) -> Stretch:
    """Return the days of a month from its middle on."""
    return stretch._replace(start=stretch.start.replace(day=_MIDDLE))


_PARTS_OF_A_YEAR = {"g": 1, "G": 4}


def part_of_year(of: int, code: str) -> Stretch:
    """Return early (g), middle (i) or late (G) in a year: first, middle or last quarter."""
    if code == "i":
        return _months(of, 5, 8, "month", f"{of}-mid")
    return quarter(of, _PARTS_OF_A_YEAR[code])


def day_before(stretch: Stretch) -> Stretch:
    """Return the stretch that ends the day before ``stretch``."""
    end = stretch.start - timedelta(days=1)
    return stretch._replace(end=end, start=end)


def day_after(stretch: Stretch) -> Stretch:
    """Return the stretch that begins the day after ``stretch``."""
    start = stretch.end + timedelta(days=1)
    return stretch._replace(start=start, end=start)
