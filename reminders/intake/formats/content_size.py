"""Count what is read of a file while it is read, and refuse it where it becomes too much."""

from __future__ import annotations

from collections.abc import Sequence

from reminders.errors import InputError
from reminders.intake.limits import (
    MAX_CELL,
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_LINES,
    MAX_ROWS,
)
from reminders.intake.messages import import_error, import_message


class ContentSize:
    """What has been read of one file so far; each method raises ``InputError`` where it is too much."""

    def __init__(self, file: str) -> None:
        """Begin to count what ``file`` holds."""
        self.file = file
        self._rows = self._cells = self._lines = self._characters = 0

    def add_row(self, cells: Sequence[str], place: str) -> None:
        """Count the cells of one row; one without any text is no row, and its cells are cells."""
        self._rows += any(cells)
        self._cells += len(cells)
        check_table_size(self._rows, len(cells), self.file, place)
        if self._cells > MAX_CELLS:
            raise self._too_much("many-cells", MAX_CELLS)
        longest = max(map(len, cells), default=0)
        if longest > MAX_CELL:
            raise self._too_long("long-cell", longest, MAX_CELL, place)
        self._add_text(sum(map(len, cells)))

    def add_line(self, text: str, place: str) -> None:
        """Count one line, heading or paragraph outside tables."""
        self._lines += 1
        if self._lines > MAX_LINES:
            raise self._too_much("many-lines", MAX_LINES)
        if len(text) > MAX_LINE:
            raise self._too_long("long-line", len(text), MAX_LINE, place)
        self._add_text(len(text))

    def _add_text(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MAX_CHARACTERS:
            raise self._too_much("much-text", MAX_CHARACTERS)

    def _too_much(self, found: str, count: int) -> InputError:
        return import_error(self.file, "the file", found, "most", count=count)

    def _too_long(self, found: str, count: int, most: int, place: str) -> InputError:
        expected = import_message("shorter", count=most)
        return InputError(self.file, place, import_message(found, count=count), expected)


def check_table_size(rows: int, columns: int, file: str, place: str) -> None:
    """Refuse a table of too many rows, columns or cells."""
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        found = import_message("table-size", rows=rows, columns=columns)
        expected = import_message("most-table-size", rows=MAX_ROWS, columns=MAX_COLUMNS)
        raise InputError(file, place, found, expected)
    if rows * columns > MAX_CELLS:
        found = import_message("table-size", rows=rows, columns=columns)
        raise InputError(file, place, found, import_message("most-cells", count=MAX_CELLS))
