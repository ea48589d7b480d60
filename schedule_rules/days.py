"""A day of every year, and a span of days: the calendar's two smallest values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

EARLIEST: Final = date(1970, 1, 1)
LATEST: Final = date(2099, 12, 31)
"""The first and the last day that is read as one: others are slips, and in no calendar of sending days."""


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year, such as 31 October."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        """Return this day in ``year``."""
        return date(year, self.month, self.day)


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
