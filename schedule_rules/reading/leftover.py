"""Find the words of a wording that no rule used: those that may have meant another time.

Not every word says when: what is done, and by whom, stands in many cells.  In question are words that stand
where a time would, and times that stand beside another and changed nothing:

1. behind "by", "before", "after" or the like, where no point of time is bound by it;
2. right beside a bare year, in a wording of few such words ("Febuary 2025" in a language without that month);
3. a number, season, feast or the like that is part of no point and of no frequency.
"""

from __future__ import annotations

import re
from functools import lru_cache

from schedule_rules.reading.bounds import DateBounds, without_marks
from schedule_rules.reading.codes import Code, TokenRow, finder, letters, pattern
from schedule_rules.reading.frequency import PlacedFrequency
from schedule_rules.reading.spans import Point

# what would be a time of its own; a number only if no word goes before or after it: "phase 1", "first draft"
_TIMES = letters(
    "SEASON SEASON_TERM MONTH FEAST TURN HALF_TURN DAY_AND_MONTH QUARTER_LABEL HALF_LABEL THIRD_LABEL"
    " WEEK_LABEL QUARTER HALF_YEAR WEEK INTERVALS TIMES ONCE EVERY AT_LEAST AT_MOST UNDECIDED ORDINAL NUMBER"
)
_NUMBERS = letters("NUMBER ORDINAL")
_NAMED = letters("WORD MASKED UNIT BRACKET COMMA COLON NUMBERED PEOPLE AMOUNT WEEKDAY")
_QUESTIONS = re.compile("[" + re.escape("".join(sorted(letters("WORD") | _TIMES))) + "]")
_BARE = frozenset({"year", "pair"})
_FEW = 2


def unused_words(
    tokens: TokenRow, codes: str, rates: list[PlacedFrequency], found: list[Point], span: DateBounds
) -> tuple[str, ...]:
    """Return the words in question of a wording that was read as a frequency or as dates.

    >>> from schedule_rules.reading import normalise
    >>> normalise("before Michaelmas 2027", "en").unused
    ('before Michaelmas',)
    >>> normalise("The council adopts the model in May 2027", "en").unused
    ()
    """
    points = found if rates or not span.stages else [stage.point for stage in span.stages]
    left = _in_question(codes, tuple([(point.first, point.last) for point in points]))
    if not left:
        return ()
    doubtful = _behind_marks(left)
    if not rates:
        doubtful |= {at for at in range(len(left)) if _is_time(tokens, codes, left, at)}
    if Code.WORD in codes:
        words = {at for at, code in enumerate(codes) if code == Code.WORD and tokens.values[at] != "plain"}
        doubtful |= _beside_points(tokens, codes, span, words)
        doubtful |= _lonely(tokens, words) if rates else set()
    return _joined(tokens, _whole(left, doubtful)) if doubtful else ()


@lru_cache(maxsize=4096)
def _in_question(codes: str, points: tuple[tuple[int, int], ...]) -> str:
    """Return the codes that no point has; nothing if none of them is in question."""
    left = without_marks(codes, points, Code.TAKEN)
    return left if _QUESTIONS.search(left) else ""


def _is_time(tokens: TokenRow, codes: str, left: str, at: int) -> bool:
    """Tell whether a token that is left would be a time, had a rule used it."""
    if left[at] == Code.UNDECIDED:
        return Code.TAKEN in left[max(0, at - 1) : at + 2]
    if left[at] in _NUMBERS:
        beside = codes[max(0, at - 1) : at] + codes[at + 1 : at + 2]
        # "at 9" is no time of a plan
        gap = tokens.text[tokens.stops[at - 1] : tokens.begins[at]] if at else ""
        return _NAMED.isdisjoint(beside) and not any(map(str.isalpha, gap))
    return left[at] in _TIMES


_MARK_AND_WORDS = pattern("[BY AFTER FROM END ANY_PART WITHIN] WORD{1,12}")


