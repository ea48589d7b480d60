"""What looks like a time and is none: grades, ages, pages, laws, money, citations, decades.

The codes of such tokens are masked before points are sought.  Each step shows
the tokens before and after it.
"""

from __future__ import annotations

import re
from functools import partial

from schedule_rules.reading.codes import Code, Steps, TokenRow, pattern
from schedule_rules.reading.frequency import PlacedFrequency

_STEPS = Steps()
_FIRST_TARGET, _TARGET_STEP = 2030, 5
_FIRST_PLAUSIBLE, _FIRST_CERTAIN, _FIRST_CURRENT = 2010, 2000, 2016


def mask(tokens: TokenRow, taken: list[PlacedFrequency]) -> str:
    """Return the codes of a wording, frequencies and what is no time masked.

    >>> before_and_after("grade 7, twice a year", "en")
    'NUMBERED NUMBER COMMA ONCE PER UNIT -> MASKED MASKED COMMA TAKEN TAKEN TAKEN'
    """
    codes, last = "", 0
    for found in taken:
        codes += tokens.codes[last : found.first] + Code.TAKEN * (found.last - found.first)
        last = found.last
    return _STEPS.run(codes + tokens.codes[last:], tokens).replace(Code.PLAN, Code.WORD)


def _masked(match: re.Match[str]) -> str:
    return Code.MASKED * len(match[0])


@_STEPS.step("YEAR DASH? (DECADE | NUMBERED)")
def decade(tokens: TokenRow, match: re.Match[str]) -> str:
    """Leave a decade that a programme may plan for; one gone by describes something else.

    In Finnish the word for a chapter is that for a decade after a year.

    >>> before_and_after("2030-luvun", "fi"), before_and_after("1990-luvun", "fi")
    ('YEAR DASH NUMBERED -> YEAR DASH DECADE', 'YEAR DASH NUMBERED -> MASKED MASKED MASKED')
    """
    year, word = tokens.values[match.start()], tokens.values[match.end() - 1]
    if match[0].endswith(Code.NUMBERED) and word != "decade":
        return match[0]
    planned = year >= _FIRST_PLAUSIBLE and year % 10 == 0
    return match[0][:-1] + Code.DECADE if planned and year % 100 else _masked(match)


_WHOLE_YEAR = re.compile(r"\d{4}")


