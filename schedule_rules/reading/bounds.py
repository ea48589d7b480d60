"""What the points of a wording make together: a span, open or closed, and its stages with their names.

The words beside a point say what it is: a deadline, a start, a stage of its own; "early" moves it.  Finnish
puts most of these words after the point, in its case or as a word; Swedish and English put them before it.
Which kind of schedule all this is, is left to ``kind``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from schedule_rules.days import FeastDay, MonthDay, WeekDay, YearDay, feast_days
from schedule_rules.programme import Lang
from schedule_rules.reading import spans
from schedule_rules.reading.codes import Code, TokenRow, letters, pattern
from schedule_rules.reading.lexicon import index
from schedule_rules.reading.spans import Point, WrittenSpan, span_of
from schedule_rules.schedule import Granularity, Phase

_FINENESS = ("day", "week", "month", "season", "quarter", "half", "school_year", "year")
# a mark further off than this many tokens is not the point's
_REACH = 8
_MARKS = "BY TO FROM END AFTER ANY_PART ARROW SLASH PLUS AND DASH"
# the marks right before and right after a point
_BEFORE = pattern(f"[{_MARKS}]* [COLON PER UNIT WEEKDAY COUNCIL_TERM FINANCIAL_YEAR BRACKET]* $")
_AFTER = pattern(
    "[COUNCIL_TERM BRACKET UNIT MASKED]* [BY FROM END AFTER LATE EARLY MIDDLE ARROW PLUS]* DASH?"
)
# between the ends of a range
_RANGE = pattern(
    """[COUNCIL_TERM BRACKET UNIT WEEKDAY]? (DASH | SLASH | TO | DASH TO | DASH BY | DASH DASH)
       [UNIT COUNCIL_TERM BY WEEKDAY]?"""
)
# "early to mid 2026"
_PARTLY = pattern("[ANY_PART] TO [ANY_PART]")
_PARTS = pattern("(?P<begin>[ANY_PART]) [DASH TO SLASH AND] (?P<end>[ANY_PART]) $")
_PART = letters("ANY_PART")
# "before the end of", "före slutet av"
_ENDING = letters("END LATE")
_NEXT = letters("COMMA AND WORD CONTINUOUS")
_CASES, _ANY_LENGTH = letters("BY FROM END AFTER"), letters("ANY_LENGTH")
# "by Christmas", "by the turn of the half-year": to the first of its days
_BY_FIRST_DAY = frozenset({"feast", "halfturn"})


_BY_SOMETHING = pattern("[BRACKET DASH]? BY [ORDINAL NUMBER WORD PER AND UNIT]{0,6} WORD [PER AND UNIT]{0,2}")


@dataclass(slots=True)
class MarkedPoint:
    """A point with its marks: whether the span begins or ends here, or this is a stage of its own."""

    point: Point
    span: WrittenSpan
    begins: bool = False
    ends: bool = False
    paired: bool = False


@dataclass(slots=True)
class DateBounds:
    """The span of a wording: ``start`` and ``end`` (None where open) and the stages in it."""

    start: date | None = None
    end: date | None = None
    granularity: Granularity | None = None
    stages: list[MarkedPoint] = field(default_factory=list)
    open_end: bool = False
    contradictory: bool = False


def bounds(tokens: TokenRow, codes: str, found: list[Point]) -> DateBounds:
    """Return the span that the dated points of a wording make together.

    >>> span = bounds_of("from March 2026 to the end of 2027", "en")
    >>> print(span.start, span.end, span.granularity)
    2026-03-01 2027-12-31 month
    """
    stages = [stage_at(point, codes) for point in found if point.year is not None]
    if Code.BRACKET in codes:
        stages = _without_restated(stages, codes)
    # one that is named a second time, right after its like, is dropped
    stages = [stage for at, stage in enumerate(stages) if not at or stage.span != stages[at - 1].span]
    if not stages:
        return DateBounds()
    apply_marks(stages, codes, tokens)
    if (
        len(stages) == 1
        and stages[0].point.kind == "year"
        and _BY_SOMETHING.fullmatch(codes[: stages[0].point.first])
    ):
        # "by the first council meeting of 2026": some time in that year
        stages[0].ends = True
    days = [stage for stage in stages if stage.point.kind == "day"]
    if len(days) >= len(("first day", "last day")):
        # a school year whose first and last day are named beside it
        rest = [stage for stage in stages if stage.point.kind != "school"]
        if len(rest) < len(stages):
            days[0].begins = days[0].paired = True
            stages = rest
    span, last = DateBounds(stages=stages), stages[-1]
    starts = [stage.span.start for stage in stages if not stage.ends]
    ends = [stage.span.end for stage in stages if not stage.begins]
    span.start = min(starts, default=None)
    span.end = max(ends, default=None)
    if span.start is not None and not (last.begins and not last.paired):
        # "draft by 31 May, decisions in autumn" spans both
        deadlines = [stage.span.end for stage in stages if stage.ends and not stage.paired]
        span.start = min([span.start, *deadlines])
    span.granularity = min((stage.span.granularity for stage in stages), key=_FINENESS.index)
    span.open_end = last.begins and not last.paired and not last.ends
    if span.open_end and len(stages) > 1:
        span.end = None
    if span.start is None and span.end is None:
        span.start = min(stage.span.start for stage in stages)
    span.contradictory = bool(span.start and span.end and span.start > span.end)
    return span


def yearly_days(tokens: TokenRow, codes: str, found: list[Point]) -> tuple[tuple[YearDay, ...], bool]:
    """Return the days of the year that points without a year name, and whether they are deadlines.

    >>> from schedule_rules.reading import normalise
    >>> normalise("every year by the end of March", "en").frequency.days
    (MonthDay(month=3, day=31),)
    """
    # a leap year, so that the end of February is its 29th day
    dated = [
        point
        if point.year is not None
        else Point(point.kind, point.value, _LEAP_YEAR, point.first, point.last, point.day)
        for point in found
    ]
    stages = [stage_at(point, codes) for point in dated]
    apply_marks(stages, codes, tokens)
    undated = [stage for stage, point in zip(stages, found, strict=True) if point.year is None]
    deadlines = [stage for stage in undated if stage.ends and not stage.begins and not stage.paired]
    if deadlines and len(deadlines) < len(undated):
        # "by 31 March and 30 September": the first mark is that of all
        deadlines = _of_one_mark(undated, deadlines, codes)
    if deadlines:
        return tuple(_year_day(stage.point, stage.span.end) for stage in deadlines), True
    days = [stage for stage in undated if stage.span.granularity in {"day", "week"} and not stage.paired]
    return tuple(_year_day(stage.point, stage.span.start) for stage in days), False


_LEAP_YEAR = 2024
_BETWEEN_LIKES = pattern("[COMMA AND]{1,2}")


def _of_one_mark(stages: list[MarkedPoint], deadlines: list[MarkedPoint], codes: str) -> list[MarkedPoint]:
    """Return the deadlines and the points that only a comma or an "and" parts from one."""
    joined = list(deadlines)
    for left, right in [*pairwise(stages), *((b, a) for a, b in pairwise(stages))]:
        first, second = sorted((left, right), key=lambda stage: stage.point.first)
        near = _BETWEEN_LIKES.fullmatch(codes[first.point.last : second.point.first])
        if near and left in joined and right not in joined and right.point.kind == left.point.kind:
            joined.append(right)
    return sorted(joined, key=lambda stage: stage.point.first)


def _year_day(point: Point, day: date) -> YearDay:
    """Return a day of the leap year as that of every year: by the feast or the week that its point names."""
    if point.kind == "feast":
        return FeastDay(point.value, (day - feast_days(point.value, day.year).first).days)
    if point.kind == "week":
        # an office's last day of the week
        return WeekDay(day.isocalendar().week, min(day.isoweekday(), _FRIDAY))
    return MonthDay(day.month, day.day)


_FRIDAY = 5


def _without_restated(stages: list[MarkedPoint], codes: str) -> list[MarkedPoint]:
    """Return the points without those that only say again what the one before their bracket says.

    Such are "Easter (5 April 2026)" and "week 11 (9-15 March 2026)".
    """
    kept = stages[:1]
    for stage in stages[1:]:
        left = kept[-1].span
        in_bracket = codes[kept[-1].point.last : stage.point.first] == Code.BRACKET
        if not (in_bracket and left.start <= stage.span.start and stage.span.end <= left.end):
            kept.append(stage)
        elif kept[-1].point.kind == "feast":
            kept[-1] = stage
        elif kept[-1].point.kind != "week":
            kept.append(stage)
    return kept


def stage_at(point: Point, codes: str) -> MarkedPoint:
    """Return the stage of a point, "early" or "late" beside a year applied."""
    span = span_of(point)
    if point.kind == "year" and point.year is not None:
        ranged = point.first > 1 and codes[point.first - 1] == Code.DASH
        beside = codes[max(0, point.first - 1) : point.first] + codes[point.last : point.last + (not ranged)]
        if codes[point.last : point.last + 2] in {Code.BY + Code.MIDDLE, Code.FROM + Code.MIDDLE}:
            # "vuoden 2026 puoliväliin": the case is that of the middle
            beside += Code.MIDDLE
        before = codes[max(0, point.first - 2) : point.first].rstrip(Code.DASH + Code.UNIT)[-1:]
        part = next((code for code in before + beside if code in _PART), "")
        if part:
            span = spans.part_of_year(point.year, part)
        if both := _PARTS.search(codes[: point.first][-_REACH:]):
            begin, end = (spans.part_of_year(point.year, code) for code in both.groups())
            span = begin._replace(end=end.end)
    return MarkedPoint(point, span)


def apply_marks(stages: list[MarkedPoint], codes: str, tokens: TokenRow) -> None:
    """Apply the marks before, between and after the points.

    >>> for stage in bounds_of("from early 2026, draft by mid-December 2026", "en").stages:
    ...     print(stage.span.start, stage.span.end, stage.begins, stage.ends)
    2026-01-01 2026-03-31 True False
    2026-12-01 2026-12-15 False True
    """
    has_length = not _ANY_LENGTH.isdisjoint(codes)
    for number, stage in enumerate(stages):
        if number:
            left = stages[number - 1]
            if _RANGE.fullmatch(codes[left.point.last : stage.point.first]):
                left.begins = left.paired = stage.ends = stage.paired = True
        _apply(stage, *_own(stages, number, codes, tokens), tokens)
        if has_length:
            _move(stage, stages[number - 1].point.last if number else 0, codes, tokens)
    for stage in stages:
        _at_middle(stage, codes)
    if len(stages) > 1:
        _whole_pairs(stages, codes)
        _whole_compounds(stages, tokens)


def without_marks(codes: str, points: tuple[tuple[int, int], ...], taken: str) -> str:
    """Return codes with those of points (first and last), and the marks right beside each, as ``taken``."""
    left = list(codes)
    has_length = not _ANY_LENGTH.isdisjoint(codes)
    for first, end in points:
        prefix = codes[max(0, first - _REACH) : first]
        before = _BEFORE.search(prefix)
        count = len(before[0]) if before else 0
        length = _LENGTH_BEFORE.search(prefix) if has_length else None
        if length and (length["how"] or length["within"]):
            count = max(count, len(length[0]))
        after = _AFTER.match(codes, end)
        last = after.end() if after else end
        left[first - count : last] = taken * (last - first + count)
    return "".join(left)


def _own(stages: list[MarkedPoint], number: int, codes: str, tokens: TokenRow) -> tuple[str, str]:
    """Return the marks before and after a point that are its own, not its neighbours'."""
    point, first, last = stages[number].point, not number, number + 1 == len(stages)
    left = 0 if first else stages[number - 1].point.last
    right = len(codes) if last else stages[number + 1].point.first
    match = _BEFORE.search(codes[max(left, point.first - _REACH) : point.first])
    before = match[0] if match else ""
    if tokens.postpositive and not first:
        between = codes[max(left, point.first - _REACH) : point.first]
        free = Code.WORD in between or Code.COMMA in between
        if not (free or Code.AND in before or before.endswith(Code.COLON)):
            before = before[len(before) - _bound_marks(tokens, left, point.first) :]
    if tokens.postpositive and tokens.values[point.first - 1] == "after":
        # "kesälomien jälkeen 2025": after the word before it, in that year
        before = before.rstrip(Code.AFTER)
    between = codes[point.last : right]
    # some belong to the next point by their form
    others = 0 if last else _bound_marks(tokens, point.last, right)
    match = _AFTER.match(between[: len(between) - others])
    after = match[0] if match else ""
    if last:
        return before, after
    rest = between[len(after) :]
    if tokens.postpositive:
        return before, "" if rest.startswith(Code.COLON) else after
    if rest.lstrip(Code.MASKED)[:1] in _NEXT:
        return before, after
    return before, "".join(code for code in after if code == Code.ARROW)


