"""What looks like a time and is none: grades, ages, pages, laws, money, citations, decades.

The codes of such tokens are masked before points are sought.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from schedule_rules.reading.vocabulary import NEUTRAL, TAKEN

if TYPE_CHECKING:
    from schedule_rules.reading.frequency import Found
    from schedule_rules.reading.tokens import Tokens

_NEUTRAL = re.compile(
    r"""
      [\#I][,(x]?[NlXd52O](?:[-,/&]{1,2}[NlXd]){0,4}      # grades 7-9, p. 12, section 4
    | [Nol](?:[-,/&]{1,2}[Nol]){0,4}-?\#               # 7-9 grades, 12 §
    | y(?:[,(]{0,2}|[,(x]{0,3}\()Y(?:-[YZ])?            # Act (2010), Agenda 2030
    | y[,(x]{0,3}[ZO5DX](?:-[YZ])?                     # 1386/2010
    | Y-?U?y | Y-\#                                     # 2030 Agenda
    | u(?=[7x]?[-R]?[7x]?,?\#?Nx?-N|X$)                        # open Mon-Fri 9-16
    | (?:[YZ][-&R])?[FBR]?p?Y[xU]?I(?![BFRpU]{0,2}Y)    # from a 2005 baseline
    | I[BFRpU(xI:,]{0,3}Y                              # against 1990
    | (?:(?<=[Qq])|(?<=q[No])|(?<=[oN]q))\(m-m(?=f?(?:Z|Y-Y))               # Q2 (Jul-Sep)
    | \?[,:(FU]{0,2}[YZD](?:[-&R][YZ])?(?![-F>+B])           # born in 2015, statistics from 2021
    | [YZ](?:[-&R][YZ])?\?                             # "vuonna 2015 syntyneet"
    | [YNX]-?e | e[YNX]                                # 2000 EUR, EUR 2000
    | [NXld](?:[-&,/][NXl]){0,3}x?[\$e]                  # 50 people, 5 and 6 pupils
    | (?<=m)ow                                         # "in the first week of October"
    | \$[xF]{0,2}UN(?:[-&,]N){0,3}                         # pupils in Year 6
    """,
    re.VERBOSE,
)
# "Vision Vasa 2035" is a name, "the Act's implementation 2026" is none
_LAW = re.compile(r"y[,(]?x[,(x]{0,2}Y")
_COUNTED_YEAR = re.compile(r"Y(?=\$)|(?<=[nLAa])Y(?=x)")
_CITED = re.compile(
    r"x(?:[,&]{0,2}[xp]){1,6},?\(Y(?![-/&,]{1,2}Y)|\(x&x,?Y|\(x(?:,x){0,3},Y$|^x(?:[,&]x){0,2}Y[,:]N(?:-N)?$"
)
# "Smart Vasa 2030", "Kotona 2030 -hanke": the year is part of a name
_NAMED = re.compile(r"x{1,4}Y-?P|^[-(]?x{2,4}Y$|Px{1,3}Y$")
_FIRST_TARGET, _TARGET_STEP = 2030, 5
_FIRST_PLAUSIBLE, _FIRST_CERTAIN = 2010, 2000
# a decade: in Finnish the word for a chapter is that for one, after a year
_DECADE = re.compile(r"Y-?(?:J|\#)")
# the year of a name such as the CAF of 2020, or of a convention
_NAME_PART, _NOTED = re.compile(r"(?<=x)Y(?=-x)"), re.compile(r"(?<=x\()Y(?!-)|(?<=[x,])Y(?!-)")


def mask(tokens: Tokens, taken: list[Found]) -> str:
    """Return the codes of a wording, frequencies and what is no time masked."""
    codes, last = "", 0
    for found in taken:
        codes += tokens.codes[last : found.first] + TAKEN * (found.last - found.first)
        last = found.last
    codes += tokens.codes[last:]
    codes = _without_neutral(_without_marked(tokens, codes))
    if "y" in codes:
        codes = _LAW.sub(lambda match: _law(tokens, match), codes)
    codes = _COUNTED_YEAR.sub(lambda match: _counted(tokens, match.start()), codes)
    if "P" in codes:
        codes = _TARGET.sub(partial(_target, tokens), codes)
    if _may_have_name(codes):
        codes = _without_name(tokens, codes)
    return codes.replace("P", "x")


def _without_marked(tokens: Tokens, codes: str) -> str:
    """Mask decades gone by, and years that the value of a word beside them says to be none."""
    if "J" in codes or "#" in codes:
        codes = _DECADE.sub(lambda match: _decade(tokens, match), codes)
    if "#" in codes and "D" in codes:
        codes = _NUMBERED.sub(partial(_numbered, tokens), codes)
    for sign, pattern, at, said in () if _MARKS.isdisjoint(codes) else _MARKED:
        if sign in codes:
            codes = pattern.sub(partial(_if_said, tokens, at, said), codes)
    return codes


@lru_cache(maxsize=4096)
def _may_have_name(codes: str) -> bool:
    """Tell whether the one year of a row of codes, or a month without one, may be part of a name."""
    if codes.count("Y") == 1:
        return any(pattern.search(codes) for pattern in (_CITED, _NAMED, _NAME_PART, _NOTED))
    return not _DATED.search(codes) and _MONTH_NAME.search(codes) is not None


def _without_name(tokens: Tokens, codes: str) -> str:
    """Mask the one year of a wording if it is a source's or part of a name, or a month if it is."""
    if "Y" not in codes:
        return _MONTH_NAME.sub(partial(_in_place_name, tokens), codes)
    codes = _CITED.sub(lambda match: _cited(tokens, match), codes)
    codes = _NAMED.sub(lambda match: _named(tokens, match), codes)
    codes = _NAME_PART.sub(lambda match: _in_name(tokens, match.start()), codes)
    return _NOTED.sub(lambda match: _old(tokens, match.start()), codes)


@lru_cache(maxsize=4096)
def _without_neutral(codes: str) -> str:
    """Mask what looks like a time and is none; cells of one shape share the answer."""
    return _NEUTRAL.sub(_masked, codes)


def _masked(match: re.Match[str]) -> str:
    """Return a mask as long as the match."""
    return NEUTRAL * len(match[0])


# words whose value says what number stands beside them: where in the match they are, and the value
_MARKED = (
    # "room 2024", "invoice no. 2023"
    ("#", re.compile("#,?Y"), 0, "place"),
    # a bus or a house first of all; "new bus line 2026" is a year
    ("#", re.compile("^#Y(?=$|,(?:#|[No]#))"), 0, "spot"),
    # a source whose page follows: "Jones (2017, p. 34)"
    ("#", re.compile(r"Y[,:]{1,2}#N"), -2, "page"),
    # a source of several names, the first of which is given
    ("#", re.compile(r"#,?\(Y"), 0, "others"),
    # what a source stands before
    ("?", re.compile(r"\?[:,x&(-]{0,6}[YZ](?:-Y)?"), 0, "source"),
    # "generationen född efter 2000", "vuoden 2000 jälkeen syntyneet"
    ("?", re.compile(r"\?[FUbB]{0,2}[YZ](?:[-&R][YZ])?"), 0, "born"),
    ("?", re.compile(r"Y[bBF]{1,2}\?"), -1, "born"),
    # "less than 2019"
    ("n", re.compile("nU?Y"), 0, "than"),
    ("L", re.compile("LU?Y"), 0, "than"),
)
_DATED, _MONTH_NAME = re.compile("[YZDOd258J]"), re.compile("[ms](?=[xP#y])")
_MARKS = frozenset("#?nL")
# the number of a guideline: WCAG 1.4.11
_NUMBERED = re.compile("#,?D")
# the year of a strategy's name: "the Strategy of 2035" is none
_TARGET = re.compile("PY(?!-?[PYZ]|[/&R])")


def _if_said(tokens: Tokens, at: int, said: str, match: re.Match[str]) -> str:
    """Mask a match whose token ``at`` (from its end if negative) has the value ``said``."""
    place = (match.end() if at < 0 else match.start()) + at
    return _masked(match) if tokens.values[place] == said else match[0]


def _numbered(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask what would be a date with a year of two digits after a word that numbers follow."""
    written = tokens.words(match.end() - 1, match.end())
    return match[0] if _WHOLE_YEAR.search(written) else _masked(match)


_WHOLE_YEAR = re.compile(r"\d{4}")


def _target(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask the target year right after a strategy or programme: it is its name."""
    at = match.start() + 1
    named = tokens.text[tokens.stops[at - 1] : tokens.begins[at]].isspace()
    return _masked(match) if named and _is_target(tokens.values[at]) else match[0]


def _is_target(year: int) -> bool:
    """Tell whether visions are named after ``year``."""
    return year >= _FIRST_TARGET and year % _TARGET_STEP == 0


def _paged(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask the year of a source whose page follows."""
    marks = tokens.values[match.end() : match.end() + 3]
    return NEUTRAL if "page" in marks else "Y"


def _counted(tokens: Tokens, at: int) -> str:
    """Tell a count such as "2000 participants" from a year that people follow by chance."""
    year = tokens.values[at]
    # the whole of a wording, "2025 residents"
    if tokens.codes == "Y$":
        return NEUTRAL
    return NEUTRAL if year % 100 == 0 or year < _FIRST_PLAUSIBLE else "Y"


def _in_place_name(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask a month or season written as the begin of a name: "Spring Gardens", "August Wilson Library"."""
    first, after = tokens.begins[match.start()], tokens.begins[match.end()]
    capitals = tokens.text[first].isupper() and tokens.text[after].isupper()
    touches = tokens.text[tokens.stops[match.start()] : after] == " "
    return NEUTRAL if capitals and touches and not tokens.text.isupper() else match[0]


def _decade(tokens: Tokens, match: re.Match[str]) -> str:
    """Leave a decade that a programme may plan for; one gone by describes something else."""
    year, word = tokens.values[match.start()], tokens.values[match.end() - 1]
    if match[0].endswith("#") and word != "decade":
        return match[0]
    planned = year >= _FIRST_PLAUSIBLE and year % 10 == 0
    return match[0][:-1] + "J" if planned and year % 100 else _masked(match)


def _in_name(tokens: Tokens, at: int) -> str:
    """Mask a year that a blank and a hyphen join to a noun, as Finnish writes compounds of several words."""
    spaced = tokens.begins[at + 1] > tokens.stops[at] and tokens.begins[at + 2] == tokens.stops[at + 1]
    named = tokens.text[tokens.begins[at - 1]].isupper()
    return NEUTRAL if spaced and named and tokens.postpositive else "Y"


def _old(tokens: Tokens, at: int) -> str:
    """Mask the one year of a wording if it is of the last century, or in brackets and long gone."""
    first = _FIRST_PLAUSIBLE if tokens.codes[at - 1] == "(" else _FIRST_CERTAIN
    return NEUTRAL if tokens.values[at] < first else "Y"


def _law(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask the year of a law or a vision: one gone by, or after words written as a name."""
    gone = tokens.values[match.end() - 1] <= _FIRST_PLAUSIBLE
    return _masked(match) if gone else _cited(tokens, match)


def _named(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask the year of a project's name; a name with no such word is one only with a target year."""
    year = tokens.values[match.start() + match[0].index("Y")]
    if not match[0].endswith("P") and (not _is_target(year) or tokens.text.isupper()):
        return match[0]
    return _cited(tokens, match)


def _cited(tokens: Tokens, match: re.Match[str]) -> str:
    """Mask the year of a source, as in "Ager & Strang (2008)": the names before it are capitalised."""
    names = [at for at in range(match.start(), match.end()) if tokens.codes[at] == "x"]
    if all(tokens.text[tokens.begins[at]].isupper() for at in names):
        return _masked(match)
    return match[0]
