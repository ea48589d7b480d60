"""Read the numbers and marks of a wording: dates, pairs of years, quarters, ordinals, plain numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from schedule_rules.reading.codes import Code

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
# what tells "31 May 2017-30 June 2018" from the years 2017-30
_MONTH_NAME = "jan|feb|mar|apr|ma[yj]|jun|jul|aug|sep|o[ck]t|nov|dec"

# the forms by name, longest first; part of the verbose expression of ``tokens``
FORMS = rf"""
    (?=[\d+']) (?:                       # a digit or so
      (?P<iso>{_YEAR}-\d\d-\d\d(?!\d))
    | (?P<dmy>\d{{1,2}}\.[ ]?\d{{1,2}}\.[ ]?{_YEAR}(?!\d) | \d{{1,2}}(?P<s1>[/-])\d{{1,2}}(?P=s1){_YEAR}(?!\d)
        | \d{{1,2}}/\d{{1,2}}[ -]{_YEAR}(?!\d)
        | \d{{1,2}}\.\d{{1,2}}[ ]{_YEAR}(?!\d)
        | \d{{1,2}}(?P<s2>[./-])\d{{1,2}}(?P=s2)(?:[1-4]\d)(?![\d.]\d|\d))
    | (?P<my>\d{{1,2}}[/.-]{_YEAR}(?![\d/]|:\w))
    | (?P<ym>{_YEAR}/[1-9](?![\d/]|[:.]\d))
    | (?P<back>[1-4][QqHh](?=[ /]?(?:20)?\d\d(?!\d)))
    | (?P<pair>{_YEAR}/{_YEAR}(?![\d/]|:\w) | {_YEAR}[/-]\d\d(?![\d/]|:\w|[ ](?i:{_MONTH_NAME})))
    | (?P<shortpair>(?:0\d|[1-4]\d)/(?:0\d|[1-4]\d)(?![\d/]|:\w))
    | (?P<dm>{_DAY}/{_MONTH}(?=[ ]?-[ ]?{_DAY}/{_MONTH}[ -]{_YEAR})
        | {_DAY}\.[ ]?{_MONTH}\.(?!\d) | {_DAY}\.{_MONTH}(?=[ ]?-[ ]?{_DAY}\.{_MONTH}\.[ ]?{_YEAR}))
    | (?P<dm2>(?:1[3-9]|2\d|3[01])\.{_MONTH}(?![\d.]))
    | (?P<phone>(?:\+\d{{1,3}}|0\d{{1,3}})(?:[ -]?\(?\d\)?)?(?:[ -]\d{{2,4}}){{2,4}}(?!\d))
    | (?P<amount>\d{{1,3}}(?:[ .,]\d{{3}})+(?!\d))
    | (?P<ordinal>\d{{1,2}}(?i:st|nd|rd|th|:a|:e|:s|:nde|:dje)(?![^\W_]))
    | (?P<composite>(?!{_YEAR},{_YEAR}|{_YEAR}(?:/{_YEAR}){{2}}(?![\d/]))
        \d+(?:[.:,/]\d+)+(?:[-]\d+(?:[.:]\d+)+)?)
    | (?P<year>{_YEAR}(?!\d|-\d{{3}}(?!\d)|-\d{{5}}|[ ]?=))
    | (?P<shortyear>'\d\d(?!\d))
    | (?P<number>\d+)
    ) | (?P<label>(?<![^\W\d_])(?:[QqHhWw]|Q[ ](?=[1-4]\b))\d{{1,2}}(?=20\d\d|[^\w]|_|$)
        | (?<![^\W_])T[1-3](?=[ /]{{0,2}}20\d\d))
    | (?P<roman>(?<![^\W_])(?i:IV|I{{1,3}})(?=\s?/\s?20\d\d))
    | (?P<mixed>(?!FY|HT|VT)[A-ZÅÄÖ]{{1,4}}\d{{1,3}}(?![^\W_]))
    """
MARKS = "(?P<mark>-+>?|[/,;:&+>%€$£§≥≤<~(])"
_MARK_CODES = {
    "-": Code.DASH, "~": Code.DASH, "/": Code.SLASH, ",": Code.COMMA, ";": Code.COMMA, ":": Code.COLON,
    "&": Code.AND, "+": Code.PLUS, ">": Code.ARROW, "%": Code.AMOUNT, "€": Code.AMOUNT, "£": Code.AMOUNT,
    "$": Code.AMOUNT, "§": Code.NUMBERED, "≥": Code.AT_LEAST, "≤": Code.AT_MOST, "<": Code.LESS_THAN,
    "(": Code.BRACKET,
}  # fmt: skip
# Roman numerals, and ones and noughts that OCR took for letters
ROMANS: Mapping[str, tuple[str, int]] = {"I": (Code.ONE_OR_LETTER, 1), "l": (Code.ONE_OR_LETTER, 1)} | {
    letters: (Code.NUMBER, number)
    for letters, number in (
        ("II", 2), ("III", 3), ("IV", 4), ("Ol", 1), ("OI", 1), ("lO", 10), ("IO", 10), ("ll", 11),
        ("lI", 11), ("Il", 11),
    )
}  # fmt: skip
_ROMAN_PARTS = {
    "I": (Code.HALF_LABEL, 1), "II": (Code.HALF_LABEL, 2),
    "III": (Code.QUARTER_LABEL, 3), "IV": (Code.QUARTER_LABEL, 4),
}  # fmt: skip
# no form that says a time is longer
_LONGEST = len("31. 12. 2025")
# what says nothing of time
_NOTHING: tuple[str, Any] = (Code.OTHER_NUMBER, None)
_MONTHS = 12
_WEEKS = 53
_TWO_DIGITS = 100
_TWENTIES = 20
_MONTH_OF_TWO = re.compile(rf"{_MONTH}/[2-4]\d")
# 2020-50 may be a vision, 2012/74 is the number of a law
_LONGEST_PLAN, _LONGEST_SLASHED = 60, 10


@lru_cache(maxsize=16384)
def read_numeral(form: str, text: str) -> tuple[str, Any]:
    """Return the code and the value of a number or mark, by the name of its form.

    >>> read_numeral("dmy", "31.12.25") == (Code.DATE, (2025, 12, 31))
    True
    >>> read_numeral("pair", "2024/25") == (Code.YEAR_PAIR, (2024, 2025))
    True
    >>> read_numeral("pair", "2024-06") == (Code.MONTH_AND_YEAR, (6, 2024))
    True
    """
    numbers = [int(digits) for digits in re.findall(r"\d+", text[:_LONGEST])]
    match form:
        case "year":
            return Code.YEAR, numbers[0]
        case "number":
            # a longer one counts something else
            return (Code.NUMBER, numbers[0]) if len(text) <= 3 else _NOTHING
        case "mark":
            return _MARK_CODES[">" if text[-1] == ">" else text[0]], None
        case "iso":
            return Code.DATE, tuple(numbers)
        case "dmy":
            day, month, year = numbers
            if month > _MONTHS >= day and "/" in text:
                # an American date
                day, month = month, day
            return Code.DATE, (year if year >= _TWO_DIGITS else _year_of(year), month, day)
        case "dm" | "dm2":
            return Code.DAY_AND_MONTH, (numbers[1], numbers[0])
        case "ym":
            return Code.MONTH_AND_YEAR, (numbers[1], numbers[0])
        case "my" if 1 <= numbers[0] <= _MONTHS:
            return Code.MONTH_AND_YEAR, (numbers[0], numbers[1])
        case "my" if 1 <= numbers[0] <= _WEEKS and "/" in text:
            return Code.WEEK_AND_YEAR, (numbers[0], numbers[1])
        case "pair":
            # 2024/25 are two years, 2024-06 is a month, 2023-26 a range
            first, second = numbers
            short = second < _TWO_DIGITS
            if second % _TWO_DIGITS == (first + 1) % _TWO_DIGITS:
                return Code.YEAR_PAIR, (first, first + 1)
            if short and 1 <= second <= _MONTHS:
                return Code.MONTH_AND_YEAR, (second, first)
            last = first // _TWO_DIGITS * _TWO_DIGITS + second if short else second
            longest = _LONGEST_PLAN if "-" in text else _LONGEST_SLASHED
            return (Code.YEAR_PAIR, (first, last)) if 0 < last - first <= longest else _NOTHING
        case "shortpair" if numbers[1] == (numbers[0] + 1) % _TWO_DIGITS:
            # 13/14 are years only after the word for school year, financial year or season
            first = _year_of(numbers[0])
            return (Code.YEAR_PAIR if numbers[0] >= _TWENTIES else Code.SHORT_PAIR), (first, first + 1)
        case "shortpair" | "composite" if _MONTH_OF_TWO.fullmatch(text):
            # 06/23 is a month; 6/23 and 12/24 keep theirs until another month stands beside them
            sure = text[0] == "0"
            return (Code.MONTH_AND_YEAR if sure else Code.OTHER_NUMBER), (numbers[0], _year_of(numbers[1]))
        case "shortyear":
            return Code.YEAR, _year_of(numbers[0])
        case "ordinal":
            return Code.ORDINAL, numbers[0]
        case "label":
            return _label(text[0], numbers[0])
        case "back":
            return _label(text[1], numbers[0])
        case "roman":
            return _ROMAN_PARTS[text.upper()]
        case "mixed":
            return Code.WORD, None
        case _:
            return _NOTHING


def _year_of(two_digits: int) -> int:
    """Return the year that two digits stand for; programmes are of this century."""
    return 2000 + two_digits if two_digits < 70 else 1900 + two_digits


def _label(kind: str, number: int) -> tuple[str, Any]:
    """Read Q3, H2, T1 or W12."""
    match kind.upper():
        case "Q" if 1 <= number <= 4:
            return Code.QUARTER_LABEL, number
        case "H" if 1 <= number <= 2:
            return Code.HALF_LABEL, number
        case "T":
            return Code.THIRD_LABEL, number
        case "W" if 1 <= number <= _WEEKS:
            return Code.WEEK_LABEL, number
        case _:
            return Code.WORD, None
