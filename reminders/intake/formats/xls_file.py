"""An XLS workbook, Excel's format until 2003, as tables.

What its cells say is read by python-calamine. Before that its records are gone through once: how far its
cells go (the library makes every cell up to the last one), what is hidden and how numbers are shown.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from reminders.errors import InputError
from reminders.intake.content import DocumentContent, IntakeFinding, Table
from reminders.intake.formats.compound_file import compound_of, workbook_stream
from reminders.intake.formats.content_size import ContentSize, check_table_size
from reminders.intake.formats.left_out import LeftOut
from reminders.intake.formats.values import FORMULA, grid_rows, is_iso_day, shown_text, value_text
from reminders.intake.limits import MAX_AREAS, MAX_CELLS
from reminders.intake.messages import import_error

_SINGLE_CELLS: Final = frozenset((0x0203, 0x0204, 0x0205, 0x0006, 0x027E, 0x00FD, 0x00D6, 0x0201, 0x0001))
_FORMULA_CELL: Final = 0x0006
_FORMATS: Final = {
    9: "0%", 10: "0.00%", 14: "dd.mm.yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "dd.mm.yyyy h:mm",
}  # fmt: skip
_LONGEST_SHOWN: Final = 200
_PANIC: Final = "PanicException"
"""What the library raises where a record breaks it: an exception of its own that is none of Python's."""
_SIZE: Final = 0x0200
_NOTHING: Final = 0x0FFF
_LEAST_TEXT: Final = 3

_Corners = tuple[tuple[int, int], tuple[int, int]]
"""A merged area: row and column of its first cell and of its last one, from 0."""


