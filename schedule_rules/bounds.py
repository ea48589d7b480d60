"""What the words around the points make of them: deadlines, starts, ranges, stages.

From the points and the marks between them to a span and its milestones.  Which
kind of schedule that is, is left to ``normalise``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from schedule_rules import spans
from schedule_rules.point import Point, stretch_of

if TYPE_CHECKING:
    from datetime import date

    from schedule_rules.schedule import Granularity
    from schedule_rules.spans import Stretch
    from schedule_rules.tokens import Tokens

_MARKS = "BRFEbGgi>/+&-"
_BEFORE = re.compile(rf"[{_MARKS}]*[:pU7Cf(]*$")
_AFTER = re.compile(r"[C(U0]*[BFEbGgi>+]*-?")
# a mark further off than this many tokens is not the point's
_REACH = 8
_PARTS = re.compile(r"([giG])[-R/&]([giG])$")
_PARTLY = re.compile(r"[giG]R[giG]")
# "before the end of", "före slutet av"
_ENDING = frozenset("EG")
_FINENESS = ("day", "week", "month", "season", "quarter", "half", "school_year", "year")


@dataclass(slots=True)
class Stage:
    """A point with its marks: whether the span begins or ends here, or this is a stage of its own."""

    point: Point
    stretch: Stretch
    begins: bool = False
    ends: bool = False
    paired: bool = False


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
    stages = _once([_stage(point, codes) for point in dated])
    _mark(stages, codes, tokens)
    stages = _finest(stages)
    return _span(stages)


def _once(stages: list[Stage]) -> list[Stage]:
    """Drop a point that is named a second time, right after its like."""
    return [stage for number, stage in enumerate(stages) if not number or _is_new(stages[number - 1], stage)]


def _is_new(before: Stage, stage: Stage) -> bool:
    """Tell whether a stage is another one than the stage before it."""
    return stage.stretch != before.stretch


def _stage(point: Point, codes: str) -> Stage:
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
        if both := _PARTS.search(codes[: point.first][-_REACH:]):
            begin, end = (spans.part_of_year(point.year, code) for code in both.groups())
            stretch = begin._replace(end=end.end)
    return Stage(point, stretch)


def _mark(stages: list[Stage], codes: str, tokens: Tokens) -> None:
    """Apply the marks before, between and after the points."""
    for number, stage in enumerate(stages):
        left = stages[number - 1].point.last if number else 0
        right = stages[number + 1].point.first if number + 1 < len(stages) else len(codes)
        before = codes[max(left, stage.point.first - _REACH) : stage.point.first]
        after = codes[stage.point.last : right]
        if number and _joins(codes[left : stage.point.first]):
            stages[number - 1].begins = stages[number - 1].paired = True
            stage.ends = stage.paired = True
        last = number + 1 == len(stages)
        mine = _bound_marks(tokens, left, stage.point.first)
        others = 0 if last else _bound_marks(tokens, stage.point.last, right)
        own_before = _own_before(before, first=not number, postpositive=tokens.postpositive, mine=mine)
        if tokens.postpositive and tokens.values[stage.point.first - 1] == "after":
            # "kesälomien jälkeen 2025": after the word before it, in that year
            own_before = own_before.rstrip("b")
        own_after = _own_after(after, last=last, postpositive=tokens.postpositive, others=others)
        _apply(stage, own_before, own_after, tokens)
    for stage in stages:
        _apply_middle(stage, codes)
    _whole_pairs(stages, codes)
    _whole_compounds(stages, tokens)


def _apply_middle(stage: Stage, codes: str) -> None:
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


def _whole_compounds(stages: list[Stage], tokens: Tokens) -> None:
    """Let the case of "loka-marraskuuhun" or "touko-kesäkuusta" be that of both its months."""
    for left, right in pairwise(stages):
        first, last = left.point.last, right.point.first
        if left.point.kind != "month" or tokens.codes[first:last] not in {"-B", "-F"}:
            continue
        if tokens.stops[first - 1] == tokens.begins[first] == tokens.begins[last] - 1:
            ends = tokens.codes[last - 1] == "B"
            left.begins = right.begins = not ends
            left.ends = right.ends = ends


def _joins(between: str) -> bool:
    """Tell whether two points are the ends of one range."""
    return bool(_RANGE.fullmatch(between))


_RANGE = re.compile(r"[C(U7]?(?:-|/|R|-R|-B|--)[UCB7]?")


def _own_before(between: str, *, first: bool, postpositive: bool, mine: int) -> str:
    """Return the marks before a point that are its own, not those of the point before.

    ``mine`` of them belong to the point by their form ("maaliskuuhun", "vuoteen").
    """
    match = _BEFORE.search(between)
    marks = match[0] if match else ""
    if first or not postpositive:
        return marks
    free = "x" in between or "&" in marks or "," in between or marks.endswith(":")
    return marks if free else marks[len(marks) - mine :]


def _own_after(between: str, *, last: bool, postpositive: bool, others: int) -> str:
    """Return the marks after a point that are its own; ``others`` belong to the next by their form."""
    match = _AFTER.match(between[: len(between) - others])
    marks = match[0] if match else ""
    if postpositive and not last and between[len(marks) : len(marks) + 1] == ":":
        return ""
    if last or postpositive:
        return marks
    rest = between[len(marks) :].lstrip("0")
    return marks if rest[:1] in tuple(",&xc") else "".join(code for code in marks if code == ">")


def _bound_marks(tokens: Tokens, left: int, first: int) -> int:
    """Count the marks before token ``first`` that are one word with it or always stand before."""
    # "loppuvuoteen 2026": the case is that of the part of the year
    count = 2 if tokens.codes[first - 2 : first] in {"Bg", "BG"} and first - 2 >= left else 0
    while first - count > left:
        at = first - count - 1
        if tokens.begins[at] != tokens.begins[first] and tokens.values[at] != "pre":
            break
        count += 1
    return count


def _apply(stage: Stage, before: str, after: str, tokens: Tokens) -> None:
    """Let the marks say whether the span begins or ends at ``stage``."""
    first = stage.point.first
    inner = "".join(code for code in tokens.codes[first : stage.point.last] if code in "BEF")
    marks = before + after + inner
    if ("F" in marks and "FB" not in before) or ">" in after or _and_more(tokens, stage.point.last):
        stage.begins = True
    if "b" in marks:
        stage.begins, stage.stretch = True, _after(stage.stretch)
    if any(code in marks for code in "BE") or (
        "R" in before and not stage.paired and not _PARTLY.search(before)
    ):
        stage.ends = True
        if not _ENDING.intersection(marks) and _is_before(tokens, first - len(before), first):
            stage.stretch = _day_before(stage.stretch)
    if after.startswith("-") and not stage.paired and first + 1 <= len(tokens.codes):
        _open(stage, after, tokens)
    if before.endswith("-") and not stage.paired and _opens_left(tokens, first):
        stage.ends = True
    if stage.begins and stage.ends and not stage.paired:
        stage.begins = "F" in before or "F" in after
        stage.ends = not stage.begins


def _and_more(tokens: Tokens, at: int) -> bool:
    """Tell whether a plus touches the point that ends at token ``at``: "2030+"."""
    return tokens.codes[at : at + 1] == "+" and tokens.begins[at] == tokens.stops[at - 1]


def _open(stage: Stage, after: str, tokens: Tokens) -> None:
    """Open the span at a dash with nothing behind it, as in "2031-" and "2024-present"."""
    rest = tokens.codes[stage.point.last + len(after) :]
    if not rest or rest[0] in "c@":
        stage.begins = True


def _opens_left(tokens: Tokens, at: int) -> bool:
    """Tell whether a dash before a point leaves the begin open; with a blank it is a list's bullet."""
    touches = tokens.stops[at - 1] == tokens.begins[at] and at == 1
    return touches or tokens.codes[max(0, at - 2) : at] == "c-"


