"""Paragraphs and tables in the order in which they flow, as blocks: what Word, Writer and web pages share.

1. A format's reader gives paragraphs (a heading's level, the mark of a list that is not in the text) and
   tables of cells, each with paragraphs and tables of its own.
2. A table that only places other content (a box, columns of a page, cards beside each other) is no table:
   what is in it is read as if it stood there.
3. The cells of any other table are laid on its grid, merged ones in each place that they cover, clipped to
   the columns that there are. A table inside a cell becomes text of that cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from reminders.intake.content import Block, Heading, Table, TableRow, TextLine
from reminders.intake.formats.content_size import ContentSize
from reminders.intake.headings import Role, role_of
from reminders.intake.limits import MAX_COLUMNS
from reminders.intake.words import squeeze

BULLET: Final = "•"
LOWEST_LEVEL: Final = 7
"""The level of a heading that is none by its style: it stands under all others."""
_EMPTY_BOX: Final = "☐"
_LONGEST_TITLE: Final = 120
_WORD_IN_LABEL: Final = re.compile(r"[^\W\d_]{3,}")
_LABEL: Final = re.compile(r"^([^:]{2,40}?)\s*:")
_FIELDS: Final[frozenset[Role | None]] = frozenset(
    ("schedule", "start", "end", "responsible", "partners", "indicator", "action", "goal", "domain")
)
_DATES: Final[tuple[Role, Role]] = ("start", "end")


@dataclass(slots=True)
class FlowText:
    """A paragraph, its ``level`` as a heading or 0, and a list's bullet or number that is not in its text."""

    text: str
    level: int = 0
    mark: str = ""


@dataclass(slots=True)
class FlowCell:
    """What stands in a cell, and over how many columns and rows; ``goes_on`` repeats the cell above it."""

    parts: list[FlowPart]
    columns: int = 1
    rows: int = 1
    goes_on: bool = False


@dataclass(slots=True)
class FlowTable:
    """Rows of cells; ``width`` is how many columns the table says that it has, 0 where it says nothing."""

    rows: list[list[FlowCell]] = field(default_factory=list)
    width: int = 0
    counted: int = -1
    """Its characters, once they are counted."""


FlowPart = FlowText | FlowTable


def flow_blocks(parts: Sequence[FlowPart], size: ContentSize) -> Iterator[Block]:
    """Yield the blocks of a document's parts, counted by ``size``."""
    yield from _Flow(size).blocks(parts)


class _Flow:
    """Goes through the parts once; paragraphs and tables are numbered as they come."""

    def __init__(self, size: ContentSize) -> None:
        self._size = size
        self._paragraphs = self._tables = 0
        self._widths: set[int] = set()

    def blocks(self, parts: Sequence[FlowPart]) -> Iterator[Block]:
        for part in _with_headers(parts):
            if isinstance(part, FlowText):
                yield from self._text(part)
            elif self._only_places(part):
                yield from self._placed(part)
            elif rows := tuple(laid_rows(part, self._size, f"table {self._tables + 1}")):
                self._tables += 1
                self._widths.add(len(rows[0].cells))
                yield Table(rows)

    def _text(self, part: FlowText) -> Iterator[Block]:
        self._paragraphs += 1
        text, place = part.text.strip(), f"paragraph {self._paragraphs}"
        self._size.add_line(text, place)
        if not text:
            return
        if part.level:
            own = f"{part.mark} {text}" if _WORD_IN_LABEL.search(part.mark) else text
            yield Heading(part.level, squeeze(own), place)
            return
        for number, line in enumerate(filter(str.strip, text.split("\n"))):
            yield TextLine(f"{part.mark} {line}" if part.mark and not number else line, place)

    def _only_places(self, table: FlowTable) -> bool:
        """Tell whether a table only places what is in it.

        So does one with nothing but one cell, where that holds more than a line; one whose text is mostly
        that of tables inside; a single row, where no table before it has as many columns (a letterhead, the
        columns of a page); and one of cards, cells that name their own fields. Never one whose first row
        names columns.
        """
        filled = [cell for row in table.rows for cell in row if any(map(_characters, cell.parts))]
        if not filled or _names_columns(table.rows[0]):
            return False
        if len(filled) == 1:
            return len([part for part in filled[0].parts if _characters(part)]) > 1 or _has_table(filled[0])
        inside = [part for cell in filled for part in cell.parts if isinstance(part, FlowTable)]
        if inside and sum(map(_characters, inside)) * 2 >= _characters(table):
            return True
        if len(table.rows) == 1 and len(filled) not in self._widths:
            return True
        return sum(map(_is_card, filled)) * 2 > len(filled)

    def _placed(self, table: FlowTable) -> Iterator[Block]:
        """Yield what a table places; a short text beside a table or right over one is its title."""
        for row in table.rows:
            for cell, after in zip(row, [*row[1:], None], strict=True):
                if cell.goes_on:
                    continue
                parts = [part for part in cell.parts if _characters(part)]
                beside = after.parts if len(parts) == 1 and after is not None else []
                following = [*parts[1:], next(filter(_characters, beside), None)]
                for part, follows in zip(parts, following, strict=False):
                    if isinstance(part, FlowText) and isinstance(follows, FlowTable) and _is_title(part):
                        part.level = part.level or LOWEST_LEVEL
                    yield from self.blocks([part])


