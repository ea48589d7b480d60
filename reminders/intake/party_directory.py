"""The parties of all rows as organisations, one each in all languages.

1. A party is a known organisation where a name is alike enough.
2. Else it is one met before in its language, or a new one.
3. Which of them are one organisation, the rows of all languages tell (``_Register``).

What it is called is chosen among its printed forms by ``parties``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from reminders.intake.content import IntakeFinding
from reminders.intake.interpret import ActionRow
from reminders.intake.parties import (
    DOUBTFUL,
    SAME,
    NameDirectory,
    adds_nothing,
    are_different_bodies,
    likeness,
    name_of,
    nominative,
    shares_stem,
)
from reminders.intake.reimport import slug, unique
from reminders.intake.words import FEED_NAMES
from schedule_rules.programme import Organisation, Text, TextLang
from schedule_rules.reading import READ_LANGUAGES

_Sides = tuple[tuple[str, ...], tuple[str, ...]]  # leads and partners


class PartyDirectory:
    """Gives every printed party its organisation."""

    def __init__(
        self, rows: Sequence[ActionRow], known: Sequence[Organisation], files: Mapping[TextLang, str]
    ) -> None:
        self._known = {organisation.key: organisation for organisation in known}
        self._names = NameDirectory(known)
        self._files = files
        self._members: dict[str, _Member] = {}
        self._used: dict[str, None] = {}
        self._doubtful: list[tuple[IntakeFinding, str, str]] = []
        for row in rows:
            for lang, action in row.versions.items():
                parties, place = action.parties, action.draft.place
                for name in (*parties.leads, *parties.takers):
                    self._meet(name, lang, place, direct=True)
                for name in parties.partners:
                    self._meet(name, lang, place, direct=bool(action.draft.partners) or lang != "fi")
        self._register = _Register(self._members, self._known, self._key)
        self._register.join(rows)

    def _meet(self, name: str, lang: TextLang, place: str, *, direct: bool) -> None:
        """Make a party a member, or another form of one; ``direct`` where it stands as a list names it."""
        found = self._names.find(name, lang)
        key = found.key
        if found.likeness < SAME:
            listed = name if direct else nominative(name)
            key = unique(slug(listed, lang, 40), {*self._known, *self._members, *FEED_NAMES})
            if found.likeness >= DOUBTFUL:
                finding = IntakeFinding("doubtful-party", self._files.get(lang, ""), place, name, found.name)
                self._doubtful.append((finding, key, found.key))
        forms = self._members.setdefault(key, _Member(key)).forms.setdefault(lang, {})
        forms[name] = forms.get(name, False) or direct
        self._names.add(key, name, lang)

    def _key(self, name: str, lang: TextLang) -> str:
        """Return the key of a party that has been met, before any joining."""
        return self._names.find(name, lang).key

    def _keys(self, names: Sequence[str], lang: TextLang) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._register.current(self._key(name, lang)) for name in names))

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all organisations, which no domain may take: they name feeds too."""
        return frozenset((*self._known, *self._members))

    @property
    def findings(self) -> tuple[IntakeFinding, ...]:
        """The names that may be another's, unless other languages tell whether they are."""

        def is_settled(*keys: str) -> bool:
            """Tell whether two members have become one, or are two in more than one language."""
            first, second = (self._members.get(self._register.current(key)) for key in keys)
            if first is None or second is None:
                return False
            return first is second or len(first.forms.keys() & second.forms.keys()) > 1

        return tuple(finding for finding, key, other in self._doubtful if not is_settled(key, other))

    def keys_in(self, row: ActionRow, lang: TextLang) -> _Sides:
        """Return leads and partners of a row as one language names them."""
        parties = row.versions[lang].parties
        leads = self._keys(parties.leads, lang)
        return leads, tuple(key for key in self._keys(parties.partners, lang) if key not in leads)

    def parties(self, row: ActionRow) -> _Sides:
        """Return leads and partners of a row: as most languages name them, the first of equals."""
        sides = [self.keys_in(row, lang) for lang in READ_LANGUAGES if lang in row.versions]
        best = max(sides, key=lambda one: sum(set(one[0]) == set(other[0]) for other in sides))
        partners = max((one[1] for one in sides if set(one[0]) == set(best[0])), key=len)
        self._used.update(dict.fromkeys((*best[0], *partners)))
        return best[0], partners

    def takers(self, row: ActionRow) -> tuple[str, ...]:
        """Return who takes over in a row."""
        for lang, action in row.versions.items():
            if action.parties.takers:
                keys = self._keys(action.parties.takers, lang)
                self._used.update(dict.fromkeys(keys))
                return keys
        return ()

    def agree(self, row: ActionRow, one: TextLang, other: TextLang) -> bool:
        """Tell whether two languages of a row name the same leads and the same partners.

        They do too where print has made another name of one: the parties may be the same one by one.
        """
        ours, theirs = self.keys_in(row, one), self.keys_in(row, other)
        if all(set(mine) == set(yours) for mine, yours in zip(ours, theirs, strict=True)):
            return True
        left, right = row.versions[one], row.versions[other]
        sides = ((left.parties.leads, right.parties.leads), (left.parties.partners, right.parties.partners))
        return all(
            len(mine) == len(yours)
            and all(self._may_be((a, left.lang), (b, right.lang)) for a, b in zip(mine, yours, strict=True))
            for mine, yours in sides
        )

    def _may_be(self, mine: tuple[str, TextLang], yours: tuple[str, TextLang]) -> bool:
        """Tell whether two names are of one member, or one is much like a name of the other's member."""
        first, second = (self._register.current(self._key(*one)) for one in (mine, yours))
        if first == second:
            return True
        forms = (*self._members[second].forms.get(mine[1], {}), *self._members[first].forms.get(yours[1], {}))
        return any(likeness(form, *one) >= DOUBTFUL for one in (mine, yours) for form in forms)

    def organisations(self) -> tuple[Organisation, ...]:
        """Return the organisations that rows name, the known ones first and as they were."""
        new = (self._members[key].organisation() for key in self._used if key not in self._known)
        return (*self._known.values(), *new)