def _bound_marks(tokens: TokenRow, left: int, first: int) -> int:
    """Count the marks before token ``first`` that always stand before or are one word with it ("vuoteen")."""
    # "loppuvuoteen 2026": the case is that of the part of the year
    parts = {Code.BY + Code.EARLY, Code.BY + Code.LATE}
    count = 2 if tokens.codes[first - 2 : first] in parts and first - 2 >= left else 0
    while first - count > left:
        at = first - count - 1
        if tokens.begins[at] != tokens.begins[first] and tokens.values[at] != "pre":
            break
        count += 1
    return count


def _apply(stage: MarkedPoint, before: str, after: str, tokens: TokenRow) -> None:
    """Let the marks say whether the span begins or ends at ``stage``."""
    codes, first, last = tokens.codes, stage.point.first, stage.point.last
    marks = before + after + "".join(code for code in codes[first:last] if code in _CASES)
    # "2030+"
    more = codes[last : last + 1] == Code.PLUS and tokens.begins[last] == tokens.stops[last - 1]
    from_here = Code.FROM in marks and Code.FROM + Code.BY not in before
    if from_here or Code.ARROW in after or more:
        stage.begins = True
    if Code.AFTER in marks:
        stage.begins, stage.span = True, spans.day_after(stage.span)
    up_to = Code.TO in before and not stage.paired and not _PARTLY.search(before)
    if Code.BY in marks or Code.END in marks or up_to:
        stage.ends = True
        # "before", "eve": the day itself is not included; a year's budget is adopted before the year
        # begins (section 110 of the Finnish Local Government Act)
        ahead = tokens.values[first - len(before) : first]
        around = ahead + tokens.values[last : last + len(after)]
        if _ENDING.isdisjoint(marks) and ("before" in ahead or "eve" in around):
            stage.span = spans.day_before(stage.span)
        elif stage.point.kind in _BY_FIRST_DAY:
            stage.span = stage.span._replace(end=stage.span.start)
    if stage.paired:
        return
    if after.startswith(Code.DASH):
        # open at a dash with nothing behind it: "2031-", "2024-present"
        rest = codes[last + len(after) :]
        if not rest or rest[0] in {Code.CONTINUOUS, Code.PRESENT}:
            stage.begins = True
    if before.endswith(Code.DASH):
        # open at a dash before it; with a blank it is a list's bullet
        touches = tokens.stops[first - 1] == tokens.begins[first] and first == 1
        if touches or codes[max(0, first - 2) : first] == Code.CONTINUOUS + Code.DASH:
            stage.ends = True
    if stage.begins and stage.ends:
        stage.begins = Code.FROM in before or Code.FROM in after
        stage.ends = not stage.begins


