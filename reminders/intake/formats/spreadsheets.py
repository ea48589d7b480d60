"""Spreadsheets as tables: the sheets of an XLSX workbook, and CSV as one table.

Merged cells are filled and dates are ISO dates. Nothing is computed: a formula cell gives the result that was
saved with it, else its formula, and a finding either way. What the columns mean is left to ``shapes``.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from reminders.errors import InputError
from reminders.intake.content import DocumentContent, IntakeFinding, Table, TableRow
from reminders.intake.formats.content_size import ContentSize, check_table_size
from reminders.intake.formats.left_out import LeftOut
from reminders.intake.formats.values import grid_rows, is_iso_day, shown_text, value_text
from reminders.intake.formats.xml_parts import without_extras
from reminders.intake.limits import MAX_COLUMNS, MAX_TEXT
from reminders.intake.messages import import_error

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_SEPARATORS = ";,\t|"
_SEPARATOR_LINE = re.compile(r'"?sep=([;,\t|:^~])"?[ \t;,]*(?:\n|$)', re.IGNORECASE)
_QUOTED_LINE = re.compile(r'\s*"(?:[^"]|"")*"\s*')
_NO_SEPARATOR = "\x1f"
_SAMPLE = 50
_LONGEST_SHOWN = 200
_SHOWN = 20
_COMMENTS = re.compile(r"xl/(?:comments/?\d*|comments/comment\d*)\.xml")
_SHARE = re.compile(rb'%|numFmtId="(?:9|10)"')
_GUARDED = ("'=", "'+", "'-", "'@")


def read_csv(text: str, file: str) -> DocumentContent:
    """Return the one table of a CSV file; the separator is the one that cuts its first rows most evenly."""
    csv.field_size_limit(MAX_TEXT)
    text = _without_outer_quotes(text)
    told = _SEPARATOR_LINE.match(text)
    separator = told[1] if told else max(_SEPARATORS, key=lambda char: _evenness(text, char))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, size = [], ContentSize(file)
    line = 1
    try:
        for cells in reader:
            if told and line == 1:  # it tells the separator, and is no row
                line = reader.line_num + 1
                continue
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


def _without_outer_quotes(text: str) -> str:
    """Return a text whose every row was put in quotes as one cell as the rows that it holds; others as is."""
    lines = [line for line in text.split("\n", _SAMPLE)[:_SAMPLE] if line.strip()]
    wrapped = all(_QUOTED_LINE.fullmatch(line) and any(one in line for one in _SEPARATORS) for line in lines)
    if len(lines) < 2 or not wrapped:
        return text
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_NO_SEPARATOR)
    return "\n".join(cells[0] if cells else "" for cells in rows)


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
    left_out = LeftOut()
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            _say_hidden_sheet(sheet, left_out)
    for sheet in sheets:
        check_table_size(sheet.max_row, sheet.max_column, file, f"sheet {sheet.title}")
    results = _Results(data)
    findings = [one for sheet in sheets for one in _resolve_formulas(sheet, results, file)]
    cells = _CellReader(has_shares=_has_shares(data))
    size = ContentSize(file)
    tables = tuple(_sheet(sheet, size, left_out, cells) for sheet in sheets)
    for text in _comments(data):
        left_out.finding("comment", text)
    title = book.properties.title or "" if book.properties else ""
    findings += left_out.findings(file)
    return DocumentContent(file, tables, title=title, findings=tuple(findings), days=frozenset(cells.days))


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
        place, formula = f"sheet {sheet.title}, cell {cell.coordinate}", value_text(cell.value)
        result = results[cell.coordinate]
        # An empty text is a result too; an error such as #REF! is none.
        if result.data_type == "e" or (result.value is None and result.data_type not in {"s", "str"}):
            yield IntakeFinding("formula-without-result", file, place, formula[:_LONGEST_SHOWN])
        else:
            cell.value = result.value
            yield IntakeFinding("formula", file, place, formula[:_LONGEST_SHOWN], value_text(result.value))


def _sheet(sheet: Worksheet, size: ContentSize, left_out: LeftOut, reader: _CellReader) -> Table:
    rows = enumerate(sheet.iter_rows(), start=1)
    grid = {number: [reader.text(cell) for cell in cells] for number, cells in rows}
    _say_hidden(sheet, grid, left_out)
    areas = [
        (one.min_row, one.min_col - 1, one.max_row, one.max_col - 1) for one in sheet.merged_cells.ranges
    ]
    return Table(tuple(grid_rows(grid, areas, f"sheet {sheet.title}", size)), sheet.title)


class _CellReader:
    """Reads what cells show, and remembers days; a number's format is asked only where some are shares."""

    def __init__(self, *, has_shares: bool) -> None:
        self.days: set[str] = set()
        self._has_shares = has_shares

    def text(self, cell: Cell | MergedCell) -> str:
        value = cell.value
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, date):
            shown = shown_text(value, cell.number_format)
            if is_iso_day(shown):
                self.days.add(shown)
            return shown
        is_share = self._has_shares and isinstance(value, int | float)
        return shown_text(value, cell.number_format) if is_share else value_text(value)


def _has_shares(data: bytes) -> bool:
    """Tell whether a workbook may show a number as a percentage."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = "xl/styles.xml"
        return name in archive.namelist() and bool(_SHARE.search(archive.read(name)))


def _say_hidden(sheet: Worksheet, grid: Mapping[int, Sequence[str]], left_out: LeftOut) -> None:
    """Remember the texts of hidden rows and columns: they are read, and whoever looks does not see them."""
    place = f"sheet {sheet.title}"
    for number, row in sheet.row_dimensions.items():
        if row.hidden and number in grid:
            left_out.finding("hidden-rows", " ".join(grid[number]), place)
    for column in sheet.column_dimensions.values():
        if column.hidden and column.min:
            for at in range(column.min - 1, min(column.max or column.min, sheet.max_column)):
                texts = (row[at] for row in grid.values() if at < len(row) and row[at])
                left_out.finding("hidden-columns", " ".join(islice(texts, _SHOWN)), place)


def _say_hidden_sheet(sheet: Worksheet, left_out: LeftOut) -> None:
    """Remember a hidden sheet that is more than a list of choices: one with two texts in a row."""
    for row in sheet.iter_rows(max_row=_SAMPLE, max_col=MAX_COLUMNS, values_only=True):
        texts = list(filter(None, map(value_text, row)))
        if len(texts) > 1:
            left_out.finding("hidden-sheet", " ".join(texts), f"sheet {sheet.title}")
            return


def _comments(data: bytes) -> Iterator[str]:
    """Yield the comments of a workbook's cells, which are beside what the cells say."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if _COMMENTS.fullmatch(name):
                root = etree.fromstring(archive.read(name), parser)
                for one in islice(root.iter("{*}comment"), _SHOWN):
                    yield "".join(one.itertext("{*}t"))
