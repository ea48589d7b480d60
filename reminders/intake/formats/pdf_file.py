"""A PDF as ruled tables with the lines around them, or, where it has none, as columns or lines.

A table that goes on over pages is one; what the columns mean is left to
``table_rows``, text without tables to ``columns`` and ``flat``.

Words with their places on a page, put back into the columns that their header shows.

For pages whose table has no rules. Pages before any header of known names
give nothing and are read as lines; one after it goes on with its columns.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from reminders.errors import InputError
from reminders.intake.headings import role_of
from reminders.intake.messages import import_message
from reminders.intake.table import Block, DocumentContent, Heading, Table, TableRow, TextLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdfplumber.page import Page
    from pdfplumber.table import Table as PdfTable


# -- Words with their places on a page, put back into the columns that their header shows

_LEAST_ROLES = 3
TITLE_RATIO = 1.15
"""How much larger than usual text is that stands as a title."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """One word, its box on the page and its size."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float = 0.0


class Grid:
    """The columns of the last header, which hold until another comes."""

    def __init__(self) -> None:
        self._edges: list[float] = []

    def blocks(self, words: list[PlacedWord], page: int, usual: float) -> Iterator[tuple[float, Block]]:
        """Yield the lines, titles and tables of a page, each with its height on it."""
        lines = _lines_columns(words)
        if not self._edges and not any(map(_is_header, lines)):
            return
        body: list[tuple[int, list[PlacedWord]]] = []
        for number, line in enumerate(lines, start=1):
            title = _is_title(line, usual)
            if title or _is_header(line) or not self._edges:
                yield from self._table(body, page)
                body = []
            if title or not (self._edges or _is_header(line)):
                yield line[0].top, _loose(line, page, number, usual, title=title)
                continue
            if _is_header(line):
                self._edges = [group[0].left for group in _groups(line)]
            body.append((number, line))
        yield from self._table(body, page)

    def _table(self, body: list[tuple[int, list[PlacedWord]]], page: int) -> Iterator[tuple[float, Block]]:
        """Yield the rows of lines that belong together, a header the first of them where there is one."""
        if not body:
            return
        number, first = body[0]
        rows = []
        if _is_header(first):
            rows = [TableRow(tuple(_text(group) for group in _groups(first)), f"page {page}, line {number}")]
            body = body[1:]
        rows += _rows_columns([line for _, line in body], self._edges, page, number + len(rows))
        yield first[0].top, Table(tuple(rows))


def _is_title(line: list[PlacedWord], usual: float) -> bool:
    return all(word.size > usual * TITLE_RATIO for word in line)


def _loose(
    line: list[PlacedWord], page: int, number: int, usual: float, *, title: bool
) -> Heading | TextLine:
    place = f"page {page}, line {number}"
    if title:
        return Heading(1 if line[0].size > usual * 1.5 else 2, _text(line), place)
    return TextLine(_text(line), place)


def _lines_columns(words: list[PlacedWord]) -> list[list[PlacedWord]]:
    """Return words as lines from top to bottom, each from left to right."""
    lines: list[list[PlacedWord]] = []
    for word in sorted(words, key=lambda word: (word.top, word.left)):
        if lines and abs(lines[-1][0].top - word.top) < 3:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _groups(line: list[PlacedWord]) -> list[list[PlacedWord]]:
    """Return the words of a header, those of one column together."""
    groups: list[list[PlacedWord]] = []
    for word in line:
        if groups and word.left - groups[-1][-1].right < 1.2 * (word.bottom - word.top) * 0.5:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _text(words: list[PlacedWord]) -> str:
    return " ".join(word.text for word in words)


def _is_header(line: list[PlacedWord]) -> bool:
    roles = {role_of(_text(group)) for group in _groups(line)} - {None, "other", "number"}
    return len(roles) >= _LEAST_ROLES and {"schedule", "action"} <= roles | {
        "action" if "goal" in roles else None
    }


