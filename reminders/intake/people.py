"""The parties of all rows as organisations, one each in all languages.

1. A party is a known organisation where a name is alike enough.
2. Else it is one met before in its language, or a new one.
3. Which new ones are the same, the rows tell (``people_join``); what it is
   called, its printed forms (``party_names``).
"""

from __future__ import annotations

from collections.abc import Sequence

from reminders.intake.align import Joined
from reminders.intake.interpret import Action
from reminders.intake.naming import slug, unique
from reminders.intake.organisations import DOUBTFUL, SAME, Directory, likeness
from reminders.intake.party_names import name_of, nominative
from reminders.intake.people_join import Member, Register
from reminders.intake.table import IntakeFinding
from schedule_rules.programme import LANGUAGES, Lang, Organisation, Text


class People:
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

    def _alike(self, left: Action, right: Action, *, leads: bool) -> bool:
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
