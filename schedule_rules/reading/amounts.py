"""Tell rates that only describe something from rates of what is done: fees, wages, doses, job titles.

Runs over the codes of a wording when all its words are known; what a year
only describes is left to ``not_dates``.  Each step shows the tokens before
and after it.
"""

from __future__ import annotations

import re

from schedule_rules.reading.codes import Code, Steps, TokenRow, letters
from schedule_rules.reading.lexicon import index

_NOUNS = letters("WORD NUMBERED AMOUNT PEOPLE LAW")
_SIGNS = frozenset("€£$")
_REACH = 2  # the amount itself, or one word before it
_STEPS = Steps()
mask_descriptions = _STEPS.run


@_STEPS.step(
    """AMOUNT [WORD COMMA AND]{0,3}
       ([NUMBER ONE_OR_LETTER ONCE] [DASH AND SLASH TO]{0,2}
          [TIMES PER EVERY UNIT IN_A_UNIT WEEK RATE SLASH NUMBER ONE_OR_LETTER]{1,6} | RATE)"""
)
def medicine(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask how often a medicine is taken.

    >>> before_and_after("500 mg twice daily", "en")
    'NUMBER AMOUNT ONCE RATE -> NUMBER AMOUNT WORD WORD'
    """
    is_dose = tokens.values[match.start()] == "dose"
    return Code.AMOUNT + Code.WORD * (len(match[0]) - 1) if is_dose else match[0]


@_STEPS.step(
    """AMOUNT [NUMBER OTHER_NUMBER ONE_OR_LETTER] (?=[PER SLASH]{0,2} [UNIT IN_A_UNIT WEEK RATE])
     | [NUMBER OTHER_NUMBER YEAR ONE_OR_LETTER DAY_AND_MONTH] AMOUNT RATE"""
)
def price(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the amount of money, energy or weight so that it is no count, and what follows no rate.

    >>> before_and_after("EUR 30 per month", "en"), before_and_after("200 tonnes annually", "en")
    ('AMOUNT NUMBER PER UNIT -> AMOUNT WORD PER UNIT', 'NUMBER AMOUNT RATE -> NUMBER AMOUNT WORD')
    """
    at = match.start() + match[0].index(Code.AMOUNT)
    if tokens.values[at] != "money" and tokens.words(at, at + 1) not in _SIGNS:
        return match[0]
    return Code.AMOUNT + Code.WORD if match[0][0] == Code.AMOUNT else match[0][:-1] + Code.WORD


@_STEPS.step("HABIT")
def closing_days(tokens: TokenRow, _match: re.Match[str]) -> str:
    """Mask the days on which something is closed.

    >>> before_and_after("closed on Mondays", "en")
    'NUMBERED HABIT -> NUMBERED WORD'
    """
    return Code.WORD if "closed" in tokens.values else Code.HABIT


@_STEPS.step("RELATIVE (?=WORD)")
def attribute(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask a hyphenated term before its noun; a cell has it alone.

    >>> before_and_after("long-term effects", "en")
    'RELATIVE WORD -> WORD WORD'
    """
    at = match.start()
    is_attribute = tokens.values[at] == "attribute" and _touches(match.string, tokens, at)
    return Code.WORD if is_attribute else Code.RELATIVE


@_STEPS.step("RATE (?=NUMBERED? NUMBER [DASH TO] NUMBER)")
def opening_hours(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the days of opening hours.

    >>> before_and_after("arkisin klo 9-15", "fi")
    'RATE NUMBERED NUMBER DASH NUMBER -> WORD NUMBERED NUMBER DASH NUMBER'
    """
    return Code.WORD if tokens.values[match.start()] == (1, "day", 1) else Code.RATE


@_STEPS.step("[RATE VAGUE] (?=[WORD NUMBERED AMOUNT PEOPLE LAW])")
def rate_of_amount(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the rate of an amount, not that of what is done about one.

    >>> before_and_after("annual energy costs", "en"), before_and_after("annual cost review", "en")
    ('RATE WORD WORD -> WORD WORD WORD', 'RATE WORD WORD -> RATE WORD WORD')
    """
    codes, at = match.string, match.start()
    last = at
    while last < at + _REACH and _touches(codes, tokens, last):
        last += 1
        word = tokens.words(last, last + 1)
        # a name such as the "Daily Telegraph" goes before any noun
        if index(tokens.lang).is_amount(word) and (word[0].isupper() or not _touches(codes, tokens, last)):
            return Code.WORD
    return match[0]


def _touches(codes: str, tokens: TokenRow, at: int) -> bool:
    """Tell whether a plain word comes right after the token ``at``, no word that means nothing between."""
    return (
        codes[at + 1 : at + 2] in _NOUNS and tokens.text[tokens.stops[at] : tokens.begins[at + 1]].isspace()
    )
