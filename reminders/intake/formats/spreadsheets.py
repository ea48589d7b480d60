"""Spreadsheets as tables: the sheets of an XLSX workbook, and CSV as one table.

Merged cells are filled and dates are ISO dates. Nothing is computed: a formula cell gives the result that was
saved with it, else its formula, and a finding either way. What the columns mean is left to ``shapes``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from reminders.errors import InputError
from reminders.intake.content import DocumentContent, IntakeFinding, Table, TableRow
from reminders.intake.formats.content_size import ContentSize, check_table_size
from reminders.intake.formats.xml_parts import without_extras
from reminders.intake.limits import MAX_TEXT
from reminders.intake.messages import import_error

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_SEPARATORS = ";,\t|"
_SAMPLE = 50
_LONGEST_SHOWN = 200
FORMULA: Final = "formula"
"""The finding of a formula whose saved result was used."""
NO_RESULT: Final = "formula-without-result"
"""The finding of a formula that no result was saved with."""
_GUARDED = ("'=", "'+", "'-", "'@")


def read_csv(text: str, file: str) -> DocumentContent:
    """Return the one table of a CSV file; the separator is the one that cuts its first rows most evenly."""
    csv.field_size_limit(MAX_TEXT)
    separator = max(_SEPARATORS, key=lambda char: _evenness(text, char))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, size = [], ContentSize(file)
    line = 1
    try:
        for cells in reader:
            texts = tuple(cell.strip() for cell in cells)
            # A mark keeps a spreadsheet from computing a text.
            texts = tuple(text[1:] if text.startswith(_GUARDED) else text for text in texts)
            size.add_row(texts, f"row {line}")
            if any(texts):
                rows.append(TableRow(texts, f"row {line}", sum(map(bool, texts)) == 1 and len(texts) > 1))
            line = reader.line_num + 1
    except csv.Error as broken:
        raise import_error(file, f"row {line}", "mistake", "csv", reason=broken) from None
    return DocumentContent(file, (Table(tuple(rows)),))


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """Return how many of the first rows have the most usual number of cells, and that number."""
    sample = "\n".join(text.split("\n", _SAMPLE)[:_SAMPLE])
    widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
    usual = max(set(widths), key=lambda width: (width > 1, widths.count(width)), default=0)
    return (widths.count(usual), usual) if usual > 1 else (0, 0)


def read_xlsx(data: bytes, file: str) -> DocumentContent:
    """Return the visible sheets of a workbook."""
    import openpyxl

    try:
        data = without_extras(data, file)
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except (InputError, MemoryError):
        raise
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken workbook
        reason = " ".join(str(broken).split())[:80] or type(broken).__name__
        raise import_error(file, "the workbook", "broken-workbook", "xlsx", reason=reason) from None
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        check_table_size(sheet.max_row, sheet.max_column, file, f"sheet {sheet.title}")
    results = _Results(data)
    findings = [one for sheet in sheets for one in _resolve_formulas(sheet, results, file)]
    size = ContentSize(file)
    tables = tuple(_sheet(sheet, size) for sheet in sheets)
    title = book.properties.title or "" if book.properties else ""
    days = frozenset(
        _as_text(cell.value)
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, date)
    )
    return DocumentContent(file, tables, title=title, findings=tuple(findings), days=days)


class _Results:
    """The same workbook with the results that were saved with its formulas, loaded once, if at all."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def book(self) -> Workbook:
        import openpyxl

        return openpyxl.load_workbook(io.BytesIO(self._data), data_only=True, keep_links=False)


def _resolve_formulas(sheet: Worksheet, saved: _Results, file: str) -> Iterator[IntakeFinding]:
    """Put the saved result in the place of each formula that has one; yield a finding for each formula."""
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    if not cells:
        return
    results = saved.book[sheet.title]
    for cell in cells:
        place, formula = f"sheet {sheet.title}, cell {cell.coordinate}", _as_text(cell.value)
        result = results[cell.coordinate]
        # An empty text is a result too; an error such as #REF! is none.
        if result.data_type == "e" or (result.value is None and result.data_type not in {"s", "str"}):
            yield IntakeFinding("formula-without-result", file, place, formula[:_LONGEST_SHOWN])
        else:
            cell.value = result.value
            yield IntakeFinding("formula", file, place, formula[:_LONGEST_SHOWN], _as_text(result.value))


def _sheet(sheet: Worksheet, size: ContentSize) -> Table:
    grid = [[_as_text(cell.value) for cell in cells] for cells in sheet.iter_rows()]
    spanning = _fill_merged(sheet, grid)
    for number, texts in enumerate(grid, start=1):
        size.add_row(texts, f"sheet {sheet.title}, row {number}")
    rows = (
        TableRow(tuple(texts), f"sheet {sheet.title}, row {number}", number in spanning)
        for number, texts in enumerate(grid, start=1)
        if any(texts)
    )
    return Table(tuple(rows), sheet.title)


def _fill_merged(sheet: Worksheet, grid: list[list[str]]) -> set[int]:
    """Write each merged text into all its cells; return the rows that one text spans."""
    spanning = set()
    for area in sheet.merged_cells.ranges:
        if area.min_row > len(grid):
            continue
        text = grid[area.min_row - 1][area.min_col - 1]
        last = min(area.max_row, len(grid))
        for row in range(area.min_row - 1, last):
            for column in range(area.min_col - 1, min(area.max_col, len(grid[row]))):
                grid[row][column] = text
        if text and area.max_col > area.min_col:
            rows = range(area.min_row, last + 1)
            spanning |= {row for row in rows if all(cell in {"", text} for cell in grid[row - 1])}
    return spanning


def _as_text(value: object) -> str:
    """Return a cell's value as people read it: 2024 for 2024.0, an ISO date for a date."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = value.time() == value.time().min
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value)).strip()
