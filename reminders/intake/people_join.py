"""Which members of a programme's parties are one organisation: the rows of all languages tell.

1. Names of two languages that stand in the same place of the same rows are
   one, the most often so first.
2. A name that has no counterpart of its own is the one whose place it takes
   in a row where all others agree.
3. A name and the same name with a word that adds nothing ("TNO", "TNO
   services") are one where two languages say so and none objects.

What the one is called is left to ``party_names``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from reminders.intake.align import Joined
from reminders.intake.party_names import are_different_bodies, is_grown, shares_stem
from schedule_rules.programme import LANGUAGES, Lang


@dataclass(slots=True)
class Member:
    """An organisation met in the documents: its forms, each with whether a list would give it so."""

    key: str
    forms: dict[Lang, dict[str, bool]] = field(default_factory=dict)


@dataclass(slots=True)
class Register:
    """The members, and which of them have become which."""

    members: dict[str, Member]
    known: Collection[str]
    key_of: Callable[[str, Lang], str]
    _same: dict[str, str] = field(default_factory=dict)

    def kept(self, key: str) -> str:
        """Return the key under which a member is kept."""
        return self._same.get(key, key)

    def join(self, rows: Sequence[Joined]) -> None:
        """Join what the rows show to be one."""
        places = [place for row in rows for place in self._places(row)]
        votes = Counter(pair for pairs in places for pair in pairs)
        for (one, other), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
            if not self._share_language(one, other):
                self._merge(one, other)
        for pairs in places:
            self._take_shortened(pairs)
        for pairs in places:
            self._take_place(pairs)
        for one, other in combinations(list(self.members), 2):
            if self._is_grown(self.kept(one), self.kept(other)):
                self._merge(one, other)

    def _places(self, row: Joined) -> Iterator[list[tuple[str, str]]]:
        """Yield the members in the same places of two languages: those that lead, those that take part."""
        langs = [lang for lang in LANGUAGES if lang in row.versions]
        for lang, other in combinations(langs, 2):
            left, right = row.versions[lang].parties, row.versions[other].parties
            sides = ((left.leads, right.leads), (left.partners, right.partners))
            even = [side for side in sides if len(side[0]) == len(side[1])]
            told = [self._pairs(side, lang, other) for side in even]
            # A row that agrees in number as a whole is looked at as a whole.
            yield from [[*told[0], *told[1]]] if len(even) == len(sides) else told

    def _pairs(
        self, side: tuple[Sequence[str], Sequence[str]], lang: Lang, other: Lang
    ) -> list[tuple[str, str]]:
        pairs = zip(*side, strict=True)
        return [(self.key_of(mine, lang), self.key_of(yours, other)) for mine, yours in pairs]

    def _take_shortened(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Join a name of one language alone with the fuller name whose place it takes."""
        for pair in pairs:
            orphan, whole = self._orphan(pair)
            if orphan and whole and any(_any_grown(orphan, whole, lang) for lang in orphan.forms):
                self._merge(whole.key, orphan.key)

    def _take_place(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Join the two that differ in a row where all others agree, if one is known by this name alone."""
        differing = [pair for pair in pairs if self.kept(pair[0]) != self.kept(pair[1])]
        if len(differing) != 1 or len(pairs) < 2:
            return
        orphan, whole = self._orphan(differing[0])
        if orphan and whole and all(_any_stem(orphan, whole, lang) for lang in orphan.forms):
            self._merge(whole.key, orphan.key)

    def _orphan(self, pair: tuple[str, str]) -> tuple[Member | None, Member | None]:
        """Return the member of a pair that one language alone has, and the other one, which has it too."""
        members = sorted((self.members[self.kept(key)] for key in pair), key=lambda one: len(one.forms))
        orphan, whole = members
        fits = orphan is not whole and len(orphan.forms) == 1 and orphan.forms.keys() <= whole.forms.keys()
        return (orphan, whole) if fits else (None, None)

    def _is_grown(self, one: str, other: str) -> bool:
        """Tell whether one is the other and a word that adds nothing, in two languages and against none."""
        left, right = self.members[one], self.members[other]
        shared = left.forms.keys() & right.forms.keys()
        if one == other or len(shared) < 2:
            return False
        grown = sum(_any_grown(left, right, lang) for lang in shared)
        return grown > 1 and all(_any_stem(left, right, lang) for lang in shared)

    def _share_language(self, one: str, other: str) -> bool:
        left, right = self.members[self.kept(one)], self.members[self.kept(other)]
        return bool(left.forms.keys() & right.forms.keys())

    def _merge(self, one: str, other: str) -> None:
        """Make two members one, unless both are known or they are bodies that are not each other."""
        left, right = self.members[self.kept(one)], self.members[self.kept(other)]
        both_known = left.key in self.known and right.key in self.known
        if left.key == right.key or both_known or _are_different(left, right):
            return
        keep, gone = (right, left) if right.key in self.known else (left, right)
        if keep.key not in self.known and "en" in gone.forms and "en" not in keep.forms:
            keep, gone = gone, keep
        for lang, forms in gone.forms.items():
            own = keep.forms.setdefault(lang, {})
            own.update({name: direct or own.get(name, False) for name, direct in forms.items()})
        self._same = {key: keep.key if kept == gone.key else kept for key, kept in self._same.items()}
        self._same[gone.key] = keep.key


def _any_stem(one: Member, other: Member, lang: Lang) -> bool:
    return any(shares_stem(mine, yours) for mine in one.forms[lang] for yours in other.forms[lang])


def _any_grown(one: Member, other: Member, lang: Lang) -> bool:
    return any(
        is_grown(mine, yours, lang) or is_grown(yours, mine, lang)
        for mine in one.forms[lang]
        for yours in other.forms[lang]
    )


def _are_different(one: Member, other: Member) -> bool:
    names = [[name for forms in member.forms.values() for name in forms] for member in (one, other)]
    return any(are_different_bodies(mine, yours) for mine in names[0] for yours in names[1])
