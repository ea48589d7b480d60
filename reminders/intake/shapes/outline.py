"""The blocks of a document as drafts of actions, whichever shape it has.

1. Tables, with the headings that stand over them.
2. Without any: labelled lists ("Schedule: 2024"), numbered measures, columns
   flattened to lines, in this order; the one that finds most actions counts.

What the words of a draft mean is left to ``interpret``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from reminders.errors import InputError
from reminders.intake.messages import ImportMessage, import_message
from reminders.intake.naming import names_itself
from reminders.intake.shapes.flattened import read_flat
from reminders.intake.shapes.labelled import read_labelled
from reminders.intake.shapes.numbered import read_numbered
from reminders.intake.shapes.table_rows import (
    Columns,
    TableReading,
    TableSection,
    as_row,
    find_header,
    lone_texts,
    names_goal,
    read_table,
)
from reminders.intake.table import ActionDraft, DocumentContent, Heading, IntakeFinding, Table, TextLine
from reminders.intake.words import plain_words, squeeze

MAX_ACTIONS = 1000
_EMPTY_NAMES = ("sheet", "taul", "blad", "taulukko", "tabelle")
_OPENING = 20
_COVER = 8
_EXPLAINING = ("readme", "ohje", "ohjeet", "instructions", "anvisningar", "info", "lists", "listat")


@dataclass(frozen=True, slots=True)
class Outline:
    """The drafts of a document, the words that may name it, and what was noticed."""

    drafts: tuple[ActionDraft, ...]
    titles: tuple[str, ...] = ()
    findings: tuple[IntakeFinding, ...] = ()


def outline(content: DocumentContent) -> Outline:
    """Return the drafts of a document; one that has none is refused."""
    found = _from_tables(content)
    if not found.drafts:
        readers: tuple[Callable[[DocumentContent], Outline], ...] = (_labelled, _numbered, _flat)
        found = max((read(content) for read in readers), key=lambda outline: len(outline.drafts))
    if not found.drafts:
        raise InputError(content.file, _where(content), *_why(content))
    if len(found.drafts) > MAX_ACTIONS:
        count = len(found.drafts)
        place = found.drafts[MAX_ACTIONS].place
        raise InputError(
            content.file,
            place,
            import_message("actions", count=count),
            import_message("most-actions", count=MAX_ACTIONS),
        )
    return found


def _where(content: DocumentContent) -> str:
    table = next(iter(content.tables), None)
    return table.rows[0].place if table and table.rows else "the file"


def _why(content: DocumentContent) -> tuple[ImportMessage, ImportMessage]:
    expected = import_message("table-or-list")
    if not content.tables:
        return import_message("no-actions"), expected
    if any((header := find_header(table.rows)) and header.has("schedule") for table in content.tables):
        return import_message("only-headings"), import_message("an-action")
    row = content.tables[0].rows[0] if content.tables[0].rows else None
    shown = ", ".join(squeeze(cell) for cell in row.cells if cell.strip())[:120] if row else ""
    return import_message("no-schedule-column", header=shown), expected


# -- tables ------------------------------------------------------------------------


class _Walk:
    """Goes through blocks from top to bottom with the headings that hold at each."""

    def __init__(self, content: DocumentContent) -> None:
        self._content = content
        self._headings: dict[int, str] = {}
        self._like: Columns | None = None
        self._single = sum(bool(find_header((as_row(one) or one).rows)) for one in content.tables) == 1
        self.readings: list[TableReading] = []
        self.lines: list[str] = []
        self.titles: list[str] = []
        self.findings: list[IntakeFinding] = []

    def run(self) -> None:
        """Read every table."""
        for block in self._content.blocks:
            if isinstance(block, Heading):
                self._headings = {
                    level: text for level, text in self._headings.items() if level < block.level
                }
                self._headings[block.level] = block.text
            elif isinstance(block, TextLine):
                self.lines.append(block.text)
            elif plain_words(block.name) not in _EXPLAINING:
                self._table(block)

    def _table(self, table: Table) -> None:
        over = self._over(table)
        table = as_row(table) or table
        reading = read_table(table, wraps=self._content.wraps, over=over, like=self._like)
        if reading is None:
            self.titles += lone_texts(table.rows[:_COVER])
            return
        self._like = find_header(table.rows) or self._like
        if reading.has_schedule:
            self.readings.append(self._titled(reading, table, over))
        elif reading.drafts:
            place, words = table.rows[0].place, ", ".join(filter(None, table.rows[0].cells))[:200]
            self.findings.append(IntakeFinding("no-schedule-column", self._content.file, place, words))

    def _over(self, table: Table) -> TableSection:
        """Return what stands over a table: its sheet's name, else the deepest two headings."""
        if table.name and not plain_words(table.name).rstrip("0123456789 ").startswith(_EMPTY_NAMES):
            return TableSection("" if self._single else table.name)
        names = [self._headings[level] for level in sorted(self._headings)]
        if not names or (self._single and len(names) == 1 and names[0] == self._first_heading()):
            return TableSection()
        if len(names) > 2 and names[-2] != self._first_heading():
            return TableSection(names[-2], names[-1])
        return TableSection(names[-1])

    def _first_heading(self) -> str:
        return next((block.text for block in self._content.blocks if isinstance(block, Heading)), "")

    def _titled(self, reading: TableReading, table: Table, over: TableSection) -> TableReading:
        """Put the title right above the header over rows that have nothing else over them."""
        if len(reading.titles) < 2 and not (reading.titles and not self._single and not over.domain):
            return reading
        title = reading.titles[-1]
        if names_goal(title):
            goals = tuple(replace(draft, goal=draft.goal or title) for draft in reading.drafts)
            return replace(reading, drafts=goals)
        drafts = tuple(
            draft if draft.domain and draft.domain != table.name else replace(draft, domain=title)
            for draft in reading.drafts
        )
        return replace(reading, drafts=drafts)


