"""A PDF as tables and the lines around them.

1. What stands on a page is read as its words and rules, turned upright (``pdf_pages``).
2. A table with rules is taken by them; a cell that reaches over several rows is in each (``ruled_tables``).
3. The other words make tables by the columns in which they stand, and lines (``word_columns``).
4. A table that goes on over pages is one, and a row that a page tore; page numbers come last.

What the columns mean is left to ``shapes``.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reminders.errors import InputError
from reminders.intake.content import Block, DocumentContent, Table, TableRow, TextLine
from reminders.intake.formats.content_size import ContentSize
from reminders.intake.limits import (
    MAX_OBJECTS,
    MAX_PAGE_CHARACTERS,
    MAX_PAGE_CONTENT,
    MAX_PAGE_LINES,
    MAX_PAGES,
    MAX_STREAM_COUNT,
    MAX_STREAMS,
)
from reminders.intake.messages import import_error, import_message

if TYPE_CHECKING:
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdftypes import PDFStream

    from reminders.intake.formats.pdf_pages import PageMarks
    from reminders.intake.formats.word_columns import PlacedBlock, WordColumns

_STREAM = re.compile(rb"stream\r?\n(?=\x78)")
_PICTURE = re.compile(rb"/Subtype\s*/Image")
_OBJECTS = re.compile(rb"/N\s{1,9}(\d{1,9})\b")
_SHOWN_TEXT = re.compile(rb"\([^()]*\)|<[0-9A-Fa-f\s]+>")
_OCTETS = 4  # of a letter in a page's contents at most: two bytes, as hexadecimal digits
_DRAWN = re.compile(rb"/([^\s/<>\[\]()]{1,127})\s+Do\b")
_PAGE = re.compile(rb"/Type\s?/Page\b")
_VERSIONS = 10  # of a page that a file may hold: editors append what they change
_DICTIONARY = 600
_CHUNK = 1_000_000
_FEW_LEVELS = 3  # of a grid: no more than two rows


def read_pdf(
    data: bytes, file: str, progress: Callable[[int, int, str], None] | None = None
) -> DocumentContent:
    """Return the blocks of a PDF; ``progress`` hears of each page."""
    _refuse_bomb(data, file)
    try:
        pages = _pages(data, file, progress)
    except (InputError, MemoryError):
        raise
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken PDF
        raise _unreadable(broken, file) from None
    blocks = _join_pages(pages)
    if not blocks:
        raise import_error(file, "the file", "scanned-pdf", "pdf-with-text")
    return DocumentContent(file, tuple(blocks), wraps=True)


def _pages(data: bytes, file: str, progress: Callable[[int, int, str], None] | None) -> list[list[Block]]:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    from reminders.intake.formats.pdf_pages import PageReader
    from reminders.intake.formats.word_columns import WordColumns

    document = PDFDocument(PDFParser(io.BytesIO(data)))
    count = sum(1 for _ in itertools.islice(PDFPage.create_pages(document), MAX_PAGES + 1))
    if count > MAX_PAGES:
        raise import_error(file, "the file", "pages", "most-pages", count=MAX_PAGES)
    pages = []
    reader, columns, size = PageReader(MAX_PAGE_CHARACTERS, MAX_PAGE_LINES), WordColumns(), ContentSize(file)
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        _check_page(page, number, file)
        marks = reader.marks(page, number)
        if marks.letters > MAX_PAGE_CHARACTERS:
            raise _too_much_text(number, file)
        blocks = _blocks(marks, columns)
        _count(blocks, size)
        pages.append(blocks)
        if progress:
            progress(number, count, file)
    # After a blank line: they go on with no text of the last page.
    running: list[Block] = [TextLine("", "the file"), *columns.running] if columns.running else []
    _count(running, size)
    return [*pages, running]


def _check_page(page: PDFPage, number: int, file: str) -> None:
    """Refuse a page of too much by what its contents draw, before they are laid out."""
    from pdfminer.pdftypes import PDFStream, resolve1

    streams = [one for one in map(resolve1, page.contents) if isinstance(one, PDFStream)]
    drawn, shown = map(sum, zip((0, 0), *_drawn(streams, page.resources, {}), strict=True))
    if drawn > MAX_PAGE_CONTENT:
        found = import_message("pdf-bomb", mb=MAX_PAGE_CONTENT // 1_000_000)
        expected = import_message("no-pdf-bomb", mb=MAX_PAGE_CONTENT // 1_000_000)
        raise InputError(file, f"page {number}", found, expected)
    if shown > MAX_PAGE_CHARACTERS * _OCTETS:
        raise _too_much_text(number, file)


def _too_much_text(number: int, file: str) -> InputError:
    found = import_message("much-text", count=MAX_PAGE_CHARACTERS)
    return InputError(file, f"page {number}", found, import_message("shorter", count=MAX_PAGE_CHARACTERS))


def _drawn(
    streams: list[PDFStream], resources: object, known: dict[int, tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return how many bytes draw each stream, and how many of them are texts; what it draws counts each time.

    ``known`` are those that were counted; one that draws itself is counted once.
    """
    from pdfminer.pdftypes import PDFStream, dict_value, resolve1

    sizes = []
    forms = dict_value(dict_value(resources or {}).get("XObject") or {})
    for stream in streams:
        content = stream.get_data()
        drawn, shown = len(content), sum(map(len, _SHOWN_TEXT.findall(content)))
        times: dict[str, int] = {}
        for name in _DRAWN.findall(content):
            times[name.decode("latin-1")] = times.get(name.decode("latin-1"), 0) + 1
        for name, count in times.items():
            form = resolve1(forms.get(name))
            if not isinstance(form, PDFStream) or getattr(form.get("Subtype"), "name", "") != "Form":
                continue
            if id(form) not in known:
                known[id(form)] = (0, 0)
                (known[id(form)],) = _drawn([form], form.get("Resources", resources), known)
            drawn += count * known[id(form)][0]
            shown += count * known[id(form)][1]
        sizes.append((drawn, shown))
    return sizes