# "two weeks before" a point, "30 days after" it: the length stands first, what it counts from last
_LENGTH_BEFORE = pattern(
    """(?P<within>WITHIN)? [BY AT_LEAST AT_MOST FROM PER]* (?P<count>[NUMBER ONE_OR_LETTER])?
       (?P<unit>[ANY_LENGTH]) (?P<how>[BY AFTER FROM WITHIN])? WEEKDAY? $"""
)


def _move(stage: MarkedPoint, left: int, codes: str, tokens: TokenRow) -> None:
    """Move a bound by the length of time that stands before it: "two weeks before 31 March 2026"."""
    first = stage.point.first
    begin = max(left, first - _REACH)
    match = _LENGTH_BEFORE.search(codes[begin:first])
    if match is None or stage.paired:
        return
    how = begin + match.start("how") if match["how"] else None
    mark = match["how"] or ""
    before = how is not None and mark == Code.BY and tokens.values[how] == "before"
    within = match["within"] is not None or mark == Code.WITHIN
    if not (before or mark == Code.AFTER or within) or (mark == Code.FROM and not within):
        return
    unit, size = tokens.values[begin + match.start("unit")]
    count = tokens.values[begin + match.start("count")] if match["count"] else 1
    if not isinstance(count, int):
        return
    own = span_of(stage.point)
    day = own.start if before and Code.END not in codes[first : stage.point.last] else own.end
    stage.span = spans.moved(day, -count * size if before else count * size, unit)
    opens = Code.FROM in match[0] and mark != Code.FROM
    stage.begins, stage.ends = opens, not opens