def _behind_marks(left: str) -> set[int]:
    """Return the places of marks that bind nothing, each with the words that it may stand with."""
    return {at for match in _MARK_AND_WORDS.finditer(left) for at in range(*match.span())}


# a word in the place of a month ("1 Brumaire 2026", "June-Thermidor 2026") or of an end ("2024 to then")
_LIKE_TIME = finder(
    """(?<=[NUMBER ORDINAL]) WORD (?=YEAR) | WORD (?=DASH [MONTH SEASON]) | (?<=[MONTH SEASON] DASH) WORD
     | (?<=[ANY_DATE] AND) WORD $ | (?<=[ANY_DATE] TO) WORD | ^ WORD (?=TO [MONTH SEASON YEAR DATE])"""
)
_FIRST_OF_SOMETHING = finder("ORDINAL WORD")
_GAP = letters("PER UNIT AND")


def _beside_points(tokens: TokenRow, codes: str, span: DateBounds, words: set[int]) -> set[int]:
    """Return the places of words that stand where a point would be, or what makes one of a bare year."""
    found = {match.start() for match in _LIKE_TIME(codes)} & words
    kinds = {stage.point.kind for stage in span.stages}
    if kinds <= _BARE:
        # "the first meeting in 2026": which day that is, nothing here says
        found |= {match.end() - 1 for match in _FIRST_OF_SOMETHING(codes)} & words
    for stage in span.stages:
        # a whole year where another is a part of one, or the only ones in a short wording
        if stage.point.kind in _BARE and (kinds - _BARE or len(words) <= _FEW):
            found |= {stage.point.first - 1} & words
            found |= {stage.point.last} & words if len(span.stages) == 1 else set()
    if len(words) == len(span.stages) == 1 and len(codes) <= _SHORT:
        # "quand 31.12.2026": what would be the mark of a lone date
        (alone,), point = words, span.stages[0].point
        near = alone == point.last or (
            alone < point.first and _GAP.issuperset(codes[alone + 1 : point.first])
        )
        found |= {alone} if near and not tokens.text[tokens.begins[alone]].isupper() else set()
    return found


_SHORT = 4
# "annually in Brumaire", "annually 31.1. whence", "whatever years apart"
_LIKE_PART = finder(
    """(?<=RATE) WORD (?= [COMMA BY]? $) | (?<=[DAY_AND_MONTH MONTH]) WORD $ | WORD (?=DAY_AND_MONTH)
     | (?<=RATE EVERY) WORD $ | (?<! WORD) WORD (?=UNIT INTERVALS)"""
)


def _lonely(tokens: TokenRow, words: set[int]) -> set[int]:
    """Return the place of the one word of a wording that stands where a part of what recurs would be."""
    if len(words) != 1:
        return set()
    (at,) = words
    if tokens.text[tokens.begins[at]].isupper() or not any(
        one.start() == at for one in _LIKE_PART(tokens.codes)
    ):
        return set()
    # "annual review", but "annually in Brumaire": a small word stands between
    gap = tokens.text[tokens.stops[at - 1] : tokens.begins[at]] if at else ""
    return words if tokens.codes[at - 1 : at] != Code.RATE or any(map(str.isalpha, gap)) else set()


_JOINED = letters("WORD ORDINAL NUMBER BY AFTER")


def _whole(left: str, places: set[int]) -> set[int]:
    """Return the places and, of each word, those before it that are its own: "by the first meeting"."""
    whole = set(places)
    for at in places:
        before = at - 1
        while left[at] == Code.WORD and before >= 0 and left[before] in _JOINED:
            whole.add(before)
            before -= 1
    return whole


def _joined(tokens: TokenRow, places: set[int]) -> tuple[str, ...]:
    """Return the words at some places, those of neighbours in one."""
    words: list[str] = []
    ordered = sorted(places)
    first = 0
    for at, place in enumerate(ordered):
        if at + 1 == len(ordered) or ordered[at + 1] != place + 1:
            words.append(tokens.words(ordered[first], place + 1))
            first = at + 1
    return tuple(words)
