"""Give each point of a wording its year: its own, a pair's, its neighbour's or a heading's."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from schedule_rules.reading.vocabulary import TAKEN

if TYPE_CHECKING:
    from schedule_rules.reading.point import Point
    from schedule_rules.reading.tokens import Tokens

OF_TWO_YEARS = frozenset({"school", "fiscal"})
_MONTHS = 12


def with_years(found: list[Point], codes: str, tokens: Tokens) -> list[Point]:
    """Return the points, each with its year where the wording has one; bare years given away are dropped.

    ``codes`` are the tokens' codes, those of a frequency masked.
    """
    if TAKEN in codes:
        _without_short_years(found, codes)
    found = _take_years(_over_new_year(found, codes), codes, tokens)
    _hand_on_years(found, codes, tokens)
    return found


def more_school_years(found: list[Point], codes: str) -> list[Point]:
    """Join the two years of each pair that follows a school year: "lukuvuosina 2024-2025 ja 2025-2026"."""
    if len(found) <= len(("the school year", "one more year")):
        return found
    kept = found[:1]
    for point in found[1:]:
        left = kept[-1]
        paired = _follow(left, point, codes)
        if paired and kept[-2:-1] and kept[-2].kind in OF_TWO_YEARS:
            left.kind, left.value, left.last = "pair", (left.value, point.value), point.last
        else:
            kept.append(point)
    return kept


def _follow(left: Point, right: Point, codes: str) -> bool:
    """Tell whether two points are written as a pair of years that follow each other: "2025-2026"."""
    years = left.kind == right.kind == "year" and right.value == left.value + 1
    return years and codes[left.last : right.first] in {"-", "/"}


def _over_new_year(found: list[Point], codes: str) -> list[Point]:
    """Give "November-January 2025-2026" both its years."""
    for at in range(len(found) - 2):
        left, right, *years = found[at : at + 4]
        if left.kind != right.kind or left.year is not None or right.year is not None:
            continue
        pair = years[0].value if years[0].kind == "pair" else None
        taken = 1 if pair else 2
        if len(years) > 1 and _follow(years[0], years[1], codes):
            pair = (years[0].value, years[1].value)
        runs_over = _rank(left) > _rank(right) and codes[left.last : right.first] == "-"
        if pair and runs_over and pair[1] == pair[0] + 1 and right.last == years[0].first:
            left.year, right.year = pair
            right.last = years[taken - 1].last
            return found[: at + 2] + found[at + 2 + taken :]
    return found


_RANKS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def _rank(point: Point) -> int:
    """Return about which month of a year a point stands in, 0 where it has none."""
    if point.kind in {"season", "term"}:
        return _RANKS.get(point.value, 0)
    return _order(point)[0] if point.kind in {"month", "day"} else 0


def _without_short_years(found: list[Point], codes: str) -> None:
    """Take "by September 30" for a day, not a year, where it recurs."""
    for point in found:
        if codes[point.first : point.last] == "mN":
            point.year = None


_BEFORE_YEAR = re.compile(r"0{0,8}[,:/\-(]?U?[BF]?[EgiG]?[BF]?x?[CSfU]?")


_JOINT = re.compile(r"[-/&,RBFpE+]{0,3}")


_HEADER = re.compile(r"[,:\-/(U]{0,2}")


def _take_years(found: list[Point], codes: str, tokens: Tokens) -> list[Point]:
    """Give each point the bare year that stands right after it, else right before it."""
    if _led_by_years(found):
        return _years_led(found)
    kept: list[Point] = []
    for number, point in enumerate(found):
        before = found[number - 1] if number else None
        if before is not None and (
            _fiscal_quarter(before, point, codes, tokens) or _term_of_school_year(before, point, codes)
        ):
            continue
        if point.kind == "year" and before is not None and before.year is None and before.kind != "dayonly":
            between = codes[before.last : point.first]
            mark = tokens.values[point.first - 1]
            of_year = (_BEFORE_YEAR.fullmatch(between) and mark != "pre") or mark == "start"
            if "F" in between and not tokens.postpositive:
                of_year = False
            if of_year and not _starts_range(found, number, codes, between):
                before.year, before.last = point.year, point.last
                continue
        kept.append(point)
    return kept


def _led_by_years(found: list[Point]) -> bool:
    """Tell whether years and points without one alternate, each year right before its point."""
    years, rest = found[::2], found[1::2]
    return len(years) == len(rest) > 1 and all(
        year.kind == "year" and point.year is None and year.last == point.first
        for year, point in zip(years, rest, strict=True)
    )


def _years_led(found: list[Point]) -> list[Point]:
    """Give each point of "2023 Q4 - 2024 Q2" the year before it."""
    for year, point in zip(found[::2], found[1::2], strict=True):
        point.year, point.first = year.year, year.first
    return found[1::2]


_FISCAL = {frozenset({"pair", "quarter"}), frozenset({"fiscal", "quarter"})}


def _fiscal_quarter(before: Point, point: Point, codes: str, tokens: Tokens) -> bool:
    """Join a quarter and the financial year beside it ("Q4 2024/25"); tell whether it was one."""
    if frozenset({before.kind, point.kind}) not in _FISCAL or None not in {before.year, point.year}:
        return False
    if not _BESIDE.fullmatch(codes[before.last : point.first]):
        return False
    year, quarter = (point, before) if before.kind == "quarter" else (before, point)
    months = [value for value in tokens.values[quarter.last : year.first] if isinstance(value, int)]
    # "Q1 (July-September) 2025-26" says itself when its financial year begins
    first = (
        (months[0] - 3 * (quarter.value - 1) - 1) % _MONTHS + 1 if months and quarter.value > 0 else _APRIL
    )
    before.kind, before.year, before.value = "fiscal_quarter", year.value[0], (quarter.value, first)
    before.last = point.last
    return True


def _term_of_school_year(before: Point, point: Point, codes: str) -> bool:
    """Join a term and the school year beside it ("HT, läsåret 2025-2026"); tell whether it was one."""
    kinds = {before.kind, point.kind}
    if "school" not in kinds or not kinds & {"term", "season"} or None not in {before.year, point.year}:
        return False
    if not _BESIDE.fullmatch(codes[before.last : point.first]):
        return False
    year, term = (before, point) if before.kind == "school" else (point, before)
    before.kind, before.value, before.year = term.kind, term.value, year.value[term.value != "autumn"]
    before.last = point.last
    return True


_APRIL = 4


_BESIDE = re.compile(r"[,(/:]?0{0,8}")


def _starts_range(found: list[Point], number: int, codes: str, between: str) -> bool:
    """Tell whether a year after a dash is itself the begin of a range of years."""
    after = found[number + 1] if number + 1 < len(found) else None
    ranged = after is not None and codes[found[number].last : after.first] == "-"
    # "every August 2025-2028": the month recurs, it is not one of the first year
    return ranged and (between == "-" or (TAKEN in codes and after is not None and after.kind == "year"))


def _hand_on_years(found: list[Point], codes: str, tokens: Tokens) -> None:
    """Let points without a year take that of the next point, else that of the one before."""
    for right, left in pairwise(reversed(found)):
        takes = left.year is None and right.year is not None and right.kind != "year"
        if takes and _JOINT.fullmatch(codes[left.last : right.first]):
            _inherit(left, right)
    _hand_down_header(found, codes, tokens)


def _hand_down_header(found: list[Point], codes: str, tokens: Tokens) -> None:
    """Let the points after a year that stands like a heading ("2025: Q1, Q3") take it."""
    header: Point | None = None
    for left, right in pairwise(found):
        if right.year is not None or left.year is None:
            continue
        between = codes[left.last : _word_begin(tokens, right.first)]
        if _HEADER.fullmatch(between) or header is not None:
            if left.kind == "year" and header is None:
                header = left
                # "viimeistään vuoden 2026 toisella neljänneksellä": what stands before is the quarter's
                right.first = right.first if between else left.first
            right.year = left.year
        if left.kind == "dayonly" and isinstance(right.value, tuple):
            left.kind, left.value = "day", (right.value[0], left.value)
    if header is not None:
        found.remove(header)


def _word_begin(tokens: Tokens, at: int) -> int:
    """Return the first token of the word of token ``at``: its case ("syksystä") is one of its own."""
    while at and tokens.begins[at - 1] == tokens.begins[at]:
        at -= 1
    return at


def _inherit(left: Point, right: Point) -> None:
    """Give ``left`` the year of ``right``, and its month to a bare day."""
    left.year = right.year
    if left.kind == "dayonly":
        left.kind, left.value = "day", (right.value[0], left.value)
    elif _order(left) > _order(right) and left.kind in {"month", "day"} and left.year is not None:
        left.year -= 1


def _order(point: Point) -> tuple[int, ...]:
    """Return where in a year a month or day stands, to see that a range runs over the new year."""
    if isinstance(point.value, tuple):
        return tuple(point.value[:1])
    return (point.value,) if isinstance(point.value, int) else (0,)