def _count(blocks: list[Block], size: ContentSize) -> None:
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                size.add_row(row.cells, row.place)
        else:
            size.add_line(block.text, block.place)


def _refuse_bomb(data: bytes, file: str) -> None:
    """Count the objects, and unpack every stream but pictures (which nobody reads here) in bounds."""
    objects = data.count(b" obj") + sum(int(found[1]) for found in _OBJECTS.finditer(data))
    if objects > MAX_OBJECTS:
        raise import_error(file, "the file", "many-objects", "most", count=MAX_OBJECTS)
    if (
        sum(1 for _ in itertools.islice(_PAGE.finditer(data), _VERSIONS * MAX_PAGES + 1))
        > _VERSIONS * MAX_PAGES
    ):
        raise import_error(file, "the file", "pages", "most-pages", count=MAX_PAGES)
    left, end = MAX_STREAMS, 0
    for number, found in enumerate(_STREAM.finditer(data), start=1):
        if number > MAX_STREAM_COUNT:
            raise import_error(file, "the file", "many-objects", "most", count=MAX_STREAM_COUNT)
        start = max(found.start() - _DICTIONARY, 0)
        start = max(data.rfind(b" obj", start, found.start()), start)
        if _PICTURE.search(data, start, found.start()):
            continue
        if end < found.end():  # of streams without an end of their own the next one's is theirs
            end = data.find(b"endstream", found.end())
            end = len(data) if end < 0 else end
        if data.count(b"/FlateDecode", start, found.start()) > 1:  # packed twice, as no tool does
            left = -1
        else:
            left -= _unpacked_size(memoryview(data)[found.end() : end], left)
        if left < 0:
            raise import_error(file, "the file", "pdf-bomb", "no-pdf-bomb", mb=MAX_STREAMS // 1_000_000)


def _unpacked_size(stream: memoryview, most: int) -> int:
    """Return how many bytes a stream unpacks to, or some number beyond ``most``."""
    unpacker, size = zlib.decompressobj(), 0
    with contextlib.suppress(zlib.error):
        for at in range(0, len(stream), _CHUNK):
            rest: bytes | memoryview = stream[at : at + _CHUNK]
            while rest and size <= most and not unpacker.eof:
                size += len(unpacker.decompress(rest, _CHUNK))
                rest = unpacker.unconsumed_tail
            if size > most or unpacker.eof:
                break
    return size


def _unreadable(broken: Exception, file: str) -> InputError:
    names = {type(error).__name__ for error in (broken, *broken.args, broken.__cause__, broken.__context__)}
    if any("Password" in name or "Encryption" in name for name in names):
        return import_error(file, "the file", "locked-pdf", "open-pdf")
    reason = " ".join(str(broken).split())[:80] or type(broken).__name__
    return import_error(file, "the file", "broken-pdf", "pdf", reason=reason)


def _join_pages(pages: list[list[Block]]) -> list[Block]:
    """Put a table that goes on at the top of a page together with the one before it."""
    blocks: list[Block] = []
    last = -1  # where the last block stands that is no footer
    for block in itertools.chain.from_iterable(pages):
        before = blocks[last] if last >= 0 else None
        if (
            isinstance(block, Table)
            and isinstance(before, Table)
            and (block.rows and before.rows)
            and len(before.rows[-1].cells) == len(block.rows[0].cells)
        ):
            blocks[last] = Table(_joined_rows(before.rows, block.rows), before.name)
        else:
            blocks.append(block)
            last = last if _is_footer(block) else len(blocks) - 1
    return blocks


def _joined_rows(rows: Sequence[TableRow], more: Sequence[TableRow]) -> tuple[TableRow, ...]:
    """Return the rows of two pages: what the page tore, begun in the middle of a text, is put together."""
    at = 1 if more[0].cells == rows[0].cells and len(more) > 1 else 0
    last, first = rows[-1], more[at]
    filled = [column for column, cell in enumerate(first.cells) if cell.strip()]
    begun = [column for column in filled if first.cells[column].lstrip()[0].islower() and last.cells[column]]
    if begun == filled and len(filled) < sum(map(bool, last.cells)) and not first.spans:
        return (*rows[:-1], replace(last, cells=_both(last, first, filled)), *more[:at], *more[at + 1 :])
    if begun[:1] != [0]:
        return (*rows, *more)
    # The text of a cell that reaches over the page's end: whole in each row that it stands in.
    torn, rest = last.cells[0], first.cells[0]
    whole = f"{torn}\n{rest}"
    before, after = list(rows), list(more)
    for some, part, order in (
        (before, torn, range(len(before) - 1, 0, -1)),
        (after, rest, range(at, len(after))),
    ):
        for number in order:
            if some[number].cells[0] != part:
                break
            some[number] = replace(some[number], cells=(whole, *some[number].cells[1:]))
    return (*before, *after)


def _both(row: TableRow, more: TableRow, columns: Sequence[int]) -> tuple[str, ...]:
    return tuple(
        f"{cell}\n{more.cells[column]}" if column in columns else cell
        for column, cell in enumerate(row.cells)
    )


def _is_footer(block: Block) -> bool:
    return isinstance(block, TextLine) and any(map(str.isdigit, block.text)) and len(block.text) < 120


def _blocks(page: PageMarks, columns: WordColumns) -> list[Block]:
    """Return the blocks of a page: each of its words is in one."""
    from reminders.intake.formats.pdf_pages import SLANTED
    from reminders.intake.formats.ruled_tables import find_grids
    from reminders.intake.formats.word_columns import rows_of_columns

    free = page.words
    placed: list[PlacedBlock] = []
    for grid in find_grids(page):
        if not grid.is_table:
            continue
        inside = [word for word in free if word.turn != SLANTED and grid.holds(word.box)]
        free = [word for word in free if word.turn == SLANTED or not grid.holds(word.box)]
        more = grid.overflow(inside, free)
        if more:
            inside, free = [*inside, *more], [word for word in free if word not in set(more)]
        rows = list(grid.rows(inside, page.number))
        if len(grid.ys) <= _FEW_LEVELS and len(grid.xs) > _FEW_LEVELS:
            # Rules downwards alone, or a frame around the rows: the words tell where each begins.
            parted = rows_of_columns(inside, grid.xs[1:-1], page)
            rows = parted if len(parted) > len(rows) + 1 else rows
        if rows and (header := grid.header_above(free)) and len(rows[0].cells) == len(grid.xs) - 1:
            free = [word for word in free if word not in set(header)]
            rows.insert(0, TableRow(grid.named(header), f"page {page.number}, header"))
        if rows:
            placed.append((grid.box.top, Table(tuple(rows))))
    placed += columns.blocks(free, page)
    return [block for _, block in sorted(placed, key=lambda one: one[0])]
