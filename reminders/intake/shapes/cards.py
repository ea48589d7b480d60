"""Cards and forms: tables of names on the left and what they say on the right.

Each card is an action: a table of its own, or rows under each other that begin again with the same name or a
title. A form above a table of actions tells what holds for each of them: who leads, who takes part, when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reminders.intake.content import TableRow
from reminders.intake.headings import Role, exact_role, role_of
from reminders.intake.shapes.columns import names_header
from reminders.intake.words import plain_words, squeeze

_NAMES = re.compile(r"\b(?:name|nimi|nimike|namn|title|otsikko|rubrik|benamning)\b")
_DESCRIBES = re.compile(
    r"^(?:kuvau|description|descr|beskriv|sisalto|innehall|content|tausta|bakgrund|background|perustelu|motiv"
    r"|tarkoitus|rationale|lisatie|taustatie|nykytila|nulage)|\b(?:kuvaus|beskrivning|description)$"
    r"|^(?:what is|vad ar|mika on|how will|miten|hur|why|miksi|varfor)\b"
)
_PERSON = re.compile(r"henkilo|person|contact|kontakt|yhteys|ansvar|vastuu|lead|owner")
_MOST_WORDS = 5
_WHO_AND_WHEN: tuple[Role, ...] = ("schedule", "start", "end", "responsible")
_LEAST_FIELDS = 2
_TWO_PAIRS = 4


@dataclass(slots=True)
class Card:
    """Fields by role; ``title`` is what the card says that it is about."""

    place: str
    title: str = ""
    fields: dict[Role, list[str]] = field(default_factory=dict)

    def text(self, role: Role) -> str:
        """Return what the fields of a role say."""
        return "\n".join(self.fields.get(role, ()))

    @property
    def tells(self) -> bool:
        """Tell whether the card says who or when."""
        return any(self.fields.get(role) for role in _WHO_AND_WHEN)


def describes(label: str) -> bool:
    """Tell whether a label stands before a description: "Kuvaus", "What is the commitment?"."""
    return bool(_DESCRIBES.search(plain_words(label)))


def holds_cards(rows: Sequence[TableRow]) -> bool:
    """Tell whether rows are two pairs of a name and what it says beside each other: none is a header."""
    return len(rows) > 1 and _in_pairs(rows) is not rows and bool(read_cards(rows))


def read_cards(rows: Sequence[TableRow]) -> tuple[Card, ...]:
    """Return the cards of rows that are pairs of a name and what it says; none for any other rows."""
    pairs = [(row, _pair(row)) for row in _in_pairs(rows)]
    full = [pair for _, pair in pairs if len(pair) == 2]
    known = [role for label, _ in full if (role := role_of(label))]
    if len(full) < _LEAST_FIELDS or len(full) * 2 < len(pairs) or any(len(pair) > 2 for _, pair in pairs):
        return ()
    if any(names_header(row) for row, _ in pairs[:2]) or len(known) * 2 < len(full):
        return ()
    if len(set(known)) < _LEAST_FIELDS or set(known).isdisjoint(_WHO_AND_WHEN):
        return ()
    cards = tuple(card for card in _cards(pairs) if card.fields)
    return cards if any(card.tells for card in cards) else ()


def _in_pairs(rows: Sequence[TableRow]) -> Sequence[TableRow]:
    """Return rows of two names and what they say, beside each other, as two rows each; others as they are."""
    wide = [row for row in rows if len(row.cells) == _TWO_PAIRS and len(set(row.cells)) > 2]
    if len(wide) * 2 < len(rows) or not wide:
        return rows
    names = [row.cells[at] for row in wide for at in (0, 2) if row.cells[at].strip()]
    values = [row.cells[at] for row in wide for at in (1, 3) if row.cells[at].strip()]
    if sum(bool(role_of(one)) for one in names) * 3 < len(names) * 2 or any(map(_is_heading, values)):
        return rows
    parts = [(row, at) for row in rows for at in (0, 2) if len(row.cells) == _TWO_PAIRS]
    halves = [TableRow(row.cells[at : at + 2], row.place) for row, at in parts]
    return [half for half in halves if any(half.cells)]


def _is_heading(text: str) -> bool:
    """Tell whether a text is the name of a heading, word for word."""
    return exact_role(plain_words(text)) is not None


def _pair(row: TableRow) -> tuple[str, ...]:
    """Return the texts of a row, those of merged cells once; a name with nothing beside it is a pair."""
    texts: list[str] = []
    for at, cell in enumerate(row.cells):
        if cell.strip() and (not at or cell != row.cells[at - 1]):
            texts.append(cell.strip())
    if len(texts) == 1 and role_of(texts[0].rstrip(":")) and not row.spans and row.cells[0].strip():
        texts.append("")
    return tuple(texts)


def _cards(pairs: Sequence[tuple[TableRow, tuple[str, ...]]]) -> Iterator[Card]:
    card: Card | None = None
    seen: set[str] = set()
    for row, pair in pairs:
        if len(pair) < 2:
            if pair and len(pair[0]) <= 200:
                if card:
                    yield card
                card, seen = Card(row.place, squeeze(pair[0])), set()
            continue
        label, value = pair
        plain = plain_words(label)
        if card is None or (plain in seen and _begins_card(label)):
            if card:
                yield card
            card, seen = Card(row.place), set()
        seen.add(plain)
        _take(card, label, value)
    if card:
        yield card


def _begins_card(label: str) -> bool:
    return role_of(label) in {"action", "number"} or _names_card(label)


def _names_card(label: str) -> bool:
    plain = plain_words(label)
    return bool(_NAMES.search(plain)) and len(plain.split()) <= _MOST_WORDS and not _PERSON.search(plain)


def _take(card: Card, label: str, value: str) -> None:
    role = role_of(label.rstrip(":"))
    named = _names_card(label) and role not in _WHO_AND_WHEN and role != "partners"
    if named or (role == "action" and not describes(label)):
        card.title = squeeze(value)
        card.fields.setdefault("action", []).append(value)
    elif role and role != "action" and value:
        card.fields.setdefault(role, []).append(value)
