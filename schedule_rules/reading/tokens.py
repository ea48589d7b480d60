"""Cut a wording into tokens, each with its code; places are those of the original.

>>> from schedule_rules.reading.codes import spell
>>> spell(scan("4-5 ggr per år", "sv").codes)
'NUMBER DASH NUMBER TIMES PER UNIT'
>>> spell(scan("vuosina 2025–26", "fi").codes)
'UNIT YEAR_PAIR'

Words are looked up in the vocabularies; numbers and marks (dates, pairs of years, quarters, ordinals) are
read here by their form.  What a token means is left to the grammar that reads the codes (``points``,
``frequency``, ``bounds``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from schedule_rules.programme import Lang
from schedule_rules.reading.ambiguous import settle
from schedule_rules.reading.codes import Code, TokenRow, finder
from schedule_rules.reading.lexicon import Index, Phrases, VocabularyWord, guess_language, index
from schedule_rules.reading.typos import key, mend, skeleton

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
# what tells "31 May 2017-30 June 2018" from the years 2017-30
_MONTH_NAME = "jan|feb|mar|apr|ma[yj]|jun|jul|aug|sep|o[ck]t|nov|dec"
# the forms of numbers by name, longest first
_NUMERAL = rf"""
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
    | (?P<shortyear>'\d\d(?!\d) | (?<=CY)\d\d(?!\d))
    | (?P<number>\d+)
    ) | (?P<label>(?<![^\W\d_])(?:[QqHhWw]|Q[ ](?=[1-4]\b))\d{{1,2}}(?=20\d\d|[^\w]|_|$)
        | T(?<![^\W_]T)[1-3](?:(?=[ /]{{0,2}}20\d\d)
            | (?![^\W_])(?:(?=(?:[ ]?[-,/&+][ ]?|[ ][^\W\d_]{{1,4}}[ ])T[1-3](?![^\W_]))
                | (?<=20\d\d[ /-]T\d) | (?<=T[1-3][-,/&+]T\d) | (?<=T[1-3][-,/&+ ][ ]T\d))))
    | (?P<roman>(?<![^\W_])(?i:IV|I{{1,3}})(?=\s?/\s?20\d\d))
    | (?P<mixed>(?!FY|CY|HT|VT)[A-ZÅÄÖ]{{1,4}}\d{{1,3}}(?![^\W_]))
    """
_MARK = "(?P<mark>-+>?|[/,;:&+>%€$£§≥≤<~(])"
_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
    {_NUMERAL}
    | (?P<word>[nN]/[aA](?![^\W_]) | {_LETTER}{{1,2}}(?:\.[ ]?{_LETTER}{{1,2}}(?!{_LETTER})){{1,3}}\.?
        | {_LETTER}{{1,4}}(?i::(?:n|a|e|t|ta|tä|ssa|ssä|lla|llä|sta|ien|iden))(?!{_LETTER})
        | {_LETTER}[^\W\d_\u0300]*
          (?:(?:\u00ad\n?|-[ ]{{0,4}}\n[ ]{{0,4}}|-|'|[\u0300-\u036f])[^\W\d_]+)*[\u0300-\u036f]*)
    | {_MARK}
    """,
    re.VERBOSE,
)
_MARK_CODES = {
    "-": Code.DASH, "~": Code.DASH, "/": Code.SLASH, ",": Code.COMMA, ";": Code.COMMA, ":": Code.COLON,
    "&": Code.AND, "+": Code.PLUS, ">": Code.ARROW, "%": Code.AMOUNT, "€": Code.AMOUNT, "£": Code.AMOUNT,
    "$": Code.AMOUNT, "§": Code.NUMBERED, "≥": Code.AT_LEAST, "≤": Code.AT_MOST, "<": Code.LESS_THAN,
    "(": Code.BRACKET,
}  # fmt: skip
# Roman numerals, and ones and noughts that OCR took for letters
_ROMANS: Mapping[str, tuple[str, int]] = {"I": (Code.ONE_OR_LETTER, 1), "l": (Code.ONE_OR_LETTER, 1)} | {
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
_LONGEST_TIME = len("31. 12. 2025")
# what says nothing of time
_NOTHING: tuple[str, Any] = (Code.OTHER_NUMBER, None)
_MONTHS = 12
_WEEKS = 53
_TWO_DIGITS = 100
_TWENTIES = 20
_MONTH_OF_TWO = re.compile(rf"{_MONTH}/[2-4]\d")
# 2020-50 may be a vision, 2012/74 is the number of a law
_LONGEST_PLAN, _LONGEST_SLASHED = 60, 10
_LONGEST_WORD = 60
# the English "in"
_UNKNOWN = (VocabularyWord(Code.WORD),)
# where a month may stand: before a year or a day and a year, after a day, beside another month or at a bound
_LIKE_MONTH = finder(
    """WORD (?= COMMA? (YEAR | [NUMBER ORDINAL] COMMA? YEAR) | [DASH AND SLASH TO]{1,2} MONTH)
     | (?<=[NUMBER ORDINAL]) WORD (?= COMMA? [YEAR RATE EVERY BY] | $) | (?<=MONTH [DASH AND SLASH TO]) WORD
     | (?<=YEAR) WORD (?=[BY END FROM] | $) | (?<=RATE) WORD (?=BY | $)
     | (?<=RATE [BY END ANY_PART]) WORD $ | WORD (?=[BY END] BY? RATE)"""
)
_AHEAD = (VocabularyWord(Code.FILLER, "ahead"),)


def scan(text: str, lang: Lang | None = None) -> TokenRow:
    """Cut ``text`` into tokens, in ``lang`` or the language that knows most of its words."""
    matches = [(match.lastgroup or "", match) for match in _TOKEN.finditer(mend(text))]
    if lang is None:
        lang = guess_language([match[0] for name, match in matches if name == "word"], text.lower())
    return _Scanner(text, lang, matches).run()


class _Scanner:
    """One pass over the matches of a text; each kind of match has a method of its name."""

    def __init__(self, text: str, lang: Lang, matches: list[tuple[str, re.Match[str]]]) -> None:
        self.index: Index = index(lang)
        self.matches = matches
        # in capitals throughout, an "I" is mostly the word
        self.shouted = text.isupper()
        self.codes: list[str] = []
        self.out = TokenRow(text, lang, self.index.postpositive, "", [], [], [])

    def run(self) -> TokenRow:
        at, count, plain = 0, len(self.matches), self.index.plain
        codes, values, begins, stops = self.codes, self.out.values, self.out.begins, self.out.stops
        while at < count:
            name, match = self.matches[at]
            if name == "word":
                known = plain.get(match[0])
                if known is None:
                    at += self._word(at, match)
                    continue
                code, value = known
            else:
                code, value = read_numeral(name, match[0])
            if code != Code.FILLER:
                begin, stop = match.span()
                codes.append(code)
                values.append(value)
                begins.append(begin)
                stops.append(stop)
            at += 1
        self.out.codes = settle("".join(codes), self.out)
        if Code.WORD in self.out.codes and (
            places := [found.start() for found in _LIKE_MONTH(self.out.codes)]
        ):
            self._guess_months(places)
        return self.out

    def _guess_months(self, places: list[int]) -> None:
        """Read unknown words at the places of a month as the one month that they are a slip away from."""
        out, slips = self.out, []
        for at in reversed(places):
            plain = key(out.words(at, at + 1))
            month = self.index.near_month(plain)
            if month is None and Code.MONTH in out.codes and out.codes[at + 1 : at + 2] == Code.YEAR:
                month = self.index.near_short_month(plain)
            if month is None or not out.words(at, at + 1).isalpha():
                continue
            begin, stop, count = out.begins[at], out.stops[at], len(month.codes)
            out.codes = out.codes[:at] + month.codes + out.codes[at + 1 :]
            out.values[at : at + 1] = [month.value] * count
            out.begins[at : at + 1], out.stops[at : at + 1] = [begin] * count, [stop] * count
            slips.append(begin)
        out.slips = tuple(slips)

    def _word(self, at: int, match: re.Match[str]) -> int:
        """Read a word or the phrase that it begins; return how many matches that took."""
        raw = match[0]
        if len(raw) > _LONGEST_WORD:
            self._put(Code.WORD, None, match.start(), match.end())
            return 1
        if (met := self.index.heads.get(raw)) is not None:
            return self._phrase(at, met[0]) or self._one_word(at, match, met[1])
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
        if raw not in _ROMANS:  # what a Roman numeral is, the wording around it says
            self.index.learn(raw, words, rests)
        return self._one_word(at, match, words)

    def _phrase(self, at: int, rests: Phrases) -> int:
        """Read the phrase that begins at match ``at``; return how many matches it took, 0 for none."""
        name, following = self.matches[at + 1] if at + 1 < len(self.matches) else ("", None)
        if name != "word" or following is None:
            return 0
        second = skeleton(following[0])
        for rest, word in rests:
            if rest[0] == second:
                last = at + len(rest)
                after = self.matches[at + 1 : last + 1]
                if len(after) == len(rest) and all(
                    name == "word" and skeleton(match[0]) == part
                    for (name, match), part in zip(after, rest, strict=True)
                ):
                    self._spread((word,), self.matches[at][1].start(), self.matches[last][1].end())
                    return len(rest) + 1
        return 0

    def _one_word(self, at: int, match: re.Match[str], words: tuple[VocabularyWord, ...]) -> int:
        """Append a word that begins no phrase; return that it took one match."""
        begin, stop = match.span()
        if words == _AHEAD and at + 2 < len(self.matches):
            # before "2 years" or the like it is "within"; days are the length of an event
            (name, number), (_, unit) = self.matches[at + 1 : at + 3]
            counted = name == "number" or [word.codes for word in self.index.look_up(number[0])] == [
                Code.NUMBER
            ]
            units = self.index.look_up(unit[0]) if counted and unit.lastgroup == "word" else ()
            if any(word.codes in {Code.UNIT, Code.WEEK} and word.value != ("day", 1) for word in units):
                self._put(Code.WITHIN, None, begin, stop)
                return 1
        self._spread(words, begin, stop)
        return 1

    def _compound(self, match: re.Match[str]) -> bool:
        """Read a hyphenated word part by part, a dash between, if the vocabulary knows every part.

        A hyphen at a line's end is first taken for one that only breaks the word.
        """
        for splitter in (_PARTS, _BROKEN_PARTS):
            pieces = list(splitter.finditer(match[0]))
            found = [self.index.look_up(piece[0]) for piece in pieces]
            if any(words and words[-1].codes == Code.MONTH for words in found) and not all(found):
                # "Janury-March": the other part may be a month with a slip
                found = [words or _UNKNOWN for words in found]
            if all(found):
                for piece, words in zip(pieces, found, strict=True):
                    begin, stop = match.start() + piece.start(), match.start() + piece.end()
                    if piece is not pieces[0]:
                        self._put(Code.DASH, None, begin - 1, begin)
                    self._spread(words, begin, stop)
                return True
        return False

    def _spread(self, words: tuple[VocabularyWord, ...], begin: int, stop: int) -> None:
        """Append the tokens of known words (fillers leave none), or one unknown word."""
        if not words:
            self._put(Code.WORD, None, begin, stop)
        for word in words:
            if word.codes != Code.FILLER:
                for code in word.codes:
                    self._put(code, word.value, begin, stop)

    def _put(self, code: str, value: object, begin: int, stop: int) -> None:
        self.codes.append(code)
        self.out.values.append(value)
        self.out.begins.append(begin)
        self.out.stops.append(stop)


_PARTS = re.compile(r"(?:[^-]|-[ ]{0,4}\n)+")
_BROKEN_PARTS = re.compile(r"[^-\s]+")


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
    numbers = [int(digits) for digits in re.findall(r"\d+", text[:_LONGEST_TIME])]
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
