"""Find the points of time in a wording, each with its year: years, quarters, months, seasons, weeks, days.

A point without a year takes that of a pair, of its neighbour or of a heading.
What the words around a point make of it is left to ``bounds``.
"""

from __future__ import annotations

import re
from itertools import pairwise

from schedule_rules.reading.codes import Code, TokenRow, finder, letters, pattern
from schedule_rules.reading.spans import Point

_LONE_NUMBER = "NUMBER (?!\\w | DASH NUMBER)"
# the first form that fits wins, so longer ones stand first
_find = finder(
    f"""
    (?=[TURN SCHOOL_YEAR FINANCIAL_YEAR YEAR_PAIR SEASON SEASON_TERM TERM DATE MONTH_AND_YEAR WEEK WEEK_LABEL
        WEEK_AND_YEAR ANY_NUMBER MONTH DAY_AND_MONTH QUARTER_LABEL QUARTER HALF_YEAR HALF_LABEL YEAR
        THIRD_LABEL THIRD_OF_YEAR FIRST_MONTHS HALF_TURN FEAST])
    ( (?P<few>FIRST_MONTHS)
    | (?P<halfturn>HALF_TURN)
    | (?P<feast>FEAST)
    | (?P<monthturn>TURN MONTH [DASH SLASH AND] MONTH | MONTH [DASH SLASH AND] MONTH TURN)
    | (?P<turn>TURN [COMMA BRACKET]? (YEAR_PAIR | SHORT_PAIR | YEAR [DASH SLASH] YEAR | YEAR)
             | (YEAR_PAIR | YEAR [DASH SLASH AND] YEAR) TURN)
    | (?P<decade>YEAR DASH? DECADE)
    | (?P<school>SCHOOL_YEAR [COMMA BRACKET]? (YEAR_PAIR | SHORT_PAIR | YEAR [DASH SLASH AND] YEAR | YEAR)
               | (YEAR_PAIR | YEAR [DASH SLASH] YEAR) SCHOOL_YEAR)
    | (?P<fiscal>FINANCIAL_YEAR [COMMA BRACKET]?
                 (YEAR_PAIR | SHORT_PAIR | YEAR [DASH SLASH] YEAR (?![DASH SLASH]))
               | YEAR_PAIR FINANCIAL_YEAR)
    | (?P<shortfiscal>FINANCIAL_YEAR NUMBER)                            # FY25
    | (?P<seasonpair>[SEASON SEASON_TERM] [COMMA BRACKET]? (YEAR_PAIR | SHORT_PAIR))
    | (?P<date>DATE)
    | (?P<weekyear>WEEK COMMA? [WEEK_AND_YEAR MONTH_AND_YEAR]
                 | (?<=WEEK [NUMBER ORDINAL] [DASH AND COMMA]) [WEEK_AND_YEAR MONTH_AND_YEAR] | WEEK_LABEL)
    | (?P<monthyear>(?<!QUARTER_LABEL [DASH AND SLASH]) MONTH_AND_YEAR)
    | (?P<pair>YEAR_PAIR)
    | (?P<quarteryear>(?<=QUARTER_LABEL [DASH AND SLASH]) MONTH_AND_YEAR)
    | (?P<week>WEEK [NUMBER ORDINAL] (?![TIMES MONTH]) | (?<!MONTH) [NUMBER ORDINAL] WEEK (?=YEAR))
    | (?P<shortdate>[ANY_NUMBER] MONTH NUMBER                           # 31 March 25
        (?![DASH COMMA COLON SLASH AND]? [NUMBER YEAR MONTH_AND_YEAR TIMES]))
    | (?P<daymonth>[ANY_NUMBER] MONTH | MONTH [ANY_NUMBER] (?=UNIT? COMMA? YEAR) | DAY_AND_MONTH)
    | (?P<monthday>MONTH NUMBER (?=DASH MONTH? NUMBER COMMA? YEAR))     # March 3-5, 2026
    | (?P<lastday>(?<=MONTH NUMBER DASH) NUMBER (?=COMMA? YEAR))        # its 5
    | (?P<monthend>(?<=END) MONTH DASH? NUMBER)
    | (?P<monthshort>MONTH DASH NUMBER (?![MONTH HALF_YEAR QUARTER WEEK UNIT TIMES]) | MONTH {_LONE_NUMBER})
    | (?P<month>MONTH)
    | (?P<quartershort>QUARTER_LABEL [SLASH MASKED]? {_LONE_NUMBER})
    | (?P<quarter>QUARTER_LABEL | [ANY_NUMBER] DASH? [FROM BY]? QUARTER | QUARTER [COMMA DASH]? [ANY_NUMBER])
    | (?P<halfshort>HALF_LABEL [SLASH MASKED]? {_LONE_NUMBER})
    | (?P<half>HALF_LABEL | [ANY_NUMBER] DASH? [FROM BY]? HALF_YEAR | HALF_YEAR [COMMA DASH]? [ANY_NUMBER])
    | (?P<third>THIRD_LABEL | [ANY_NUMBER] DASH? [FROM BY]? THIRD_OF_YEAR
              | THIRD_OF_YEAR [COMMA DASH]? [ANY_NUMBER])
    | (?P<termshort>SEASON_TERM DASH? {_LONE_NUMBER})
    | (?P<seasonshort>SEASON DASH? {_LONE_NUMBER})
    | (?P<term>SEASON TERM | SEASON_TERM | TERM SEASON)
    | (?P<season>SEASON)
    | (?P<monthonly>[NUMBER ORDINAL] (?=[DASH AND COMMA]{{1,2}} MONTH_AND_YEAR))          # 9 and 11/2025
    | (?P<dayonly>[NUMBER ORDINAL]                                      # 3 and 5 May
        (?=[DASH AND COMMA TO SLASH]{{1,2}} ([ANY_NUMBER] MONTH | DATE | DAY_AND_MONTH)))
    | (?P<weekonly>(?<=WEEK [NUMBER ORDINAL] [DASH AND COMMA TO]) NUMBER)                 # weeks 3-5
    | (?P<quarteronly>(?<=QUARTER_LABEL [DASH AND SLASH]) NUMBER                          # Q2-3
        | (?<=[ORDINAL NUMBER] QUARTER [DASH AND COMMA SLASH]) [ORDINAL NUMBER] (?=QUARTER)
        | (?<=QUARTER [ANY_NUMBER] [DASH AND COMMA SLASH]) [ANY_NUMBER]
        | [ANY_NUMBER] (?=[DASH AND SLASH TO]{{1,2}} [ORDINAL NUMBER] DASH? QUARTER))
    | (?P<year>YEAR) )
    """
)
_OF_TWO_YEARS = frozenset({"school", "fiscal"})


