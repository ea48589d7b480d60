"""Whether the words beside a point make it a deadline, a start or a stage of its own.

Finnish puts most of them after the point, in its case or as a word; Swedish
and English put them before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schedule_rules.reading import spans
from schedule_rules.reading.pairs import BEFORE, are_joined, whole_compounds, whole_pairs
from schedule_rules.reading.stage import REACH, Stage, at_middle

if TYPE_CHECKING:
    from schedule_rules.reading.point import Point
    from schedule_rules.reading.tokens import Tokens

_AFTER = re.compile(r"[C(U0]*[BFEbGgi>+]*-?")
_PARTLY = re.compile(r"[giG]R[giG]")
# "before the end of", "före slutet av"
_ENDING = frozenset("EG")


def mark(stages: list[Stage], codes: str, tokens: Tokens) -> None:
    """Apply the marks before, between and after the points."""
    for number, stage in enumerate(stages):
        if number and are_joined(codes[stages[number - 1].point.last : stage.point.first]):
            stages[number - 1].begins = stages[number - 1].paired = True
            stage.ends = stage.paired = True
        _apply(stage, *_own(stages, number, codes, tokens), tokens)
    for stage in stages:
        at_middle(stage, codes)
    whole_pairs(stages, codes)
    whole_compounds(stages, tokens)


def _own(stages: list[Stage], number: int, codes: str, tokens: Tokens) -> tuple[str, str]:
    """Return the marks before and after a point that are its own, not its neighbours'."""
    point, last = stages[number].point, number + 1 == len(stages)
    left = stages[number - 1].point.last if number else 0
    right = len(codes) if last else stages[number + 1].point.first
    mine = _bound_marks(tokens, left, point.first)
    others = 0 if last else _bound_marks(tokens, point.last, right)
    between = codes[max(left, point.first - REACH) : point.first]
    before = _own_before(between, first=not number, postpositive=tokens.postpositive, mine=mine)
    if tokens.postpositive and tokens.values[point.first - 1] == "after":
        # "kesälomien jälkeen 2025": after the word before it, in that year
        before = before.rstrip("b")
    after = codes[point.last : right]
    return before, _own_after(after, last=last, postpositive=tokens.postpositive, others=others)


def _own_before(between: str, *, first: bool, postpositive: bool, mine: int) -> str:
    """Return the marks before a point that are its own, not those of the point before.

    ``mine`` of them belong to the point by their form ("maaliskuuhun", "vuoteen").
    """
    match = BEFORE.search(between)
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
        stage.begins, stage.stretch = True, spans.day_after(stage.stretch)
    if any(code in marks for code in "BE") or (
        "R" in before and not stage.paired and not _PARTLY.search(before)
    ):
        stage.ends = True
        if not _ENDING.intersection(marks) and _is_earlier(tokens, stage.point, len(before), len(after)):
            stage.stretch = spans.day_before(stage.stretch)
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


def _is_earlier(tokens: Tokens, point: Point, before: int, after: int) -> bool:
    """Tell whether one of the marks means "before", the day itself not included.

    A year's budget is adopted before the year begins (section 110 of the Finnish Local Government Act).
    """
    ahead = tokens.values[point.first - before : point.first]
    return "before" in ahead or "eve" in ahead + tokens.values[point.last : point.last + after]
