"""What the points of a wording make together: a span, open or closed, and its stages.

What the words around a point make of it is left to ``marks``, which kind of
schedule that is to ``verdict``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schedule_rules.reading.marks import mark
from schedule_rules.reading.stage import Stage, stage_at

if TYPE_CHECKING:
    from datetime import date

    from schedule_rules.reading.point import Point
    from schedule_rules.reading.tokens import Tokens
    from schedule_rules.schedule import Granularity

_FINENESS = ("day", "week", "month", "season", "quarter", "half", "school_year", "year")


@dataclass(slots=True)
class Bounds:
    """The span of a wording: ``start`` and ``end`` (None where open) and the stages in it."""

    start: date | None = None
    end: date | None = None
    granularity: Granularity | None = None
    stages: list[Stage] = field(default_factory=list)
    open_end: bool = False
    contradictory: bool = False


def bounds(tokens: Tokens, codes: str, found: list[Point]) -> Bounds:
    """Return the span that the dated points of a wording make together."""
    dated = [point for point in found if point.year is not None]
    if not dated:
        return Bounds()
    stages = _once([stage_at(point, codes) for point in dated])
    mark(stages, codes, tokens)
    stages = _finest(stages)
    return _span(stages)


def _once(stages: list[Stage]) -> list[Stage]:
    """Drop a point that is named a second time, right after its like."""
    return [stage for number, stage in enumerate(stages) if not number or _is_new(stages[number - 1], stage)]


def _is_new(before: Stage, stage: Stage) -> bool:
    """Tell whether a stage is another one than the stage before it."""
    return stage.stretch != before.stretch


def _finest(stages: list[Stage]) -> list[Stage]:
    """Drop a school year whose first and last day are named beside it."""
    days = [stage for stage in stages if stage.point.kind == "day"]
    if len(days) < len(("first day", "last day")):
        return stages
    kept = [stage for stage in stages if stage.point.kind != "school"]
    if len(kept) < len(stages):
        days[0].begins = days[0].paired = True
    return kept


def _span(stages: list[Stage]) -> Bounds:
    """Join the stages to one span."""
    found = Bounds(stages=stages)
    if not stages:
        return found
    starts = [stage.stretch.start for stage in stages if not stage.ends]
    ends = [stage.stretch.end for stage in stages if not stage.begins]
    found.start = min(starts) if starts else None
    if found.start is not None and not (stages[-1].begins and not stages[-1].paired):
        found.start = min([found.start, *_deadlines(stages)])
    found.end = max(ends) if ends else None
    found.granularity = min((stage.stretch.granularity for stage in stages), key=_FINENESS.index)
    _close(found, stages)
    return found


def _deadlines(stages: list[Stage]) -> list[date]:
    """Return the deadlines among several stages: "draft by 31 May, decisions in autumn" spans both."""
    return [stage.stretch.end for stage in stages if stage.ends and not stage.paired]


def _close(found: Bounds, stages: list[Stage]) -> None:
    """See whether the last stage stays open, and whether the bounds contradict each other."""
    last = stages[-1]
    found.open_end = last.begins and not last.paired and not last.ends
    if found.open_end and len(stages) > 1:
        found.end = None
    if found.start is None and found.end is None:
        found.start = min(stage.stretch.start for stage in stages)
    if found.start and found.end and found.start > found.end:
        found.contradictory = True