def _rows_columns(
    lines: list[list[PlacedWord]], edges: list[float], page: int, first: int
) -> Iterator[TableRow]:
    """Yield rows: a new one where a wider gap than usual stands before a line."""
    gaps = [after[0].top - before[0].top for before, after in pairwise(lines)]
    widest = _widest_inside(gaps)
    cells: list[list[str]] = [[] for _ in edges]
    start = first
    for number, line in enumerate(lines):
        if number and gaps[number - 1] > widest and any(cells):
            yield _row(cells, page, start)
            cells, start = [[] for _ in edges], first + number
        for column, text in _by_column(line, edges):
            cells[column].append(text)
    if any(cells):
        yield _row(cells, page, start)


def _widest_inside(gaps: list[float]) -> float:
    """Return the widest gap between lines of one row: a little more than the narrowest of all."""
    return min(gaps, default=0.0) * 1.2


def _row(cells: list[list[str]], page: int, line: int) -> TableRow:
    return TableRow(tuple("\n".join(cell) for cell in cells), f"page {page}, line {line}")


def _by_column(line: list[PlacedWord], edges: list[float]) -> Iterator[tuple[int, str]]:
    found: dict[int, list[str]] = {}
    for word in line:
        column = max((n for n, edge in enumerate(edges) if edge <= word.left + 2), default=0)
        found.setdefault(column, []).append(word.text)
    for column, texts in found.items():
        yield column, " ".join(texts)


# -- A PDF as ruled tables with the lines around them, or, where it has none, as columns or lin

MAX_PAGES = 300
MAX_UNPACKED = 60_000_000
"""Bytes that the streams of a PDF, pictures left out, may unpack to."""
_STREAM = re.compile(rb"stream\r?\n(?=\x78)")
_PICTURE = re.compile(rb"/Subtype\s*/Image")
_DICTIONARY = 600
_CHUNK = 1_000_000


def read_pdf(
    data: bytes, file: str, progress: Callable[[int, int, str], None] | None = None
) -> DocumentContent:
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
        raise InputError(file, "the file", import_message("scanned-pdf"), import_message("pdf-with-text"))
    return DocumentContent(file, tuple(blocks), wraps=True)


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
            raise InputError(
                file, "the file", import_message("pdf-bomb", mb=mb), import_message("no-pdf-bomb", mb=mb)
            )


def _unpacked(stream: bytes, most: int) -> int:
    """Return how many bytes a stream unpacks to; counted no further than past ``most``."""
    unpacker, size = zlib.decompressobj(), 0
    while stream and size <= most:
        size += len(unpacker.decompress(stream, _CHUNK))
        stream = unpacker.unconsumed_tail
    return size


def _refuse_long(pages: int, file: str) -> None:
    if pages > MAX_PAGES:
        raise InputError(
            file,
            "the file",
            import_message("pages", count=pages),
            import_message("most-pages", count=MAX_PAGES),
        )


def _unreadable(broken: Exception, file: str) -> InputError:
    names = {type(error).__name__ for error in (broken, *broken.args, broken.__cause__, broken.__context__)}
    if any("Password" in name or "Encryption" in name for name in names):
        return InputError(file, "the file", import_message("locked-pdf"), import_message("open-pdf"))
    reason = " ".join(str(broken).split())[:80] or type(broken).__name__
    return InputError(file, "the file", import_message("broken-pdf", reason=reason), import_message("pdf"))


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


def _rows(table: PdfTable, page: int) -> Iterator[TableRow]:
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
            yield TableRow(
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
            yield line["top"], TextLine(text, place)


def _columns(page: Page, number: int, usual: float, grid: Grid) -> Iterator[tuple[float, Block]]:
    """Read a page of text set in columns under a header, without rules."""
    words = [
        PlacedWord(str(word["text"]), word["x0"], word["x1"], word["top"], word["bottom"], word["size"])
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
    return (
        isinstance(block, TextLine) and any(char.isdigit() for char in block.text) and len(block.text) < 120
    )


def _same_width(first: Table, second: Table) -> bool:
    return bool(first.rows and second.rows) and len(first.rows[-1].cells) == len(second.rows[0].cells)