def _at_middle(stage: MarkedPoint, codes: str) -> None:
    """Let a bound in the middle of a month ("by mid-December") be the 15th, in that of a year midyear."""
    first, last, span = stage.point.first, stage.point.last, stage.span
    if stage.point.kind == "year" and span.granularity == "month":
        if stage.ends:
            stage.span = span._replace(end=span.end.replace(month=6, day=30))
        elif stage.begins:
            stage.span = span._replace(start=span.start.replace(month=7, day=1))
    elif stage.point.kind == "month":
        beside = codes[max(0, first - 2) : last + 1].replace(Code.AND + Code.MIDDLE, "")
        if Code.MIDDLE in beside and stage.ends:
            stage.span = span._replace(end=span.end.replace(day=15))
        elif Code.MIDDLE in beside and stage.begins:
            stage.span = span._replace(start=span.start.replace(day=15))


def _whole_pairs(stages: list[MarkedPoint], codes: str) -> None:
    """Read "by the end of the term 2011-2015": only the end of such a pair counts."""
    for left, right in pairwise(stages):
        if not (left.paired and right.paired):
            continue
        match = _BEFORE.search(codes[max(0, left.point.first - _REACH) : left.point.first])
        before = match[0] if match else ""
        after = codes[right.point.last : right.point.last + 2]
        if after.startswith(Code.AFTER):
            # "ohjelmakauden 2021-2027 jälkeen"
            left.span, right.ends, right.begins = right.span, False, True
        elif Code.AFTER in before:
            # "after 2021-2027"
            left.span = right.span = spans.day_after(right.span)
            left.ends, right.ends, left.begins, right.begins = False, False, True, True
        elif Code.END in before or (Code.COUNCIL_TERM in before and Code.END in after):
            left.begins = False
            left.ends = True
            left.span = right.span