def _characters(part: FlowPart) -> int:
    """Return how many characters a part has, those of tables inside it included."""
    if isinstance(part, FlowText):
        return len(part.text.strip())
    if part.counted < 0:
        part.counted = sum(_characters(inner) for row in part.rows for cell in row for inner in cell.parts)
    return part.counted


def _has_table(cell: FlowCell) -> bool:
    return any(isinstance(part, FlowTable) and _characters(part) for part in cell.parts)


def _is_title(part: FlowText) -> bool:
    """Tell whether a paragraph may be a title: one short line that is no item of a list."""
    text = part.text.strip()
    return len(text) <= _LONGEST_TITLE and "\n" not in text and part.mark != BULLET


def _is_card(cell: FlowCell) -> bool:
    """Tell whether a cell names two fields or more by itself."""
    texts = [part.text for part in cell.parts if isinstance(part, FlowText)]
    labels = (_LABEL.match(line) for text in texts for line in text.split("\n"))
    return sum(bool(label) and role_of(label[1]) in _FIELDS for label in labels if label) > 1


def _with_headers(parts: Sequence[FlowPart]) -> Iterator[FlowPart]:
    """Yield the parts; a table that is a header and nothing else belongs to the one right under it."""
    header: FlowTable | None = None
    for part in parts:
        if header is not None and isinstance(part, FlowTable) and part.rows:
            under = len(part.rows[0]) == len(header.rows[0]) and not _names_columns(part.rows[0])
            if under:
                yield FlowTable([*header.rows, *part.rows], part.width)
            else:
                yield from (header, part)
            header = None
        elif isinstance(part, FlowTable) and len(part.rows) == 1 and _names_columns(part.rows[0]):
            header = part
        elif header is None or _characters(part):
            yield from (part,) if header is None else (header, part)
            header = None
    if header is not None:
        yield header


def _names_columns(row: Sequence[FlowCell]) -> bool:
    """Tell whether the cells of a row are headings of columns: two of them or more, and no long text."""
    texts = [squeeze(_cell_text(cell)) for cell in row if not _has_table(cell)]
    return sum(role_of(text) in _FIELDS for text in texts if text) > 1


