"""The parties of all rows as organisations, one each in all languages.

1. A party is a known organisation where a name is alike enough.
2. Else it is one met before in its language, or a new one.
3. New ones of two languages are the same where rows put them in the same
   place, most often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reminders.intake.align import Joined
from reminders.intake.naming import slug, unique
from reminders.intake.organisations import DOUBTFUL, SAME, Directory
from reminders.intake.table import IntakeFinding
from reminders.intake.words import capitalised
from schedule_rules.programme import LANGUAGES, Lang, Organisation, Text


@dataclass(slots=True)
class _Member:
    """An organisation met in the documents: its printed forms by language."""

    key: str
    forms: dict[Lang, dict[str, None]] = field(default_factory=dict)


class People:
    """Gives every printed party its organisation."""

    def __init__(self, rows: Sequence[Joined], known: Sequence[Organisation], files: dict[Lang, str]) -> None:
        self._known = {organisation.key: organisation for organisation in known}
        self._directory = Directory(known)
        self._files = files
        self._members: dict[str, _Member] = {}
        self._same: dict[str, str] = {}
        self._used: dict[str, None] = {}
        self.findings: list[IntakeFinding] = []
        for row in rows:
            self._meet(row)
        self._join_languages(rows)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all organisations, which no domain may take: they name feeds too."""
        return frozenset((*self._known, *self._members))

    # -- meeting them ----------------------------------------------------------------------

    def _meet(self, row: Joined) -> None:
        for lang, read in row.versions.items():
            for name in (*read.parties.leads, *read.parties.takers, *read.parties.partners):
                self._member(name, lang, read.draft.place)

    def _member(self, name: str, lang: Lang, place: str = "") -> str:
        """Return the key of a party; a new one becomes a member."""
        found = self._directory.find(name, lang)
        if found.likeness >= SAME:
            key = found.key
        else:
            if found.likeness >= DOUBTFUL and place:
                file = self._files.get(lang, "")
                self.findings.append(IntakeFinding("doubtful-party", file, place, name, found.name))
            key = unique(slug(name, lang, 40), {*self._known, *self._members, "all", "events", "deadlines"})
        member = self._members.setdefault(key, _Member(key))
        member.forms.setdefault(lang, {}).setdefault(name)
        self._directory.add(key, name, lang)
        return key

    def _keys(self, names: Sequence[str], lang: Lang) -> list[str]:
        keys = [self._member(name, lang) for name in names]
        return [self._same.get(key, key) for key in keys]

    # -- one in all languages ----------------------------------------------------------------

    def _join_languages(self, rows: Sequence[Joined]) -> None:
        """Take members of two languages as one where they stand in the same place of the same rows."""
        votes: Counter[tuple[str, str]] = Counter()
        for row in rows:
            votes.update(self._votes(row))
        for (one, other), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
            self._join(one, other)

    def _votes(self, row: Joined) -> Iterator[tuple[str, str]]:
        langs = [lang for lang in LANGUAGES if lang in row.versions]
        for at, lang in enumerate(langs):
            for other in langs[at + 1 :]:
                left, right = row.versions[lang].parties, row.versions[other].parties
                for ours, theirs in ((left.leads, right.leads), (left.partners, right.partners)):
                    if len(ours) == len(theirs):
                        yield from zip(self._keys(ours, lang), self._keys(theirs, other), strict=True)

    def _join(self, one: str, other: str) -> None:
        """Join two members, unless one of them has the other's language already or both are known."""
        one, other = self._same.get(one, one), self._same.get(other, other)
        left, right = self._members[one], self._members[other]
        both_known = one in self._known and other in self._known
        if one == other or both_known or left.forms.keys() & right.forms.keys():
            return
        keep, gone = (right, left) if other in self._known else (left, right)
        if keep.key not in self._known and "en" in gone.forms:
            keep, gone = gone, keep
        for lang, forms in gone.forms.items():
            keep.forms.setdefault(lang, {}).update(forms)
        self._same = {key: keep.key if kept == gone.key else kept for key, kept in self._same.items()}
        self._same[gone.key] = keep.key

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

    def _new(self, member: _Member) -> Organisation:
        names = {lang: _name(tuple(forms)) for lang, forms in member.forms.items()}
        aliases = {
            lang: tuple(form for form in forms if form != names[lang])
            for lang, forms in member.forms.items()
            if len(forms) > 1
        }
        return Organisation(member.key, "organisation", Text(**names), aliases)


def _name(forms: tuple[str, ...]) -> str:
    """Return the form that names: the first that is capitalised, else the first."""
    return next((form for form in forms if capitalised(form)), forms[0])
