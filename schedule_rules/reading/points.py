"""Find the points of time in a wording: years, quarters, months, seasons, weeks, days.

Which year a point without one has is left to ``years``, what the words around
a point make of it to ``marks``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from schedule_rules.reading.point import Point
from schedule_rules.reading.years import OF_TWO_YEARS, more_school_years, with_years

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schedule_rules.reading.tokens import Tokens

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
    | (?P<week>w[No](?![km]) | (?<!m)[No]w(?=Y))
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


def points(tokens: Tokens, codes: str) -> list[Point]:
    """Return the points of a wording, each with its year where the wording has one.

    ``codes`` are the tokens' codes, those of a frequency masked.
    """
    found = [_read(tokens, match) for match in _matches(codes)]
    found = more_school_years(found, codes)
    for left, right in pairwise(found):
        if right.kind == "lastday":
            right.kind, right.value = "day", (left.value[0], right.value)
        elif right.kind == "pair" and left.kind in OF_TWO_YEARS:
            right.kind = left.kind
    for point in found:
        if point.kind in OF_TWO_YEARS and point.value[1] != point.value[0] + 1:
            point.kind = "pair"
    return with_years(found, codes, tokens)


@lru_cache(maxsize=4096)
def _matches(codes: str) -> tuple[re.Match[str], ...]:
    """Return the matches of a row of codes; cells of one shape share it, whatever their words and numbers."""
    return tuple(_POINT.finditer(codes))


def _read(tokens: Tokens, match: re.Match[str]) -> Point:
    """Return the point of ``match``."""
    kind = match.lastgroup or ""
    begin, stop = match.span()
    values = [
        value for value, code in zip(tokens.values[begin:stop], match[0], strict=True) if code in _WITH_VALUES
    ]
    value, year = _READERS[kind](match[0], values)
    return Point(_RENAMED.get(kind, kind), value, year, begin, stop)


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
    "few": _plain,
    "month": _plain, "quarter": _plain, "half": _plain, "third": _plain, "term": _plain, "season": _plain,
    "lastday": _plain, "monthday": _day_month,
    "dayonly": _plain, "monthonly": _plain, "weekonly": _plain, "quarteronly": _plain,
    "year": lambda _codes, values: (values[0], values[0]),
}  # fmt: skip
