"""A point of time with the words around it that move it: "early 2026", "by mid-December".

What these words make of several points together is left to ``marks`` and
``pairs``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schedule_rules.reading import spans
from schedule_rules.reading.point import Point, stretch_of

if TYPE_CHECKING:
    from schedule_rules.reading.spans import Stretch

# a mark further off than this many tokens is not the point's
REACH = 8
_PARTS = re.compile(r"([giG])[-R/&]([giG])$")


@dataclass(slots=True)
class Stage:
    """A point with its marks: whether the span begins or ends here, or this is a stage of its own."""

    point: Point
    stretch: Stretch
    begins: bool = False
    ends: bool = False
    paired: bool = False


def stage_at(point: Point, codes: str) -> Stage:
    """Return the stage of a point, "early" or "late" beside a year applied."""
    stretch = stretch_of(point)
    if point.kind == "year" and point.year is not None:
        ranged = point.first > 1 and codes[point.first - 1] == "-"
        beside = codes[max(0, point.first - 1) : point.first] + codes[point.last : point.last + (not ranged)]
        if codes[point.last : point.last + 2] in {"Bi", "Fi"}:
            # "vuoden 2026 puoliväliin": the case is that of the middle
            beside += "i"
        before = codes[max(0, point.first - 2) : point.first].rstrip("-U")[-1:]
        mark = next((code for code in before + beside if code in "giG"), "")
        if mark:
            stretch = spans.part_of_year(point.year, mark)
        if both := _PARTS.search(codes[: point.first][-REACH:]):
            begin, end = (spans.part_of_year(point.year, code) for code in both.groups())
            stretch = begin._replace(end=end.end)
    return Stage(point, stretch)


def at_middle(stage: Stage, codes: str) -> None:
    """Let a bound in the middle of a month ("by mid-December") be the 15th, in that of a year midyear."""
    first, last = stage.point.first, stage.point.last
    if stage.point.kind == "year" and stage.stretch.granularity == "month":
        if stage.ends:
            stage.stretch = spans.until_midyear(stage.stretch)
        elif stage.begins:
            stage.stretch = spans.from_midyear(stage.stretch)
        return
    if stage.point.kind != "month" or "i" not in codes[max(0, first - 2) : last + 1].replace("&i", ""):
        return
    if stage.ends:
        stage.stretch = spans.until_middle(stage.stretch)
    elif stage.begins:
        stage.stretch = spans.from_middle(stage.stretch)