def points(tokens: TokenRow, codes: str) -> list[Point]:
    """Return the points of a wording, each with its year where the wording has one.

    ``codes`` are the tokens' codes, those of a frequency masked.

    >>> [(point.kind, point.value, point.year) for point in points_of("Q1, 5 May and week 34/2026", "en")]
    [('quarter', 1, 2026), ('day', (5, 5), 2026), ('week', 34, 2026)]
    """
    found = [_read(tokens, match) for match in _find(codes)]
    if len(found) > 1:
        found = _more_school_years(found, codes)
    for left, right in pairwise(found):
        if right.kind == "lastday":
            right.kind, right.value = "day", (left.value[0], right.value)
        elif right.kind == "pair" and left.kind in _OF_TWO_YEARS:
            right.kind = left.kind
    for point in found:
        if point.kind in _OF_TWO_YEARS and point.value[1] != point.value[0] + 1:
            point.kind = "pair"
        if Code.TAKEN in codes and codes[point.first : point.last] == Code.MONTH + Code.NUMBER:
            # "by September 30" is a day, not a year, where it recurs
            point.year = None
    if len(found) > 1:
        found = _take_years(_over_new_year(found, codes), codes, tokens)
        _hand_on_years(found, codes)
        _hand_down_header(found, codes, tokens)
    return found


_WITH_VALUES = letters(
    "ANY_DATE SHORT_PAIR DAY_AND_MONTH WEEK_AND_YEAR ANY_NUMBER MONTH SEASON SEASON_TERM QUARTER_LABEL"
    " HALF_LABEL WEEK_LABEL THIRD_LABEL FIRST_MONTHS HALF_TURN FEAST"
)
_LAST_LIKELY_DAY, _SURELY_A_DAY = 18, 30


