"""Tell rates that only describe something from rates of what is done: fees, wages, doses, job titles.

Runs over the codes of a wording when all its words are known; what a year
only describes is left to ``neutral``.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from schedule_rules.reading.ambiguous import Scanned

# "EUR 30 per month", "200 tonnes annually"
_PRICE = re.compile(r"e[NXl](?=[p/]{0,2}[UWwj])|[NXYld]ej")
# "500 mg twice daily", "3 tablets 4 times a day"
_DOSE = re.compile(r"e[x,&]{0,3}(?:[NlK][-&/R]{0,2}[kpvUWwj/Nl]{1,6}|j)")

# what may be the rate of an amount: "annual", "regular"
_RATE = re.compile("[jz](?=[x#e$y])")
# "arkisin klo 9-15"
_HOURS = re.compile("j(?=#?N[-R]N)")
_TERM = re.compile("r(?=x)")


def described(codes: str, tokens: Scanned, is_amount: Callable[[str], bool]) -> str:
    """Return ``codes``, rates of amounts and of what has a title masked as plain words.

    ``is_amount`` tells whether a word is one that a rate before it measures or names.
    """
    if not _may_describe(codes):
        return codes
    if "e" in codes:
        codes = _DOSE.sub(partial(_dose, tokens), codes)
        codes = _PRICE.sub(partial(_price, tokens), codes)
    if "4" in codes and "closed" in tokens.values:
        codes = codes.replace("4", "x")
    codes = _HOURS.sub(partial(_hours, tokens), _TERM.sub(partial(_attribute, tokens), codes))
    return _RATE.sub(partial(_measured, tokens, is_amount), codes)


# every code that a step of ``described`` looks for
_DESCRIBED = re.compile("[e4]|r(?=x)|[jz](?=[x#e$yN])")


@lru_cache(maxsize=4096)
def _may_describe(codes: str) -> bool:
    """Tell whether a row of codes has a rate that may describe; cells of one shape share the answer."""
    return _DESCRIBED.search(codes) is not None


def _hours(tokens: Scanned, match: re.Match[str]) -> str:
    """Mask the days of opening hours."""
    return "x" if tokens.values[match.start()] == (1, "day", 1) else "j"


def _attribute(tokens: Scanned, match: re.Match[str]) -> str:
    """Mask a hyphenated term before its noun: "long-term effects"; a cell has it alone."""
    at = match.start()
    return "x" if tokens.values[at] == "attribute" and _touches(match.string, tokens, at) else "r"


def _dose(tokens: Scanned, match: re.Match[str]) -> str:
    """Mask how often a medicine is taken."""
    return "e" + "x" * (len(match[0]) - 1) if tokens.values[match.start()] == "dose" else match[0]


def _price(tokens: Scanned, match: re.Match[str]) -> str:
    """Mask the amount of money, energy or weight so that it is no count, and what follows no rate."""
    at = match.start() + match[0].index("e")
    if tokens.values[at] != "money" and tokens.words(at, at + 1) not in _SIGNS:
        return match[0]
    return "ex" if match[0][0] == "e" else match[0][:-1] + "x"


_SIGNS = frozenset("€£$")


def _measured(tokens: Scanned, is_amount: Callable[[str], bool], match: re.Match[str]) -> str:
    """Mask the rate of an amount: that of "annual energy costs", not that of "annual cost review"."""
    codes, at = match.string, match.start()
    last = at
    while last < at + _REACH and _touches(codes, tokens, last):
        last += 1
        word = tokens.words(last, last + 1)
        # a name such as the "Daily Telegraph" goes before any noun
        if is_amount(word) and (word[0].isupper() or not _touches(codes, tokens, last)):
            return "x"
    return match[0]


# the amount itself, or one word before it
_REACH = 2
_NOUNS = frozenset("x#e$y")


def _touches(codes: str, tokens: Scanned, at: int) -> bool:
    """Tell whether a plain word comes right after the token ``at``, no word that means nothing between."""
    return (
        codes[at + 1 : at + 2] in _NOUNS and tokens.text[tokens.stops[at] : tokens.begins[at + 1]].isspace()
    )
