"""A PDF as tables and the lines around them.

1. A table with rules is taken by them; a cell that reaches down over several rows is in each.
2. A page without rules is put back into the columns that a header of known names shows; the columns hold
   until another header comes. Pages before any such header are read as lines.
3. A table that goes on over pages is one.

What the columns mean is left to ``shapes``.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from reminders.errors import InputError
from reminders.intake.content import Block, DocumentContent, Heading, Table, TableRow, TextLine
from reminders.intake.formats.content_size import ContentSize
from reminders.intake.headings import role_of
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
    from pdfminer.pdftypes import PDFStream
    from pdfplumber.page import Page
    from pdfplumber.table import Table as PdfTable

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
_TITLE_RATIO = 1.15  # how much larger than usual the text of a title is
_CHAPTER_RATIO = 1.5
_LEAST_ROLES = 3

_PlacedBlock = tuple[float, Block]  # a block and its height on the page


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
    import pdfplumber
    from pdfminer.pdfpage import PDFPage

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        count = sum(1 for _ in itertools.islice(PDFPage.create_pages(pdf.doc), MAX_PAGES + 1))
        if count > MAX_PAGES:
            raise import_error(file, "the file", "pages", "most-pages", count=MAX_PAGES)
        pages = []
        columns, size = _Columns(), ContentSize(file)
        for number, page in enumerate(pdf.pages, start=1):
            _check_page(page, number, file)
            blocks = list(_page(page, number, columns))
            _count(blocks, size)
            pages.append(blocks)
            page.close()
            if progress:
                progress(number, count, file)
    return pages


def _check_page(page: Page, number: int, file: str) -> None:
    """Refuse a page of too much: by what its contents draw before they are laid out, then by its letters."""
    from pdfminer.pdftypes import PDFStream, resolve1

    streams = [one for one in map(resolve1, page.page_obj.contents) if isinstance(one, PDFStream)]
    drawn, shown = map(sum, zip((0, 0), *_drawn(streams, page.page_obj.resources, {}), strict=True))
    place = f"page {number}"
    if drawn > MAX_PAGE_CONTENT:
        found = import_message("pdf-bomb", mb=MAX_PAGE_CONTENT // 1_000_000)
        raise InputError(file, place, found, import_message("no-pdf-bomb", mb=MAX_PAGE_CONTENT // 1_000_000))
    if shown > MAX_PAGE_CHARACTERS * _OCTETS or len(page.chars) > MAX_PAGE_CHARACTERS:
        found = import_message("much-text", count=MAX_PAGE_CHARACTERS)
        raise InputError(file, place, found, import_message("shorter", count=MAX_PAGE_CHARACTERS))


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
            blocks[last] = Table((*before.rows, *block.rows), before.name)
        else:
            blocks.append(block)
            last = last if _is_footer(block) else len(blocks) - 1
    return blocks


def _is_footer(block: Block) -> bool:
    return isinstance(block, TextLine) and any(map(str.isdigit, block.text)) and len(block.text) < 120


def _page(page: Page, number: int, columns: _Columns) -> Iterator[Block]:
    ruled = page.find_tables() if len(page.edges) <= MAX_PAGE_LINES else []
    tables = [table for table in ruled if len(table.rows) > 1 or len(table.columns) > 2]
    outside = page
    for table in tables:
        left, top, right, bottom = page.bbox
        x0, y0, x1, y1 = table.bbox
        outside = outside.outside_bbox((max(x0, left), max(y0, top), min(x1, right), min(y1, bottom)))
    sizes = sorted(char["size"] for char in page.chars)
    usual = float(sizes[len(sizes) // 2]) if sizes else 0.0
    blocks = list(_lines(outside, number, usual))
    blocks += [(table.bbox[1], Table(tuple(_ruled_rows(table, number)))) for table in tables]
    if not tables:
        blocks = list(columns.blocks(page, number, usual)) or blocks
    yield from (block for _, block in sorted(blocks, key=lambda placed: placed[0]))


def _ruled_rows(table: PdfTable, page: int) -> Iterator[TableRow]:
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
            spans = sum(box is not None for box in row.cells) == 1
            yield TableRow(tuple(cells), f"page {page}, row {index}", spans)


def _lines(page: Page, number: int, usual: float) -> Iterator[_PlacedBlock]:
    """Yield the lines of a page: large or bold ones are headings."""
    for index, line in enumerate(page.extract_text_lines(return_chars=True), start=1):
        place = f"page {number}, line {index}"
        size = max(char["size"] for char in line["chars"])
        bold = all("bold" in char["fontname"].lower() for char in line["chars"])
        text = str(line["text"])
        if size > usual * _TITLE_RATIO or (bold and len(text) < 90):
            yield line["top"], _heading(text, place, size, usual)
        else:
            yield line["top"], TextLine(text, place)


def _heading(text: str, place: str, size: float, usual: float) -> Heading:
    return Heading(1 if size > usual * _CHAPTER_RATIO else 2, text, place)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float = 0.0


_Line = list[_Word]


class _Columns:
    """The columns of the last header, which hold until another comes."""

    def __init__(self) -> None:
        self._edges: list[float] = []

    def blocks(self, page: Page, number: int, usual: float) -> Iterator[_PlacedBlock]:
        """Yield the lines, titles and tables of a page; nothing before any header."""
        lines = _lines_of_words(page)
        if not self._edges and not any(map(_is_header, lines)):
            return
        table: list[tuple[int, _Line]] = []
        for at, line in enumerate(lines, start=1):
            is_title = all(word.size > usual * _TITLE_RATIO for word in line)
            is_header = _is_header(line)
            if is_title or is_header or not self._edges:
                yield from self._table(table, number)
                table = []
            if is_title or not (self._edges or is_header):
                place = f"page {number}, line {at}"
                text = _text(line)
                loose = _heading(text, place, line[0].size, usual) if is_title else TextLine(text, place)
                yield line[0].top, loose
                continue
            if is_header:
                self._edges = [group[0].left for group in _groups(line)]
            table.append((at, line))
        yield from self._table(table, number)

    def _table(self, numbered: list[tuple[int, _Line]], page: int) -> Iterator[_PlacedBlock]:
        """Yield lines that belong together as a table, a header the first of them where there is one."""
        if not numbered:
            return
        number, first = numbered[0]
        lines = [line for _, line in numbered]
        rows = []
        if _is_header(first):
            rows = [TableRow(tuple(map(_text, _groups(first))), f"page {page}, line {number}")]
            lines = lines[1:]
        rows += self._rows(lines, page, number + len(rows))
        yield first[0].top, Table(tuple(rows))

    def _rows(self, lines: list[_Line], page: int, first: int) -> Iterator[TableRow]:
        """Yield rows: a new one where a gap stands before a line that is wider than those inside rows."""
        gaps = [after[0].top - before[0].top for before, after in pairwise(lines)]
        widest = min(gaps, default=0.0) * 1.2
        cells: list[list[str]] = [[] for _ in self._edges]
        start = first

        def row() -> TableRow:
            return TableRow(tuple(map("\n".join, cells)), f"page {page}, line {start}")

        for number, line in enumerate(lines):
            if number and gaps[number - 1] > widest and any(cells):
                yield row()
                cells, start = [[] for _ in self._edges], first + number
            texts: dict[int, list[str]] = {}
            for word in line:
                column = max((at for at, edge in enumerate(self._edges) if edge <= word.left + 2), default=0)
                texts.setdefault(column, []).append(word.text)
            for column, words in texts.items():
                cells[column].append(" ".join(words))
        if any(cells):
            yield row()


def _lines_of_words(page: Page) -> list[_Line]:
    words = [
        _Word(str(word["text"]), word["x0"], word["x1"], word["top"], word["bottom"], word["size"])
        for word in page.extract_words(keep_blank_chars=False, extra_attrs=["size"])
    ]
    lines: list[_Line] = []
    for word in sorted(words, key=lambda word: (word.top, word.left)):
        if lines and abs(lines[-1][0].top - word.top) < 3:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _groups(line: _Line) -> list[_Line]:
    groups: list[_Line] = []
    for word in line:
        if groups and word.left - groups[-1][-1].right < 1.2 * (word.bottom - word.top) * 0.5:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _text(words: _Line) -> str:
    return " ".join(word.text for word in words)


def _is_header(line: _Line) -> bool:
    roles = {role_of(_text(group)) for group in _groups(line)} - {None, "other", "number"}
    return len(roles) >= _LEAST_ROLES and "schedule" in roles and bool({"action", "goal"} & roles)
