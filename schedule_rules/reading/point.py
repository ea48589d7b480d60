"""A point of time named in a wording, and the days that it is once its year is known."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schedule_rules.reading import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schedule_rules.reading.spans import Stretch


@dataclass(slots=True)
class Point:
    """A point named in the wording: tokens ``first``..``last`` - 1; ``year`` None until found."""

    kind: str
    value: Any
    year: int | None
    first: int
    last: int
    stretch: Stretch | None = None


def clamp(point: Point) -> None:
    """Make a day that its month does not have the last one it has."""
    if point.kind == "day" and point.year is not None:
        month, day = point.value
        if 1 <= month <= _MONTHS:
            point.value = (month, min(day, monthrange(point.year, month)[1]))


_MONTHS = 12


_STRETCHES: Mapping[str, Callable[[int, Any], Stretch]] = {
    "year": lambda year, _value: spans.year(year),
    "turn": lambda year, _value: spans.turn(year),
    "monthturn": lambda year, value: spans.month_turn(year, value[0]),
    "decade": lambda year, _value: spans.years(year, year + 9),
    "school": lambda year, value: spans.school_year(year) if value[1] == year + 1 else spans.years(*value),
    "fiscal": lambda year, value: spans.financial_year(year) if value[1] == year + 1 else spans.years(*value),
    "pair": lambda _year, value: spans.years(*value),
    "day": spans.day,
    "month": spans.month,
    "few": spans.few_months,
    "week": spans.week,
    "quarter": spans.quarter,
    "fiscal_quarter": lambda year, value: spans.fiscal_quarter(year, *value),
    "half": spans.half,
    "third": spans.third,
    "term": spans.term,
    "season": spans.season,
}


def stretch_of(point: Point) -> Stretch:
    """Return the days of a point that has a year; ValueError where the calendar has none."""
    return _STRETCHES[point.kind](point.year or 0, point.value)