def _read(tokens: TokenRow, match: re.Match[str]) -> Point:
    form, codes = match.lastgroup or "", match[0]
    begin, stop = match.span()
    values = [
        value for value, code in zip(tokens.values[begin:stop], codes, strict=True) if code in _WITH_VALUES
    ]
    kind, value, year, perhaps_day = form, values[0], None, None
    match form:
        case "turn" | "school" | "fiscal" | "pair":
            if isinstance(value, tuple):
                year = value[0]
            else:
                value, year = (value, values[-1] if len(values) > 1 else value + 1), value
        case "year" | "decade":
            year = value
        case "seasonpair":
            # any other season of a pair is one of its first year
            kind, year = "season", values[1][value not in {"winter", "autumn"}]
        case "date":
            year, month, day = value
            kind, value = "day", (month, day)
        case "monthyear" | "quarteryear" | "weekyear":
            kind = form.removesuffix("year")
            value, year = values[-1] if codes != Code.WEEK_LABEL else (value, None)
        case "shortdate":
            # "31 March 25"
            kind, value, year = "day", (values[1], value), 2000 + values[2]
        case "daymonth" | "monthday":
            kind = "day"
            if codes != Code.DAY_AND_MONTH:
                month, day = values if codes[0] == Code.MONTH else reversed(values)
                value = (month, day)
        case "monthshort":
            # "Mar-25"; a "March 15" of less certain meaning is a month without a year
            kind, perhaps_day = "month", values[1]
            if Code.DASH in codes or _LAST_LIKELY_DAY < values[1] < _SURELY_A_DAY:
                year = 2000 + values[1]
        case "monthend" | "quartershort" | "halfshort" | "termshort" | "seasonshort":
            kind, year = form.removesuffix("end").removesuffix("short"), 2000 + values[1]
        case "shortfiscal":
            kind, value, year = "year", 2000 + value, 2000 + value
        case "monthonly" | "weekonly" | "quarteronly":
            kind = form.removesuffix("only")
        case "monthturn":
            value = (value, values[1])
    return Point(kind, value, year, begin, stop, perhaps_day)


def _more_school_years(found: list[Point], codes: str) -> list[Point]:
    """Join the two years of each pair that follows a school year: "lukuvuosina 2024-2025 ja 2025-2026"."""
    joined = found[:1]
    for point in found[1:]:
        left = joined[-1]
        if _follow(left, point, codes) and joined[-2:-1] and joined[-2].kind in _OF_TWO_YEARS:
            left.kind, left.value, left.last = "pair", (left.value, point.value), point.last
        else:
            joined.append(point)
    return joined


def _follow(left: Point, right: Point, codes: str) -> bool:
    """Tell whether two points are written as a pair of years that follow each other: "2025-2026"."""
    years = left.kind == right.kind == "year" and right.value == left.value + 1
    return years and codes[left.last : right.first] in {Code.DASH, Code.SLASH}


_ORDER_OF_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def _over_new_year(found: list[Point], codes: str) -> list[Point]:
    """Give "November-January 2025-2026" both its years."""

    def rank(point: Point) -> int:
        if point.kind in {"season", "term"}:
            return _ORDER_OF_SEASONS.get(point.value, 0)
        return _month_of(point) if point.kind in {"month", "day"} else 0

    for at in range(len(found) - 2):
        left, right, *years = found[at : at + 4]
        if left.kind != right.kind or left.year is not None or right.year is not None:
            continue
        pair = years[0].value if years[0].kind == "pair" else None
        taken = 1 if pair else 2
        if len(years) > 1 and _follow(years[0], years[1], codes):
            pair = (years[0].value, years[1].value)
        runs_over = rank(left) > rank(right) and codes[left.last : right.first] == Code.DASH
        if pair and runs_over and pair[1] == pair[0] + 1 and right.last == years[0].first:
            left.year, right.year = pair
            right.last = years[taken - 1].last
            return found[: at + 2] + found[at + 2 + taken :]
    return found


_LENGTHS = {"quarter": 3, "third": 4, "half": 6}


def _month_of(point: Point) -> int:
    """Return the first month of a point, to see that a range runs over the new year."""
    value = point.value[0] if isinstance(point.value, tuple) else point.value
    if not isinstance(value, int):
        return 0
    length = _LENGTHS.get(point.kind, 1)
    return length * (value - 1) + 1


# between a point and the bare year that is its own
_BEFORE_YEAR = pattern(
    """MASKED{0,8} [COMMA COLON SLASH DASH BRACKET]? UNIT? [BY FROM]? [END ANY_PART]? [BY FROM]? WORD?
       [COUNCIL_TERM SCHOOL_YEAR FINANCIAL_YEAR UNIT]?"""
)


