"""Find the points of time in a wording: years, quarters, months, seasons, weeks, days.

A point that has no year of its own takes that of its neighbour ("March-June
2025").  What the words around a point make of it is left to ``bounds``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from schedule_rules import spans
from schedule_rules.wording import TAKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schedule_rules.spans import Stretch
    from schedule_rules.tokens import Tokens

# the first letters that fit win, so longer forms stand first
_POINT = re.compile(
    r"""
    (?=[9SfZsTtDOw85NolmdQqhHY3%=]) (?:
      (?P<few>=) |
      (?P<monthturn>9m[-/&]m | m[-/&]m9)
    | (?P<turn>9[,(]?(?:Z|2|Y[-/]Y|Y) | (?:Z|Y[-/&]Y)9)
    | (?P<decade>Y-?J)
    | (?P<school>S[,(]?(?:Z|2|Y[-/&]Y|Y) | (?:Z|Y[-/]Y)S)
    | (?P<fiscal>f[,(]?(?:Z|2|Y[-/]Y(?![-/])) | Zf)
    | (?P<shortfiscal>fN)
    | (?P<seasonpair>[sT][,(]?(?:Z|2))
    | (?P<date>D)
    | (?P<weekyear>w,?[5O] | (?<=w[No][-&,])[5O] | 8)
    | (?P<monthyear>(?<!Q[-&/])O)
    | (?P<pair>Z)
    | (?P<quarteryear>(?<=Q[-&/])O)
    | (?P<week>w[No](?![km]) | [No]w(?=Y))
    | (?P<shortdate>[Nol]mN(?![-,:/&]?[NYOk]))
    | (?P<daymonth>[Nol]m | m[Nol](?=U?,?Y) | d)
    | (?P<monthday>mN(?=-m?N,?Y))
    | (?P<lastday>(?<=mN-)N(?=,?Y))
    | (?P<monthend>(?<=E)m-?N)
    | (?P<monthshort>m-N(?![mhqwUk]) | mN(?!\w|-N))
    | (?P<month>m)
    | (?P<quartershort>Q[/0]?N(?!\w|-N))
    | (?P<quarter>Q | [oNl]-?[FB]?q | q[,-]?[Nlo])
    | (?P<halfshort>H[/0]?N(?!\w|-N))
    | (?P<half>H | [oNl]-?[FB]?h | h[,-]?[Nol])
    | (?P<third>3 | [oNl]-?[FB]?% | %[,-]?[Nlo])
    | (?P<termshort>T-?N(?!\w|-N))
    | (?P<seasonshort>s-?N(?!\w|-N))
    | (?P<term>st | T | ts)
    | (?P<season>s)
    | (?P<monthonly>[No](?=[-&,]{1,2}O))
    | (?P<dayonly>[No](?=[-&,R/]{1,2}(?:[Nol]m|D|d)))
    | (?P<weekonly>(?<=w[No][-&,R])N)
    | (?P<quarteronly>(?<=Q[-&/])N | (?<=[oN]q[-&,/])[oN](?=q)
        |(?<=q[Nlo][-&,/])[Nlo]|[oNl](?=[-&/R]{1,2}[oN]-?q))
    | (?P<year>Y) )
    """,
    re.VERBOSE,
)


@dataclass(slots=True)
class Point:
    """A point named in the wording: tokens ``first``..``last`` - 1; ``year`` None until found."""

    kind: str
    value: Any
    year: int | None
    first: int
    last: int
    stretch: Stretch | None = None


def points(tokens: Tokens, codes: str) -> list[Point]:
    """Return the points of a wording, each with its year where the wording has one.

    ``codes`` are the tokens' codes, those of a frequency masked.
    """
    found = [_read(tokens, match) for match in _POINT.finditer(codes)]
    found = _more_school_years(found, codes)
    for left, right in pairwise(found):
        if right.kind == "lastday":
            right.kind, right.value = "day", (left.value[0], right.value)
        elif right.kind == "pair" and left.kind in _OF_TWO_YEARS:
            right.kind = left.kind
    for point in found:
        if point.kind in _OF_TWO_YEARS and point.value[1] != point.value[0] + 1:
            point.kind = "pair"
    if TAKEN in codes:
        _without_short_years(found, codes)
    found = _take_years(_over_new_year(found, codes), codes, tokens)
    _hand_on_years(found, codes, tokens)
    return found


def _more_school_years(found: list[Point], codes: str) -> list[Point]:
    """Join the two years of each pair that follows a school year: "lukuvuosina 2024-2025 ja 2025-2026"."""
    if len(found) <= len(("the school year", "one more year")):
        return found
    kept = found[:1]
    for point in found[1:]:
        left = kept[-1]
        paired = _follow(left, point, codes)
        if paired and kept[-2:-1] and kept[-2].kind in _OF_TWO_YEARS:
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


def _read(tokens: Tokens, match: re.Match[str]) -> Point:
    """Return the point of ``match``."""
    kind = match.lastgroup or ""
    begin, stop = match.span()
    values = [
        value for value, code in zip(tokens.values[begin:stop], match[0], strict=True) if code in _WITH_VALUES
    ]
    value, year = _READERS[kind](match[0], values)
    return Point(_RENAMED.get(kind, kind), value, year, begin, stop)


_OF_TWO_YEARS = frozenset({"school", "fiscal"})
_WITH_VALUES = frozenset("Y2ZODd5NolmsTQH83=")
_RENAMED = {
    "date": "day", "monthday": "day", "daymonth": "day", "shortdate": "day",
    "monthyear": "month", "monthshort": "month", "monthend": "month", "monthonly": "month",
    "seasonpair": "season", "seasonshort": "season", "termshort": "term", "shortfiscal": "year",
    "quartershort": "quarter", "quarteryear": "quarter", "quarteronly": "quarter", "halfshort": "half",
    "weekyear": "week", "weekonly": "week",
}  # fmt: skip


def _first_year(_codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read a form whose first value is a year or a pair of years."""
    first = values[0]
    if isinstance(first, tuple):
        return first, first[0]
    return (first, values[-1] if len(values) > 1 else first + 1), first


def _date(_codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read a whole date."""
    year, month, day = values[0]
    return (month, day), year


def _numbered_year(codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read a month or week with its year: 11/2025, week 34/2025."""
    return (values[-1], None) if codes == "8" else values[-1]


def _day_month(codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read "15 December", "December 15", "15.12."."""
    if codes == "d":
        return values[0], None
    month, day = values if codes[0] == "m" else reversed(values)
    return (month, day), None


def _short_date(_codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read "31 March 25"."""
    return (values[1], values[0]), 2000 + values[2]


def _short_month(codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read "Mar-25"; a "March 15" of less certain meaning is a day without a year."""
    month, number = values
    if "-" in codes or _LAST_LIKELY_DAY < number < _SURELY_A_DAY:
        return month, 2000 + number
    return month, None


_LAST_LIKELY_DAY, _SURELY_A_DAY = 18, 30


def _decade(_codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read "the 2030s"."""
    return values[0], values[0]


def _season_pair(_codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read "winter 2024/25"; any other season of a pair is one of its first year."""
    return values[0], values[1][0] if values[0] in {"winter", "autumn"} else values[1][1]


def _plain(_codes: str, values: list[Any]) -> tuple[Any, int | None]:
    """Read a form of one value, its year still to be found."""
    return values[0], None


_READERS: Mapping[str, Callable[[str, list[Any]], tuple[Any, int | None]]] = {
    "monthturn": lambda _codes, values: ((values[0], values[1]), None), "decade": _decade,
    "turn": _first_year, "school": _first_year, "fiscal": _first_year, "pair": _first_year,
    "seasonpair": _season_pair, "date": _date, "monthyear": _numbered_year, "weekyear": _numbered_year,
    "week": _plain, "shortdate": _short_date, "daymonth": _day_month, "monthshort": _short_month,
    "quarteryear": _numbered_year,
    "halfshort": lambda _codes, values: (values[0], 2000 + values[1]),
    "monthend": lambda _codes, values: (values[0], 2000 + values[1]),
    "shortfiscal": lambda _codes, values: (2000 + values[0], 2000 + values[0]),
    "termshort": lambda _codes, values: (values[0], 2000 + values[1]),
    "seasonshort": lambda _codes, values: (values[0], 2000 + values[1]),
    "quartershort": lambda _codes, values: (values[0], 2000 + values[1]),
    "few": _plain, "month": _plain, "quarter": _plain, "half": _plain, "third": _plain, "term": _plain, "season": _plain,
    "lastday": _plain, "monthday": _day_month,
    "dayonly": _plain, "monthonly": _plain, "weekonly": _plain, "quarteronly": _plain,
    "year": lambda _codes, values: (values[0], values[0]),
}  # fmt: skip

_BEFORE_YEAR = re.compile(r"0{0,8}[,:/\-(]?U?[BF]?[EgiG]?[BF]?x?[CSfU]?")
_JOINT = re.compile(r"[-/&,RBFpE+]{0,3}")
_HEADER = re.compile(r"[,:\-/(]{0,2}")


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


def clamp(point: Point) -> None:
    """Make a day that its month does not have the last one it has."""
    if point.kind == "day" and point.year is not None:
        month, day = point.value
        if 1 <= month <= _MONTHS:
            point.value = (month, min(day, monthrange(point.year, month)[1]))


_MONTHS = 12
_STRETCHES: Mapping[str, Callable[[int, Any], Stretch]] = {
    "year": lambda year, _value: spans.year(year),
    "turn": lambda year, _value: spans.turn(year),
    "monthturn": lambda year, value: spans.month_turn(year, value[0]),
    "decade": lambda year, _value: spans.years(year, year + 9),
    "school": lambda year, value: spans.school_year(year) if value[1] == year + 1 else spans.years(*value),
    "fiscal": lambda year, value: spans.financial_year(year) if value[1] == year + 1 else spans.years(*value),
    "pair": lambda _year, value: spans.years(*value),
    "day": spans.day,
    "month": spans.month,
    "few": spans.few_months,
    "week": spans.week,
    "quarter": spans.quarter,
    "fiscal_quarter": lambda year, value: spans.fiscal_quarter(year, *value),
    "half": spans.half,
    "third": spans.third,
    "term": spans.term,
    "season": spans.season,
}


def stretch_of(point: Point) -> Stretch:
    """Return the days of a point that has a year; ValueError where the calendar has none."""
    return _STRETCHES[point.kind](point.year or 0, point.value)
