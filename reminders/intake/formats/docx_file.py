"""A Word document as headings, lines and tables, merged cells filled; ``shapes`` reads the columns."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reminders.intake.content import Block, DocumentContent, Heading, Table, TableRow, TextLine
from reminders.intake.messages import import_error

if TYPE_CHECKING:
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

_LEVEL = re.compile(r"(?:heading|otsikko|rubrik)\s*(\d)", re.IGNORECASE)
_TITLES = ("title", "otsikko", "rubrik")


def read_docx(data: bytes, file: str) -> DocumentContent:
    """Return the blocks of a Word document's body."""
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        blocks = tuple(_blocks(document.iter_inner_content()))
        title = document.core_properties.title
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken document
        reason = " ".join(str(broken).split())[:80]
        raise import_error(file, "the document", "broken-document", "docx", reason=reason) from None
    return DocumentContent(file, blocks, title=title or "")


def _blocks(parts: Iterator[Paragraph | WordTable]) -> Iterator[Block]:
    from docx.text.paragraph import Paragraph

    paragraphs = tables = 0
    for part in parts:
        if not isinstance(part, Paragraph):
            tables += 1
            yield Table(tuple(_rows(part, tables)))
            continue
        paragraphs += 1
        text, place, style = part.text.strip(), f"paragraph {paragraphs}", _style(part)
        level = _LEVEL.match(style)
        if text and (level or style.lower() in _TITLES):
            yield Heading(int(level[1]) if level else 1, text, place)
        elif text:
            is_item = "list" in style.lower() or "luettelo" in style.lower()
            yield TextLine(f"• {text}" if is_item else text, place)


def _rows(table: WordTable, number: int) -> Iterator[TableRow]:
    for index, row in enumerate(table.rows, start=1):
        cells = []
        for cell in row.cells:
            texts = ((part, part.text.strip()) for part in cell.paragraphs)
            lines = (f"{'• ' if 'List' in _style(part) else ''}{text}" for part, text in texts if text)
            cells.append("\n".join(lines))
        if any(cells):
            distinct = {id(cell._tc) for cell in row.cells}  # noqa: SLF001 - the same XML cell is one merged cell
            spans = len(distinct) == 1 and len(cells) > 1
            yield TableRow(tuple(cells), f"table {number}, row {index}", spans)


def _style(part: Paragraph) -> str:
    return part.style.name or "" if part.style else ""
