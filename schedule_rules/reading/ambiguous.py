"""Settle what is a time only beside another: "may", "lv 25-26", "kesä-elokuu", "var 2025".

Runs once over the codes of a wording when all its words are known; the words
themselves are left to ``lexicon``.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Any, Protocol

from schedule_rules.reading.vocabulary import NEUTRAL


class Scanned(Protocol):
    """The values and words of a wording, as far as its codes are settled by them."""

    text: str
    begins: list[int]
    stops: list[int]

    @property
    def values(self) -> list[Any]:
        """Return the value of every token, which may be put right."""

    def words(self, first: int, last: int) -> str:
        """Return the original words of some tokens."""


_PAIR_BEFORE_MONTH = re.compile("N(?=m)")
_ELEVEN = 11
_MONTH_OR_WORD = re.compile(r"(?<=[NoYdmFBEgiGjvK/&-])M|M(?=[NoYdm,/&-]?[YNmd]|o,?Y)")
_MONTH_OR_SEASON = re.compile(r"6(?=-?[-&/]?m)")


def settle(codes: str, tokens: Scanned) -> str:
    """Decide the words that are a month, a season or plain by what stands beside them."""
    if not _is_unsettled(codes):
        return codes
    codes = _settle_short_years(_settle_months(codes, tokens), tokens)
    codes = _settle_summer(codes, tokens) if "6" in codes else codes
    codes = _NUMBERED_PART.sub(partial(_numbered_part, tokens), codes)
    if "o" in codes and "Y" in codes:
        codes = _FEW.sub(partial(_few, tokens), codes)
    for code, pattern, said, reading in _MARKED:
        if code in codes:
            codes = pattern.sub(partial(_if_said, tokens, said, reading), codes)
    if "v" in codes and "Y" in codes:
        codes = _EACH_OR_SPRING.sub(partial(_spring, tokens), codes)
    if "!" in codes:
        codes = codes.replace("!", "r" if _DATED.search(codes) else "j")
    codes = _IN_ITS_PART.sub(partial(_part_of_year, tokens), codes)
    if "1" in codes:
        codes = (codes.replace("1", "r") if _SPAN_LABEL.match(codes) else codes).replace("1", "x")
    return codes


# every code that a step of ``settle`` looks for
_UNSETTLED = re.compile("[M6OobapF9&v!W1X]|Nm|-N|sY-Y")


@lru_cache(maxsize=4096)
def _is_unsettled(codes: str) -> bool:
    """Tell whether a row of codes has a code to settle; cells of one shape share the answer."""
    return _UNSETTLED.search(codes) is not None


def _settle_months(codes: str, tokens: Scanned) -> str:
    """Tell months from words spelt like them; "II" before a month's mark is an eleven."""
    if "M" in codes:
        months = {match.start() for match in _MONTH_OR_WORD.finditer(codes)}
        codes = "".join(
            _month_or_word(tokens, at, beside=at in months) if code == "M" else code
            for at, code in enumerate(codes)
        )
    for match in _PAIR_BEFORE_MONTH.finditer(codes):
        if tokens.words(match.start(), match.end()) == "II":
            tokens.values[match.start()] = _ELEVEN
    return codes


# words whose value says that they are settled here: what of them, where, and as what
_MARKED = (
    # "post 2026" is after it, other post is none
    ("b", re.compile("b(?!-?[YZODmsQqhH3S])"), "post", "x"),
    # "up to 2027", but "up to 2000 participants"
    ("a", re.compile(r"a(?=[YDO](?![$xek]))"), "until", "B"),
    # "om två år", but "två gånger om två år"
    ("p", re.compile(r"(?<![kK])p(?=NU|Nw)"), "ahead", "~"),
    # "syksyn vaihteessa": a turn only of the two months or years before it
    ("9", re.compile(r"(?<!m[-/&]m)(?<!Y[-/&]Y)(?<!Z)9"), "pair", NEUTRAL),
    # ", sedan 2026": "since", but after a comma "then"
    ("F", re.compile(r"(?<=[,&])F"), "since", "&"),
    # "för 10 år sedan": ago
    ("F", re.compile(r"(?<=[Nl][Uwhq])F(?![YZDOmsT])"), "since", "x"),
    # "2026 och därefter"
    ("&", re.compile(r"(?<=[YZDO])&{1,2}$"), "then", "F"),
)
# "var 2025": "each" has a unit behind it, so the dots of "vår" were lost; not after a noun, where it is "was"
_EACH_OR_SPRING = re.compile(r"(?:^|(?<=[BFERbgiG&(,:-]))v(?=Y|[-/&]s)")


# "kvartal 2/2025", "halvår 1-2/2025": after the word for it the number is no month
_NUMBERED_PART = re.compile(r"([qh])[,-]?(?:(N)[-&/]{1,2})?O")
_LABELS = {"q": ("Q", 4), "h": ("H", 2)}


def _numbered_part(tokens: Scanned, match: re.Match[str]) -> str:
    """Read a numbered quarter or half-year of a year; its word is masked or becomes its label."""
    label, most = _LABELS[match[1]]
    number, year = tokens.values[match.end() - 1]
    if number > most:
        return match[0]
    if match[2]:
        return NEUTRAL * (match.start(2) - match.start()) + label + match[0][match.end(2) - match.start() :]
    tokens.values[match.start()], tokens.values[match.end() - 1] = number, year
    return label + NEUTRAL * (len(match[0]) - 2) + "Y"


