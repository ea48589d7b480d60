"""Write a reading in the form of the phrase collection: plain values for JSON.

The reading itself is left to ``normalise``.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from schedule_rules.schedule import Unclear

if TYPE_CHECKING:
    from datetime import date

    from schedule_rules.schedule import Schedule

# what is no schedule at all, as against one that is left open
_NOT_A_SCHEDULE = frozenset({"not-understood", "too-long"})


def predict(reading: Schedule | Unclear) -> dict[str, Any]:
    """Return kind, start, end, granularity, frequency and milestones of ``reading``."""
    if isinstance(reading, Unclear):
        return _without_dates("none" if reading.reason in _NOT_A_SCHEDULE else "unspecified")
    return {
        "kind": reading.kind,
        "start": _iso(reading.start),
        "end": _iso(reading.end),
        "granularity": reading.granularity,
        "frequency": asdict(reading.frequency) if reading.frequency else None,
        "milestones": [{"date": phase.written, "label": phase.label} for phase in reading.phases],
    }


def _without_dates(kind: str) -> dict[str, Any]:
    """Return a prediction that says nothing but its kind."""
    nothing = dict.fromkeys(("start", "end", "granularity", "frequency"))
    return {"kind": kind, **nothing, "milestones": []}


def _iso(day: date | None) -> str | None:
    """Return a day as text."""
    return day.isoformat() if day else None