def laid_rows(table: FlowTable, size: ContentSize, name: str) -> Iterator[TableRow]:
    """Yield the rows of a table with each text in all places of its grid, counted by ``size``."""
    width, above = _width(table), dict[int, _Placed]()
    for number, row in enumerate(table.rows, start=1):
        own, here, column = iter(row), dict[int, _Placed](), 0
        while column < width:
            placed = above.get(column)
            if placed is None or placed.rows <= 1:
                cell = next(own, None)
                if cell is None:
                    break
                span = _span(cell, width - column)
                if cell.goes_on and placed:
                    placed = _Placed(placed.text, 1, placed.origin)
                else:
                    placed = _Placed(_cell_text(cell), cell.rows)
            else:
                span = 1
                placed = _Placed(placed.text, placed.rows - 1, placed.origin)
            here |= dict.fromkeys(range(column, column + span), placed)
            column += span
        if column < width:  # what spans from above stands behind the last cell too
            rest = ((at, one) for at, one in above.items() if at >= column and one.rows > 1)
            here |= {at: _Placed(one.text, one.rows - 1, one.origin) for at, one in rest}
        above = here
        placed_cells = [here.get(at) for at in range(max(here, default=-1) + 1)]
        texts = [one.text if one else "" for one in placed_cells]
        place = f"{name}, row {number}"
        size.add_row(texts, place)
        if any(texts):
            spans = len(texts) > 1 and len({id(one.origin) if one else 0 for one in placed_cells}) == 1
            yield TableRow(tuple(texts), place, spans)


class _Placed:
    """A text on the grid, for how many rows it stands there, and which cell it comes from."""

    __slots__ = ("origin", "rows", "text")

    def __init__(self, text: str, rows: int, origin: object = None) -> None:
        self.text, self.rows, self.origin = text, rows, origin or self


def _span(cell: FlowCell, most: int) -> int:
    return max(1, min(cell.columns, most))


def _width(table: FlowTable) -> int:
    """Return how many columns a table has; a row of one cell does not make it wider than the others."""
    longest = max((len(row) for row in table.rows), default=0)
    if table.width:
        return max(table.width, longest, 1)
    sums = [sum(_span(cell, MAX_COLUMNS) for cell in row) for row in table.rows if len(row) > 1]
    sums = sums or [sum(_span(cell, MAX_COLUMNS) for cell in row) for row in table.rows]
    return max(min(max(sums, default=0), MAX_COLUMNS), longest, 1)


def _cell_text(cell: FlowCell) -> str:
    """Return the text of a cell: a line a paragraph, items with a bullet, tables as lines."""
    texts = [part for part in cell.parts if _characters(part) or (isinstance(part, FlowText) and part.mark)]
    lines = chain.from_iterable(
        _lines(part, alone=len(texts) == 1) if isinstance(part, FlowText) else [_nested_text(part)]
        for part in texts
    )
    text = "\n".join(filter(None, lines))
    return "" if text == _EMPTY_BOX else text


def _lines(part: FlowText, *, alone: bool) -> list[str]:
    """Return the lines of a paragraph in a cell; the number of a list is a bullet there."""
    text, mark = part.text.strip(), part.mark
    if not text:
        return [mark.rstrip(".)")] if alone and mark != BULLET else []
    if mark and _WORD_IN_LABEL.search(mark):
        text = f"{mark} {text}"
    elif mark and (mark == BULLET or not alone):
        text = f"{BULLET} {text}"
    return list(filter(None, map(str.strip, text.split("\n"))))


def _nested_text(table: FlowTable) -> str:
    """Return a table inside a cell as text: start and end as a span, fields by name, else a line a row."""
    rows = [[squeeze(_cell_text(cell)) for cell in row if not cell.goes_on] for row in table.rows]
    rows = [row for row in rows if any(row)]
    pairs = rows if all(len(row) == 2 for row in rows) else []
    if len(rows) == 2 and len(rows[0]) == len(rows[1]):
        across = list(zip(*rows, strict=True))
        pairs = (
            pairs if pairs and role_of(pairs[0][0]) and role_of(pairs[1][0]) else [[*one] for one in across]
        )
    roles = [role_of(name) for name, _ in pairs]
    if roles and set(roles) <= set(_DATES) and len(roles) == len(set(roles)):
        days = dict(zip(roles, (value for _, value in pairs), strict=True))
        return "–".join(filter(None, (days.get(role, "") for role in _DATES)))
    if roles and all(roles):
        return "\n".join(f"{name}: {value}" for name, value in pairs if value)
    return "\n".join(" ".join(filter(None, row)) for row in rows)
