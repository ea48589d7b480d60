"""Tables that leave the house as CSV and XLSX; pure, and no text in them can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What spreadsheets read as the beginning of a formula (OWASP, "CSV Injection").
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_ODD: Final = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
_NARROW, _WIDE = 12, 60

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a title of at most 31 characters, the header, rows of as many cells."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take a text for a formula."""
    return text.lstrip(" ").startswith(_FORMULA)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: such a one gets an apostrophe before it."""
    return f"'{text}" if is_formula(text) else text


def _safe(cell: Cell) -> Cell:
    return harmless(cell.translate(_ODD)) if isinstance(cell, str) else cell


def as_csv(sheet: Sheet) -> bytes:
    """Return a table as CSV (RFC 4180) in UTF-8 with a byte order mark, which Excel needs to read it so."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(_safe, sheet.header))
    writer.writerows([_plain(_safe(cell)) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Iterable[Sheet], made: datetime) -> bytes:
    """Return tables as a workbook, a sheet each; ``made`` is its stamp."""
    import openpyxl  # noqa: PLC0415 - heavy, and seldom needed

    book = openpyxl.Workbook()
    del book["Sheet"]
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:31])
        for row in (sheet.header, *sheet.rows):
            page.append([_safe(cell) for cell in row])
        _dress(page, sheet)
    book.properties.created = book.properties.modified = made.replace(tzinfo=None, microsecond=0)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _dress(page: object, sheet: Sheet) -> None:
    """Make the header bold and fixed, the columns as wide as their texts, long texts wrapped."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.worksheet import Worksheet  # noqa: PLC0415

    assert isinstance(page, Worksheet)  # noqa: S101 - for the type
    page.freeze_panes = "A2"
    for cell in page[1]:
        cell.font = Font(bold=True)
    for number, column in enumerate(zip(sheet.header, *sheet.rows, strict=False), start=1):
        longest = max((len(str(_plain(cell))) for cell in column), default=0)
        page.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, _NARROW), _WIDE)
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else cell
