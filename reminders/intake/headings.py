"""What the columns of a table are called: the role that a heading gives its column.

1. A heading that is known whole has its role, also in several languages ("Tavoite / Mål / Goal").
2. Of a column its words are looked up by their stems, in one language at a time: a decisive word counts
   wherever it stands; else the last known word of the first part that has one ("Planned start | of the
   work"), since that is what the others describe.
3. Of any text the known name that comes first in it counts, then likeness, since print damages words.

Stems are for columns alone: in running text nearly every line has one. The words are in ``heading_words``.
What stands under a heading is left to ``shapes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, get_args

from reminders.intake.heading_words import HEADING_WORDS
from reminders.intake.vocabulary import HeadingWords, Role
from reminders.intake.words import plain_words

__all__ = ["Role", "column_role", "exact_role", "names_faintly", "role_of"]

_LIKENESS = 0.84  # how alike a damaged heading must be to a known one
_LONGEST = 90
_LONGEST_CELL = 400  # with brackets and line breaks
_MOST_WORDS = 8
_LONGEST_AMOUNT = 60
_MOST_NAMED = 5
_MOST_UNKNOWN = 2
_COMMON: tuple[Role, ...] = ("responsible", "schedule", "partners", "indicator", "goal", "domain", "action")
_PARTIES: tuple[Role, ...] = ("responsible", "partners")

Weight = Literal["decisive", "plain", "faint"]


def _names(text: str) -> list[str]:
    return [name for part in text.split("|") if (name := " ".join(part.split()))]


_ROLE_OF: dict[str, Role] = {
    name: role
    for role in reversed(get_args(Role))
    for words in reversed(list(HEADING_WORDS.values()))
    for name in _names(words.names.get(role, ""))
}


@lru_cache(maxsize=2048)
def role_of(heading: str) -> Role | None:
    """Return what a line or label of this name is about, or None where no word of it tells."""
    words = _words(heading)
    if not words:
        return None
    return _by_names(heading, words) or _by_word(words) or _by_likeness(words)


@lru_cache(maxsize=2048)
def column_role(heading: str) -> Role | None:
    """Return what a column under this heading holds, by the stems of words where the whole is unknown."""
    words = _words(heading)
    if not words:
        return None
    return _of_amount(heading) or _by_names(heading, words) or _by_stems(words) or role_of(heading)


def exact_role(words: str) -> Role | None:
    """Return the role of a heading's whole name, in plain words, without guessing."""
    return _ROLE_OF.get(words)


def names_faintly(heading: str) -> bool:
    """Tell whether a heading says but a kind of body, not what it does: "Toimiala", "Nämnd", "Department"."""
    words = _words(heading).split()
    for vocabulary in _VOCABULARIES:
        signs = [vocabulary.sign(word, at) for at, word in enumerate(words) if word not in vocabulary.silent]
        if signs and all(sign and sign.role == "responsible" and sign.weight == "faint" for sign in signs):
            return True
    return False


def _words(heading: str) -> str:
    """Return the plain words of a heading without brackets and numbers; none of what is too long for one."""
    if len(heading) > _LONGEST_CELL:
        return ""
    words = plain_words(re.sub(r"\([^()]*\)", " ", heading)) or plain_words(heading)
    words = re.sub(r"^(?:\d+ )+|(?: \d+)+$", "", words)
    return words if len(words) <= _LONGEST else ""


def _by_names(heading: str, words: str) -> Role | None:
    return _ROLE_OF.get(words) or _by_languages(heading)


def _by_languages(heading: str) -> Role | None:
    """Read a heading in several languages: "Tavoite / Mål / Goal"."""
    parts = [part for part in re.split(r"\s*[/|\n]\s*", heading) if part.strip()]
    known = [role for part in parts if (role := _ROLE_OF.get(plain_words(part)))]
    return known[0] if len(parts) > 1 and known and len(known) * 2 >= len(parts) else None


def _by_word(words: str) -> Role | None:
    """Read a heading by the known name that comes first in it (the longest of those)."""
    if len(words.split()) > _MOST_NAMED:
        return None
    padded = f" {words} "
    found = [
        (padded.index(f" {name} "), -len(name), role)
        for name, role in _ROLE_OF.items()
        if f" {name} " in padded
        and (len(name) > 3 or (len(name) == 3 and (role == "schedule" or words.startswith(name))))
        and role in _COMMON
    ]
    return min(found)[2] if found else None


def _by_likeness(words: str) -> Role | None:
    if len(words) < 4 or len(words.split()) > 3:
        return None
    near = [name for name in _ROLE_OF if name[0] == words[0] or name[-3:] == words[-3:]]
    best = get_close_matches(words, near, n=1, cutoff=_LIKENESS)
    return _ROLE_OF[best[0]] if best else None


@dataclass(frozen=True, slots=True)
class _Sign:
    """A word of a heading, or several, that tells a role; ``length`` is how much of it was known."""

    role: Role
    weight: Weight
    at: int
    length: int


