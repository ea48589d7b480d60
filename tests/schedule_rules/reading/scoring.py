"""Compare a prediction with the expectation of the phrase collection, by its own rules."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

CORE = ("kind", "start", "end", "frequency")
NO_SCHEDULE = {None, "none", "unspecified"}
_MONTHS = {"year": 12, "month": 1}
_WEEKS = {"week": Fraction(1), "day": Fraction(1, 7)}


def rate(frequency: dict[str, Any] | None) -> object:
    """Return times per time, so that 4 a year equal 1 in 3 months; weeks stay apart from months."""
    if not frequency:
        return None
    per, interval = frequency["per"], frequency["interval"] or 1
    base = Fraction(_MONTHS[per] if per in _MONTHS else _WEEKS[per]) * interval
    bounds = (frequency["times_min"], frequency["times_max"])
    least, most = (None if times is None else Fraction(times) / base for times in bounds)
    return ("month" if per in _MONTHS else "week", least, most, frequency["month"])


def core_is_right(item: dict[str, Any], prediction: dict[str, Any]) -> bool:
    """Tell whether kind, start, end and frequency are one of the readings that count as right."""
    readings = [item["gold"], *({**item["gold"], **patch} for patch in item["accept"])]
    return any(
        all(
            rate(reading[name]) == rate(prediction[name])
            if name == "frequency"
            else reading[name] == prediction[name]
            for name in CORE
        )
        for reading in readings
    )
