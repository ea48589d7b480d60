"""What a wording means: the values that ``normalise`` returns.

The conventions (last day inclusive, seasons, terms, early and late) are those
of the phrase collection's README, kept in ``normalise``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["single", "range", "open_range", "continuous", "recurring", "relative", "unspecified", "none"]
Granularity = Literal["year", "half", "quarter", "month", "season", "week", "day", "school_year"]
Per = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Frequency:
    """``times_min``..``times_max`` times (None: no bound) every ``interval`` ``per``; ``month`` is 1-12."""

    times_min: int | None
    times_max: int | None
    per: Per
    interval: int = 1
    month: int | None = None


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
    """A wording that was read. ``end`` is the last day, inclusive; bounds are None where open."""

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
        "frequency": asdict(reading.frequency) if reading.frequency else None,
        "milestones": [{"date": phase.written, "label": phase.label} for phase in reading.phases],
    }
