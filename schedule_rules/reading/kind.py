"""Decide which kind of schedule a wording is, from what was found in it.

Frequencies first, then dates, then the words for continuous, relative and
open; what has none of these is no schedule.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from schedule_rules.reading.labels import phases
from schedule_rules.reading.vocabulary import NEUTRAL
from schedule_rules.schedule import Part, Schedule, Unclear

if TYPE_CHECKING:
    from schedule_rules.reading.bounds import Bounds
    from schedule_rules.reading.frequency import Found
    from schedule_rules.reading.point import Point
    from schedule_rules.reading.stage import Stage
    from schedule_rules.reading.tokens import Tokens
    from schedule_rules.schedule import Frequency, Kind

# a length of time tied to something: "within 6 months", "five days before", "year 1"
_TIED = re.compile(
    r"""
      [~BFb][^YD]{0,3}[No](?:[-&]N)?o?[Uwqh] | N(?:[-&]N)?o?[Uwqh][^YD]{0,2}[~BFb]
    | U[,:]?(?:[No](?!\w?[UYm7])|l(?=[,:(]|$))
    | BE(?:[xrC]|$) | BxE | x[EB]B | [Uwqh]~ | ~p?[UwqhfsTtm9] | [BEgiG]f | ^[-(]?bx | xb$
    | (?:^|[(,:-])o[Uqh]:?$ | No[Uqh]
    """,
    re.VERBOSE,
)
_ONLY_LENGTH = re.compile(r"[-(]{0,2}[>nLAa]?[Nl](?:[-&R]{1,2}N)?\+?[Uwqh]:?")
# lengths of a plan in years; other numbers of years are ages
_LONGEST_PLAN, _ROUND = 50, 5
_SURE, _FAIR, _POOR = 1.0, 0.8, 0.6


def verdict(
    tokens: Tokens, codes: str, rates: list[Found], found: list[Point], span: Bounds
) -> Schedule | Unclear:
    """Return the reading of a wording as a whole."""
    if span.contradictory:
        return Unclear(tokens.text, "contradictory", _dated(tokens, codes, span))
    if rates:
        return _recurring(tokens, rates, found, span)
    if span.stages:
        return _dated(tokens, codes, span)
    return _undated(tokens, codes, found)


def _recurring(tokens: Tokens, rates: list[Found], found: list[Point], span: Bounds) -> Schedule:
    """Return a recurring schedule; a month named without a year is when it recurs."""
    first = rates[0]
    undated = [point for point in found if point.year is None]
    frequency = _in_months(_fullest(rates), undated, tokens.codes)
    part = Part(tokens.words(first.first, first.last), _rate_code(frequency))
    end = None if _thereafter(tokens, first, span) else span.end
    return Schedule(
        tokens.text, "recurring", span.start, end, span.granularity, frequency,
        phases(tokens, span), (part, *_parts(tokens, span)), _SURE if len(rates) == 1 else _FAIR,
    )  # fmt: skip


def _fullest(rates: list[Found]) -> Frequency:
    """Return the first frequency, its month named by another of the same rate: "annual (each October)"."""
    first = rates[0].frequency
    same = (rate.frequency for rate in rates if replace(rate.frequency, month=None) == first)
    return next((frequency for frequency in same if frequency.month), first)


def _thereafter(tokens: Tokens, rate: Found, span: Bounds) -> bool:
    """Tell whether a frequency is a stage of its own after the dated ones: "2024, then annually"."""
    if not span.stages or span.stages[-1].point.last > rate.first or span.stages[-1].ends:
        return False
    between = tokens.codes[span.stages[-1].point.last : rate.first]
    return bool(re.fullmatch(r"[-,:]*&[,&]*", between))


def _in_months(frequency: Frequency, undated: list[Point], codes: str) -> Frequency:
    """Add the one month named; several months or seasons of a yearly event are so many times."""
    if frequency.per != "year" or frequency.interval != 1:
        return frequency
    months = {_month(point) for point in undated if point.kind in {"month", "day"}}
    if len(months) == 1:
        return replace(frequency, month=months.pop())
    several = _occasions([point for point in undated if point.kind in _PARTS_OF_YEAR], codes)
    once = frequency.times_min == frequency.times_max == 1
    if several > 1 and once:
        return replace(frequency, times_min=several, times_max=several)
    return frequency


_PARTS_OF_YEAR = frozenset({"month", "day", "season", "term", "quarter"})
_WITHIN_ONE = re.compile(r"[-/R~]{1,2}")


def _occasions(named: list[Point], codes: str) -> int:
    """Count the occasions that months or seasons name; a range of them is one."""
    ranges = sum(
        bool(left.value == right.value or _WITHIN_ONE.fullmatch(codes[left.last : right.first]))
        for left, right in pairwise(named)
    )
    return len(named) - ranges


def _month(point: Point) -> int:
    """Return the month of a month or a day."""
    month: int = point.value if point.kind == "month" else point.value[0]
    return month


def _rate_code(frequency: Frequency) -> str:
    """Return a frequency as a short code: ``2..4/year``, ``1/3 month``."""
    least, most = frequency.times_min, frequency.times_max
    times = str(least) if least == most else f"{least or ''}..{most or ''}"
    return f"{times}/{frequency.interval} {frequency.per}".replace("/1 ", "/")


def _dated(tokens: Tokens, codes: str, span: Bounds) -> Schedule:
    """Return a schedule with at least one bound."""
    kind = _dated_kind(codes, span)
    end = None if kind == "continuous" and _then_on(codes, span) else span.end
    return Schedule(
        tokens.text, kind, span.start, end, span.granularity, None,
        phases(tokens, span), _parts(tokens, span), _certainty(span), _nearest(tokens, span),
    )  # fmt: skip


def _dated_kind(codes: str, span: Bounds) -> Kind:
    """Return which dated kind the span is."""
    if "c" in codes or (span.open_end and len(span.stages) > 1):
        return "continuous"
    if span.start is None or span.end is None:
        return "open_range"
    one = len(span.stages) == 1 and span.stages[0].point.kind not in _SEVERAL
    return "single" if one else "range"


_SEVERAL = frozenset({"pair", "turn", "monthturn", "decade", "few"})


def _then_on(codes: str, span: Bounds) -> bool:
    """Tell whether the word for continuous comes after the last point, as a stage of its own."""
    last = span.stages[-1]
    after = codes[last.point.last :]
    return ("c" in after and not last.ends) or bool(re.match(r"[-,:>]*&", after) and "c" in after)


def _certainty(span: Bounds) -> float:
    """Return how sure a dated reading is: less where day and month could change places."""
    return _FAIR if _swappable(span) else _SURE


def _swappable(span: Bounds) -> bool:
    """Tell whether the one day of a span, written with slashes, could be read month first."""
    if len(span.stages) != 1 or span.stages[0].point.kind != "day":
        return False
    month, day = span.stages[0].point.value
    return bool(day <= 12 and day != month)


def _nearest(tokens: Tokens, span: Bounds) -> Schedule | None:
    """Return the American reading of a date such as 03/04/2027."""
    if not _swappable(span):
        return None
    stage = span.stages[0]
    words = tokens.words(stage.point.first, stage.point.last)
    if "/" not in words or words.count("/") != 2:
        return None
    day = stage.stretch.start
    other = day.replace(month=day.day, day=day.month)
    start, end = (other if span.start else None), (other if span.end else None)
    return Schedule(tokens.text, _dated_kind(tokens.codes, span), start, end, "day", certainty=_POOR)


_COUNTED = frozenset(NEUTRAL + "NXUw")


def _undated(tokens: Tokens, codes: str, found: list[Point]) -> Schedule | Unclear:
    """Return the reading of a wording without a dated point or a frequency."""
    kind = _undated_kind(tokens, codes, found)
    if kind is not None:
        sure = _FAIR if found else _SURE
        return Schedule(tokens.text, kind, parts=_word_parts(tokens, kind), certainty=sure)
    if not tokens.codes.strip("-/,:(x>+&"):
        empty = "x" not in tokens.codes
        return Unclear(tokens.text, "empty" if empty else "not-understood")
    if not _COUNTED.isdisjoint(codes):
        return Schedule(tokens.text, "none", certainty=_FAIR)
    return Unclear(tokens.text, "not-understood")


_DEPENDS, _OPEN = frozenset("rCTS"), frozenset("uz9")


def _undated_kind(tokens: Tokens, codes: str, found: list[Point]) -> Kind | None:
    """Return continuous, relative or unspecified, where a word says so."""
    if "c" in codes:
        return "continuous"
    if not _DEPENDS.isdisjoint(codes) or _TIED.search(codes) or _only_length(tokens, codes):
        return "relative"
    if found or not _OPEN.isdisjoint(codes):
        return "unspecified"
    return None


def _only_length(tokens: Tokens, codes: str) -> bool:
    """Tell whether a wording is nothing but a length of weeks or more, such as "6-12 months"."""
    if not _ONLY_LENGTH.fullmatch(codes):
        return False
    unit = next(value for value in reversed(tokens.values) if value is not None)
    numbers = [value for value in tokens.values if isinstance(value, int)]
    return unit[0] != "day" and (unit != ("year", 1) or not _is_age(numbers))


def _is_age(years: list[int]) -> bool:
    """Tell whether numbers of years are those of people: 7-16, not 2-5 or 10-15."""
    longest = max(years)
    return longest > _LONGEST_PLAN or (longest > 2 * _ROUND and any(year % _ROUND for year in years))


_SAYS = {"continuous": "c", "relative": "rCTS~", "unspecified": "uz"}


def _word_parts(tokens: Tokens, kind: Kind) -> tuple[Part, ...]:
    """Return the words that say ``kind``."""
    said = _SAYS.get(kind, "")
    return tuple(Part(tokens.words(at, at + 1), kind) for at, code in enumerate(tokens.codes) if code in said)


def _parts(tokens: Tokens, span: Bounds) -> tuple[Part, ...]:
    """Return which words gave which point."""
    return tuple(
        Part(tokens.words(stage.point.first, stage.point.last), _role(stage) + stage.stretch.written)
        for stage in span.stages
    )


def _role(stage: Stage) -> str:
    """Return ``from`` or ``until`` for a bound, nothing for a stage."""
    if stage.begins:
        return "from "
    return "until " if stage.ends else ""
