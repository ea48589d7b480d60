"""Settle what only the words beside it tell: a time ("may", "lv 25-26", "kesä-elokuu", "var 2025") or a rate.

A rate may only describe something: a fee, a wage, a dose, a job title.  Runs once over the codes of a
wording when all its words are known; the words themselves are left to ``lexicon``, what a year only
describes to ``not_dates``.  Each step shows what is scanned before and after it.
"""

from __future__ import annotations

import re
from functools import partial

from schedule_rules.reading.codes import Code, Steps, TokenRow, letters, pattern
from schedule_rules.reading.lexicon import index

# years in two digits: after a dash, as a pair; months of a whole year
_TWENTIES, _FIRST_SHORT, _WHOLE_YEAR = 20, 10, 12
_STEPS = Steps()
settle = _STEPS.run


@_STEPS.step(
    """(?P<beside>
        (?<=[NUMBER ORDINAL YEAR DAY_AND_MONTH MONTH FROM BY END ANY_PART RATE EVERY ONCE SLASH AND DASH])
        MONTH_OR_WORD
      | MONTH_OR_WORD
        (?=[NUMBER ORDINAL YEAR DAY_AND_MONTH MONTH COMMA SLASH AND DASH]? [YEAR NUMBER MONTH DAY_AND_MONTH]
         | ORDINAL COMMA? YEAR)
    ) | MONTH_OR_WORD"""
)
def month_or_word(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read "may" or "fall" as a month or season beside a date or with a capital, else as a word.

    >>> before_and_after("5 May", "en"), before_and_after("we may", "en")
    ('NUMBER MONTH_OR_WORD -> NUMBER MONTH', 'WORD MONTH_OR_WORD -> WORD WORD')
    """
    at = match.start()
    if match["beside"] or (at > 0 and tokens.words(at, at + 1)[0].isupper()):
        return Code.MONTH if isinstance(tokens.values[at], int) else Code.SEASON
    return Code.WORD


@_STEPS.step("NUMBER (?=MONTH)")
def eleven(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read "II" before a month's mark as an eleven; the code stays.

    >>> before_and_after("II tammikuuta", "fi")
    'NUMBER MONTH -> NUMBER MONTH'
    """
    if tokens.words(match.start(), match.end()) == "II":
        tokens.values[match.start()] = 11
    return match[0]


@_STEPS.step("(?<=[QUARTER_LABEL HALF_LABEL]) DASH NUMBER (?!DASH NUMBER)")
def dashed_year(tokens: TokenRow, match: re.Match[str]) -> str:
    """Take the dash before a year of two digits for none: the year is not the last of several quarters.

    >>> before_and_after("Q2-25", "en")
    'QUARTER_LABEL DASH NUMBER -> QUARTER_LABEL MASKED NUMBER'
    """
    return Code.MASKED + Code.NUMBER if tokens.values[match.end() - 1] >= _TWENTIES else match[0]


@_STEPS.step(
    """(?<=[SCHOOL_YEAR FINANCIAL_YEAR SEASON SEASON_TERM TURN COUNCIL_TERM])
       [COMMA BRACKET]? NUMBER DASH NUMBER"""
)
def short_pair(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read two years of two digits that follow each other as one pair; what is left of them is masked.

    >>> before_and_after("lv 25-26", "fi")
    'SCHOOL_YEAR NUMBER DASH NUMBER -> SCHOOL_YEAR SHORT_PAIR MASKED MASKED'
    """
    first, last = tokens.values[match.end() - 3], tokens.values[match.end() - 1]
    if first < _FIRST_SHORT or last != first + 1:
        return match[0]
    tokens.values[match.end() - 3] = (2000 + first, 2000 + last)
    return match[0][:-3] + Code.SHORT_PAIR + Code.MASKED * 2


@_STEPS.step("(?<=SEASON) YEAR DASH YEAR")
def winter(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read the two years of one winter as a pair; what is left of them is masked.

    >>> before_and_after("winter 2025 - 2026", "en")
    'SEASON YEAR DASH YEAR -> SEASON SHORT_PAIR MASKED MASKED'
    """
    first, last = tokens.values[match.start()], tokens.values[match.end() - 1]
    if tokens.values[match.start() - 1] != "winter" or last != first + 1:
        return match[0]
    tokens.values[match.start()] = (first, last)
    return Code.SHORT_PAIR + Code.MASKED * 2


@_STEPS.step("[OTHER_NUMBER MONTH_AND_YEAR] DASH [OTHER_NUMBER MONTH_AND_YEAR]")
def months_of_two(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read 6/23-12/24 as months, each being one that could be.

    >>> before_and_after("6/23 - 12/24", "sv")
    'OTHER_NUMBER DASH OTHER_NUMBER -> MONTH_AND_YEAR DASH MONTH_AND_YEAR'
    """
    ends = (match.start(), match.end() - 1)
    both = all(isinstance(tokens.values[at], tuple) for at in ends)
    return Code.MONTH_AND_YEAR + Code.DASH + Code.MONTH_AND_YEAR if both else match[0]


@_STEPS.step("(?P<june>JUNE_OR_SUMMER (?=DASH? [DASH AND SLASH]? MONTH)) | JUNE_OR_SUMMER")
def june_or_summer(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read "kesä" as June before another month, else as summer.

    >>> before_and_after("kesä-elokuu", "fi")
    'JUNE_OR_SUMMER DASH MONTH -> MONTH DASH MONTH'
    """
    if match["june"]:
        return Code.MONTH
    tokens.values[match.start()] = "summer"
    return Code.SEASON


_LABELS = {Code.QUARTER: (Code.QUARTER_LABEL, 4), Code.HALF_YEAR: (Code.HALF_LABEL, 2)}


@_STEPS.step(
    "(?P<part>[QUARTER HALF_YEAR]) [COMMA DASH]? ((?P<first>NUMBER) [DASH AND SLASH]{1,2})? MONTH_AND_YEAR"
)
def numbered_part(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read a numbered quarter or half-year of a year; its word is masked or becomes its label.

    After the word for it the number before a slash is no month.

    >>> before_and_after("kvartal 2/2025", "sv")
    'QUARTER MONTH_AND_YEAR -> QUARTER_LABEL YEAR'
    """
    label, most = _LABELS[match["part"]]
    number, year = tokens.values[match.end() - 1]
    if number > most:
        return match[0]
    if match["first"]:
        before = match.start("first") - match.start()
        return Code.MASKED * before + label + match[0][before + 1 :]
    tokens.values[match.start()], tokens.values[match.end() - 1] = number, year
    return label + Code.MASKED * (len(match[0]) - 2) + Code.YEAR


_NUMBERED = {
    Code.WEEK: (Code.WEEK_LABEL, 53), Code.QUARTER: (Code.QUARTER_LABEL, 4),
    Code.HALF_YEAR: (Code.HALF_LABEL, 2), Code.THIRD_OF_YEAR: (Code.THIRD_LABEL, 3),
}  # fmt: skip


@_STEPS.step(
    """(?<![PER EVERY SLASH TIMES NUMBER ORDINAL ONCE]) [WEEK QUARTER HALF_YEAR THIRD_OF_YEAR]
       NUMBER ([DASH AND COMMA TO]{1,2} NUMBER)? (?=[COMMA BRACKET]? [RATE EVERY])"""
)
def yearly_part(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read the number behind a week or quarter that recurs as its label: it is no count.

    >>> before_and_after("week 43 every year", "en")
    'WEEK NUMBER EVERY UNIT -> MASKED WEEK_LABEL EVERY UNIT'
    """
    label, most = _NUMBERED[match[0][0]]
    if tokens.values[match.end() - 1] > most:
        return match[0]
    return Code.MASKED + match[0][1:].replace(Code.NUMBER, label)


@_STEPS.step("UNIT? MONTH_AND_YEAR")
def short_range(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read "2002-04" after a word for years as a range of them; else it is a month.

    >>> before_and_after("vuosina 2002-04", "fi"), before_and_after("2002-04", "fi")
    ('UNIT MONTH_AND_YEAR -> UNIT YEAR_PAIR', 'MONTH_AND_YEAR -> MONTH_AND_YEAR')
    """
    at = match.end() - 1
    month, year = tokens.values[at]
    written = tokens.words(at, at + 1)
    of_years = len(match[0]) > 1 and tokens.values[match.start()] == ("year", 1)
    # a dash of print is no hyphen of an ISO date
    ranged = written[4:5] == "\N{EN DASH}" or (of_years and written[4:5] == "-")
    if not ranged or month <= year % 100:
        return match[0]
    tokens.values[at] = (year, year - year % 100 + month)
    return match[0][:-1] + Code.YEAR_PAIR


@_STEPS.step("(ORDINAL NUMBER | NUMBER ORDINAL) [QUARTER HALF_YEAR UNIT]")
def first_months(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read several quarters or months at the begin or end of a year as one stretch; the rest is masked.

    >>> before_and_after("first two quarters of 2026", "en")
    'ORDINAL NUMBER QUARTER YEAR -> FIRST_MONTHS MASKED MASKED YEAR'
    """
    # a wording with no year names no stretch of one
    if Code.YEAR not in match.string:
        return match[0]
    at = match.start()
    counted, (unit, size) = tokens.values[at : at + 2], tokens.values[at + 2]
    ordinal, number = counted if match[0][0] == Code.ORDINAL else reversed(counted)
    if unit != "month" or ordinal not in {1, -1} or not 1 < number * size < _WHOLE_YEAR:
        return match[0]
    tokens.values[at] = ordinal * number * size
    return Code.FIRST_MONTHS + Code.MASKED * 2


def _if_said(said: str, reading: str, tokens: TokenRow, match: re.Match[str]) -> str:
    """Return ``reading`` for a token whose value is ``said``."""
    return reading * len(match[0]) if tokens.values[match.end() - 1] == said else match[0]


# words whose value says that they are settled here: where, what of them, and as what
for _where, _said, _as in (
    # "post 2026" is after it, other post is none
    (
        """AFTER (?!DASH? [ANY_DATE MONTH SEASON QUARTER QUARTER_LABEL HALF_YEAR HALF_LABEL THIRD_LABEL
            SCHOOL_YEAR])""",
        "post",
        Code.WORD,
    ),
    # "up to 2027", but "up to 2000 participants"
    ("AT_MOST (?=[YEAR DATE MONTH_AND_YEAR] (?![PEOPLE WORD AMOUNT TIMES]))", "until", Code.BY),
    # "om två år", but "två gånger om två år"
    ("(?<![TIMES ONCE]) PER (?=NUMBER UNIT | NUMBER WEEK)", "ahead", Code.WITHIN),
    # "syksyn vaihteessa": a turn only of the two months or years before it
    (
        "(?<!MONTH [DASH SLASH AND] MONTH) (?<!YEAR [DASH SLASH AND] YEAR) (?<!YEAR_PAIR) TURN",
        "pair",
        Code.MASKED,
    ),
    # ", sedan 2026": "since", but after a comma "then"
    ("(?<=[COMMA AND]) FROM", "since", Code.AND),
    # "för 10 år sedan": ago
    (
        "(?<=[NUMBER ONE_OR_LETTER] [ANY_LENGTH]) FROM (?![ANY_DATE MONTH SEASON SEASON_TERM])",
        "since",
        Code.WORD,
    ),
    # "2026 och därefter"
    ("(?<=[ANY_DATE]) AND{1,2} $", "then", Code.FROM),
):
    _STEPS.step(_where)(partial(_if_said, _said, _as))


@_STEPS.step(
    """(^ | (?<=[BY FROM END TO AFTER ANY_PART AND BRACKET COMMA COLON DASH]))
       EVERY (?=YEAR | [DASH SLASH AND] SEASON)"""
)
def every_or_spring(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read a "var" that cannot be "each" as spring: its dots were lost.

    "Each" has a unit behind it; after a noun the word is "was".

    >>> before_and_after("var 2025", "sv")
    'EVERY YEAR -> SEASON YEAR'
    """
    at = match.start()
    before = tokens.text[tokens.stops[at - 1] if at else 0 : tokens.begins[at]]
    # the pattern needs a year somewhere, be it behind another season
    is_var = tokens.words(at, at + 1).lower() == "var"
    if not is_var or Code.YEAR not in match.string or any(map(str.isalpha, before)):
        return match[0]
    tokens.values[at] = "spring"
    return Code.SEASON


_DATED = pattern("[ANY_DATE]")


@_STEPS.step("BUDGET_ROUND")
def budget_round(_tokens: TokenRow, match: re.Match[str]) -> str:
    """Read "with the budget" as relative beside a date, else as yearly.

    >>> before_and_after("as part of the annual budget", "en")
    'BUDGET_ROUND -> RATE'
    """
    return Code.RELATIVE if _DATED.search(match.string) else Code.RATE


_PARTS = {("month", 3): Code.QUARTER, ("month", 6): Code.HALF_YEAR, ("month", 4): Code.THIRD_OF_YEAR}


@_STEPS.step("(?<=ORDINAL) IN_A_UNIT")
def ordinal_part(tokens: TokenRow, match: re.Match[str]) -> str:
    """Read a quarter or half-year behind its ordinal as that: the case is the ordinal's, no "in each".

    >>> before_and_after("ensimmäisessä neljänneksessä", "fi")
    'ORDINAL IN_A_UNIT -> ORDINAL QUARTER'
    """
    return _PARTS.get(tokens.values[match.start()], Code.IN_A_UNIT)


_WHOLE_CELL = pattern(
    """[DASH BRACKET]{0,2} SHORT_OR_LONG ([DASH SLASH AND TO]{1,3} SHORT_OR_LONG)*
       ($ | [BRACKET COMMA COLON DASH]{0,2} [WITHIN AT_MOST AT_LEAST MORE_THAN]?
              NUMBER ([DASH TO] NUMBER)? UNIT)"""
)


@_STEPS.step("SHORT_OR_LONG")
def short_or_long(_tokens: TokenRow, match: re.Match[str]) -> str:
    """Read "short" or "long" as a length if it is the whole cell, but for a length in years.

    >>> before_and_after("Medium (3-5 years)", "en")
    'SHORT_OR_LONG BRACKET NUMBER DASH NUMBER UNIT -> RELATIVE BRACKET NUMBER DASH NUMBER UNIT'
    """
    return Code.RELATIVE if _WHOLE_CELL.match(match.string) else Code.WORD


# rates that only describe: they come last, when what is a time is settled

_NOUNS = letters("WORD NUMBERED AMOUNT PEOPLE LAW")
_SIGNS = frozenset("€£$")
_REACH = 2  # the amount itself, or one word before it


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


_FULL_DATE = "(DATE | NUMBER MONTH YEAR | MONTH NUMBER COMMA? YEAR)"


@_STEPS.step(
    f"""RATE (?=WORD [WORD UNIT WEEK SEASON PEOPLE PLAN LAW NUMBERED AMOUNT]{{0,4}}
             [COLON COMMA DASH BRACKET]* {_FULL_DATE})"""
)
def dated_title(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the rate in the name of something that has its one date: both words have their capitals.

    >>> before_and_after("Annual Report: 31 March 2026", "en")
    'RATE WORD COLON NUMBER MONTH YEAR -> WORD WORD COLON NUMBER MONTH YEAR'
    """
    at = match.start()
    capitals = all(tokens.text[tokens.begins[place]].isupper() for place in (at, at + 1))
    return Code.WORD if capitals and _touches(match.string, tokens, at) else Code.RATE


@_STEPS.step(f"(?<![^BRACKET]) RATE (?=[COLON COMMA DASH]? {_FULL_DATE} $)")
def name_of_rate(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask a rate that only names what has its one date.

    >>> before_and_after("Vuosikokous 15.4.2026", "fi"), before_and_after("vuosittain 15.4.2026", "fi")
    ('RATE DATE -> WORD DATE', 'RATE DATE -> RATE DATE')
    """
    is_name = tokens.text[tokens.begins[match.start()]].isupper()
    return Code.WORD if is_name else Code.RATE


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
