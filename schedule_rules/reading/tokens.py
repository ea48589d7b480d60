"""Cut a wording into tokens, one code letter each; places are those of the original.

What a token means is left to the vocabularies and to the grammar that reads
the codes (``points``, ``frequency``, ``bounds``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schedule_rules.reading.ambiguous import settle
from schedule_rules.reading.amounts import described
from schedule_rules.reading.lexicon import FILLER, Index, index, language_of
from schedule_rules.reading.numerals import ROMANS, read_numeral
from schedule_rules.reading.repair import key, mend, skeleton

if TYPE_CHECKING:
    from schedule_rules.programme import Lang
    from schedule_rules.reading.lexicon import Phrases
    from schedule_rules.reading.vocabulary import Word

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
    | (?P<composite>(?!{_YEAR},{_YEAR}|{_YEAR}(?:/{_YEAR}){{2}}(?![\d/]))
        \d+(?:[.:,/]\d+)+(?:[-]\d+(?:[.:]\d+)+)?)
    | (?P<year>{_YEAR}(?!\d|-\d{{3}}(?!\d)|-\d{{5}}|[ ]?=))
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


_LONGEST_WORD = 60


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
            if code != FILLER:
                begin, stop = match.span()
                codes.append(code)
                values.append(value)
                begins.append(begin)
                stops.append(stop)
            at += 1
        codes_of_all = settle("".join(self.codes), self.out)
        self.out.codes = described(codes_of_all, self.out, self.index.is_amount)
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
        if (met := self.index.heads.get(raw)) is not None:
            return self._phrase(at, met[0]) or self._one_word(at, match, met[1])
        plain = key(raw)
        rests = self.index.phrases.get(skeleton(raw))
        if rests is not None and (taken := self._phrase(at, rests)):
            return taken
        if raw in ROMANS and not (self.shouted and plain in self.index.words):
            self._put(*ROMANS[raw], match.start(), match.end())
            return 1
        if "-" in raw and plain not in self.index.words and self._compound(match):
            return 1
        words = self.index.look_up(raw)
        self.index.learn(raw, words, rests)
        return self._one_word(at, match, words)

    def _one_word(self, at: int, match: re.Match[str], words: tuple[Word, ...]) -> int:
        """Append a word that begins no phrase; return that it took one match."""
        begin, stop = match.span()
        if words and words[0].value == "ahead" and words[0].codes == FILLER and self._length_follows(at + 1):
            self._put("~", None, begin, stop)
        else:
            self._spread(words, begin, stop)
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
