"""Cut a wording into tokens, one code letter each; places are those of the original.

What a token means is left to the vocabularies and to the grammar that reads
the codes (``points``, ``frequency``, ``bounds``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schedule_rules.lexicon import FILLER, Index, index, language_of
from schedule_rules.repair import key, mend, skeleton
from schedule_rules.settle import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schedule_rules.lexicon import Phrases
    from schedule_rules.programme import Lang
    from schedule_rules.wording import Word

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
# what tells "31 May 2017-30 June 2018" from the years 2017-30
_MONTH_NAME = "jan|feb|mar|apr|ma[yj]|jun|jul|aug|sep|o[ck]t|nov|dec"
_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
    (?=[\d+']) (?:                       # a digit or so: the numeric forms, longest first
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
    | (?P<composite>(?!{_YEAR},{_YEAR})\d+(?:[.:,/]\d+)+(?:[-]\d+(?:[.:]\d+)+)?)
    | (?P<year>{_YEAR}(?!\d))
    | (?P<shortyear>'\d\d(?!\d))
    | (?P<number>\d+)
    ) | (?P<label>(?<![^\W\d_])(?:[QqHhWw]|Q[ ](?=[1-4]\b))\d{{1,2}}(?=20\d\d|[^\w]|_|$)
        | (?<![^\W_])T[1-3](?=[ /]{{0,2}}20\d\d))
    | (?P<roman>(?<![^\W_])(?i:IV|I{{1,3}})(?=\s?/\s?20\d\d))
    | (?P<mixed>(?!FY|HT|VT)[A-ZÅÄÖ]{{1,4}}\d{{1,3}}(?![^\W_]))
    | (?P<word>[nN]/[aA](?![^\W_]) | {_LETTER}{{1,2}}(?:\.[ ]?{_LETTER}{{1,2}}(?!{_LETTER})){{1,3}}\.?
        | {_LETTER}{{1,4}}(?i::(?:n|a|e|t|ta|tä|ssa|ssä|lla|llä|sta|ien|iden))(?!{_LETTER})
        | {_LETTER}[^\W\d_\u0300]*
          (?:(?:\u00ad\n?|-[ ]{{0,4}}\n[ ]{{0,4}}|-|'|[\u0300-\u036f])[^\W\d_]+)*[\u0300-\u036f]*)
    | (?P<mark>-+>?|[/,;:&+>%€$£§≥≤<~(])
    """,
    re.VERBOSE,
)
_MARK_CODES = {
    "-": "-", "/": "/", ",": ",", ";": ",", ":": ":", "&": "&", "+": "+", ">": ">", "%": "e", "€": "e",
    "£": "e", "$": "e", "§": "#", "≥": "A", "≤": "a", "<": "L", "~": "-", "(": "(",
}  # fmt: skip


@dataclass(slots=True)
class Tokens:
    """A wording as codes; ``values``, ``begins`` and ``stops`` run beside them."""

    text: str
    lang: Lang
    postpositive: bool
    codes: str
    values: list[Any]
    begins: list[int]
    stops: list[int]
    lost: bool = False

    def words(self, first: int, last: int) -> str:
        """Return the original words of tokens ``first``..``last`` - 1."""
        return self.text[self.begins[first] : self.stops[last - 1]]


_MONTHS = 12
_LONGEST_WORD = 60
_WEEKS = 53
_TWO_DIGITS = 100
_TWENTIES = 20
_FIFTY = 50


def scan(text: str, lang: Lang | None = None) -> Tokens:
    """Cut ``text`` into tokens, in ``lang`` or the language that knows most of its words."""
    matches = [(match.lastgroup or "", match) for match in _TOKEN.finditer(mend(text))]
    if lang is None:
        lang = language_of([match[0] for name, match in matches if name == "word"], text.lower())
    return _Scanner(text, lang, matches).run()


