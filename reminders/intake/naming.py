"""Names and spans of a programme, and keys: stable, readable, unique.

Which words are titles is left to ``structure``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from reminders.intake.words import plain_words, squeeze
from schedule_rules.days import Span
from schedule_rules.programme import Lang

_YEARS = re.compile(r"(?<!\d)(20\d\d)\s*(?:[-–—‒]|to|till|–)\s*(20\d\d)(?!\d)")
_NAMING = re.compile(
    r"programme\b|program\b|plan\b|strategy|ohjelma|suunnitelma|strategia|vuosikello|program|planen?\b|strategi"
)
_LONGEST_KEY = 60
_SMALL: Mapping[Lang, frozenset[str]] = {
    "en": frozenset(
        ["the", "a", "an", "of", "and", "for", "in", "to", "on", "with", "by", "from", "at", "as"]
    ),
    "fi": frozenset(["ja", "seka", "tai"]),
    "sv": frozenset(["och", "i", "att", "for", "av", "en", "ett", "den", "det", "till", "med", "pa", "samt"]),
}


def programme_name(titles: Sequence[str], otherwise: str) -> str:
    """Return the title that names a programme: one that says so, the one with its years first."""
    found = [squeeze(title) for title in titles if is_title(squeeze(title))]
    naming = [title for title in found if _NAMING.search(plain_words(title))]
    with_years = [title for title in naming if _YEARS.search(title)]
    return next(iter((*_opening(found), *with_years, *naming, *found[:1])), otherwise)


def is_title(text: str) -> bool:
    """Tell whether words may be a title: a short line that begins with a capital and is no sentence."""
    return 3 < len(text) < 120 and len(text.split()) < 13 and text[-1] not in ".,;-" and not text[0].islower()


def _opening(titles: list[str]) -> list[str]:
    """Return the first lines as one title, where they are a name and its years over several lines."""
    for count in range(2, min(4, len(titles)) + 1):
        whole = " ".join(titles[:count])
        alone = _YEARS.fullmatch(titles[count - 1])
        if alone and _NAMING.search(plain_words(whole)) and len(whole) < 100:
            return [whole]
    return []


def names_itself(text: str) -> bool:
    """Tell whether a line names a programme and its years."""
    return bool(
        is_title(text) and len(text.split()) < 9 and _YEARS.search(text) and _NAMING.search(plain_words(text))
    )


def stated_period(titles: Iterable[str]) -> Span | None:
    """Return the years that a title states, or None."""
    for title in titles:
        found = _YEARS.search(title)
        if found and int(found[1]) < int(found[2]):
            return Span(date(int(found[1]), 1, 1), date(int(found[2]), 12, 31))
    return None


def slug(text: str, lang: Lang = "en", longest: int = _LONGEST_KEY) -> str:
    """Return a key of a-z, 0-9 and hyphens: the words of ``text`` without small ones."""
    parts = [re.sub(r"[^a-z0-9 ]", "", plain_words(part)) for part in text.split()]
    kept = " ".join(part for part in parts if part not in _SMALL[lang]).split() or " ".join(parts).split()
    key = ""
    for word in kept:
        if key and len(key) + len(word) >= longest:
            break
        key = f"{key}-{word}" if key else word[:longest]
    return key or "item"


def unique(key: str, taken: Collection[str]) -> str:
    """Return ``key``, or the first of key-2, key-3 … that is not taken."""
    if key not in taken:
        return key
    number = 2
    while f"{key}-{number}" in taken:
        number += 1
    return f"{key}-{number}"
