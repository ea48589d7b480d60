"""Markdown and plain text as headings, lines and tables (pipes, tabs, grids of + and |).

Text whose columns were flattened has no tables; reading that is left to ``shapes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from reminders.intake.content import Block, DocumentContent, Heading, Table, TableRow, TextLine
from reminders.intake.formats.content_size import ContentSize
from reminders.intake.words import squeeze, strip_markup

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*)$")
_SETEXT = re.compile(r"^ {0,3}(=+|-{3,})\s*$")
_RULE = re.compile(r"^\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)+(?:\|\s*)?$")
_GRID = re.compile(r"^\s*\+(?:[-=:]+\+){2,}\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_BOLD = re.compile(r"^\s*(\*\*|__)(?=\S)([^*_]{1,120})(?<=\S)\1:?\s*$")
_TABS = 2


def read_text(text: str, file: str, *, markdown: bool) -> DocumentContent:
    """Return the blocks of a text."""
    lines = text.replace("\f", "\n").split("\n")
    reader = _TextReader(lines, ContentSize(file), markdown=markdown)
    return DocumentContent(file, tuple(reader.blocks()))


class _TextReader:
    """Goes through the lines once; each kind of block takes the lines that are its own."""

    def __init__(self, lines: list[str], size: ContentSize, *, markdown: bool) -> None:
        self._lines = lines
        self._markdown = markdown
        self._at = 0
        self._size = size

    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        for number, line in enumerate(self._lines, start=1):
            self._size.add_line(line, f"line {number}")
        while self._at < len(self._lines):
            block: Block | None = self._table() or self._heading()
            if block is None:
                line, place = self._peek(), self._place()
                block = TextLine(strip_markup(line).rstrip() if self._markdown else line, place)
                self._at += 1
            blocks.append(block)
        return blocks

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._lines[at] if at < len(self._lines) else ""

    def _place(self) -> str:
        return f"line {self._at + 1}"

    def _heading(self) -> Heading | None:
        if not self._markdown:
            return None
        line, place = self._peek(), self._place()
        if found := _HEADING.match(line):
            level, text = len(found[1]), found[2].rstrip().rstrip("#").rstrip()
        elif line.strip() and not line.startswith(("-", "*", ">")) and (rule := _SETEXT.match(self._peek(1))):
            level, text = 1 if rule[1][0] == "=" else 2, line
            self._at += 1
        elif bold := _BOLD.match(line):
            level, text = 7, bold[2]
        else:
            return None
        self._at += 1
        return Heading(level, squeeze(strip_markup(text)).rstrip(":"), place)

    def _table(self) -> Table | None:
        if _GRID.match(self._peek()):
            return Table(tuple(self._grid_rows()))
        if "|" in self._peek() and _RULE.match(self._peek(1)):
            return Table(tuple(self._pipe_rows()))
        if self._peek().count("\t") >= _TABS:
            return Table(tuple(self._tab_rows()))
        return None

    def _pipe_rows(self) -> Iterator[TableRow]:
        while "|" in self._peek():
            if not _RULE.match(self._peek()):
                line = self._peek().strip().removeprefix("|")
                line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
                yield self._row([cell.replace("\\|", "|") for cell in _PIPE.split(line)])
            self._at += 1

    def _tab_rows(self) -> Iterator[TableRow]:
        """Yield rows of tabs; blank lines between them do not end the table."""
        count = len(self._lines)
        while True:
            if self._peek().count("\t") < _TABS:
                ahead = next((at for at in range(self._at, count) if self._lines[at].strip()), count)
                if ahead == count or self._lines[ahead].count("\t") < _TABS:
                    return
                self._at = ahead
            if self._peek().strip():
                yield self._row(self._peek().split("\t"))
            self._at += 1

    def _grid_rows(self) -> Iterator[TableRow]:
        """Yield rows between rules of + and -; the lines of a cell belong together."""
        lines: list[list[str]] = []
        while (line := self._peek().strip()).startswith(("+", "|")):
            if line.startswith("|"):
                lines.append([cell.strip() for cell in _PIPE.split(line.strip("|"))])
            elif lines:
                columns = zip_longest(*lines, fillvalue="")
                yield self._row(["\n".join(filter(None, cells)) for cells in columns])
                lines = []
            self._at += 1

    def _row(self, cells: list[str]) -> TableRow:
        self._size.add_row(cells, self._place())
        texts = tuple(strip_markup(cell).strip() for cell in cells)
        return TableRow(texts, self._place(), sum(map(bool, texts)) == 1 and len(texts) > 1)
