"""What the points of a wording make together: a span, open or closed, and its stages with their names.

What the words around a point make of it is left to ``marks``, which kind of schedule that is to ``kind``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from schedule_rules.programme import Lang
from schedule_rules.reading.codes import TokenRow, letters
from schedule_rules.reading.lexicon import index
from schedule_rules.reading.marks import MarkedPoint, apply_marks, stage_at
from schedule_rules.reading.spans import Point
from schedule_rules.schedule import Granularity, Phase

_FINENESS = ("day", "week", "month", "season", "quarter", "half", "school_year", "year")


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
    # one that is named a second time, right after its like, is dropped
    stages = [stage for at, stage in enumerate(stages) if not at or stage.span != stages[at - 1].span]
    if not stages:
        return DateBounds()
    apply_marks(stages, codes, tokens)
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
