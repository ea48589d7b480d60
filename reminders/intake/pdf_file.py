"""A PDF as ruled tables with the lines around them, or, where it has none, as columns or lines.

A table that goes on over pages is one; what the columns mean is left to
``table_rows``, text without tables to ``columns`` and ``flat``.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reminders.errors import InputError
from reminders.intake.columns import TITLE_RATIO, Grid, Word
from reminders.intake.said import said
from reminders.intake.table import Block, Content, Heading, Line, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdfplumber.page import Page
    from pdfplumber.table import Table as PdfTable

MAX_PAGES = 300
MAX_UNPACKED = 60_000_000
"""Bytes that the streams of a PDF, pictures left out, may unpack to."""
_STREAM = re.compile(rb"stream\r?\n(?=\x78)")
_PICTURE = re.compile(rb"/Subtype\s*/Image")
_DICTIONARY = 600
_CHUNK = 1_000_000


def read_pdf(data: bytes, file: str, progress: Callable[[int, int, str], None] | None = None) -> Content:
    """Return the blocks of a PDF."""
    import pdfplumber

    _refuse_bomb(data, file)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            _refuse_long(len(pdf.pages), file)
            pages = []
            grid = Grid()
            for number, page in enumerate(pdf.pages, start=1):
                pages.append(list(_page(page, number, grid)))
                page.close()
                if progress:
                    progress(number, len(pdf.pages), file)
    except InputError:
        raise
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken PDF
        raise _unreadable(broken, file) from None
    blocks = _joined(pages)
    if not blocks:
        raise InputError(file, "the file", said("scanned-pdf"), said("pdf-with-text"))
    return Content(file, tuple(blocks), wraps=True)


def _refuse_bomb(data: bytes, file: str) -> None:
    """Unpack every stream but pictures (which nobody reads here) in bounds, and count."""
    left = MAX_UNPACKED
    for found in _STREAM.finditer(data):
        if _PICTURE.search(data, max(0, found.start() - _DICTIONARY), found.start()):
            continue
        with contextlib.suppress(zlib.error):
            end = data.find(b"endstream", found.end())
            left -= _unpacked(data[found.end() : end], left)
        if left < 0:
            mb = MAX_UNPACKED // 1_000_000
            raise InputError(file, "the file", said("pdf-bomb", mb=mb), said("no-pdf-bomb", mb=mb))


def _unpacked(stream: bytes, most: int) -> int:
    """Return how many bytes a stream unpacks to; counted no further than past ``most``."""
    unpacker, size = zlib.decompressobj(), 0
    while stream and size <= most:
        size += len(unpacker.decompress(stream, _CHUNK))
        stream = unpacker.unconsumed_tail
    return size


def _refuse_long(pages: int, file: str) -> None:
    if pages > MAX_PAGES:
        raise InputError(file, "the file", said("pages", count=pages), said("most-pages", count=MAX_PAGES))


def _unreadable(broken: Exception, file: str) -> InputError:
    names = {type(error).__name__ for error in (broken, *broken.args, broken.__cause__, broken.__context__)}
    if any("Password" in name or "Encryption" in name for name in names):
        return InputError(file, "the file", said("locked-pdf"), said("open-pdf"))
    reason = " ".join(str(broken).split())[:80] or type(broken).__name__
    return InputError(file, "the file", said("broken-pdf", reason=reason), said("pdf"))


def _page(page: Page, number: int, grid: Grid) -> Iterator[Block]:
    """Yield the blocks of one page from top to bottom."""
    tables = [table for table in page.find_tables() if len(table.rows) > 1 or len(table.columns) > 2]
    outside = page
    for table in tables:
        outside = outside.outside_bbox(_inside(table.bbox, page))
    usual = _usual_size(page)
    items: list[tuple[float, Block]] = list(_lines(outside, number, usual))
    items += [(table.bbox[1], Table(tuple(_rows(table, number)))) for table in tables]
    if not tables:
        items = list(_columns(page, number, usual, grid)) or items
    yield from (block for _, block in sorted(items, key=lambda item: item[0]))


def _rows(table: PdfTable, page: int) -> Iterator[Row]:
    """Yield the rows of a table; a cell that reaches down over several rows is in each of them."""
    above: dict[int, tuple[float, str]] = {}
    for index, (row, texts) in enumerate(zip(table.rows, table.extract(), strict=True), start=1):
        cells = []
        for column, (box, text) in enumerate(zip(row.cells, texts, strict=True)):
            if box is not None:
                above[column] = (box[3], (text or "").strip())
            bottom, words = above.get(column, (0.0, ""))
            cells.append(words if bottom >= row.bbox[3] - 1 else "")
        if any(cells):
            yield Row(
                tuple(cells), f"page {page}, row {index}", sum(box is not None for box in row.cells) == 1
            )


def _inside(box: tuple[float, float, float, float], page: Page) -> tuple[float, float, float, float]:
    left, top, right, bottom = page.bbox
    return max(box[0], left), max(box[1], top), min(box[2], right), min(box[3], bottom)


def _usual_size(page: Page) -> float:
    """Return the size of most of a page's text."""
    sizes = sorted(char["size"] for char in page.chars)
    return float(sizes[len(sizes) // 2]) if sizes else 0.0


def _lines(page: Page, number: int, usual: float) -> Iterator[tuple[float, Block]]:
    for index, line in enumerate(page.extract_text_lines(return_chars=True), start=1):
        place = f"page {number}, line {index}"
        size = max(char["size"] for char in line["chars"])
        bold = all("bold" in char["fontname"].lower() for char in line["chars"])
        text = str(line["text"])
        if size > usual * TITLE_RATIO or (bold and len(text) < 90):
            yield line["top"], Heading(1 if size > usual * 1.5 else 2, text, place)
        else:
            yield line["top"], Line(text, place)


def _columns(page: Page, number: int, usual: float, grid: Grid) -> Iterator[tuple[float, Block]]:
    """Read a page of text set in columns under a header, without rules."""
    words = [
        Word(str(word["text"]), word["x0"], word["x1"], word["top"], word["bottom"], word["size"])
        for word in page.extract_words(keep_blank_chars=False, extra_attrs=["size"])
    ]
    yield from grid.blocks(words, number, usual)


def _joined(pages: list[list[Block]]) -> list[Block]:
    """Put a table that goes on at the top of a page together with the one before it."""
    blocks: list[Block] = []
    for block in itertools.chain.from_iterable(pages):
        last = next((one for one in reversed(blocks) if not _is_footer(one)), None)
        if isinstance(block, Table) and isinstance(last, Table) and _same_width(last, block):
            blocks[blocks.index(last)] = Table((*last.rows, *block.rows), last.name)
        else:
            blocks.append(block)
    return blocks


def _is_footer(block: Block) -> bool:
    return isinstance(block, Line) and any(char.isdigit() for char in block.text) and len(block.text) < 120


def _same_width(first: Table, second: Table) -> bool:
    return bool(first.rows and second.rows) and len(first.rows[-1].cells) == len(second.rows[0].cells)