@dataclass(slots=True)
class _Member:
    """An organisation met in the documents: its forms, each with whether a list would give it so."""

    key: str
    forms: dict[TextLang, dict[str, bool]] = field(default_factory=dict)

    def organisation(self) -> Organisation:
        """Return the organisation: a name of each language, its other forms as aliases."""
        names = {lang: name_of(forms, lang) for lang, forms in self.forms.items()}
        aliases = {
            lang: others
            for lang, forms in self.forms.items()
            if (others := tuple(form for form in forms if form != names[lang]))
        }
        return Organisation(self.key, "organisation", Text(**names), aliases)

    def any_forms(
        self, other: _Member, fits: Callable[[str, str, TextLang], bool], langs: Collection[TextLang]
    ) -> list[bool]:
        """Tell of each language whether any form of this member fits any of the other's."""
        return [
            any(fits(mine, yours, lang) for mine in self.forms[lang] for yours in other.forms[lang])
            for lang in langs
        ]


def _is_longer(one: str, other: str, lang: TextLang) -> bool:
    """Tell whether one of two names is the other and a word that adds nothing."""
    return adds_nothing(one, other, lang) or adds_nothing(other, one, lang)


def _has_stem(one: str, other: str, _lang: TextLang) -> bool:
    return shares_stem(one, other)


