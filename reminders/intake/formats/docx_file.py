"""A Word document as headings, lines and tables, merged cells filled; ``shapes`` reads the columns."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reminders.errors import InputError
from reminders.intake.content import Block, DocumentContent, Heading, Table, TableRow, TextLine
from reminders.intake.formats.content_size import ContentSize
from reminders.intake.limits import MAX_COLUMNS
from reminders.intake.messages import import_error

if TYPE_CHECKING:
    from docx.oxml.table import CT_Tc
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

_LEVEL = re.compile(r"(?:heading|otsikko|rubrik)\s*(\d)", re.IGNORECASE)
_TITLES = ("title", "otsikko", "rubrik")


def read_docx(data: bytes, file: str) -> DocumentContent:
    """Return the blocks of a Word document's body."""
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        blocks = tuple(_BodyReader(ContentSize(file)).blocks(document.iter_inner_content()))
        title = document.core_properties.title
    except (InputError, MemoryError):
        raise
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken document
        reason = " ".join(str(broken).split())[:80]
        raise import_error(file, "the document", "broken-document", "docx", reason=reason) from None
    return DocumentContent(file, blocks, title=title or "")


class _BodyReader:
    """Goes through a body once, and counts; the name of each style is looked up once."""

    def __init__(self, size: ContentSize) -> None:
        self._size = size
        self._styles: dict[str | None, str] = {}

    def blocks(self, parts: Iterator[Paragraph | WordTable]) -> Iterator[Block]:
        from docx.text.paragraph import Paragraph

        paragraphs = tables = 0
        for part in parts:
            if not isinstance(part, Paragraph):
                tables += 1
                yield Table(tuple(self._rows(part, tables)))
                continue
            paragraphs += 1
            text, place, style = part.text.strip(), f"paragraph {paragraphs}", self._style(part)
            self._size.add_line(text, place)
            level = _LEVEL.match(style)
            if text and (level or style.lower() in _TITLES):
                yield Heading(int(level[1]) if level else 1, text, place)
            elif text:
                is_item = "list" in style.lower() or "luettelo" in style.lower()
                yield TextLine(f"• {text}" if is_item else text, place)

    def _rows(self, table: WordTable, number: int) -> Iterator[TableRow]:
        """Yield the rows of a table, a cell that spans columns in each of them, and so downwards.

        No row is wider than the grid of the table, whatever its cells say that they span.
        """
        rows = table._tbl.tr_lst  # noqa: SLF001 - the rows' own cells: those of ``row.cells`` are made as spanned
        width = len(table._tbl.xpath("./w:tblGrid/w:gridCol"))  # noqa: SLF001 - a table may lack its grid
        sums = (sum(min(cell.grid_span, MAX_COLUMNS) for cell in row.tc_lst) for row in rows)
        width = max(width or min(max(sums, default=0), MAX_COLUMNS), *(len(row.tc_lst) for row in rows), 1)
        above: dict[int, _Cell] = {}
        for index, row in enumerate(rows, start=1):
            place, here = f"table {number}, row {index}", dict[int, _Cell]()
            cells, column = list[_Cell](), row.grid_before
            for own in row.tc_lst:
                span = max(1, min(own.grid_span, width - len(cells)))
                goes_on = own.vMerge == "continue" and column in above
                cell = above[column] if goes_on else _Cell(self._text(own, table), span)
                here[column] = cell
                cells += [cell] * min(cell.span, max(1, width - len(cells)))
                column += span
            above = here
            texts = [cell.text for cell in cells]
            self._size.add_row(texts, place)
            if any(texts):
                spans = len({id(cell) for cell in cells}) == 1 and len(cells) > 1
                yield TableRow(tuple(texts), place, spans)

    def _text(self, cell: CT_Tc, table: WordTable) -> str:
        from docx.table import _Cell as WordCell

        texts = ((part, part.text.strip()) for part in WordCell(cell, table).paragraphs)
        return "\n".join(
            f"{'• ' if 'List' in self._style(part) else ''}{text}" for part, text in texts if text
        )

    def _style(self, part: Paragraph) -> str:
        own = part._p.style  # noqa: SLF001 - its id: to look up the style itself goes through all of them
        if own not in self._styles:
            self._styles[own] = part.style.name or "" if part.style else ""
        return self._styles[own]


@dataclass(frozen=True, slots=True)
class _Cell:
    """The text of a cell, and over how many columns of the grid it stands."""

    text: str
    span: int
