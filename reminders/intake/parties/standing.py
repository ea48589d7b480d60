"""Which names stand by themselves in a document, and where: what tells one party from two.

A name that stands alone in another cell is a party there; a piece that cutting would make and that stands
nowhere else is none. A cell is no evidence for itself, however often it is repeated.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field

from reminders.intake.parties.cells import split_parties
from reminders.intake.parties.joints import CONJUNCTIONS
from reminders.intake.words import plain_words
from schedule_rules.programme import TextLang

_CONJUNCTIONS = {word for words in CONJUNCTIONS.values() for word in words}
_SEVERAL = "\0"
"""Stands for the cell of a name that stands in several."""


@dataclass(frozen=True, slots=True)
class StandingNames:
    """The plain names of a document's parties, each with the cell in which alone it stands."""

    cells: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: Iterable[str], headings: Iterable[str], lang: TextLang) -> StandingNames:
        """Return the names that stand in cells, and those with a conjunction that stand as headings.

        What is cut or joined in doubt is none.
        """
        joined = (plain for heading in headings if _CONJUNCTIONS & {*(plain := plain_words(heading)).split()})
        found = dict.fromkeys(joined, _SEVERAL)
        for cell in dict.fromkeys(cells):
            parties = split_parties(cell, lang)
            doubtful = {plain_words(side) for one in parties.doubts for side in (one.before, one.after)}
            for name in (*parties.leads, *parties.partners, *parties.takers):
                plain = plain_words(name)
                if plain not in doubtful and not any(_is_within(one, plain) for one in doubtful):
                    found[plain] = cell if found.get(plain, cell) == cell else _SEVERAL
        return cls(found)

    def beside(self, cell: str, stored: Collection[str] = frozenset()) -> Container[str]:
        """Return the names that stand in other cells than this one, and those that are ``stored``."""
        return _NamesBeside(self.cells, cell, stored)


@dataclass(frozen=True, slots=True)
class _NamesBeside:
    cells: dict[str, str]
    cell: str
    stored: Collection[str]

    def __contains__(self, name: object) -> bool:
        return self.cells.get(str(name), self.cell) != self.cell or name in self.stored


def _is_within(piece: str, name: str) -> bool:
    return f" {piece} " in f" {name} "
