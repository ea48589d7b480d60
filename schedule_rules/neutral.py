"""What looks like a time and is none: grades, ages, pages, laws, money, citations, decades.

The codes of such tokens are masked before points are sought.  Words and
numbers that are a time only beside another ("may", "lv 25-26") are settled
here as well.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schedule_rules.frequency import Found
    from schedule_rules.tokens import Tokens

NEUTRAL = "0"
TAKEN = "*"

_NEUTRAL = re.compile(
    r"""
      \#[,(x]?[NlXd52O](?:[-,/&]{1,2}[NlXd]){0,4}      # grades 7-9, p. 12, section 4
    | [Nol](?:[-,/&]{1,2}[Nol]){0,4}-?\#               # 7-9 grades, 12 §
    | y[,(x]{0,3}[YZO5DX](?:-[YZ])?                    # Act (2010), Agenda 2030
    | Y-?y | Y-?J | Y-\#                               # 2030 Agenda, 2030s
    | [FBR]?p?Y[xU]?I(?![BFRpU]{0,2}Y) | I[BFRpU(]{0,2}Y   # from a 2005 baseline, against 1990
    | (?:(?<=[Qq])|(?<=q[No]))\(m-m(?=f?Z)               # Q2 (Jul-Sep)
    | [YNX]-?e | e[YNX]                                # 2000 EUR, EUR 2000
    | [NXld](?:[-&,/][NXl]){0,3}x?[\$e]                  # 50 people, 5 and 6 pupils
    | \$x{0,2}UN(?:[-&,]N){0,3}                         # pupils in Year 6
    """,
    re.VERBOSE,
)
_COUNTED_YEAR = re.compile(r"Y(?=\$)|(?<=[nLAa])Y(?=x)")
_CITED = re.compile(r"x(?:[,&]{0,2}[xp]){1,6},?\(Y(?![-/&,]{1,2}Y)|\(x&x,?Y")
# "Smart Vasa 2030", "Kotona 2030 -hanke": the year is part of a name
_NAMED = re.compile(r"x{1,4}Y-?P|^[-(]?x{2,4}Y$")
_FIRST_TARGET, _TARGET_STEP = 2030, 5
_FIRST_PLAUSIBLE = 2010


def mask(tokens: Tokens, taken: list[Found]) -> str:
    """Return the codes of a wording, frequencies and what is no time masked."""
    open_codes = list(tokens.codes)
    for found in taken:
        open_codes[found.first : found.last] = TAKEN * (found.last - found.first)
    codes = _NEUTRAL.sub(_masked, "".join(open_codes))
    codes = _COUNTED_YEAR.sub(lambda match: _counted(tokens, match.start()), codes)
    if codes.count("Y") == 1:
        codes = _CITED.sub(lambda match: _cited(tokens, match), codes)
        codes = _NAMED.sub(lambda match: _named(tokens, match), codes)
    return codes.replace("P", "x")


def _masked(match: re.Match[str]) -> str:
    """Return a mask as long as the match."""
    return NEUTRAL * len(match[0])


def _counted(tokens: Tokens, at: int) -> str:
    """Tell a count such as "2000 participants" from a year that people follow by chance."""
    year = tokens.values[at]
    return NEUTRAL if year % 100 == 0 or year < _FIRST_PLAUSIBLE else "Y"


def _named(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask the year of a project's name; a name with no such word is one only with a target year."""
    year = tokens.values[match.start() + match[0].index("Y")]
    target = year >= _FIRST_TARGET and year % _TARGET_STEP == 0
    if not match[0].endswith("P") and (not target or tokens.text.isupper()):
        return match[0]
    return _cited(tokens, match)


def _cited(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask the year of a source, as in "Ager & Strang (2008)": the names before it are capitalised."""
    names = [at for at in range(match.start(), match.end()) if tokens.codes[at] == "x"]
    if all(tokens.text[tokens.begins[at]].isupper() for at in names):
        return _masked(match)
    return match[0]


_PAIR_BEFORE_MONTH = re.compile("N(?=m)")
_ELEVEN = 11
_MONTH_OR_WORD = re.compile(r"(?<=[NoYdmFBEgiGjvK/&-])M|M(?=[NoYdm,/&-]?[YNmd])")
_MONTH_OR_SEASON = re.compile(r"6(?=-?[-&/]?m)")


def settle(codes: str, tokens: Tokens) -> str:
    """Decide the words that are a month, a season or plain by what stands beside them."""
    if "M" in codes:
        months = {match.start() for match in _MONTH_OR_WORD.finditer(codes)}
        codes = "".join(
            _month_or_word(tokens, at, beside=at in months) if code == "M" else code
            for at, code in enumerate(codes)
        )
    for match in _PAIR_BEFORE_MONTH.finditer(codes):
        if tokens.words(match.start(), match.end()) == "II":
            tokens.values[match.start()] = _ELEVEN
    codes = _settle_short_years(codes, tokens)
    if "1" in codes:
        codes = (codes.replace("1", "r") if _SPAN_LABEL.match(codes) else codes).replace("1", "x")
    return _settle_summer(codes, tokens) if "6" in codes else codes


def _settle_short_years(codes: str, tokens: Tokens) -> str:
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


def _short_pair(tokens: Tokens, match: re.Match[str]) -> str:
    """Read two years of two digits that follow each other as one pair; what is left of them is masked."""
    first, last = tokens.values[match.end() - 3], tokens.values[match.end() - 1]
    if first < _FIRST_SHORT or last != first + 1:
        return match[0]
    tokens.values[match.end() - 3] = (2000 + first, 2000 + last)
    return match[0][:-3] + "2" + NEUTRAL * 2


_DASHED_YEAR = re.compile("(?<=[QH])-N(?!-N)")


def _dashed_year(tokens: Tokens, match: re.Match[str]) -> str:
    """Read the dash of "Q2-25" as none: what follows is a year, not the last of several quarters."""
    return NEUTRAL + "N" if tokens.values[match.end() - 1] >= _TWENTIES else match[0]


def _winter(tokens: Tokens, match: re.Match[str]) -> str:
    """Read the two years of one winter as a pair; what is left of them is masked."""
    first, last = tokens.values[match.start()], tokens.values[match.end() - 1]
    if tokens.values[match.start() - 1] != "winter" or last != first + 1:
        return match[0]
    tokens.values[match.start()] = (first, last)
    return "2" + NEUTRAL * 2


def _months_of_two(tokens: Tokens, match: re.Match[str]) -> str:
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


def _settle_summer(codes: str, tokens: Tokens) -> str:
    """Read "kesä" as June before another month ("kesä-elokuu"), else as summer."""
    codes = _MONTH_OR_SEASON.sub("m", codes)
    for at, code in enumerate(codes):
        if code == "6":
            tokens.values[at] = "summer"
    return codes.replace("6", "s")


def _month_or_word(tokens: Tokens, at: int, *, beside: bool) -> str:
    """Return the code of "may" or "fall": a month or season beside a date or with a capital."""
    if beside or (at > 0 and tokens.text[tokens.begins[at]].isupper()):
        return "m" if isinstance(tokens.values[at], int) else "s"
    return "x"
