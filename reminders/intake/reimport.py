"""Keys of a programme: kept from the one that is there if the import resembles it, else made of words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from reminders.intake.parties import likeness
from reminders.intake.words import plain_words, word_sets
from schedule_rules.programme import Action, Programme, Text, TextLang

LIKE = 0.72  # how alike the titles of an action must be to be the same
SHARE = 0.5  # which part of the rows must be known for the document to be of the known programme

_LONGEST_KEY = 60
_SMALL = word_sets(
    fi="ja seka tai",
    sv="och i att for av en ett den det till med pa samt",
    en="the a an of and for in to on with by from at as",
    further=lambda words: words.small,
)

Bullets = Mapping[TextLang, tuple[str, ...]]


def same_programme(known: Programme | None, rows: Sequence[Bullets]) -> Programme | None:
    """Return ``known`` if at least half of the rows are its actions, else None."""
    if known is None or not rows:
        return None
    return known if sum(map(bool, known_ids(known.actions, rows))) >= SHARE * len(rows) else None


def known_ids(actions: Sequence[Action], rows: Sequence[Bullets]) -> list[str]:
    """Return the id of the known action that each row is, the most alike first; each id once."""
    scored = sorted(
        (-action_likeness(row, action.bullets), abs(at / len(rows) - number / len(actions)), at, action.id)
        for at, row in enumerate(rows)
        for number, action in enumerate(actions)
        if _may_be(row, action.bullets)
    )
    found: dict[int, str] = {}
    for score, _, at, key in scored:
        if -score >= LIKE and at not in found and key not in found.values():
            found[at] = key
    return [found.get(at, "") for at in range(len(rows))]


def _may_be(first: Bullets, second: Bullets) -> bool:
    """Tell cheaply whether two actions may be one: some words in common, or few words."""
    for lang in first.keys() & second.keys():
        one, two = (set(plain_words(" ".join(bullets[lang])).split()) for bullets in (first, second))
        if one & two or len(one) + len(two) < 12:
            return True
    return False


def action_likeness(first: Bullets, second: Bullets) -> float:
    """Return how alike two actions are in the language in which they are most alike: 1 the same words."""
    texts = ((" ".join(first[lang]), " ".join(second[lang]), lang) for lang in first if lang in second)
    return max((likeness(*each) for each in texts), default=0.0)


def same_name(first: Text, second: Text) -> bool:
    """Tell whether two domains or goals have the same name in any language."""
    shared = first.as_dict().keys() & second.as_dict().keys()
    return any(likeness(first.own(lang), second.own(lang), lang) >= LIKE for lang in shared)


def slug(text: str, lang: TextLang = "en", longest: int = _LONGEST_KEY) -> str:
    """Return a key of a-z, 0-9 and hyphens: the words of ``text`` without small ones."""
    parts = [re.sub(r"[^a-z0-9 ]", "", plain_words(part)) for part in text.split()]
    large = " ".join(part for part in parts if part not in _SMALL[lang]).split()
    key = ""
    for word in large or " ".join(parts).split():
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