def _from_tables(content: DocumentContent) -> Outline:
    walk = _Walk(content)
    walk.run()
    drafts = tuple(draft for reading in walk.readings for draft in reading.drafts if draft.bullets)
    headings = [block.text for block in content.blocks if isinstance(block, Heading)]
    titles = [*walk.titles, *(title for reading in walk.readings for title in reading.titles[:1])]
    lines = [squeeze(line) for line in walk.lines if line.strip()][:_OPENING]
    return Outline(
        drafts, tuple(filter(None, (content.title, *titles, *headings, *lines))), tuple(walk.findings)
    )


# -- other shapes ------------------------------------------------------------------


def _labelled(content: DocumentContent) -> Outline:
    return _loose(content, read_labelled(content.blocks))


def _numbered(content: DocumentContent) -> Outline:
    return _loose(content, read_numbered(_lines_of(content)))


def _flat(content: DocumentContent) -> Outline:
    drafts, findings = read_flat(_lines_of(content), content.file)
    return _loose(content, drafts, findings)


def _lines_of(content: DocumentContent) -> tuple[TextLine, ...]:
    blocks = (block for block in content.blocks if not isinstance(block, Table))
    return tuple(TextLine(block.text, block.place) for block in blocks)


def _loose(
    content: DocumentContent, drafts: tuple[ActionDraft, ...], findings: tuple[IntakeFinding, ...] = ()
) -> Outline:
    headings = [block.text for block in content.blocks if isinstance(block, Heading)]
    lines = [
        squeeze(block.text) for block in content.blocks if isinstance(block, TextLine) and block.text.strip()
    ]
    naming = [line for line in lines[_OPENING:] if names_itself(line)]
    return Outline(
        drafts, tuple(filter(None, (content.title, *headings, *lines[:_OPENING], *naming))), findings
    )
