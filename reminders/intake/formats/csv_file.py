"""A CSV file as one table: separator found by trying, cells as written.

What the columns mean is left to ``table_rows``.
"""

from __future__ import annotations

import csv
import io

from reminders.errors import InputError
from reminders.intake.messages import import_message
from reminders.intake.table import DocumentContent, Table, TableRow

_SEPARATORS = ";,\t|"
_SAMPLE = 50
_LONGEST_CELL = 1_000_000
_GUARDED = ("'=", "'+", "'-", "'@")


def read_csv(text: str, file: str) -> DocumentContent:
    """Return the one table of a CSV file."""
    separator = max(_SEPARATORS, key=lambda char: _evenness(text, char))
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = []
    line = 1
    try:
        for cells in reader:
            texts = tuple(_unguarded(cell.strip()) for cell in cells)
            if any(texts):
                rows.append(TableRow(texts, f"row {line}", sum(map(bool, texts)) == 1 and len(texts) > 1))
            line = reader.line_num + 1
    except csv.Error as broken:
        raise InputError(
            file, f"row {line}", import_message("mistake", reason=broken), import_message("csv")
        ) from None
    return DocumentContent(file, (Table(tuple(rows)),))


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """Return how many of the first rows have the most usual number of cells, and that number."""
    sample = "\n".join(text.split("\n")[:_SAMPLE])
    widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
    usual = max(set(widths), key=lambda width: (width > 1, widths.count(width)), default=0)
    return (widths.count(usual), usual) if usual > 1 else (0, 0)


def _unguarded(cell: str) -> str:
    """Undo the mark that keeps a spreadsheet from computing a text."""
    return cell[1:] if cell.startswith(_GUARDED) else cell