class _Vocabulary:
    """The stems of one language, ready to be looked up."""

    def __init__(self, words: HeadingWords) -> None:
        self.joints = frozenset(_names(words.joints))
        self.silent = frozenset(_names(words.silent))
        self.others = frozenset(_names(words.others))
        self._whole: dict[str, tuple[Role, Weight]] = {}
        self._begins: dict[str, tuple[Role, Weight]] = {}
        self._ends: dict[str, tuple[Role, Weight]] = {}
        self._phrases: list[tuple[str, Role, Weight]] = []
        groups: Sequence[tuple[Weight, Mapping[Role, str]]] = (
            ("faint", words.faint), ("plain", words.plain), ("decisive", words.decisive),
        )  # fmt: skip
        for weight, stems in groups:
            for role, text in stems.items():
                for stem in _names(text):
                    self._add(stem, role, weight)

    def _add(self, stem: str, role: Role, weight: Weight) -> None:
        if " " in stem:
            self._phrases.append((stem[:-1] if stem.endswith("*") else f"{stem} ", role, weight))
        elif stem.endswith("*"):
            self._begins[stem[:-1]] = role, weight
        elif stem.startswith("*"):
            self._ends[stem[1:]] = role, weight
        else:
            self._whole[stem] = role, weight

    def sign(self, word: str, at: int) -> _Sign | None:
        """Return what a word tells: whole, else how it ends, else how it begins, by the longest stem.

        A faint stem counts only where the word has no other: a first year is a start.
        """
        if word in self._whole:
            return _Sign(*self._whole[word], at, len(word))
        ends = [(self._ends, word[-size:]) for size in range(len(word) - 1, 2, -1)]
        begins = [(self._begins, word[:size]) for size in range(len(word), 2, -1)]
        found = [_Sign(*stems[part], at, len(part)) for stems, part in (*ends, *begins) if part in stems]
        return next((sign for sign in found if sign.weight != "faint"), found[0] if found else None)

    def phrases(self, words: str) -> Iterator[_Sign]:
        """Yield what several words together tell."""
        for phrase, role, weight in self._phrases:
            at = f" {words} ".find(f" {phrase}")
            if at >= 0:
                yield _Sign(role, weight, words[:at].count(" "), len(phrase.strip()))


_PER_YEAR = re.compile(
    r"(.*?\S)\s*(?:"
    + "|".join(re.escape(one) for words in HEADING_WORDS.values() for one in words.per_year.split("|"))
    + r")\W*",
    re.IGNORECASE,
)


def _of_amount(heading: str) -> Role | None:
    """Return what a heading of amounts a year ("EUR/year") is about: ``other`` where no other word tells."""
    found = _PER_YEAR.fullmatch(" ".join(heading.split())[:_LONGEST_AMOUNT])
    if found is None:
        return None
    return column_role(found[1]) or "other"


_VOCABULARIES = tuple(_Vocabulary(words) for words in HEADING_WORDS.values())


def _by_stems(words: str) -> Role | None:
    """Return the role that the words tell in the language in which most of them are known."""
    if len(words.split()) > _MOST_WORDS:
        return None
    read = [one for vocabulary in _VOCABULARIES if (one := _read(words, vocabulary))]
    return max(read, key=lambda one: one[1])[0] if read else None


def _read(words: str, vocabulary: _Vocabulary) -> tuple[Role, int] | None:
    """Return the role and how many letters of the heading are known in this language; None for too few."""
    parts, signs, unknown, known = [list[_Sign]()], list[_Sign](), 0, 0
    for at, word in enumerate(words.split()):
        sign = vocabulary.sign(word, at)
        if sign:
            parts[-1].append(sign)
            known += sign.length
        elif word in vocabulary.joints:
            parts.append([])
            known += len(word)
        elif word in vocabulary.silent or word in vocabulary.others or word.isdigit():
            known += len(word)
        else:
            unknown += 1
    phrases = list(vocabulary.phrases(words))
    signs = [sign for part in parts for sign in part]
    if not (signs or phrases) or unknown > _MOST_UNKNOWN:
        return None
    decisive = [sign for sign in (*phrases, *signs) if sign.weight == "decisive"]
    others = any(word in vocabulary.others for word in words.split())
    first = next((part for part in parts if part), [])
    role = min(decisive, key=lambda sign: sign.at).role if decisive else _head([*first, *phrases])
    if others and role == "responsible":
        role = "partners"
    return role, known


def _head(signs: Sequence[_Sign]) -> Role:
    """Return what the last word that tells something says; a faint one only where no other does."""
    strong = [sign for sign in signs if sign.weight != "faint"] or list(signs)
    last = max(strong, key=lambda sign: sign.at)
    parties = [sign.role for sign in strong if sign.role in _PARTIES]
    # Who answers for an area is no area: the area is what they answer for.
    return parties[0] if parties and last.role == "domain" else last.role
