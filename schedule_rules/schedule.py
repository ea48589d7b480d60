"""What a wording means: the values that ``normalise`` returns.

The conventions (last day inclusive, seasons, terms, early and late) are those
of the phrase collection's README, kept in ``normalise``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from schedule_rules.days import YearDay, later

Kind = Literal["single", "range", "open_range", "continuous", "recurring", "relative", "unspecified", "none"]
Granularity = Literal["year", "half", "quarter", "month", "season", "week", "day", "school_year"]
Per = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Frequency:
    """``times_min``..``times_max`` times (None: no bound) every ``interval`` ``per``; ``month`` is 1-12.

    ``days`` are the days of the year that the wording names; with ``by`` something is to be ready on each.
    """

    times_min: int | None
    times_max: int | None
    per: Per
    interval: int = 1
    month: int | None = None
    days: tuple[YearDay, ...] = ()
    by: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """A dated point named in the wording: ``start``..``end`` inclusive, ``label`` its words.

    ``written`` has the precision of the text: ``2024``, ``2024-06``, ``2024-06-30``, ``2022-Q1``.
    """

    written: str
    start: date
    end: date
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """Which words gave which part of the meaning, for the explanation."""

    words: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """A wording that was read. ``end`` is the last day, inclusive; bounds are None where open.

    ``unused`` are the words that no rule used and that may have meant another time; ``certainty`` is the
    share of the words that were used, less where one reading of several was taken. ``after_adoption`` is how
    long after the programme's day of adoption the last day is, as a number and its unit.
    """

    words: str
    kind: Kind
    start: date | None = None
    end: date | None = None
    granularity: Granularity | None = None
    frequency: Frequency | None = None
    phases: tuple[Phase, ...] = ()
    parts: tuple[Part, ...] = ()
    certainty: float = 1.0
    nearest: Schedule | None = None
    unused: tuple[str, ...] = ()
    after_adoption: tuple[int, Per] | None = None

    def dated(self, adopted: date | None) -> Schedule:
        """Return the schedule with its last day where it only counts from the day of adoption."""
        if self.after_adoption is None or adopted is None:
            return self
        return replace(self, kind="open_range", end=later(adopted, *self.after_adoption), granularity="day")


@dataclass(frozen=True, slots=True)
class Unclear:
    """A wording that could not be read: kept and shown, never dropped.

    ``reason`` is a code (``empty``, ``not-understood``, ``too-long``,
    ``contradictory``); ``nearest`` the closest reading, where there is one.
    """

    words: str
    reason: str
    nearest: Schedule | None = None


@dataclass(frozen=True, slots=True)
class FoundFrequency:
    """A frequency inside a longer text: ``words`` as they stand at ``[begin:stop]`` of it."""

    words: str
    begin: int
    stop: int
    frequency: Frequency


# what is no schedule at all, as against one that is left open
_NOT_A_SCHEDULE = frozenset({"not-understood", "too-long"})
_RATE = ("times_min", "times_max", "per", "interval", "month")


def predict(reading: Schedule | Unclear) -> dict[str, Any]:
    """Return ``reading`` as plain values, in the form of the phrase collection."""
    if isinstance(reading, Unclear):
        kind = "none" if reading.reason in _NOT_A_SCHEDULE else "unspecified"
        return {"kind": kind, **dict.fromkeys(("start", "end", "granularity", "frequency")), "milestones": []}
    return {
        "kind": reading.kind,
        "start": reading.start.isoformat() if reading.start else None,
        "end": reading.end.isoformat() if reading.end else None,
        "granularity": reading.granularity,
        "frequency": {name: getattr(reading.frequency, name) for name in _RATE}
        if reading.frequency
        else None,
        "milestones": [{"date": phase.written, "label": phase.label} for phase in reading.phases],
    }
