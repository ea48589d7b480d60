"""Values of spreadsheet cells as the texts that people read in them, and the rows that the texts make.

A date is its ISO date where the cell shows a day, else the month or year that it shows; a share is shown as a
percentage; a ticked box is a mark. Merged areas are written into all cells that they cover.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from reminders.intake.content import TableRow
from reminders.intake.formats.content_size import ContentSize
from reminders.intake.limits import MAX_CELLS
from reminders.intake.messages import import_error

FORMULA: Final = "formula"
"""The finding of a formula whose saved result was used."""
NO_RESULT: Final = "formula-without-result"
"""The finding of a formula that no result was saved with."""

Area = tuple[int, int, int, int]
"""A merged area: its first row (from 1) and column (from 0), and its last ones."""

_MARK: Final = "x"
_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_PERCENT: Final = re.compile(r"0(?:[.,](0+))?(\s*)%")
_DIGITS: Final = 10
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


def value_text(value: object) -> str:
    """Return a cell's value as people read it: 2024 for 2024.0, an ISO date for a date, a mark for true."""
    if value is None or value is False:
        return ""
    if value is True:
        return _MARK
    if isinstance(value, datetime):
        midnight = value.time() == value.time().min
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(round(value, _DIGITS))
    return str(getattr(value, "text", value)).strip()


def shown_text(value: object, number_format: str) -> str:
    """Return a cell's value as its number format shows it: a month of a date, a share as a percentage."""
    if isinstance(value, date):
        return shown_date(value, number_format) or value_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in number_format:
        found = _PERCENT.search(number_format.replace("\\", ""))
        places = len(found[1] or "") if found else 0
        return f"{value * 100:.{places}f}{found[2] if found else ''}%"
    return value_text(value)


def shown_date(value: date, number_format: str) -> str:
    """Return the month or the year of a date where the format shows no day; nothing where it shows one."""
    shown = _QUOTED.sub(" ", number_format.partition(";")[0]).lower()
    if "y" not in shown or "d" in shown or shown == "general":
        return ""
    return f"{value.month}/{value.year}" if "m" in shown else str(value.year)


def is_iso_day(text: str) -> bool:
    """Tell whether a text is a day as ISO writes it, without a time of day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_whole_day(shown: str, day: str) -> bool:
    """Tell whether a cell shows an ISO date with its day: three numbers, or two and a month's name."""
    if not is_iso_day(day):
        return False
    numbers = re.findall(r"\d+", shown)
    return not shown or len(numbers) > 2 or (len(numbers) == 2 and bool(_WORD.search(shown)))


def grid_rows(
    grid: Mapping[int, Sequence[str]], areas: Sequence[Area], sheet: str, size: ContentSize
) -> Iterator[TableRow]:
    """Yield the rows of a sheet that have a text, each merged text in all its cells, counted by ``size``.

    ``grid`` gives the texts of each row by its number; what a merged area covers beyond them is not made.
    """
    filled = {number: list(texts) for number, texts in grid.items()}
    spanning = _fill(filled, areas, size.file, sheet)
    for number in sorted(filled):
        texts, place = filled[number], f"{sheet}, row {number}"
        size.add_row(texts, place)
        if any(texts):
            yield TableRow(tuple(texts), place, number in spanning)


def _fill(grid: dict[int, list[str]], areas: Sequence[Area], file: str, sheet: str) -> set[int]:
    """Write each merged text into all its cells; return the rows that one text spans."""
    spanning, made = set[int](), 0
    last = max(grid, default=0)
    width = max(map(len, grid.values()), default=0)
    for top, left, lowest, rightmost in areas:
        text = grid[top][left] if top in grid and left < len(grid[top]) else ""
        if not text:
            continue
        bottom, right = min(lowest, last), min(rightmost, width - 1)
        made += (bottom - top + 1) * (right - left + 1)
        if made > MAX_CELLS:
            raise import_error(file, sheet, "many-cells", "most", count=MAX_CELLS)
        for number in range(top, bottom + 1):
            row = grid.setdefault(number, [])
            row += [""] * (right + 1 - len(row))
            row[left : right + 1] = [text] * (right + 1 - left)
        if right > left:
            rows = range(top, bottom + 1)
            spanning |= {number for number in rows if all(cell in {"", text} for cell in grid[number])}
    return spanning
