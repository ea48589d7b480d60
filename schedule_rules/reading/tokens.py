"""Cut a wording into tokens, each with its code; places are those of the original.

>>> from schedule_rules.reading.codes import spell
>>> spell(scan("4-5 ggr per år", "sv").codes)
'NUMBER DASH NUMBER TIMES PER UNIT'
>>> spell(scan("vuosina 2025–26", "fi").codes)
'UNIT YEAR_PAIR'

What a token means is left to the vocabularies and to the grammar that reads
the codes (``points``, ``frequency``, ``bounds``).
"""

from __future__ import annotations

import re

from schedule_rules.programme import Lang
from schedule_rules.reading.ambiguous import settle
from schedule_rules.reading.codes import Code, TokenRow
from schedule_rules.reading.lexicon import Index, Phrases, VocabularyWord, guess_language, index
from schedule_rules.reading.numerals import FORMS, MARKS, ROMANS, read_numeral
from schedule_rules.reading.typos import key, mend, skeleton

_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
    {FORMS}
    | (?P<word>[nN]/[aA](?![^\W_]) | {_LETTER}{{1,2}}(?:\.[ ]?{_LETTER}{{1,2}}(?!{_LETTER})){{1,3}}\.?
        | {_LETTER}{{1,4}}(?i::(?:n|a|e|t|ta|tä|ssa|ssä|lla|llä|sta|ien|iden))(?!{_LETTER})
        | {_LETTER}[^\W\d_\u0300]*
          (?:(?:\u00ad\n?|-[ ]{{0,4}}\n[ ]{{0,4}}|-|'|[\u0300-\u036f])[^\W\d_]+)*[\u0300-\u036f]*)
    | {MARKS}
    """,
    re.VERBOSE,
)
_LONGEST_WORD = 60
# the English "in"
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
        if Code.WORD + Code.YEAR in self.out.codes and Code.MONTH in self.out.codes:
            self._guess_months()
        return self.out

    def _guess_months(self) -> None:
        """Read an unknown word before a year as the one month a letter away, beside another month."""
        codes = list(self.out.codes)
        for at in range(len(codes) - 1):
            if codes[at] == Code.WORD and codes[at + 1] == Code.YEAR:
                month = self.index.near_month(key(self.out.words(at, at + 1)))
                if month is not None:
                    codes[at], self.out.values[at] = Code.MONTH, month
        self.out.codes = "".join(codes)

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
        if raw in ROMANS and not (self.shouted and plain in self.index.words):
            self._put(*ROMANS[raw], match.start(), match.end())
            return 1
        if "-" in raw and plain not in self.index.words and self._compound(match):
            return 1
        words = self.index.look_up(raw)
        if raw not in ROMANS:  # what a Roman numeral is, the wording around it says
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
