"""Read planners' language: ``normalise`` for a cell of a table, ``find_*`` for longer texts.

1. ``typos`` puts print and OCR right; ``tokens`` cuts the wording, each token with a code of ``codes``,
   with the words of ``lexicon`` (``english``, ``finnish``, ``swedish``);
2. ``ambiguous`` settles words that mean a time or a rate only beside others;
3. ``frequency`` finds how often; ``not_dates`` masks what only looks like a time;
4. ``points`` finds the points of time, ``spans`` the days of each;
5. ``bounds`` says what the words beside each point make of it, and what all points make together;
6. ``kind`` decides, and ``leftover`` finds the words that no rule used.

Dates are those of the wording; what they oblige anybody to do is left to
``derive``.  Nothing but what stands here is for use outside.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

from schedule_rules.programme import Lang
from schedule_rules.reading.bounds import DateBounds, bounds, dated_steps
from schedule_rules.reading.codes import Code, TokenRow
from schedule_rules.reading.frequency import frequencies_in
from schedule_rules.reading.kind import verdict
from schedule_rules.reading.leftover import unused_words
from schedule_rules.reading.lexicon import words_known
from schedule_rules.reading.not_dates import mask
from schedule_rules.reading.points import points
from schedule_rules.reading.spans import clamp
from schedule_rules.reading.tokens import scan
from schedule_rules.reading.typos import fold
from schedule_rules.schedule import FoundFrequency, Phase, Schedule, Unclear

__all__ = ["LONGEST", "find_frequencies", "find_phases", "find_vague", "fold", "normalise", "words_known"]

LONGEST = 20_000
# what is remembered is a cell of a table, not a page
_SHORT = 500
_MEMO = 4096
_memo: dict[tuple[Lang | None, str], Schedule | Unclear] = {}


def normalise(text: str, lang: Lang | None = None) -> Schedule | Unclear:
    """Return the meaning of a schedule's wording, or why it cannot be read.

    >>> reading = normalise("2 ggr per år fr.o.m. 2025", "sv")
    >>> print(reading.kind, reading.start, reading.frequency.times_min, reading.frequency.per)
    recurring 2025-01-01 2 year
    >>> normalise("31.2.2025").reason
    'contradictory'
    """
    known = _memo.get((lang, text))
    if known is not None:
        return known
    if len(text) > LONGEST:
        return Unclear(text, "too-long")
    reading = _read(scan(_squeezed(text), lang))
    if reading.words != text:
        reading = replace(reading, words=text)
    if len(text) <= _SHORT:
        if len(_memo) >= _MEMO:
            _memo.clear()
        _memo[lang, text] = reading
    return reading


def _read(tokens: TokenRow) -> Schedule | Unclear:
    rates = list(frequencies_in(tokens))
    codes = mask(tokens, rates)
    found = points(tokens, codes)
    try:
        span = bounds(tokens, codes, found)
    except (ValueError, OverflowError):
        # nearest to a 31 November or the like is the month's last day
        nearest = None
        for point in found:
            clamp(point)
        with suppress(ValueError, OverflowError):
            nearest = verdict(tokens, codes, rates, found, bounds(tokens, codes, found))
        return Unclear(tokens.text, "contradictory", nearest if isinstance(nearest, Schedule) else None)
    reading = verdict(tokens, codes, rates, found, span)
    if isinstance(reading, Schedule) and (rates or span.stages or reading.kind == "continuous"):
        unused = unused_words(tokens, codes, rates, found, span)
        if unused or tokens.slips:
            reading = _with_certainty(reading, tokens, unused)
    return reading


# a month that was read in a word with a slip
_ROUGH = 0.8


def _with_certainty(reading: Schedule, tokens: TokenRow, unused: tuple[str, ...]) -> Schedule:
    """Return a reading that is as certain as the share of its words that were used."""
    certainty = min(reading.certainty, _ROUGH) if tokens.slips else reading.certainty
    if unused:
        left = sum(map(len, unused)) / len(tokens.text)
        certainty = min(certainty, _ROUGH, round(1 - left, 2))
    if certainty == reading.certainty:
        return reading
    return replace(reading, certainty=certainty, unused=unused)


_BLANKS = re.compile(r"[^\S\n]{2,}")
_LINES = re.compile(r"\n\s+")
_SOFT = re.compile(r"\u00ad[^\S\n]?\n?")
_DASHES = "-\u2010-\u2015\u2212"
# a line that ends in no dash goes on in the next one
_LINE_END = re.compile(rf"(?<![{_DASHES}])(?<![{_DASHES}][^\S\n])\n")
# blanks and lines around a slash or a dash that joins two numbers
_DOT = re.compile(r"(?<=\d) \.(?=\d{1,2}\.\d)|(?<=\d) \.(?=(?:19|20)\d\d)")
_SLASH = re.compile(r"(?<=\d)\s?/\s?(?=\d)")
_LONG_DASH = re.compile(rf"(?<=\d)(?:--|[^\S\n]?[{_DASHES}]-?[^\S\n]?\n)(?=\d)")
_YEAR_DASH = re.compile(rf"(?<!\d)(20(\d\d)) ?([{_DASHES}]) ?(\d\d)(?![\d./:%])")
# an ISO date whose dashes stand apart
_WIDE_DATE = re.compile(rf"(?<!\d)(20\d\d) ?[{_DASHES}] ?(0\d|1[0-2]) ?[{_DASHES}] ?([0-2]\d|3[01])(?!\d)")
_SQUEEZABLE = re.compile(rf"  |[^\S ]|--| [/-] ?\d|[/-] \d| \.\d|[\u00ad{_DASHES[1:]}]")


def _squeezed(text: str) -> str:
    r"""Return ``text`` with the blanks and lines inside it that mean nothing taken away.

    >>> _squeezed("1 / 2025 and 2024 - 25,\nat the latest")
    '1/2025 and 2024-25, at the latest'
    """
    if not _SQUEEZABLE.search(text):
        return text
    text = _LINES.sub("\n", _BLANKS.sub(" ", _SOFT.sub("", text)))
    text = _LONG_DASH.sub("-", _SLASH.sub("/", _DOT.sub(".", text)))
    # "2024 - 25" without blanks; "2024 - 05" may be anything
    text = _YEAR_DASH.sub(
        lambda match: f"{match[1]}{match[3]}{match[4]}" if match[2] < match[4] else match[0],
        _LINE_END.sub(" ", text),
    )
    return _WIDE_DATE.sub(r"\1-\2-\3", text)


def find_frequencies(text: str, lang: Lang | None = None) -> tuple[FoundFrequency, ...]:
    """Return the frequencies inside a longer text, each with its place.

    >>> [found.words for found in find_frequencies("Webinaari 1 krt vuodessa, raportti vuosittain", "fi")]
    ['1 krt vuodessa', 'vuosittain']
    """
    if len(text) > LONGEST:
        return ()
    tokens = scan(text, lang)
    return tuple(
        FoundFrequency(tokens.words(found.first, found.last), tokens.begins[found.first],
                       tokens.stops[found.last - 1], found.frequency)
        for found in frequencies_in(tokens)
    )  # fmt: skip


def find_phases(text: str, lang: Lang | None = None) -> tuple[Phase, ...]:
    """Return the dated stages that a longer text names; none where a date of it is impossible.

    >>> [(phase.written, phase.label) for phase in find_phases("Pilot in 2023 and in use in 2024", "en")]
    [('2023', 'Pilot'), ('2024', 'in use')]
    """
    if len(text) > LONGEST:
        return ()
    tokens = scan(text, lang)
    codes = mask(tokens, list(frequencies_in(tokens)))
    try:
        span = bounds(tokens, codes, points(tokens, codes))
    except (ValueError, OverflowError):
        span = DateBounds()
    return dated_steps(tokens, span)


def find_vague(text: str, lang: Lang | None = None) -> tuple[str, ...]:
    """Return the words such as "regular" in a text that names no period for them.

    >>> find_vague("regular dialogue", "en"), find_vague("regular meetings, twice a year", "en")
    (('regular',), ())
    """
    if len(text) > LONGEST:
        return ()
    tokens = scan(text, lang)
    if any(True for _ in frequencies_in(tokens)):
        return ()
    return tuple(tokens.words(at, at + 1) for at, code in enumerate(tokens.codes) if code == Code.VAGUE)