def _if_said(tokens: Scanned, said: str, reading: str, match: re.Match[str]) -> str:
    """Return ``reading`` for a token whose value is ``said``."""
    return reading * len(match[0]) if tokens.values[match.end() - 1] == said else match[0]


# "first two quarters", "six first months"
_FEW = re.compile(r"(?:oN|No)[qhU]")


def _few(tokens: Scanned, match: re.Match[str]) -> str:
    """Read several quarters or months at the begin or end of a year as one stretch; the rest is masked."""
    at = match.start()
    counted, (unit, size) = tokens.values[at : at + 2], tokens.values[at + 2]
    ordinal, number = counted if match[0][0] == "o" else reversed(counted)
    if unit != "month" or ordinal not in {1, -1} or not 1 < number * size < _WHOLE_YEAR:
        return match[0]
    tokens.values[at] = ordinal * number * size
    return "=" + NEUTRAL * 2


_WHOLE_YEAR = 12


def _spring(tokens: Scanned, match: re.Match[str]) -> str:
    """Read a "var" that cannot be "each" as spring."""
    at = match.start()
    before = tokens.text[tokens.stops[at - 1] if at else 0 : tokens.begins[at]]
    if tokens.words(at, at + 1).lower() != "var" or any(map(str.isalpha, before)):
        return match[0]
    tokens.values[match.start()] = "spring"
    return "s"


_DATED = re.compile("[YZDO]")
# "ensimmäisessä neljänneksessä": the case is that of its ordinal, no "in each"
_IN_ITS_PART = re.compile("(?<=o)W")
_PARTS = {("month", 3): "q", ("month", 6): "h", ("month", 4): "%"}


def _part_of_year(tokens: Scanned, match: re.Match[str]) -> str:
    """Return the code of the quarter or half-year that an ordinal stands before."""
    return _PARTS.get(tokens.values[match.start()], "W")


def _settle_short_years(codes: str, tokens: Scanned) -> str:
    """Read what is a year of two digits, or half of a pair of years, for what stands before it."""
    for sign, pattern, reading in _SHORT_YEARS:
        if sign in codes:
            codes = pattern.sub(partial(reading, tokens), codes)
    return codes


# "Short", "Medium (3-5 years)": the whole cell
_SPAN_LABEL = re.compile(r"[-(]{0,2}1(?:[-/&R]{1,3}1)*(?:$|[(,:-]{0,2}[~aAn]?N(?:[-R]N)?U)")
_MONTH_PAIR = re.compile("[XO]-[XO]")


# "lv 25-26", "winter 24-25"
_SHORT_PAIR = re.compile(r"(?<=[SfsT9C])[,(]?N-N")
_FIRST_SHORT, _TWENTIES = 10, 20


def _short_pair(tokens: Scanned, match: re.Match[str]) -> str:
    """Read two years of two digits that follow each other as one pair; what is left of them is masked."""
    first, last = tokens.values[match.end() - 3], tokens.values[match.end() - 1]
    if first < _FIRST_SHORT or last != first + 1:
        return match[0]
    tokens.values[match.end() - 3] = (2000 + first, 2000 + last)
    return match[0][:-3] + "2" + NEUTRAL * 2


_DASHED_YEAR = re.compile("(?<=[QH])-N(?!-N)")


def _dashed_year(tokens: Scanned, match: re.Match[str]) -> str:
    """Read the dash of "Q2-25" as none: what follows is a year, not the last of several quarters."""
    return NEUTRAL + "N" if tokens.values[match.end() - 1] >= _TWENTIES else match[0]


def _winter(tokens: Scanned, match: re.Match[str]) -> str:
    """Read the two years of one winter as a pair; what is left of them is masked."""
    first, last = tokens.values[match.start()], tokens.values[match.end() - 1]
    if tokens.values[match.start() - 1] != "winter" or last != first + 1:
        return match[0]
    tokens.values[match.start()] = (first, last)
    return "2" + NEUTRAL * 2


def _months_of_two(tokens: Scanned, match: re.Match[str]) -> str:
    """Read 6/23-12/24 as months, each being one that could be."""
    ends = (match.start(), match.end() - 1)
    return "O-O" if all(isinstance(tokens.values[at], tuple) for at in ends) else match[0]


# tokens that must be there, the pattern around them, who reads it; in this order
_SHORT_YEARS = (
    ("-N", _DASHED_YEAR, _dashed_year),
    ("N-N", _SHORT_PAIR, _short_pair),
    ("sY-Y", re.compile("(?<=s)Y-Y"), _winter),
    ("X", _MONTH_PAIR, _months_of_two),
)


def _settle_summer(codes: str, tokens: Scanned) -> str:
    """Read "kesä" as June before another month ("kesä-elokuu"), else as summer."""
    codes = _MONTH_OR_SEASON.sub("m", codes)
    for at, code in enumerate(codes):
        if code == "6":
            tokens.values[at] = "summer"
    return codes.replace("6", "s")


def _month_or_word(tokens: Scanned, at: int, *, beside: bool) -> str:
    """Return the code of "may" or "fall": a month or season beside a date or with a capital."""
    if beside or (at > 0 and tokens.words(at, at + 1)[0].isupper()):
        return "m" if isinstance(tokens.values[at], int) else "s"
    return "x"
