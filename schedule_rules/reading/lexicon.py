"""Look words up: one index a language, damaged and glued words included.

The words themselves are left to the vocabularies, what may have happened to
them to ``repair``, what is a time only beside another to ``settle``.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from schedule_rules.reading import typos
from schedule_rules.reading.repair import candidates, fold, key, skeleton
from schedule_rules.reading.vocabulary import Word
from schedule_rules.reading.vocabulary_en import ENGLISH
from schedule_rules.reading.vocabulary_fi import FINNISH
from schedule_rules.reading.vocabulary_sv import SWEDISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schedule_rules.programme import Lang
    from schedule_rules.reading.vocabulary import Value, Vocabulary

VOCABULARIES: Mapping[Lang, Vocabulary] = {each.lang: each for each in (FINNISH, SWEDISH, ENGLISH)}

_SHORTEST_REPAIRED = 4
_SHORTEST_GLUED = 7
_SHORTEST_PART = 3
_SHORTEST_PLAN = 8
# a word that may be cut off a glued one must say something by itself
_GLUE = frozenset("msqhtTSCwUWNokKpvVjAaBFEgiGcru_")

# what a blurred word may be taken for: a word that has no neighbour of another meaning
_BLURRED, _BOUND = frozenset("cjmsqhTS"), frozenset("B")
_UNITS, _SLASH = frozenset("UWwqhtSCf"), Word("/")

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
        self.amounts = frozenset(word for word in vocabulary.amounts if word[0] != "~")
        self.amount_ends = tuple(word[1:] for word in vocabulary.amounts if word[0] == "~")
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
        plans = (form for form, word in self.words.items() if word.codes == "P")
        self.plans = tuple(form for form in plans if len(form) >= _SHORTEST_PLAN)
        # words met before that are one token and begin no phrase: the quick way through a text
        self.plain: dict[str, tuple[str, Value]] = {}
        # words met before that may begin a phrase
        self.heads: dict[str, tuple[Phrases, tuple[Word, ...]]] = {}
        # words met before that are in no vocabulary, and what they may have been
        self.unclear: dict[str, tuple[Word, ...]] = {}

    def look_up(self, raw: str) -> tuple[Word, ...]:
        """Return what ``raw`` means: mostly one word, several if glued, none if unknown.

        Tried are the word itself, then its repairs, then its parts.
        """
        plain = key(raw)
        word = self.exact.get(raw.lower()) or self.words.get(plain)
        if word is not None:
            return (word,)
        if (found := self.unclear.get(raw)) is None:
            found = self._repaired(raw, plain)
            if len(self.unclear) < _MEMO:
                self.unclear[raw] = found
        return found

    def _repaired(self, raw: str, plain: str) -> tuple[Word, ...]:
        """Return what a word that is not in the vocabulary may have been, the likeliest damage first."""
        if len(plain) >= _SHORTEST_REPAIRED:
            for candidate in candidates(raw):
                if word := self.words.get(key(candidate)):
                    return (word,)
        if joined := self.joined.get(plain) or self._without_clitic(plain):
            return (joined,)
        parts = self._glued(plain) if len(plain) >= _SHORTEST_GLUED else ()
        return parts or self._blurred(raw, plain) or self._plan(plain)

    def _plan(self, plain: str) -> tuple[Word, ...]:
        """Return a plan for a compound of one: "östersjöstrategin"."""
        return (Word("P"),) if plain.endswith(self.plans) else ()

    def _blurred(self, raw: str, plain: str) -> tuple[Word, ...]:
        """Return what a word that is none may have been: a rate without its slash, a look-alike."""
        if (parts := typos.numbered(raw)) and (times := self._times(parts[1])):
            return (Word("N", int(parts[0].translate(_LIKE_DIGITS))), *times)
        if times := self._times(plain):
            return times
        if not typos.SHORTEST_BOUND <= len(plain) <= _LONGEST_BLURRED:
            return ()
        if len(plain) < typos.SHORTEST:
            return self._first_of(typos.near(plain), _BOUND)
        return self._first_of(typos.near(plain), _BLURRED | _BOUND) or self._first_of(
            typos.misspelt(plain), _BLURRED
        )

    def _first_of(self, others: Iterable[str], codes: frozenset[str]) -> tuple[Word, ...]:
        """Return the first of ``others`` that is a word with none but ``codes``."""
        found = map(self.words.get, others)
        return next(((word,) for word in found if word and codes.issuperset(word.codes)), ())

    def _times(self, plain: str) -> tuple[Word, ...]:
        """Return "times" alone or with its unit behind a slash that was lost or read as a letter."""
        if (word := self.words.get(key(plain))) and word.codes == "k":
            return (word,)
        for left, right in typos.halves(plain):
            times, unit = self.words.get(key(left)), self.words.get(key(right))
            if times and times.codes == "k" and unit and _UNITS.issuperset(unit.codes):
                return (times, _SLASH, unit)
        return ()

    def _without_clitic(self, plain: str) -> Word | None:
        """Return the word that ``plain`` is with an "also" at its end ("keväälläkin")."""
        bare = next((plain.removesuffix(end) for end in self.clitics if plain.endswith(end)), "")
        return self.words.get(bare) if len(bare) >= _SHORTEST_REPAIRED else None

    def learn(self, raw: str, words: tuple[Word, ...], rests: Phrases | None) -> None:
        """Remember a word that may begin a phrase, is one token or unknown, as long as there is room."""
        if rests is not None:
            if len(self.heads) < _MEMO:
                self.heads[raw] = (rests, words)
        elif len(self.plain) < _MEMO:
            if not words:
                self.plain[raw] = ("x", None)
            elif len(words) == 1 and len(words[0].codes) == 1:
                self.plain[raw] = (words[0].codes, words[0].value)

    def is_amount(self, raw: str) -> bool:
        """Tell whether ``raw`` is an amount, a person by post or, with its capital, a newspaper."""
        return raw in self.amounts or raw.lower() in self.amounts or raw.lower().endswith(self.amount_ends)

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
_LONGEST_BLURRED = 24
_LIKE_DIGITS = str.maketrans("lI|O", "1110")


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