def _is_before(tokens: Tokens, first: int, last: int) -> bool:
    """Tell whether one of the marks means "before", the day itself not included."""
    return "before" in tokens.values[first:last]


def _day_before(stretch: Stretch) -> Stretch:
    """Return the stretch that ends the day before ``stretch``."""
    end = stretch.start - timedelta(days=1)
    return stretch._replace(end=end, start=end)


def _after(stretch: Stretch) -> Stretch:
    """Return the stretch that begins the day after ``stretch``."""
    start = stretch.end + timedelta(days=1)
    return stretch._replace(start=start, end=start)


def _whole_pairs(stages: list[Stage], codes: str) -> None:
    """Read "by the end of the term 2011-2015": only the end of such a pair counts."""
    for left, right in pairwise(stages):
        if not (left.paired and right.paired):
            continue
        before = _BEFORE.search(codes[max(0, left.point.first - _REACH) : left.point.first])
        after = codes[right.point.last : right.point.last + 2]
        if after.startswith("b"):
            # "ohjelmakauden 2021-2027 jälkeen"
            left.stretch, right.ends, right.begins = right.stretch, False, True
            continue
        if before is not None and "b" in before[0]:
            # "after 2021-2027"
            left.stretch = right.stretch = _after(right.stretch)
            left.ends, right.ends, left.begins, right.begins = False, False, True, True
            continue
        term = before is not None and "C" in before[0]
        if (before is not None and "E" in before[0]) or (term and "E" in after):
            left.begins = False
            left.ends = True
            left.stretch = right.stretch


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
