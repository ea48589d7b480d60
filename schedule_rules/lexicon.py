"""Look words up: one index a language, damaged and glued words included.

The words themselves are left to the vocabularies, what may have happened to
them to ``repair``.  What is a time only beside another ("may", "lv 25-26") is
settled here once all words are known.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Protocol

from schedule_rules.repair import candidates, fold, key, skeleton
from schedule_rules.vocabulary_en import ENGLISH
from schedule_rules.vocabulary_fi import FINNISH
from schedule_rules.vocabulary_sv import SWEDISH
from schedule_rules.wording import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schedule_rules.programme import Lang
    from schedule_rules.wording import Value, Vocabulary, Word

VOCABULARIES: Mapping[Lang, Vocabulary] = {each.lang: each for each in (FINNISH, SWEDISH, ENGLISH)}

_SHORTEST_REPAIRED = 4
_SHORTEST_GLUED = 7
_SHORTEST_PART = 3
# a word that may be cut off a glued one must say something by itself
_GLUE = frozenset("msqhtTSCwUWNokKpvVjAaBFEgiGcru_")

Phrases = tuple[tuple[tuple[str, ...], "Word"], ...]


def _entries(vocabulary: Vocabulary) -> dict[tuple[str, ...], Word]:
    """Return every wording of a vocabulary as a tuple of folded words."""
    found: dict[tuple[str, ...], Word] = {}
    for form, word in vocabulary.forms.items():
        found.setdefault(tuple(key(part) for part in form.split()), word)
    return found


class Index:
    """The words of one language, for look-up."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Sort the entries of ``vocabulary`` into single words and phrases by first word."""
        self.postpositive = vocabulary.postpositive
        self.clitics = vocabulary.clitics
        self.words: dict[str, Word] = {}
        heads: dict[str, list[tuple[tuple[str, ...], Word]]] = {}
        entries = _entries(vocabulary)
        for parts, word in entries.items():
            if len(parts) == 1:
                self.words[parts[0]] = word
            else:
                bare = tuple(map(skeleton, parts))
                heads.setdefault(bare[0], []).append((bare[1:], word))
        self.phrases: Mapping[str, Phrases] = {
            head: tuple(sorted(rests, key=lambda rest: -len(rest[0]))) for head, rests in heads.items()
        }
        # "var" is "each", "vår" is "spring": the accent decides where it was printed
        self.exact = {form: word for form, word in vocabulary.forms.items() if " " not in form}
        self.joined = {"".join(parts): word for parts, word in entries.items() if len(parts) > 1}
        # words met before that are one token and begin no phrase: the quick way through a text
        self.plain: dict[str, tuple[str, Value]] = {}

    def look_up(self, raw: str) -> tuple[Word, ...]:
        """Return what ``raw`` means: mostly one word, several if glued, none if unknown.

        Tried are the word itself, then its repairs, then its parts.
        """
        plain = key(raw)
        word = self.exact.get(raw.lower()) or self.words.get(plain)
        if word is not None:
            return (word,)
        if len(plain) >= _SHORTEST_REPAIRED:
            for candidate in candidates(raw):
                if word := self.words.get(key(candidate)):
                    return (word,)
        if joined := self.joined.get(plain) or self._without_clitic(plain):
            return (joined,)
        return self._glued(plain) if len(plain) >= _SHORTEST_GLUED else ()

    def _without_clitic(self, plain: str) -> Word | None:
        """Return the word that ``plain`` is with an "also" at its end ("keväälläkin")."""
        bare = next((plain.removesuffix(end) for end in self.clitics if plain.endswith(end)), "")
        return self.words.get(bare) if len(bare) >= _SHORTEST_REPAIRED else None

    def learn(self, raw: str, words: tuple[Word, ...]) -> None:
        """Remember a word that is one token or unknown, as long as there is room."""
        if len(self.plain) < _MEMO:
            if not words:
                self.plain[raw] = ("x", None)
            elif len(words) == 1 and len(words[0].codes) == 1:
                self.plain[raw] = (words[0].codes, words[0].value)

    def near_month(self, plain: str) -> int | None:
        """Return the month whose name is one letter away from ``plain``, if there is only one."""
        near = {
            word.value
            for name, word in self.words.items()
            if word.codes in "mM" and len(name) == len(plain) and _one_letter_off(name, plain)
        }
        only = near.pop() if len(near) == 1 else None
        return only if isinstance(only, int) else None

    def _glued(self, plain: str) -> tuple[Word, ...]:
        """Split a word whose spaces were lost, if every part is a word of this language."""
        for cut in range(len(plain) - 2, 0, -1):
            head = self.words.get(plain[:cut])
            if head is None or not _GLUE.issuperset(head.codes) or cut < _SHORTEST_PART:
                continue
            rest = plain[cut:]
            tail = self.words.get(rest)
            if tail is not None and len(rest) >= _SHORTEST_PART and _GLUE.issuperset(tail.codes):
                return (head, tail)
            if len(rest) >= _SHORTEST_GLUED and (more := self._glued(rest)):
                return (head, *more)
        return ()


