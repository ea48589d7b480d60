"""Read the numeric forms of a wording: dates, pairs of years, quarters, ordinals, plain numbers.

Which form a piece of text has is left to the pattern of ``tokens``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MARK_CODES = {
    "-": "-", "/": "/", ",": ",", ";": ",", ":": ":", "&": "&", "+": "+", ">": ">", "%": "e", "€": "e",
    "£": "e", "$": "e", "§": "#", "≥": "A", "≤": "a", "<": "L", "~": "-", "(": "(",
}  # fmt: skip
# Roman numerals, and ones and noughts that OCR took for letters
ROMANS: Mapping[str, tuple[str, int]] = {
    "I": ("l", 1), "l": ("l", 1), "II": ("N", 2), "III": ("N", 3), "IV": ("N", 4), "Ol": ("N", 1),
    "OI": ("N", 1), "lO": ("N", 10), "IO": ("N", 10), "ll": ("N", 11), "lI": ("N", 11), "Il": ("N", 11),
}  # fmt: skip
_MONTHS = 12
_WEEKS = 53
_TWO_DIGITS = 100
_TWENTIES = 20
_FIFTY = 50


def _year_of(two_digits: int) -> int:
    """Return the year that two digits stand for; programmes are of this century."""
    return 2000 + two_digits if two_digits < 70 else 1900 + two_digits


def _iso(text: str) -> tuple[str, Any]:
    """Read 2025-12-31."""
    year, month, day = map(int, text.split("-"))
    return "D", (year, month, day)


def _dmy(text: str) -> tuple[str, Any]:
    """Read a date with the day first; a month over 12 is the day of an American date."""
    day, month, year = map(int, re.findall(r"\d+", text))
    year = year if year >= _TWO_DIGITS else _year_of(year)
    if month > _MONTHS >= day and "/" in text:
        day, month = month, day
    return "D", (year, month, day)


def _my(text: str) -> tuple[str, Any]:
    """Read 11/2025: a month, perhaps a week, else the number of a law."""
    number, year = map(int, re.findall(r"\d+", text))
    if 1 <= number <= _MONTHS:
        return "O", (number, year)
    return ("5", (number, year)) if 1 <= number <= _WEEKS and "/" in text else ("X", None)


# 2020-50 may be a vision, 2012/74 is the number of a law
_LONGEST_PLAN, _LONGEST_SLASHED = 60, 10


def _pair(text: str) -> tuple[str, Any]:
    """Read 2024/25 as two years, 2024-06 as a month, 2023-26 as a range."""
    first, second = int(text[:4]), int(text[5:]) % _TWO_DIGITS
    if second == (first + 1) % _TWO_DIGITS:
        return "Z", (first, first + 1)
    if 1 <= second <= _MONTHS and len(text) == len("2024-06"):
        return "O", (second, first)
    last = int(text[5:]) if len(text) > len("2024/25") else first // _TWO_DIGITS * _TWO_DIGITS + second
    longest = _LONGEST_PLAN if "-" in text else _LONGEST_SLASHED
    return ("Z", (first, last)) if 0 < last - first <= longest else ("X", None)


def _shortpair(text: str) -> tuple[str, Any]:
    """Read 13/14: years only after the word for school year, financial year or season."""
    first, second = int(text[:2]), int(text[3:])
    if second == (first + 1) % _TWO_DIGITS:
        return ("Z" if first >= _TWENTIES else "2"), (_year_of(first), _year_of(first) + 1)
    return _month_of_two(text)


def _month_of_two(text: str) -> tuple[str, Any]:
    """Read 06/23 as a month; 6/23 and 12/24 keep theirs until another month stands beside them."""
    month, year = map(int, text.split("/"))
    if not (1 <= month <= _MONTHS and _TWENTIES <= year < _FIFTY):
        return "X", None
    return ("O" if text[0] == "0" else "X"), (month, _year_of(year))


def _composite(text: str) -> tuple[str, Any]:
    """Read what has dots, commas or slashes: at most a month and a year of two digits."""
    return _month_of_two(text) if re.fullmatch(r"\d{1,2}/\d\d", text) else ("X", None)


def _dm(text: str) -> tuple[str, Any]:
    """Read 31.12. as a day without its year."""
    day, month = map(int, re.findall(r"\d+", text))
    return "d", (month, day)


def _label(text: str) -> tuple[str, Any]:
    """Read Q3, H2 or W12."""
    kind, number = text[0].upper(), int(text[1:])
    if (kind == "Q" and 1 <= number <= 4) or (kind == "H" and 1 <= number <= 2):
        return kind, number
    if kind == "T":
        return "3", number
    return ("8", number) if kind == "W" and 1 <= number <= _WEEKS else ("x", None)


def _roman(text: str) -> tuple[str, Any]:
    """Read I/2025 as a half-year, III/2025 as a quarter."""
    number = {"I": 1, "II": 2, "III": 3, "IV": 4}[text.upper()]
    return ("H", number) if number <= 2 else ("Q", number)


def _number(text: str) -> tuple[str, Any]:
    """Read a small number; a longer one counts something else."""
    return ("N", int(text)) if len(text) <= 3 else ("X", None)


def _opaque(_text: str) -> tuple[str, Any]:
    """Read what looks like a number and says nothing of time."""
    return "X", None


_READERS: Mapping[str, Callable[[str], tuple[str, Any]]] = {
    "iso": _iso, "dmy": _dmy, "my": _my, "ym": lambda text: ("O", (int(text[5:]), int(text[:4]))),
    "back": lambda text: _label(text[1] + text[0]), "pair": _pair, "shortpair": _shortpair,
    "dm": _dm, "dm2": _dm,
    "phone": _opaque, "amount": _opaque, "composite": _composite, "mixed": lambda _text: ("x", None),
    "ordinal": lambda text: ("o", int("".join(filter(str.isdigit, text)))),
    "year": lambda text: ("Y", int(text)), "shortyear": lambda text: ("Y", _year_of(int(text[1:]))),
    "number": _number, "label": _label, "roman": _roman,
    "mark": lambda text: (_MARK_CODES.get(text[0] if text[-1] != ">" else ">", ","), None),
}  # fmt: skip


@lru_cache(maxsize=16384)
def read_numeral(name: str, text: str) -> tuple[str, Any]:
    """Read a form that begins with a digit, or a mark, by the name of its pattern."""
    return _READERS[name](text)
