"""The parties of all rows as organisations, one each in all languages.

1. A party is a known organisation where a name is alike enough.
2. Else it is one met before in its language, or a new one.
3. Which new ones are the same, the rows tell (``people_join``); what it is
   called, its printed forms (``party_names``).

Which members of a programme's parties are one organisation: the rows of all languages tell.

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
from reminders.intake.interpret import ReadAction
from reminders.intake.naming import slug, unique
from reminders.intake.parties.names import are_different_bodies, is_grown, name_of, nominative, shares_stem
from reminders.intake.parties.organisations import DOUBTFUL, SAME, Directory, likeness
from reminders.intake.table import IntakeFinding
from schedule_rules.programme import LANGUAGES, Lang, Organisation, Text

# -- Which members of a programme's parties are one organisation: the rows of all languages tel


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


# -- The parties of all rows as organisations, one each in all languages


class PartyDirectory:
    """Gives every printed party its organisation."""

    def __init__(self, rows: Sequence[Joined], known: Sequence[Organisation], files: dict[Lang, str]) -> None:
        self._known = {organisation.key: organisation for organisation in known}
        self._directory = Directory(known)
        self._files = files
        self._members: dict[str, Member] = {}
        self._used: dict[str, None] = {}
        self._doubtful: list[tuple[IntakeFinding, str, str]] = []
        for row in rows:
            self._meet(row)
        self._register = Register(self._members, frozenset(self._known), self._key)
        self._register.join(rows)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all organisations, which no domain may take: they name feeds too."""
        return frozenset((*self._known, *self._members))

    # -- meeting them ----------------------------------------------------------------------

    def _meet(self, row: Joined) -> None:
        for lang, read in row.versions.items():
            parties, place = read.parties, read.draft.place
            for name in (*parties.leads, *parties.takers):
                self._note(name, lang, place, direct=True)
            for name in parties.partners:
                self._note(name, lang, place, direct=bool(read.draft.partners) or lang != "fi")

    def _note(self, name: str, lang: Lang, place: str, *, direct: bool) -> None:
        """Make a party a member, or another form of one; ``direct`` where it stands as a list names it."""
        found = self._directory.find(name, lang)
        key = found.key
        if found.likeness < SAME:
            named = name if direct else nominative(name)
            key = unique(slug(named, lang, 40), {*self._known, *self._members, "all", "events", "deadlines"})
            if found.likeness >= DOUBTFUL:
                finding = IntakeFinding("doubtful-party", self._files.get(lang, ""), place, name, found.name)
                self._doubtful.append((finding, key, found.key))
        member = self._members.setdefault(key, Member(key))
        forms = member.forms.setdefault(lang, {})
        forms[name] = forms.get(name, False) or direct
        self._directory.add(key, name, lang)

    @property
    def findings(self) -> tuple[IntakeFinding, ...]:
        """The names that may be another's, unless other languages tell whether they are."""
        return tuple(one for one, key, other in self._doubtful if not self._is_told(key, other))

    def _is_told(self, key: str, other: str) -> bool:
        """Tell whether two members have become one, or are two in more than one language."""
        first, second = (self._members.get(self._register.kept(one)) for one in (key, other))
        if first is None or second is None:
            return False
        return first is second or len(first.forms.keys() & second.forms.keys()) > 1

    def _key(self, name: str, lang: Lang) -> str:
        """Return the key of a party that has been met, before any joining."""
        return self._directory.find(name, lang).key

    def _keys(self, names: Sequence[str], lang: Lang) -> list[str]:
        return [self._register.kept(self._key(name, lang)) for name in names]

    # -- what rows ask ---------------------------------------------------------------------

    def keys_in(self, row: Joined, lang: Lang) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return leads and partners of a row as one language says them."""
        parties = row.versions[lang].parties
        leads = tuple(dict.fromkeys(self._keys(parties.leads, lang)))
        partners = tuple(dict.fromkeys(self._keys(parties.partners, lang)))
        return leads, tuple(key for key in partners if key not in leads)

    def parties(self, row: Joined) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return leads and partners of a row: as most languages say them, the first of equals."""
        told = [self.keys_in(row, lang) for lang in LANGUAGES if lang in row.versions]
        best = max(told, key=lambda one: sum(set(one[0]) == set(other[0]) for other in told))
        partners = max((one[1] for one in told if set(one[0]) == set(best[0])), key=len)
        self._used.update(dict.fromkeys((*best[0], *partners)))
        return best[0], partners

    def takers(self, row: Joined) -> tuple[str, ...]:
        """Return who takes over in a row."""
        for lang, read in row.versions.items():
            if read.parties.takers:
                keys = tuple(self._keys(read.parties.takers, lang))
                self._used.update(dict.fromkeys(keys))
                return keys
        return ()

    def kept(self, key: str) -> str:
        """Return the key of a known organisation, which then stays among them."""
        if key:
            self._used.setdefault(key)
        return key

    def organisations(self) -> tuple[Organisation, ...]:
        """Return the organisations that rows name, the known ones first and as they were."""
        new = [self._new(self._members[key]) for key in self._used if key not in self._known]
        return (*self._known.values(), *new)

    def agree(self, row: Joined, one: Lang, other: Lang) -> bool:
        """Tell whether two languages of a row name the same leads and the same partners."""
        ours, theirs = self.keys_in(row, one), self.keys_in(row, other)
        if set(ours[0]) == set(theirs[0]) and set(ours[1]) == set(theirs[1]):
            return True
        left, right = row.versions[one], row.versions[other]
        return self._alike(left, right, leads=True) and self._alike(left, right, leads=False)

    def _alike(self, left: ReadAction, right: ReadAction, *, leads: bool) -> bool:
        """Tell whether the parties are the same one by one, or print has made another name of one."""
        ours, theirs = ((one.parties.leads if leads else one.parties.partners) for one in (left, right))
        return len(ours) == len(theirs) and all(
            self._may_be(mine, left.lang, yours, right.lang) for mine, yours in zip(ours, theirs, strict=True)
        )

    def _may_be(self, mine: str, lang: Lang, yours: str, other: Lang) -> bool:
        """Tell whether two names are of one member, or one is much like a name of the other's member."""
        first, second = self._keys((mine,), lang)[0], self._keys((yours,), other)[0]
        if first == second:
            return True
        forms = (*self._members[second].forms.get(lang, {}), *self._members[first].forms.get(other, {}))
        return any(
            likeness(form, name, code) >= DOUBTFUL
            for name, code in ((mine, lang), (yours, other))
            for form in forms
        )

    def _new(self, member: Member) -> Organisation:
        names = {lang: name_of(forms, lang) for lang, forms in member.forms.items()}
        aliases = {
            lang: others
            for lang, forms in member.forms.items()
            if (others := tuple(form for form in forms if form != names[lang]))
        }
        return Organisation(member.key, "organisation", Text(**names), aliases)