# the code of a word that says nothing and is dropped
FILLER = "_"
_MEMO = 16384


def _one_letter_off(name: str, plain: str) -> bool:
    """Tell whether two words of one length share the first and, in any order, all letters but one."""
    shared = sum((Counter(name) & Counter(plain)).values())
    return name[0] == plain[0] and shared == len(name) - 1


@lru_cache(maxsize=len(VOCABULARIES))
def index(lang: Lang) -> Index:
    """Return the index of ``lang``, built on first use."""
    return Index(VOCABULARIES[lang])


@lru_cache(maxsize=8192)
def _said_in(lang: Lang, word: str) -> bool:
    """Tell whether ``word`` is one of the vocabulary of ``lang``."""
    own = index(lang)
    plain = fold(word)
    return plain in own.words or plain in own.phrases


def language_of(words: list[str], accents: str) -> Lang:
    """Return the language whose vocabulary knows most of ``words``; ``accents`` decides a tie."""
    hits = {lang: sum(_said_in(lang, word) for word in words) for lang in VOCABULARIES}
    best = max(hits.values())
    tied = [lang for lang in VOCABULARIES if hits[lang] == best]
    if "å" in accents and "sv" in tied:
        return "sv"
    return tied[0] if any(char in accents for char in "äö") or "en" not in tied else "en"


class Scanned(Protocol):
    """The values and words of a wording, as far as its codes are settled by them."""

    @property
    def values(self) -> list[Any]:
        """Return the value of every token, which may be put right."""

    def words(self, first: int, last: int) -> str:
        """Return the original words of some tokens."""


_PAIR_BEFORE_MONTH = re.compile("N(?=m)")
_ELEVEN = 11
_MONTH_OR_WORD = re.compile(r"(?<=[NoYdmFBEgiGjvK/&-])M|M(?=[NoYdm,/&-]?[YNmd])")
_MONTH_OR_SEASON = re.compile(r"6(?=-?[-&/]?m)")


def settle(codes: str, tokens: Scanned) -> str:
    """Decide the words that are a month, a season or plain by what stands beside them."""
    codes = _settle_short_years(_settle_months(codes, tokens), tokens)
    if "!" in codes:
        codes = codes.replace("!", "r" if _DATED.search(codes) else "j")
    if "W" in codes:
        codes = _IN_ITS_PART.sub(partial(_part_of_year, tokens), codes)
    if "1" in codes:
        codes = (codes.replace("1", "r") if _SPAN_LABEL.match(codes) else codes).replace("1", "x")
    return _settle_summer(codes, tokens) if "6" in codes else codes


def _settle_months(codes: str, tokens: Scanned) -> str:
    """Tell months from words spelt like them; "II" before a month's mark is an eleven."""
    if "M" in codes:
        months = {match.start() for match in _MONTH_OR_WORD.finditer(codes)}
        codes = "".join(
            _month_or_word(tokens, at, beside=at in months) if code == "M" else code
            for at, code in enumerate(codes)
        )
    for match in _PAIR_BEFORE_MONTH.finditer(codes):
        if tokens.words(match.start(), match.end()) == "II":
            tokens.values[match.start()] = _ELEVEN
    return codes