@_STEPS.step("NUMBERED COMMA? DATE")
def guideline_number(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask what would be a date with a year of two digits after a word that numbers follow.

    >>> before_and_after("WCAG 1.4.11", "en")
    'NUMBERED DATE -> MASKED MASKED'
    """
    return match[0] if _WHOLE_YEAR.search(tokens.words(match.end() - 1, match.end())) else _masked(match)


def _if_said(at: int, said: str, tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask a match whose token ``at`` (from its end if negative) has the value ``said``."""
    place = (match.end() if at < 0 else match.start()) + at
    return _masked(match) if tokens.values[place] == said else match[0]


# words whose value says what number stands beside them: where in the match they are, and the value
for _where, _at, _said in (
    # "room 2024", "invoice no. 2023"
    ("NUMBERED COMMA? YEAR", 0, "place"),
    # a bus or a house first of all; "new bus line 2026" is a year
    ("^ NUMBERED YEAR (?=$ | COMMA (NUMBERED | [NUMBER ORDINAL] NUMBERED))", 0, "spot"),
    # a source whose page follows: "Jones (2017, p. 34)"
    ("YEAR [COMMA COLON]{1,2} NUMBERED NUMBER", -2, "page"),
    # a source of several names, the first of which is given
    ("NUMBERED COMMA? BRACKET YEAR", 0, "others"),
    # what a source stands before
    ("SOURCE [COLON COMMA WORD AND BRACKET DASH]{0,6} [ANY_YEAR] (DASH YEAR)?", 0, "source"),
    # "generationen född efter 2000", "vuoden 2000 jälkeen syntyneet"
    ("SOURCE [FROM UNIT AFTER BY]{0,2} [ANY_YEAR] ([DASH AND TO] [ANY_YEAR])?", 0, "born"),
    ("YEAR [AFTER BY FROM]{1,2} SOURCE", -1, "born"),
    # "less than 2019"
    ("MORE_THAN UNIT? YEAR", 0, "than"),
    ("LESS_THAN UNIT? YEAR", 0, "than"),
):
    _STEPS.step(_where)(partial(_if_said, _at, _said))


@_STEPS.step(
    """
    [NUMBERED BASELINE] [COMMA BRACKET WORD]?                       # grades 7-9, p. 12, section 4
        [NUMBER ONE_OR_LETTER OTHER_NUMBER DAY_AND_MONTH WEEK_AND_YEAR SHORT_PAIR MONTH_AND_YEAR]
        ([DASH COMMA SLASH AND]{1,2} [NUMBER ONE_OR_LETTER OTHER_NUMBER DAY_AND_MONTH]){0,4}
  | [ANY_NUMBER] ([DASH COMMA SLASH AND]{1,2} [ANY_NUMBER]){0,4} DASH? NUMBERED          # 7-9 grades, 12 §
  | LAW ([COMMA BRACKET]{0,2} | [COMMA BRACKET WORD]{0,3} BRACKET) YEAR
        (DASH [ANY_YEAR])?                                          # Act (2010), Agenda 2030
  | LAW [COMMA BRACKET WORD]{0,3} [YEAR_PAIR MONTH_AND_YEAR WEEK_AND_YEAR DATE OTHER_NUMBER]
        (DASH [ANY_YEAR])?                                          # 1386/2010
  | YEAR DASH? UNIT? LAW | YEAR DASH NUMBERED                       # 2030 Agenda
  | UNDECIDED (?=[WEEKDAY WORD]? [DASH TO]? [WEEKDAY WORD]? COMMA? NUMBERED? NUMBER WORD? DASH NUMBER
               | OTHER_NUMBER $)                                    # open Mon-Fri 9-16
  | ([ANY_YEAR] [DASH AND TO])? [FROM BY TO]? PER? YEAR [WORD UNIT]? BASELINE
        (?![BY FROM TO PER UNIT]{0,2} YEAR)                         # from a 2005 baseline
  | BASELINE [BY FROM TO PER UNIT BRACKET WORD BASELINE COLON COMMA]{0,3} YEAR           # against 1990
  | ((?<=[QUARTER_LABEL QUARTER]) | (?<=QUARTER [NUMBER ORDINAL]) | (?<=[ORDINAL NUMBER] QUARTER))
        BRACKET MONTH DASH MONTH (?=FINANCIAL_YEAR? (YEAR_PAIR | YEAR DASH YEAR))        # Q2 (Jul-Sep)
  | SOURCE [COMMA COLON BRACKET FROM UNIT]{0,2} [ANY_YEAR DATE] ([DASH AND TO] [ANY_YEAR])?
        (?![DASH FROM ARROW PLUS BY])                               # born in 2015, statistics from 2021
  | [ANY_YEAR] ([DASH AND TO] [ANY_YEAR])? SOURCE                   # "vuonna 2015 syntyneet"
  | [YEAR NUMBER OTHER_NUMBER] DASH? AMOUNT | AMOUNT [YEAR NUMBER OTHER_NUMBER]          # 2000 EUR, EUR 2000
  | [NUMBER OTHER_NUMBER ONE_OR_LETTER DAY_AND_MONTH]
        ([DASH AND COMMA SLASH] [NUMBER OTHER_NUMBER ONE_OR_LETTER]){0,3} WORD?
        [PEOPLE AMOUNT]                                             # 50 people, 5 and 6 pupils
  | (?<=MONTH) ORDINAL WEEK                                         # "in the first week of October"
  | PEOPLE [WORD FROM]{0,2} UNIT NUMBER ([DASH AND COMMA] NUMBER){0,3}                   # pupils in Year 6
    """
)
def no_times(_tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask numbers and years that the codes beside them say to be none.

    >>> before_and_after("vl 7-9", "fi")
    'NUMBERED NUMBER DASH NUMBER -> MASKED MASKED MASKED MASKED'
    """
    return _masked(match)


@_STEPS.step("LAW [COMMA BRACKET]? WORD [COMMA BRACKET WORD]{0,2} YEAR")
def law_year(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the year of a law or a vision: one gone by, or after words written as a name.

    >>> before_and_after("Vision Vasa 2035", "sv"), before_and_after("Vision för stan 2035", "sv")
    ('LAW WORD YEAR -> MASKED MASKED MASKED', 'LAW WORD YEAR -> LAW WORD YEAR')
    """
    gone = tokens.values[match.end() - 1] <= _FIRST_PLAUSIBLE
    return _masked(match) if gone or _is_written_as_name(tokens, match) else match[0]


def _is_written_as_name(tokens: TokenRow, match: re.Match[str]) -> bool:
    words = [at for at in range(match.start(), match.end()) if tokens.codes[at] == Code.WORD]
    return all(tokens.text[tokens.begins[at]].isupper() for at in words)


@_STEPS.step("YEAR (?=PEOPLE) | (?<=[MORE_THAN LESS_THAN AT_LEAST AT_MOST]) YEAR (?=WORD)")
def head_count(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask a count, but no year that people follow by chance.

    >>> before_and_after("for 2000 participants", "en"), before_and_after("from 2025 residents meet", "en")
    ('YEAR PEOPLE -> MASKED PEOPLE', 'FROM YEAR PEOPLE WORD -> FROM YEAR PEOPLE WORD')
    """
    year = tokens.values[match.start()]
    # the whole of a wording, "2025 residents"
    whole = tokens.codes == Code.YEAR + Code.PEOPLE
    return Code.MASKED if whole or year % 100 == 0 or year < _FIRST_PLAUSIBLE else Code.YEAR


def _is_target(year: int) -> bool:
    """Tell whether visions are named after ``year``."""
    return year >= _FIRST_TARGET and year % _TARGET_STEP == 0


@_STEPS.step("PLAN YEAR (?!DASH? [PLAN ANY_YEAR] | [SLASH AND TO])")
def target_year(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the target year right after a strategy or programme: it is its name, as "of 2035" is none.

    >>> before_and_after("Stadsstrategin 2030", "sv"), before_and_after("Plan 2027", "en")
    ('PLAN YEAR -> MASKED MASKED', 'PLAN YEAR -> WORD YEAR')
    """
    at = match.start() + 1
    named = tokens.text[tokens.stops[at - 1] : tokens.begins[at]].isspace()
    return _masked(match) if named and _is_target(tokens.values[at]) else match[0]


_DATED = pattern("[ANY_DATE DAY_AND_MONTH SHORT_PAIR WEEK_AND_YEAR WEEK_LABEL DECADE]")


@_STEPS.step("[MONTH SEASON] (?=[WORD PLAN NUMBERED LAW])")
def place_name(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask a month or season that begins a name, in a wording without a date.

    >>> before_and_after("Spring Gardens", "en"), before_and_after("Spring Gardens 2026", "en")
    ('SEASON WORD -> MASKED WORD', 'SEASON WORD YEAR -> SEASON WORD YEAR')
    """
    first, after = tokens.begins[match.start()], tokens.begins[match.end()]
    capitals = tokens.text[first].isupper() and tokens.text[after].isupper()
    touches = tokens.text[tokens.stops[match.start()] : after] == " "
    name = capitals and touches and not tokens.text.isupper() and not _DATED.search(match.string)
    return Code.MASKED if name else match[0]


def _only_year(codes: str) -> bool:
    """Tell whether a wording has one year: of several, none is a mere part of a name."""
    return codes.count(Code.YEAR) == 1


@_STEPS.step(
    """
    WORD ([COMMA AND]{0,2} [WORD PER]){1,6} COMMA? BRACKET YEAR (?![DASH SLASH AND COMMA]{1,2} YEAR)
  | BRACKET WORD AND WORD COMMA? YEAR
  | BRACKET WORD (COMMA WORD){0,3} COMMA YEAR $
  | ^ WORD ([COMMA AND] WORD){0,2} YEAR [COMMA COLON] NUMBER (DASH NUMBER)? $
    """
)
def citation(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the year of a source: the names before it are capitalised.

    >>> before_and_after("Ager & Strang (2008)", "en")
    'WORD AND WORD BRACKET YEAR -> MASKED MASKED MASKED MASKED MASKED'
    """
    return _masked(match) if (_only_year(match.string) and _is_written_as_name(tokens, match)) else match[0]


@_STEPS.step("^ WORD (COMMA? WORD)? BRACKET YEAR ([COMMA COLON] NUMBERED? [NUMBER OTHER_NUMBER])? $")
def author(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the year of a source that is the whole wording, by a name: one long before any plan of today.

    >>> before_and_after("Smith (2012)", "en"), before_and_after("Pilot (2024)", "en")
    ('WORD BRACKET YEAR -> MASKED MASKED MASKED', 'WORD BRACKET YEAR -> WORD BRACKET YEAR')
    """
    year = tokens.values[match.start() + match[0].index(Code.YEAR)]
    return _masked(match) if year < _FIRST_CURRENT and _is_written_as_name(tokens, match) else match[0]


@_STEPS.step("FEAST (?=WORD)")
def feast_name(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask a feast that only describes what stands after it.

    >>> before_and_after("Christmas market 2026", "en")
    'FEAST WORD YEAR -> MASKED WORD YEAR'
    """
    touches = tokens.text[tokens.stops[match.start()] : tokens.begins[match.end()]] == " "
    return Code.MASKED if touches else Code.FEAST


@_STEPS.step("WORD{1,4} YEAR DASH? PLAN | ^ [DASH BRACKET]? WORD{2,4} YEAR $ | PLAN WORD{1,3} YEAR $")
def project_name(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the year of a project's name; a name with no such word is one only with a target year.

    >>> before_and_after("Kotona 2027 -hanke", "fi"), before_and_after("Smart Vasa 2030", "sv")
    ('WORD YEAR DASH PLAN -> MASKED MASKED MASKED MASKED', 'WORD WORD YEAR -> MASKED MASKED MASKED')
    """
    year = tokens.values[match.start() + match[0].index(Code.YEAR)]
    plan = match[0].endswith(Code.PLAN) or (_is_target(year) and not tokens.text.isupper())
    name = plan and _only_year(match.string) and _is_written_as_name(tokens, match)
    return _masked(match) if name else match[0]


@_STEPS.step("(?<=WORD) YEAR (?=DASH WORD)")
def compound_name(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask a year that a blank and a hyphen join to a noun, as Finnish writes compounds of several words.

    >>> before_and_after("CAF 2020 -malli", "fi")
    'WORD YEAR DASH WORD -> WORD MASKED DASH WORD'
    """
    at = match.start()
    spaced = tokens.begins[at + 1] > tokens.stops[at] and tokens.begins[at + 2] == tokens.stops[at + 1]
    capital = tokens.text[tokens.begins[at - 1]].isupper()
    name = spaced and capital and tokens.postpositive and _only_year(match.string)
    return Code.MASKED if name else Code.YEAR


@_STEPS.step("(?<=WORD BRACKET) YEAR (?!DASH) | (?<=[WORD COMMA]) YEAR (?!DASH)")
def past_year(tokens: TokenRow, match: re.Match[str]) -> str:
    """Mask the one year of a wording if it is of the last century, or in brackets and long gone.

    >>> before_and_after("the model (2004)", "en"), before_and_after("the model (2024)", "en")
    ('WORD BRACKET YEAR -> WORD BRACKET MASKED', 'WORD BRACKET YEAR -> WORD BRACKET YEAR')
    """
    at = match.start()
    first = _FIRST_PLAUSIBLE if tokens.codes[at - 1] == Code.BRACKET else _FIRST_CERTAIN
    return Code.MASKED if tokens.values[at] < first and _only_year(match.string) else Code.YEAR