def _whole_compounds(stages: list[MarkedPoint], tokens: TokenRow) -> None:
    """Let the case of "loka-marraskuuhun" or "touko-kesäkuusta" be that of both its months."""
    for left, right in pairwise(stages):
        first, last = left.point.last, right.point.first
        between = tokens.codes[first:last]
        if left.point.kind != "month" or between not in {Code.DASH + Code.BY, Code.DASH + Code.FROM}:
            continue
        if tokens.stops[first - 1] == tokens.begins[first] == tokens.begins[last] - 1:
            left.ends = right.ends = between[1] == Code.BY
            left.begins = right.begins = not left.ends


def phases_in(tokens: TokenRow, span: DateBounds) -> tuple[Phase, ...]:
    """Return the stages of a multi-part wording; the two ends of one range are none."""
    if len(span.stages) <= 1:
        return ()
    deadlines = {stage.span.end for stage in span.stages if stage.ends and not stage.paired}
    bounded = all(stage.begins or stage.ends for stage in span.stages)
    if bounded and len(deadlines) < len(("draft", "final")):
        return ()
    return dated_steps(tokens, span)


def dated_steps(tokens: TokenRow, span: DateBounds) -> tuple[Phase, ...]:
    """Return every dated stage of a text, of a range only its end, with the words that say what happens.

    They stand before the points, or after them where the wording begins with a point.

    >>> from schedule_rules.reading import find_phases
    >>> [(phase.written, phase.label) for phase in find_phases("2025: survey, 2026: training", "en")]
    [('2025', 'survey'), ('2026', 'training')]
    """
    if not span.stages:
        return ()
    between = [_between(tokens, span, at) for at in range(len(span.stages) + 1)]
    found = []
    for at, stage in enumerate(span.stages):
        if stage.paired and stage.begins:
            continue
        before, after = between[at], between[at + 1]
        label = before.rpartition(", ")[2] or after if between[0] else after.partition(", ")[0] or before
        found.append(Phase(stage.span.written, stage.span.start, stage.span.end, label))
    return tuple(found)


_LONGEST_LABEL = 160
_BLANK = " \t\r\n,;:.()-/&>+\u2010\u2011\u2012\u2013\u2014\u2192"
# codes of words that only join the points, and of those that bound them
_JOINING, _BOUNDING = letters("AND"), letters("AND FILLER BY FROM TO PER END UNIT")


def _between(tokens: TokenRow, span: DateBounds, at: int) -> str:
    """Return the words between stage ``at`` and the one before it, or the edges of the wording.

    They are on one line, without the conjunctions and prepositions at their edges.
    """
    stages = span.stages
    left = tokens.stops[stages[at - 1].point.last - 1] if at else 0
    right = tokens.begins[stages[at].point.first] if at < len(stages) else len(tokens.text)
    text = tokens.text[left:right]
    if at == 0:
        text = text[-_LONGEST_LABEL:]
    elif at == len(stages):
        text = text[:_LONGEST_LABEL]
    words = text.split()
    while words and _is_one_of(words[0], tokens.lang, _JOINING):
        words = words[1:]
    while words and _is_one_of(words[-1], tokens.lang, _BOUNDING):
        words = words[:-1]
    return " ".join(words).strip(_BLANK)


def _is_one_of(word: str, lang: Lang, codes: frozenset[str]) -> bool:
    """Tell whether a word has none but ``codes`` in every reading, or is no word at all."""
    bare = word.strip(_BLANK)
    found = index(lang).look_up(bare) if bare else ()
    return not bare or (bool(found) and all(codes.issuperset(each.codes) for each in found))