_DATED = re.compile("[YZDO]")
# "ensimmäisessä neljänneksessä": the case is that of its ordinal, no "in each"
_IN_ITS_PART = re.compile("(?<=o)W")
_PARTS = {("month", 3): "q", ("month", 6): "h", ("month", 4): "%"}


def _part_of_year(tokens: Scanned, match: re.Match[str]) -> str:
    """Return the code of the quarter or half-year that an ordinal stands before."""
    return _PARTS.get(tokens.values[match.start()], "W")


def _settle_short_years(codes: str, tokens: Scanned) -> str:
    """Read what is a year of two digits, or half of a pair of years, for what stands before it."""
    for sign, pattern, reading in _SHORT_YEARS:
        if sign in codes:
            codes = pattern.sub(partial(reading, tokens), codes)
    return codes


# "Short", "Medium (3-5 years)": the whole cell
_SPAN_LABEL = re.compile(r"[-(]{0,2}1(?:[-/&R]{1,3}1)*(?:$|[(,:-]{0,2}[~aAn]?N(?:[-R]N)?U)")
_MONTH_PAIR = re.compile("[XO]-[XO]")


# "lv 25-26", "winter 24-25"
_SHORT_PAIR = re.compile(r"(?<=[SfsT9C])[,(]?N-N")
_FIRST_SHORT, _TWENTIES = 10, 20


def _short_pair(tokens: Scanned, match: re.Match[str]) -> str:
    """Read two years of two digits that follow each other as one pair; what is left of them is masked."""
    first, last = tokens.values[match.end() - 3], tokens.values[match.end() - 1]
    if first < _FIRST_SHORT or last != first + 1:
        return match[0]
    tokens.values[match.end() - 3] = (2000 + first, 2000 + last)
    return match[0][:-3] + "2" + NEUTRAL * 2


_DASHED_YEAR = re.compile("(?<=[QH])-N(?!-N)")


def _dashed_year(tokens: Scanned, match: re.Match[str]) -> str:
    """Read the dash of "Q2-25" as none: what follows is a year, not the last of several quarters."""
    return NEUTRAL + "N" if tokens.values[match.end() - 1] >= _TWENTIES else match[0]


def _winter(tokens: Scanned, match: re.Match[str]) -> str:
    """Read the two years of one winter as a pair; what is left of them is masked."""
    first, last = tokens.values[match.start()], tokens.values[match.end() - 1]
    if tokens.values[match.start() - 1] != "winter" or last != first + 1:
        return match[0]
    tokens.values[match.start()] = (first, last)
    return "2" + NEUTRAL * 2


def _months_of_two(tokens: Scanned, match: re.Match[str]) -> str:
    """Read 6/23-12/24 as months, each being one that could be."""
    ends = (match.start(), match.end() - 1)
    return "O-O" if all(isinstance(tokens.values[at], tuple) for at in ends) else match[0]


# tokens that must be there, the pattern around them, who reads it; in this order
_SHORT_YEARS = (
    ("-N", _DASHED_YEAR, _dashed_year),
    ("N-N", _SHORT_PAIR, _short_pair),
    ("sY-Y", re.compile("(?<=s)Y-Y"), _winter),
    ("X", _MONTH_PAIR, _months_of_two),
)


def _settle_summer(codes: str, tokens: Scanned) -> str:
    """Read "kesä" as June before another month ("kesä-elokuu"), else as summer."""
    codes = _MONTH_OR_SEASON.sub("m", codes)
    for at, code in enumerate(codes):
        if code == "6":
            tokens.values[at] = "summer"
    return codes.replace("6", "s")


def _month_or_word(tokens: Scanned, at: int, *, beside: bool) -> str:
    """Return the code of "may" or "fall": a month or season beside a date or with a capital."""
    if beside or (at > 0 and tokens.words(at, at + 1)[0].isupper()):
        return "m" if isinstance(tokens.values[at], int) else "s"
    return "x"
