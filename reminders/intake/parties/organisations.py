"""Which organisation a printed party is: by name, alias, inflected form, or damaged print.

Two names are one where their likeness reaches ``SAME``; from ``DOUBTFUL`` on a
person is asked. Cutting a cell into parties is left to ``parties``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from reminders.intake.words import plain_words
from schedule_rules.programme import LANGUAGES, Lang, Organisation

SAME = 0.86
"""From this likeness on two names are the same organisation."""
DOUBTFUL = 0.74
"""From this likeness on the two may be the same: listed as a finding, kept apart."""

_ARTICLES = frozenset(("the", "den", "de", "det", "a", "an"))
_INFLECTED = 0.95
# What may follow the common beginning of two forms of a word, how much of the longer form that beginning is.
_ENDINGS: dict[Lang, tuple[re.Pattern[str], float]] = {
    "fi": (re.compile(r"[aeiouyntdjksl]{0,6}"), 0.5),
    "sv": (re.compile(r"[aeinrts]{0,4}"), 0.7),
    "en": (re.compile(r"(?:e?s)?"), 0.7),
}
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Match:
    """The key of the organisation that is most alike and how alike; no key where none is."""

    key: str
    likeness: float
    name: str = ""


def likeness(first: str, second: str, lang: Lang) -> float:
    """Return how alike two names are: 1 the same words, 0 nothing in common."""
    left, right = _words(first), _words(second)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    whole = _ratio(" ".join(left), " ".join(right))
    if len(left) != len(right):
        return whole * 0.98
    pairs = [
        (word_likeness(one, two, lang), len(one) + len(two)) for one, two in zip(left, right, strict=True)
    ]
    if min(alike for alike, _ in pairs) < 0.6:
        return min(whole, DOUBTFUL - 0.01)
    return sum(alike * weight for alike, weight in pairs) / sum(weight for _, weight in pairs)


def _words(name: str) -> tuple[str, ...]:
    words = plain_words(name).split()
    return tuple(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


@lru_cache(maxsize=65536)
def _ratio(first: str, second: str) -> float:
    if abs(len(first) - len(second)) > max(len(first), len(second)) // 2:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


@lru_cache(maxsize=65536)
def word_likeness(first: str, second: str, lang: Lang) -> float:
    """Return how alike two words are; forms of one word are nearly the same."""
    if first == second:
        return 1.0
    stem = next((at for at, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), None)
    stem = min(len(first), len(second)) if stem is None else stem
    endings, share = _ENDINGS[lang]
    longest = max(len(first), len(second))
    inflected = endings.fullmatch(first[stem:]) and endings.fullmatch(second[stem:])
    if inflected and stem >= max(_SHORTEST_STEM, longest * share):
        return _INFLECTED
    return _ratio(first, second)


class Directory:
    """Names of organisations by language; grows with what it is told."""

    def __init__(self, organisations: Iterable[Organisation] = ()) -> None:
        self._names: dict[Lang, dict[str, str]] = {lang: {} for lang in LANGUAGES}
        for organisation in organisations:
            for lang in LANGUAGES:
                own = getattr(organisation.name, lang)
                for name in (own, *organisation.aliases.get(lang, ())):
                    self.add(organisation.key, name, lang)

    def add(self, key: str, name: str, lang: Lang) -> None:
        """Note another printed form of an organisation."""
        if plain_words(name):
            self._names[lang].setdefault(plain_words(name), key)

    def find(self, name: str, lang: Lang) -> Match:
        """Return the organisation most alike in ``lang``; a proper name is one in all languages."""
        own = self._names[lang]
        if key := own.get(plain_words(name)):
            return Match(key, 1.0, name)
        best = max(own, key=lambda known: likeness(known, name, lang), default="")
        found = Match(own[best], likeness(best, name, lang), best) if best else Match("", 0.0)
        elsewhere = next(
            (names[plain_words(name)] for names in self._names.values() if plain_words(name) in names), ""
        )
        return Match(elsewhere, 1.0, name) if elsewhere and found.likeness < SAME else found

    def plain_names(self, lang: Lang) -> frozenset[str]:
        """Return all names in ``lang``, plain."""
        return frozenset(self._names[lang])
