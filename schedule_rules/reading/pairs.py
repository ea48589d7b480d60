"""Two points that are one: the ends of a range, the months of one compound word."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from schedule_rules.reading import spans
from schedule_rules.reading.stage import REACH

if TYPE_CHECKING:
    from schedule_rules.reading.stage import Stage
    from schedule_rules.reading.tokens import Tokens

_MARKS = "BRFEbGgi>/+&-"
# the marks right before a point
BEFORE = re.compile(rf"[{_MARKS}]*[:pU7Cf(]*$")
_RANGE = re.compile(r"[C(U7]?(?:-|/|R|-R|-B|--)[UCB7]?")


def are_joined(between: str) -> bool:
    """Tell whether two points are the ends of one range."""
    return bool(_RANGE.fullmatch(between))


def whole_compounds(stages: list[Stage], tokens: Tokens) -> None:
    """Let the case of "loka-marraskuuhun" or "touko-kesäkuusta" be that of both its months."""
    for left, right in pairwise(stages):
        first, last = left.point.last, right.point.first
        if left.point.kind != "month" or tokens.codes[first:last] not in {"-B", "-F"}:
            continue
        if tokens.stops[first - 1] == tokens.begins[first] == tokens.begins[last] - 1:
            ends = tokens.codes[last - 1] == "B"
            left.begins = right.begins = not ends
            left.ends = right.ends = ends


def whole_pairs(stages: list[Stage], codes: str) -> None:
    """Read "by the end of the term 2011-2015": only the end of such a pair counts."""
    for left, right in pairwise(stages):
        if not (left.paired and right.paired):
            continue
        before = BEFORE.search(codes[max(0, left.point.first - REACH) : left.point.first])
        after = codes[right.point.last : right.point.last + 2]
        if after.startswith("b"):
            # "ohjelmakauden 2021-2027 jälkeen"
            left.stretch, right.ends, right.begins = right.stretch, False, True
            continue
        if before is not None and "b" in before[0]:
            # "after 2021-2027"
            left.stretch = right.stretch = spans.day_after(right.stretch)
            left.ends, right.ends, left.begins, right.begins = False, False, True, True
            continue
        term = before is not None and "C" in before[0]
        if (before is not None and "E" in before[0]) or (term and "E" in after):
            left.begins = False
            left.ends = True
            left.stretch = right.stretch
