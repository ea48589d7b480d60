"""Read a schedule as worded: ``normalise`` for a cell, ``find_*`` for longer texts.

The order of a reading: repair and tokens, frequencies, what is no time, points
of time, bounds, verdict.  Dates are those of the wording; what they oblige
anybody to do is left to ``derive``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from schedule_rules.reading.bounds import Bounds, bounds
from schedule_rules.reading.frequency import frequencies
from schedule_rules.reading.kind import verdict
from schedule_rules.reading.labels import dated_steps
from schedule_rules.reading.not_dates import mask
from schedule_rules.reading.point import clamp
from schedule_rules.reading.points import points
from schedule_rules.reading.repair import fold
from schedule_rules.reading.tokens import scan
from schedule_rules.schedule import FoundFrequency, Schedule, Unclear

if TYPE_CHECKING:
    from schedule_rules.programme import Lang
    from schedule_rules.reading.frequency import Found
    from schedule_rules.reading.point import Point
    from schedule_rules.reading.tokens import Tokens
    from schedule_rules.schedule import Phase

__all__ = ["LONGEST", "find_frequencies", "find_phases", "find_vague", "fold", "normalise"]

LONGEST = 20_000
# what is remembered is a cell of a table, not a page
_SHORT = 500
_MEMO = 4096
_memo: dict[tuple[Lang | None, str], Schedule | Unclear] = {}


def normalise(text: str, lang: Lang | None = None) -> Schedule | Unclear:
    """Return the meaning of a schedule's wording, or why it cannot be read."""
    known = _memo.get((lang, text))
    return known if known is not None else _read_anew(lang, text)


def _read_anew(lang: Lang | None, text: str) -> Schedule | Unclear:
    """Read a wording not seen before, and remember it if it is as short as a cell."""
    if len(text) > LONGEST:
        return Unclear(text, "too-long")
    reading = _read(lang, text)
    if len(text) <= _SHORT:
        if len(_memo) >= _MEMO:
            _memo.clear()
        _memo[lang, text] = reading
    return reading


def _read(lang: Lang | None, text: str) -> Schedule | Unclear:
    """Read a wording that is not too long, blanks squeezed first."""
    tokens = scan(_squeezed(text), lang)
    reading = _verdict(tokens)
    return reading if reading.words == text else replace(reading, words=text)


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
_YEAR_DASH = re.compile(rf"(?<!\d)(20(\d\d)) ?[{_DASHES}] ?(\d\d)(?![\d./:%])")


def _squeezed(text: str) -> str:
    """Return ``text`` with the blanks and lines inside it that mean nothing taken away."""
    if text.isascii() and not _SQUEEZABLE.search(text):
        return text
    text = _LINES.sub("\n", _BLANKS.sub(" ", _SOFT.sub("", text)))
    text = _LONG_DASH.sub("-", _SLASH.sub("/", _DOT.sub(".", text)))
    text = _YEAR_DASH.sub(_tight, _LINE_END.sub(" ", text))
    return _WIDE_DATE.sub(r"\1-\2-\3", text)


# an ISO date whose dashes stand apart
_WIDE_DATE = re.compile(rf"(?<!\d)(20\d\d) ?[{_DASHES}] ?(0\d|1[0-2]) ?[{_DASHES}] ?([0-2]\d|3[01])(?!\d)")
_SQUEEZABLE = re.compile(r"  |\n|--| [/-] ?\d| \.\d")


def _tight(match: re.Match[str]) -> str:
    """Write "2024 - 25" without blanks; "2024 - 05" may be anything."""
    return f"{match[1]}-{match[3]}" if match[2] < match[3] else match[0]


def _verdict(tokens: Tokens) -> Schedule | Unclear:
    """Read tokens to the end."""
    rates = list(frequencies(tokens))
    codes = mask(tokens, rates)
    found = points(tokens, codes)
    try:
        span = bounds(tokens, codes, found)
    except (ValueError, OverflowError):
        return Unclear(tokens.text, "contradictory", _with_last_days(tokens, codes, rates, found))
    return verdict(tokens, codes, rates, found, span)


def _with_last_days(tokens: Tokens, codes: str, rates: list[Found], found: list[Point]) -> Schedule | None:
    """Return the reading of a wording with a 31 November or the like as the month's last day."""
    for point in found:
        clamp(point)
    try:
        reading = verdict(tokens, codes, rates, found, bounds(tokens, codes, found))
    except (ValueError, OverflowError):
        return None
    return reading if isinstance(reading, Schedule) else None


def find_frequencies(text: str, lang: Lang | None = None) -> tuple[FoundFrequency, ...]:
    """Return the frequencies inside a longer text, each with its place."""
    if len(text) > LONGEST:
        return ()
    tokens = scan(text, lang)
    return tuple(
        FoundFrequency(tokens.words(found.first, found.last), tokens.begins[found.first],
                       tokens.stops[found.last - 1], found.frequency)
        for found in frequencies(tokens)
    )  # fmt: skip


def find_phases(text: str, lang: Lang | None = None) -> tuple[Phase, ...]:
    """Return the dated stages that a longer text names."""
    if len(text) > LONGEST:
        return ()
    tokens = scan(text, lang)
    return dated_steps(tokens, _span(tokens))


def _span(tokens: Tokens) -> Bounds:
    """Return the bounds of a text; none where a date of it is impossible."""
    codes = mask(tokens, list(frequencies(tokens)))
    try:
        return bounds(tokens, codes, points(tokens, codes))
    except (ValueError, OverflowError):
        return Bounds()


def find_vague(text: str, lang: Lang | None = None) -> tuple[str, ...]:
    """Return the words such as "regular" in a text that names no period for them."""
    if len(text) > LONGEST:
        return ()
    tokens = scan(text, lang)
    if any(True for _ in frequencies(tokens)):
        return ()
    return tuple(tokens.words(at, at + 1) for at, code in enumerate(tokens.codes) if code == "z")