def _take_years(found: list[Point], codes: str, tokens: TokenRow) -> list[Point]:
    """Give each point the bare year that stands right after it, else right before it."""
    years, rest = found[::2], found[1::2]
    if len(years) == len(rest) > 1 and all(
        year.kind == "year" and point.year is None and year.last == point.first
        for year, point in zip(years, rest, strict=True)
    ):
        # "2023 Q4 - 2024 Q2": each has the year before it
        for year, point in zip(years, rest, strict=True):
            point.year, point.first = year.year, year.first
        return rest
    left_over: list[Point] = []
    for number, point in enumerate(found):
        before = found[number - 1] if number else None
        if before is not None and _is_part_of_its_year(before, point, codes, tokens):
            continue
        if point.kind == "year" and before is not None and before.year is None and before.kind != "dayonly":
            between = codes[before.last : point.first]
            mark = tokens.values[point.first - 1]
            # "joulun jälkeen 2026"
            after_it = tokens.postpositive and between == Code.AFTER
            of_year = after_it or (_BEFORE_YEAR.fullmatch(between) and mark != "pre") or mark == "start"
            if Code.FROM in between and not tokens.postpositive:
                of_year = False
            if Code.TAKEN in codes and (
                (Code.BY in between and not tokens.postpositive)
                or (Code.FROM in between and Code.COMMA in between)
            ):
                # "annually by 31 May until 2028", "annually in May, first in 2026": the day or month recurs
                of_year = False
            # a year after a dash may begin a range of years itself
            after = found[number + 1] if number + 1 < len(found) else None
            ranged = after is not None and codes[point.last : after.first] == Code.DASH
            # "every August 2025-2028": the month recurs, it is not one of the first year
            recurs = Code.TAKEN in codes and after is not None and after.kind == "year"
            if of_year and not (ranged and (between == Code.DASH or recurs)):
                before.year, before.last = point.year, point.last
                continue
        left_over.append(point)
    return left_over


_BESIDE = pattern("[COMMA BRACKET SLASH COLON]? MASKED{0,8}")
_APRIL = 4


def _is_part_of_its_year(before: Point, point: Point, codes: str, tokens: TokenRow) -> bool:
    """Join a quarter and the financial year beside it, a term and its school year; tell whether it was one.

    Such are "Q4 2024/25" and "HT, läsåret 2025-2026".
    """
    kinds = {before.kind, point.kind}
    if None not in {before.year, point.year} or not _BESIDE.fullmatch(codes[before.last : point.first]):
        return False
    if "quarter" in kinds and kinds & {"pair", "fiscal"}:
        year, quarter = (point, before) if before.kind == "quarter" else (before, point)
        months = [value for value in tokens.values[quarter.last : year.first] if isinstance(value, int)]
        begins = _APRIL
        if months and quarter.value > 0:
            # "Q1 (July-September) 2025-26" says itself when its financial year begins
            begins = (months[0] - 3 * (quarter.value - 1) - 1) % 12 + 1
        before.kind, before.year, before.value = "fiscal_quarter", year.value[0], (quarter.value, begins)
    elif "school" in kinds and kinds & {"term", "season"}:
        year, term = (before, point) if before.kind == "school" else (point, before)
        before.kind, before.value, before.year = term.kind, term.value, year.value[term.value != "autumn"]
    else:
        return False
    before.last = point.last
    return True


_JOINT = pattern("[DASH SLASH AND COMMA TO BY FROM PER END PLUS]{0,3}")


def _hand_on_years(found: list[Point], codes: str) -> None:
    """Let points without a year take that of the next point."""
    for right, left in pairwise(reversed(found)):
        takes = left.year is None and right.year is not None and right.kind != "year"
        if not takes or not _JOINT.fullmatch(codes[left.last : right.first]):
            continue
        left.year = right.year
        if left.day is not None and right.kind != "month":
            # "May 5 and Q3, 2026"
            left.kind, left.value = "day", (left.value, left.day)
        if left.kind == "dayonly":
            # a bare day takes the month, too
            left.kind, left.value = "day", (right.value[0], left.value)
        elif left.kind in {"month", "day"} and left.year is not None and _month_of(left) > _month_of(right):
            left.year -= 1


_HEADER = pattern("[COMMA COLON DASH SLASH BRACKET UNIT]{0,2}")


def _hand_down_header(found: list[Point], codes: str, tokens: TokenRow) -> None:
    """Let the points after a year that stands like a heading ("2025: Q1, Q3") take it."""
    header: Point | None = None
    for left, right in pairwise(found):
        if right.year is not None or left.year is None:
            continue
        # the case of a word ("syksystä") is its own
        first = right.first
        while first and tokens.begins[first - 1] == tokens.begins[first]:
            first -= 1
        between = codes[left.last : first]
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
