"""Decide which kind of schedule a wording is, from what was found in it.

Frequencies first, then dates, then the words for continuous, relative and
open; what has none of these is no schedule.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from schedule_rules.days import MonthDay
from schedule_rules.reading.bounds import DateBounds, MarkedPoint, phases_in, yearly_days
from schedule_rules.reading.codes import Code, TokenRow, finder, letters, pattern
from schedule_rules.reading.frequency import PlacedFrequency
from schedule_rules.reading.spans import Point
from schedule_rules.schedule import Frequency, Kind, Part, Per, Schedule, Unclear

_SURE, _FAIR, _POOR = 1.0, 0.8, 0.6
# lengths of a plan in years; other numbers of years are ages
_LONGEST_PLAN, _ROUND = 50, 5
# points of several years or months
_SEVERAL = frozenset({"pair", "turn", "halfturn", "monthturn", "decade", "few"})


def verdict(
    tokens: TokenRow, codes: str, rates: list[PlacedFrequency], found: list[Point], span: DateBounds
) -> Schedule | Unclear:
    """Return the reading of a wording as a whole.

    >>> from schedule_rules.reading import normalise
    >>> [normalise(text, "en").kind for text in ("annually from 2026", "by 2027", "ongoing", "asap")]
    ['recurring', 'open_range', 'continuous', 'relative']
    """
    if span.contradictory:
        return Unclear(tokens.text, "contradictory", _dated(tokens, codes, span))
    if rates:
        return _recurring(tokens, codes, rates, found, span)
    if span.stages:
        return _dated(tokens, codes, span)
    return _undated(tokens, codes, found)


# "2024, then annually"
_THEN = pattern("[DASH COMMA COLON]* AND [COMMA AND]*")


def _recurring(
    tokens: TokenRow, codes: str, rates: list[PlacedFrequency], found: list[Point], span: DateBounds
) -> Schedule:
    """Return a recurring schedule; a month named without a year is when it recurs."""
    first = rates[0]
    # the first frequency, its month named by another of the same rate: "annual (each October)"
    frequency = first.frequency
    if len(rates) > 1:
        same = [rate.frequency for rate in rates if replace(rate.frequency, month=None) == frequency]
        frequency = next((one for one in same if one.month), frequency)
    undated = [point for point in found if point.year is None]
    if undated and frequency.per == "year" and frequency.interval == 1:
        frequency = _in_months(frequency, undated, tokens.codes)
    if (
        undated
        and frequency.per == "year"
        and any(point.kind in _DAYS or Code.BY in codes for point in undated)
    ):
        frequency = _on_days(frequency, tokens, codes, found)
    least, most = frequency.times_min, frequency.times_max
    times = str(least) if least == most else f"{least or ''}..{most or ''}"
    part = Part(
        tokens.words(first.first, first.last),
        f"{times}/{frequency.interval} {frequency.per}".replace("/1 ", "/"),
    )
    start, end = span.start, span.end
    cycle = _first_of_cycle(tokens, first, span) if len(span.stages) == 1 else None
    if cycle:
        start, end = cycle.span.start, None
        if cycle.ends and cycle.span.granularity != "year" and frequency.per == "year":
            due = cycle.span.end
            frequency = replace(frequency, days=(MonthDay(due.month, due.day),), by=True)
    elif span.stages and not span.stages[-1].ends and span.stages[-1].point.last <= first.first:
        # the frequency is a stage of its own after the dated ones
        between = tokens.codes[span.stages[-1].point.last : first.first]
        end = None if _THEN.fullmatch(between) else end
    return Schedule(
        tokens.text, "recurring", start, end, span.granularity, frequency,
        phases_in(tokens, span), (part, *_parts(tokens, span)), _SURE if len(rates) == 1 else _FAIR,
    )  # fmt: skip


_THEN_AGAIN = pattern("[DASH COMMA COLON]* AND [COMMA AND]*")
_FURTHEST_MARK = 6


def _first_of_cycle(tokens: TokenRow, rate: PlacedFrequency, span: DateBounds) -> MarkedPoint | None:
    """Return the one dated point of a wording if it is named as the next one of what recurs.

    >>> from schedule_rules.reading import normalise
    >>> print(normalise("Next review due March 2026, then every three years", "en").start)
    2026-03-01
    """
    stage = span.stages[0]
    begin = rate.last if rate.last <= stage.point.first else 0
    if "next" in tokens.values[max(begin, stage.point.first - _FURTHEST_MARK) : stage.point.first]:
        return stage
    between = tokens.codes[stage.point.last : rate.first]
    repeats = "then" in tokens.values[stage.point.last : rate.last + 1] or rate.frequency.interval > 1
    is_then = stage.point.last <= rate.first and _THEN_AGAIN.fullmatch(between)
    return stage if is_then and repeats and not stage.begins else None


def _on_days(frequency: Frequency, tokens: TokenRow, codes: str, found: list[Point]) -> Frequency:
    """Add the days of the year that the wording names, where they are as many as the times."""
    days, by = yearly_days(tokens, codes, found)
    exact = frequency.times_min == frequency.times_max == len(days)
    return replace(frequency, days=days, by=by) if exact else frequency


_DAYS = frozenset({"day", "week", "feast"})
_PARTS_OF_YEAR = frozenset({"month", "day", "season", "term", "quarter", "week", "half", "third", "feast"})
_WITHIN_ONE = pattern("[DASH SLASH TO WITHIN]{1,2}")


def _in_months(frequency: Frequency, undated: list[Point], codes: str) -> Frequency:
    """Add the one month named; several months or seasons of a yearly event are so many times.

    >>> from schedule_rules.reading import normalise
    >>> normalise("annually in March", "en").frequency.month
    3
    >>> normalise("annually, in spring and autumn", "en").frequency.times_max
    2
    """
    months = {
        point.value if point.kind == "month" else point.value[0]
        for point in undated
        if point.kind in {"month", "day"}
    }
    if len(months) == 1:
        return replace(frequency, month=months.pop())
    named = [point for point in undated if point.kind in _PARTS_OF_YEAR]
    ranges = sum(
        bool(left.value == right.value or _WITHIN_ONE.fullmatch(codes[left.last : right.first]))
        for left, right in pairwise(named)
    )
    several = len(named) - ranges
    if several > 1 and frequency.times_min == frequency.times_max == 1:
        return replace(frequency, times_min=several, times_max=several)
    return frequency


# "2024, then ongoing"
_THEN_ON = pattern("[DASH COMMA COLON ARROW]* AND")


def _dated(tokens: TokenRow, codes: str, span: DateBounds) -> Schedule:
    """Return a schedule with a bound, less sure where day and month of its one date could change places."""
    kind, end, last = _dated_kind(codes, span), span.end, span.stages[-1]
    after = codes[last.point.last :]
    if kind == "continuous" and Code.CONTINUOUS in after and (not last.ends or _THEN_ON.match(after)):
        # the word for continuous is a stage of its own
        end = None
    sure, nearest = _SURE, None
    if len(span.stages) == 1 and last.point.kind == "day":
        month, day = last.point.value
        if day <= 12 and day != month:
            sure = _FAIR
            if tokens.words(last.point.first, last.point.last).count("/") == 2:
                # 03/04/2027, as Americans read it
                other = last.span.start.replace(month=last.span.start.day, day=last.span.start.month)
                nearest = Schedule(
                    tokens.text, _dated_kind(tokens.codes, span), other if span.start else None,
                    other if span.end else None, "day", certainty=_POOR,
                )  # fmt: skip
    if tokens.lang == "en" and any(_is_fiscal(tokens, stage.point) for stage in span.stages):
        sure = min(sure, _FAIR)
    return Schedule(
        tokens.text, kind, span.start, end, span.granularity, None,
        phases_in(tokens, span), _parts(tokens, span), sure, nearest,
    )  # fmt: skip


def _is_fiscal(tokens: TokenRow, point: Point) -> bool:
    """Tell whether a year is a financial one of English, of which nobody knows when it ends: "FY26".

    >>> from schedule_rules.reading import normalise
    >>> normalise("by end of FY26", "en").certainty, normalise("FY 2025/26", "en").certainty
    (0.8, 1.0)
    """
    beside = tokens.codes[max(0, point.first - 1) : point.last + 1]
    return point.kind == "year" and Code.FINANCIAL_YEAR in beside


def _dated_kind(codes: str, span: DateBounds) -> Kind:
    if Code.CONTINUOUS in codes or (span.open_end and len(span.stages) > 1):
        return "continuous"
    if span.start is None or span.end is None:
        return "open_range"
    one = len(span.stages) == 1 and span.stages[0].point.kind not in _SEVERAL
    return "single" if one else "range"


def _parts(tokens: TokenRow, span: DateBounds) -> tuple[Part, ...]:
    """Return which words gave which point, and whether that is a bound."""
    return tuple(
        Part(
            tokens.words(stage.point.first, stage.point.last),
            ("from " if stage.begins else "until " if stage.ends else "") + stage.span.written,
        )
        for stage in span.stages
    )


# the codes of words that say a kind, for the explanation
_SAYING = {
    "continuous": letters("CONTINUOUS"),
    "relative": letters("RELATIVE COUNCIL_TERM SEASON_TERM SCHOOL_YEAR WITHIN"),
    "unspecified": letters("UNDECIDED VAGUE"),
}
_EMPTY = "".join(letters("DASH SLASH COMMA COLON BRACKET WORD ARROW PLUS AND"))
_COUNTED = letters("MASKED NUMBER OTHER_NUMBER UNIT WEEK")


def _undated(tokens: TokenRow, codes: str, found: list[Point]) -> Schedule | Unclear:
    kind = _undated_kind(tokens, codes, found)
    if kind is not None:
        saying = _SAYING[kind]
        parts = (
            Part(tokens.words(at, at + 1), kind) for at, code in enumerate(tokens.codes) if code in saying
        )
        certainty = _FAIR if found else _SURE
        after = _after_adoption(tokens) if kind == "relative" else None
        return Schedule(tokens.text, kind, parts=tuple(parts), certainty=certainty, after_adoption=after)
    if not tokens.codes.strip(_EMPTY):
        return Unclear(tokens.text, "not-understood" if Code.WORD in tokens.codes else "empty")
    if not _COUNTED.isdisjoint(codes):
        return Schedule(tokens.text, "none", certainty=_FAIR)
    return Unclear(tokens.text, "not-understood")


_FROM_ADOPTION = finder(
    """(?P<count>[NUMBER ONE_OR_LETTER])? DASH? (?P<unit>[ANY_LENGTH]) [WITHIN FROM AFTER BY]{0,2} RELATIVE
     | RELATIVE [WITHIN FROM AFTER BY]{0,2} (?P<number>[NUMBER ONE_OR_LETTER]) (?P<length>[ANY_LENGTH])
       WITHIN"""
)


def _after_adoption(tokens: TokenRow) -> tuple[int, Per] | None:
    """Return the length of time that a wording counts from the day of adoption.

    >>> from schedule_rules.reading import normalise
    >>> normalise("within 18 months of adoption", "en").after_adoption
    (18, 'month')
    """
    if "adoption" not in tokens.values:
        return None
    for match in _FROM_ADOPTION(tokens.codes):
        if tokens.values[match.start() + match[0].index(Code.RELATIVE)] == "adoption":
            count, unit = ("count", "unit") if match["unit"] else ("number", "length")
            per, size = tokens.values[match.start(unit)]
            number = tokens.values[match.start(count)] if match[count] else 1
            return (number * size, per) if isinstance(number, int) else None
    return None


_DEPENDS, _OPEN = letters("RELATIVE COUNCIL_TERM SEASON_TERM SCHOOL_YEAR"), letters("UNDECIDED VAGUE TURN")
# a length of time tied to something: "within 6 months", "five days before", "year 1"
_TIED = pattern(
    """
    [WITHIN BY FROM AFTER] [^YEAR DATE]{0,3} [NUMBER ORDINAL] ([DASH AND] NUMBER)? ORDINAL? [ANY_LENGTH]
  | NUMBER ([DASH AND] NUMBER)? ORDINAL? [ANY_LENGTH] [^YEAR DATE]{0,2} [WITHIN BY FROM AFTER]
  | UNIT [COMMA COLON]?
        ([NUMBER ORDINAL] (?!\\w? [UNIT YEAR MONTH WEEKDAY]) | ONE_OR_LETTER (?=[COMMA COLON BRACKET] | $))
  | BY END ([WORD RELATIVE COUNCIL_TERM] | $) | BY WORD END | WORD [END BY] BY
  | [ANY_LENGTH] WITHIN | WITHIN PER? [ANY_LENGTH FINANCIAL_YEAR SEASON SEASON_TERM TERM MONTH TURN]
  | [BY END ANY_PART] FINANCIAL_YEAR | ^ [DASH BRACKET]? AFTER WORD | WORD AFTER $
  | (^ | [BRACKET COMMA COLON DASH]) ORDINAL [UNIT QUARTER HALF_YEAR] COLON? $
  | NUMBER ORDINAL [UNIT QUARTER HALF_YEAR]
    """
)
_ONLY_LENGTH = pattern(
    """[DASH BRACKET]{0,2} [ARROW MORE_THAN LESS_THAN AT_LEAST AT_MOST]? [NUMBER ONE_OR_LETTER]
       ([DASH AND TO]{1,2} NUMBER)? PLUS? [ANY_LENGTH] COLON?"""
)


def _undated_kind(tokens: TokenRow, codes: str, found: list[Point]) -> Kind | None:
    if Code.CONTINUOUS in codes:
        return "continuous"
    if not _DEPENDS.isdisjoint(codes) or _TIED.search(codes):
        return "relative"
    if _ONLY_LENGTH.fullmatch(codes):
        unit = next(value for value in reversed(tokens.values) if value is not None)
        years = [value for value in tokens.values if isinstance(value, int)]
        longest, uneven = max(years), any(year % _ROUND for year in years)
        # "2-5" or "10-15 years", but "7-16 years" are people; a length of days says nothing
        is_age = longest > _LONGEST_PLAN or (longest > 2 * _ROUND and uneven)
        if unit[0] != "day" and not (unit == ("year", 1) and is_age):
            return "relative"
    if found or not _OPEN.isdisjoint(codes):
        return "unspecified"
    return None