def read_xls(data: bytes, file: str) -> DocumentContent:
    """Return the visible sheets of an XLS workbook."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        stream = workbook_stream(data, file)
        records = _Records(stream, file)
        book = CalamineWorkbook.from_filelike(io.BytesIO(compound_of(_without_sizes(stream))))
        reader = _SheetReader(records, file)
        tables = list[Table]()
        for number, about in enumerate(book.sheets_metadata):
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(number)
            values = sheet.to_python(skip_empty_area=False)
            if about.visible is not SheetVisibleEnum.Visible:
                reader.say_hidden(about.name, values)
            else:
                tables.append(reader.table(about.name, number, values, sheet.merged_cell_ranges or []))
    except (InputError, MemoryError):
        raise
    except PasswordError:
        raise import_error(file, "the file", "locked-file", "open-file") from None
    except BaseException as broken:  # many kinds of error mean a broken workbook
        if not isinstance(broken, Exception) and type(broken).__name__ != _PANIC:
            raise
        reason = " ".join(str(broken).split())[:80] or type(broken).__name__
        raise import_error(file, "the workbook", "broken-workbook", "xls", reason=reason) from None
    findings = (*reader.formulas, *reader.left_out.findings(file))
    return DocumentContent(file, tuple(tables), findings=findings, days=frozenset(reader.days))


class _SheetReader:
    """Makes tables of the values of sheets, with what the records say of them."""

    def __init__(self, records: _Records, file: str) -> None:
        self.left_out = LeftOut()
        self.formulas: list[IntakeFinding] = []
        self.days: set[str] = set()
        self._records = records
        self._size = ContentSize(file)

    def say_hidden(self, name: str, values: Sequence[Sequence[object]]) -> None:
        """Remember a hidden sheet that is more than a list of choices: one with two texts in a row."""
        rows = (list(filter(None, map(value_text, row))) for row in values)
        if words := next((row for row in rows if len(row) > 1), None):
            self.left_out.finding("hidden-sheet", " ".join(words), f"sheet {name}")

    def table(
        self, name: str, number: int, values: Sequence[Sequence[object]], merged: Sequence[_Corners]
    ) -> Table:
        """Return a sheet as a table."""
        about = self._records.sheet(number)
        place, grid = f"sheet {name}", dict[int, list[str]]()
        for at, row in enumerate(values):
            grid[at + 1] = [
                self._text(value, about.formats.get((at, column), "")) for column, value in enumerate(row)
            ]
        for at, column in sorted(about.formulas):
            text = grid.get(at + 1, [])[column : column + 1]
            cell = f"{place}, row {at + 1}, column {column + 1}"
            self.formulas.append(IntakeFinding(FORMULA, self._size.file, cell, "=", *text))
        for at in sorted(about.hidden_rows):
            self.left_out.finding("hidden-rows", " ".join(grid.get(at + 1, [])), place)
        for at in sorted(about.hidden_columns):
            texts = (row[at] for row in grid.values() if at < len(row))
            self.left_out.finding("hidden-columns", " ".join(filter(None, texts))[:_LONGEST_SHOWN], place)
        areas = [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in about.areas(merged)]
        return Table(tuple(grid_rows(grid, areas, place, self._size)), name)

    def _text(self, value: object, number_format: str) -> str:
        text = shown_text(value, number_format)
        if isinstance(value, date) and is_iso_day(text):
            self.days.add(text)
        return text


@dataclass(slots=True)
class _SheetRecords:
    """What the records of a sheet say of it: rows and columns counted from 0."""

    rows: int = 0
    columns: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[_Corners] = field(default_factory=list)

    def areas(self, merged: Sequence[_Corners]) -> Sequence[_Corners]:
        """Return the merged areas that the records name, else those that the library found."""
        return self.merged or merged


class _Records:
    """The records of a workbook, gone through once; ``InputError`` where its cells go too far."""

    def __init__(self, stream: bytes, file: str) -> None:
        self._file = file
        self._sheets: dict[int, _SheetRecords] = {}
        self._starts: list[int] = []
        self._formats: dict[int, str] = dict(_FORMATS)
        self._looks: list[int] = []
        self._cells = 0
        self._size = len(stream)
        sheet: _SheetRecords | None = None
        for at, kind, content in _records(stream):
            if kind in {0x0809, 0x0009, 0x0209, 0x0409}:
                sheet = self._sheets.setdefault(at, _SheetRecords())
            elif kind == 0x002F:
                raise import_error(file, "the file", "locked-file", "open-file")
            elif sheet is not None:
                self._take(sheet, kind, content)

    def sheet(self, number: int) -> _SheetRecords:
        """Return the records of a sheet by its number in the workbook."""
        start = self._starts[number] if number < len(self._starts) else -1
        return self._sheets.get(start, _SheetRecords())

    def _take(self, sheet: _SheetRecords, kind: int, content: bytes) -> None:
        if kind == 0x0085 and len(content) >= 4:
            self._starts.append(struct.unpack_from("<I", content)[0])
        elif kind == 0x00FC and len(content) >= 8:
            if struct.unpack_from("<I", content, 4)[0] * _LEAST_TEXT > self._size:
                raise import_error(self._file, "the workbook", "broken-workbook", "xls", reason="texts")
        elif kind == 0x041E and len(content) >= 5:
            wide, text = content[4] & 1, content[5:]
            shown = text.decode("utf-16-le", "replace") if wide else text.decode("latin-1")
            self._formats[struct.unpack_from("<H", content)[0]] = shown
        elif kind == 0x00E0 and len(content) >= 4:
            self._looks.append(struct.unpack_from("<H", content, 2)[0])
        elif kind == 0x0208 and len(content) >= 16:
            row, options = struct.unpack_from("<H", content)[0], struct.unpack_from("<H", content, 12)[0]
            if options & 0x20:
                sheet.hidden_rows.add(row)
        elif kind == 0x007D and len(content) >= 10:
            first, last, options = (struct.unpack_from("<H", content, at)[0] for at in (0, 2, 8))
            if options & 1:
                sheet.hidden_columns |= set(range(first, min(last, 255) + 1))
        elif kind == 0x00E5 and len(content) >= 2:
            self._merge(sheet, content)
        elif kind in _SINGLE_CELLS or kind in {0x00BD, 0x00BE}:
            self._cell(sheet, kind, content)

    def _merge(self, sheet: _SheetRecords, content: bytes) -> None:
        for at in range(2, len(content) - 7, 8):
            top, bottom, left, right = struct.unpack_from("<4H", content, at)
            sheet.merged.append(((top, left), (bottom, right)))
        if len(sheet.merged) > MAX_AREAS:
            raise import_error(self._file, "the workbook", "many-areas", "most", count=MAX_AREAS)

    def _cell(self, sheet: _SheetRecords, kind: int, content: bytes) -> None:
        if len(content) < 6:
            return
        row, column, look = struct.unpack_from("<3H", content)
        last = column
        if kind in {0x00BD, 0x00BE}:
            last = max(column, struct.unpack_from("<H", content, len(content) - 2)[0])
        self._cells += min(last, 255) - column + 1
        if self._cells > MAX_CELLS:
            raise import_error(self._file, "the workbook", "many-cells", "most", count=MAX_CELLS)
        if kind in {0x0201, 0x00BE}:  # a cell without a value: the library makes none of it
            return
        sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, last + 1)
        check_table_size(sheet.rows, sheet.columns, self._file, "the workbook")
        if kind == _FORMULA_CELL:
            sheet.formulas.add((row, column))
        if kind == 0x00BD:
            for at in range(column, last + 1):
                self._show(sheet, (row, at), content[4 + 6 * (at - column) :][:2])
        else:
            self._show(sheet, (row, column), struct.pack("<H", look))

    def _show(self, sheet: _SheetRecords, cell: tuple[int, int], look: bytes) -> None:
        """Remember the number format of a cell where it has one of its own."""
        number = int.from_bytes(look, "little")
        shown = self._formats.get(self._looks[number], "") if number < len(self._looks) else ""
        if shown and shown != "General":
            sheet.formats[cell] = shown


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield the records of a stream: where each begins, its kind and its content."""
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<2H", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _without_sizes(stream: bytes) -> bytes:
    """Return a stream without what its sheets say of their size: the library makes room for all of it."""
    changed = bytearray(stream)
    for at, kind, _ in _records(stream):
        if kind == _SIZE:
            struct.pack_into("<H", changed, at, _NOTHING)
    return bytes(changed)