class _Scanner:
    """One pass over the matches of a text; each kind of match has a method of its name."""

    def __init__(self, text: str, lang: Lang, matches: list[tuple[str, re.Match[str]]]) -> None:
        """Remember what is to be read."""
        self.index: Index = index(lang)
        self.matches = matches
        # in capitals throughout, an "I" is mostly the word
        self.shouted = text.isupper()
        self.codes: list[str] = []
        self.out = Tokens(text, lang, self.index.postpositive, "", [], [], [])

    def run(self) -> Tokens:
        """Read all matches and return the tokens."""
        at, count, plain = 0, len(self.matches), self.index.plain
        while at < count:
            name, match = self.matches[at]
            if name == "word":
                known = plain.get(match[0])
                if known is None:
                    at += self._word(at, match)
                    continue
                code, value = known
            else:
                code, value = _READERS[name](match[0])
            if code != FILLER:
                self._put(code, value, *match.span())
            at += 1
        self.out.codes = settle("".join(self.codes), self.out)
        if "xY" in self.out.codes and "m" in self.out.codes:
            self._guess_months()
        return self.out

    def _guess_months(self) -> None:
        """Read an unknown word before a year as the one month a letter away, beside another month."""
        codes = list(self.out.codes)
        for at in range(len(codes) - 1):
            if codes[at] == "x" and codes[at + 1] == "Y":
                month = self.index.near_month(key(self.out.words(at, at + 1)))
                if month is not None:
                    codes[at], self.out.values[at] = "m", month
        self.out.codes = "".join(codes)

    def _put(self, code: str, value: object, begin: int, stop: int) -> None:
        """Append one token."""
        self.codes.append(code)
        self.out.values.append(value)
        self.out.begins.append(begin)
        self.out.stops.append(stop)

    def _word(self, at: int, match: re.Match[str]) -> int:
        """Read a word or the phrase that it begins; return how many matches that took."""
        raw = match[0]
        if len(raw) > _LONGEST_WORD:
            self._put("x", None, match.start(), match.end())
            return 1
        plain = key(raw)
        rests = self.index.phrases.get(skeleton(raw))
        if rests is not None and (taken := self._phrase(at, rests)):
            return taken
        if raw in _ROMANS and not (self.shouted and plain in self.index.words):
            self._put(*_ROMANS[raw], match.start(), match.end())
            return 1
        if "-" in raw and plain not in self.index.words and self._compound(match):
            return 1
        words = self.index.look_up(raw)
        if words and words[0].value == "ahead" and words[0].codes == FILLER and self._length_follows(at + 1):
            self._put("~", None, match.start(), match.end())
            return 1
        if rests is None:
            self.index.learn(raw, words)
        self._spread(words, match.start(), match.end())
        return 1

    def _phrase(self, at: int, rests: Phrases) -> int:
        """Read the phrase that begins at match ``at``; return how many matches it took, 0 for none."""
        name, following = self.matches[at + 1] if at + 1 < len(self.matches) else ("", None)
        if name != "word" or following is None:
            return 0
        second = skeleton(following[0])
        for rest, word in rests:
            if rest[0] == second and self._follows(at, rest):
                self._spread((word,), self.matches[at][1].start(), self.matches[at + len(rest)][1].end())
                return len(rest) + 1
        return 0

    def _length_follows(self, at: int) -> bool:
        """Tell whether "2 years" or the like stands at match ``at``; days are the length of an event."""
        if len(self.matches) <= at + 1:
            return False
        (name, number), (_, unit) = self.matches[at : at + 2]
        counted = name == "number" or [word.codes for word in self.index.look_up(number[0])] == ["N"]
        units = self.index.look_up(unit[0]) if counted and unit.lastgroup == "word" else ()
        return any(word.codes in {"U", "w"} and word.value != ("day", 1) for word in units)

    def _follows(self, at: int, rest: tuple[str, ...]) -> bool:
        """Tell whether the words ``rest`` stand after match ``at``."""
        after = self.matches[at + 1 : at + 1 + len(rest)]
        return len(after) == len(rest) and all(
            name == "word" and skeleton(match[0]) == part
            for (name, match), part in zip(after, rest, strict=True)
        )

    def _compound(self, match: re.Match[str]) -> bool:
        """Read a hyphenated word part by part, if the vocabulary knows every part.

        A hyphen at a line's end is first taken for one that only breaks the word.
        """
        for splitter in (_PARTS, _BROKEN_PARTS):
            pieces = list(splitter.finditer(match[0]))
            found = [self.index.look_up(piece[0]) for piece in pieces]
            if all(found):
                self._put_parts(match.start(), pieces, found)
                return True
        return False

    def _put_parts(self, start: int, pieces: list[re.Match[str]], found: list[tuple[Word, ...]]) -> None:
        """Append the tokens of a compound, a dash between its parts."""
        for number, (piece, words) in enumerate(zip(pieces, found, strict=True)):
            begin, stop = start + piece.start(), start + piece.end()
            if number:
                self._put("-", None, begin - 1, begin)
            self._spread(words, begin, stop)

    def _spread(self, words: tuple[Word, ...], begin: int, stop: int) -> None:
        """Append the tokens of known words (fillers leave none), or one unknown word."""
        if not words:
            self._put("x", None, begin, stop)
        for word in words:
            if word.codes != FILLER:
                for code in word.codes:
                    self._put(code, word.value, begin, stop)


_PARTS = re.compile(r"(?:[^-]|-[ ]{0,4}\n)+")
_BROKEN_PARTS = re.compile(r"[^-\s]+")


# Roman numerals, and ones and noughts that OCR took for letters
_ROMANS: Mapping[str, tuple[str, int]] = {
    "I": ("l", 1), "l": ("l", 1), "II": ("N", 2), "III": ("N", 3), "IV": ("N", 4), "Ol": ("N", 1),
    "OI": ("N", 1), "lO": ("N", 10), "IO": ("N", 10), "ll": ("N", 11), "lI": ("N", 11), "Il": ("N", 11),
}  # fmt: skip


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