class _Register:
    """The members, and which of them have become which.

    1. Names of two languages that stand in the same place of the same rows are one, the most often so first.
    2. A name that has no counterpart of its own is the one whose place it takes in a row where all others
       agree.
    3. A name and the same name with a word that adds nothing ("TNO", "TNO services") are one where two
       languages say so and none objects.
    """

    def __init__(
        self, members: dict[str, _Member], known: Collection[str], key_of: Callable[[str, TextLang], str]
    ) -> None:
        self._members = members
        self._known = known
        self._key_of = key_of
        self._became: dict[str, str] = {}

    def current(self, key: str) -> str:
        """Return the key of the member that a member has become, mostly its own."""
        return self._became.get(key, key)

    def _member(self, key: str) -> _Member:
        return self._members[self.current(key)]

    def join(self, rows: Sequence[ActionRow]) -> None:
        places = [place for row in rows for place in self._places(row)]
        votes = Counter(pair for pairs in places for pair in pairs)
        for (one, other), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
            if self._member(one).forms.keys().isdisjoint(self._member(other).forms):
                self._merge(one, other)
        for pairs in places:
            for pair in pairs:
                orphan, whole = self._orphan(pair)
                if orphan and whole and any(orphan.any_forms(whole, _is_longer, orphan.forms)):
                    self._merge(whole.key, orphan.key)
        for pairs in places:
            differing = [pair for pair in pairs if self.current(pair[0]) != self.current(pair[1])]
            if len(differing) == 1 and len(pairs) > 1:
                orphan, whole = self._orphan(differing[0])
                if orphan and whole and all(orphan.any_forms(whole, _has_stem, orphan.forms)):
                    self._merge(whole.key, orphan.key)
        for one, other in combinations(list(self._members), 2):
            if self._adds_nothing(self._member(one), self._member(other)):
                self._merge(one, other)

    def _places(self, row: ActionRow) -> Iterator[list[tuple[str, str]]]:
        """Yield the members in the same places of two languages: those that lead, those that take part.

        A row that agrees in number as a whole is looked at as a whole.
        """
        langs = [lang for lang in READ_LANGUAGES if lang in row.versions]
        for lang, other in combinations(langs, 2):
            left, right = row.versions[lang].parties, row.versions[other].parties
            sides = ((left.leads, right.leads), (left.partners, right.partners))
            even = [
                [(self._key_of(a, lang), self._key_of(b, other)) for a, b in zip(mine, yours, strict=True)]
                for mine, yours in sides
                if len(mine) == len(yours)
            ]
            yield from [[*even[0], *even[1]]] if len(even) == len(sides) else even

    def _orphan(self, pair: tuple[str, str]) -> tuple[_Member | None, _Member | None]:
        """Return the member of a pair that one language alone has, and the other one, which has it too."""
        orphan, whole = sorted(map(self._member, pair), key=lambda one: len(one.forms))
        fits = orphan is not whole and len(orphan.forms) == 1 and orphan.forms.keys() <= whole.forms.keys()
        return (orphan, whole) if fits else (None, None)

    def _adds_nothing(self, left: _Member, right: _Member) -> bool:
        """Tell whether one is the other and a word that adds nothing, in two languages and against none."""
        shared = left.forms.keys() & right.forms.keys()
        if left is right or len(shared) < 2:
            return False
        longer, stems = (left.any_forms(right, fits, shared) for fits in (_is_longer, _has_stem))
        return sum(longer) > 1 and all(stems)

    def _merge(self, one: str, other: str) -> None:
        """Make two members one, unless both are known or they are bodies that are not each other."""
        left, right = self._member(one), self._member(other)
        if left is right or (left.key in self._known and right.key in self._known):
            return
        names = [[name for forms in member.forms.values() for name in forms] for member in (left, right)]
        if any(are_different_bodies(mine, yours) for mine in names[0] for yours in names[1]):
            return
        keep, gone = (right, left) if right.key in self._known else (left, right)
        if keep.key not in self._known and "en" in gone.forms and "en" not in keep.forms:
            keep, gone = gone, keep
        for lang, forms in gone.forms.items():
            own = keep.forms.setdefault(lang, {})
            own.update({name: direct or own.get(name, False) for name, direct in forms.items()})
        for key, current in self._became.items():
            if current == gone.key:
                self._became[key] = keep.key
        self._became[gone.key] = keep.key
