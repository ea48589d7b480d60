"""What looks like a time and is none: grades, ages, pages, laws, money, citations, decades.

The codes of such tokens are masked before points are sought.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schedule_rules.wording import NEUTRAL, TAKEN

if TYPE_CHECKING:
    from schedule_rules.frequency import Found
    from schedule_rules.tokens import Tokens

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
