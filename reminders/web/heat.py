"""A heat map as values: who and when, how many, how dark (design: pages.md, "Drawing rules"). Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# The lowest count of each class: 0, 1, 2, 3–4, 5–8, 9 and more.
BOUNDS: Final = (0, 1, 2, 3, 5, 9)


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of time: its key, its short and its whole name; ``quiet``: no mail can go in it."""

    key: str
    short: str
    name: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """How many in one stretch for one reader; ``grade`` is the class, 0 to 5."""

    column: Column
    count: int
    grade: int


@dataclass(frozen=True, slots=True)
class Line:
    """One reader: who, a second line under the name, counts by column, their sum."""

    key: str
    name: str
    hint: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Heat:
    """The whole map; ``totals`` are by column."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    totals: tuple[int, ...]
    total: int


def grade(count: int) -> int:
    """Return the class of a count: fixed, so that two pictures can be compared."""
    return bisect_right(BOUNDS, count) - 1


def heat(
    columns: tuple[Column, ...], readers: Mapping[str, tuple[str, str]], found: Iterable[tuple[str, str]]
) -> Heat:
    """Return the map of ``found`` (reader, column) pairs, most first, then by name.

    ``readers`` gives each one's name and the line under it; one without any stands in no line.
    """
    counts: dict[str, dict[str, int]] = {}
    for reader, column in found:
        own = counts.setdefault(reader, {})
        own[column] = own.get(column, 0) + 1
    lines = [_line(key, readers[key], columns, own) for key, own in counts.items()]
    lines.sort(key=lambda line: (-line.total, line.name, line.key))
    totals = tuple(sum(line.cells[n].count for line in lines) for n in range(len(columns)))
    return Heat(columns, tuple(lines), totals, sum(totals))


def _line(key: str, reader: tuple[str, str], columns: tuple[Column, ...], own: Mapping[str, int]) -> Line:
    cells = tuple(Cell(column, own.get(column.key, 0), grade(own.get(column.key, 0))) for column in columns)
    return Line(key, *reader, cells, sum(cell.count for cell in cells))
