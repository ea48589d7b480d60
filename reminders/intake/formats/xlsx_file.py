"""A workbook as tables: one a sheet, merged cells filled, dates as ISO dates, formulas as their text.

Nothing is computed: a formula cell gives the text of its formula and a
finding. What the columns mean is left to ``table_rows``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from reminders.errors import InputError
from reminders.intake.messages import import_message
from reminders.intake.table import DocumentContent, IntakeFinding, Table, TableRow

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_ROWS = 20_000
MAX_COLUMNS = 200


def read_xlsx(data: bytes, file: str) -> DocumentContent:
    """Return the visible sheets of a workbook."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken workbook
        raise InputError(
            file,
            "the workbook",
            import_message("broken-workbook", reason=_short(broken)),
            import_message("xlsx"),
        ) from None
    findings: list[IntakeFinding] = []
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    tables = tuple(_table(sheet, file, findings) for sheet in sheets)
    title = book.properties.title or "" if book.properties else ""
    return DocumentContent(file, tables, title=title, findings=tuple(findings))


def _short(broken: Exception) -> str:
    return " ".join(str(broken).split())[:80] or type(broken).__name__


def _table(sheet: Worksheet, file: str, findings: list[IntakeFinding]) -> Table:
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        found = import_message("table-size", rows=sheet.max_row, columns=sheet.max_column)
        expected = import_message("most-table-size", rows=MAX_ROWS, columns=MAX_COLUMNS)
        raise InputError(file, f"sheet {sheet.title}", found, expected)
    grid = [[_text(cell.value) for cell in row] for row in sheet.iter_rows()]
    for row in sheet.iter_rows():
        findings += (
            IntakeFinding(
                "formula", file, f"sheet {sheet.title}, cell {cell.coordinate}", str(cell.value)[:200]
            )
            for cell in row
            if cell.data_type == "f"
        )
    spanning = _fill(sheet, grid)
    rows = (
        TableRow(tuple(cells), f"sheet {sheet.title}, row {number}", number in spanning)
        for number, cells in enumerate(grid, start=1)
        if any(cells)
    )
    return Table(tuple(rows), sheet.title)


def _fill(sheet: Worksheet, grid: list[list[str]]) -> set[int]:
    """Write each merged text into all its cells; return the rows that one text spans."""
    spanning = set()
    for area in sheet.merged_cells.ranges:
        if area.min_row > len(grid):
            continue
        text = grid[area.min_row - 1][area.min_col - 1]
        for row in range(area.min_row - 1, min(area.max_row, len(grid))):
            for column in range(area.min_col - 1, min(area.max_col, len(grid[row]))):
                grid[row][column] = text
        if text and area.max_col > area.min_col:
            rows = range(area.min_row, area.max_row + 1)
            spanning |= {row for row in rows if row <= len(grid) and _alone(grid[row - 1], text)}
    return spanning


def _alone(cells: Iterable[str], text: str) -> bool:
    return all(cell in {"", text} for cell in cells)


def _text(value: object) -> str:
    """Return a cell's value as people read it: 2024 for 2024.0, an ISO date for a date."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if value.time() == value.time().min else value.isoformat(" ", "minutes")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value)).strip()
