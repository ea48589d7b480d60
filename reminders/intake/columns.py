"""Words with their places on a page, put back into the columns that their header shows.

For pages whose table has no rules. A page without a header of known names
gives nothing and is read as lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reminders.intake.headers import role_of
from reminders.intake.table import Block, Line, Row, Table

_LEAST_ROLES = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One word and its box on the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def columns_of(words: list[Word], page: int) -> Iterator[tuple[float, Block]]:
    """Yield the lines above the header and the table under it, each with its height on the page."""
    lines = _lines(words)
    at = next((n for n, line in enumerate(lines) if _is_header(line)), None)
    if at is None:
        return
    for number, line in enumerate(lines[:at], start=1):
        yield line[0].top, Line(" ".join(word.text for word in line), f"page {page}, line {number}")
    groups = _groups(lines[at])
    edges = [group[0].left for group in groups]
    header = Row(tuple(_text(group) for group in groups), f"page {page}, line {at + 1}")
    rows = [header, *_rows(lines[at + 1 :], edges, page, at + 2)]
    yield lines[at][0].top, Table(tuple(rows))


def _lines(words: list[Word]) -> list[list[Word]]:
    """Return words as lines from top to bottom, each from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top, word.left)):
        if lines and abs(lines[-1][0].top - word.top) < 3:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _groups(line: list[Word]) -> list[list[Word]]:
    """Return the words of a header, those of one column together."""
    groups: list[list[Word]] = []
    for word in line:
        if groups and word.left - groups[-1][-1].right < 1.2 * (word.bottom - word.top) * 0.5:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _text(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


def _is_header(line: list[Word]) -> bool:
    roles = {role_of(_text(group)) for group in _groups(line)} - {None, "other", "number"}
    return len(roles) >= _LEAST_ROLES and {"schedule", "action"} <= roles | {
        "action" if "goal" in roles else None
    }


def _rows(lines: list[list[Word]], edges: list[float], page: int, first: int) -> Iterator[Row]:
    """Yield rows: a new one where a wider gap than usual stands before a line."""
    gaps = [after[0].top - before[0].top for before, after in pairwise(lines)]
    usual = median(gaps) if gaps else 0
    smallest = min(gaps, default=0)
    wide = (usual if usual > smallest * 1.15 else smallest) if gaps else 0
    cells: list[list[str]] = [[] for _ in edges]
    start = first
    for number, line in enumerate(lines):
        if number and gaps[number - 1] > max(wide, smallest) * 1.15 and any(cells):
            yield _row(cells, page, start)
            cells, start = [[] for _ in edges], first + number
        for column, text in _by_column(line, edges):
            cells[column].append(text)
    if any(cells):
        yield _row(cells, page, start)


def _row(cells: list[list[str]], page: int, line: int) -> Row:
    return Row(tuple("\n".join(cell) for cell in cells), f"page {page}, line {line}")


def _by_column(line: list[Word], edges: list[float]) -> Iterator[tuple[int, str]]:
    found: dict[int, list[str]] = {}
    for word in line:
        column = max((n for n, edge in enumerate(edges) if edge <= word.left + 2), default=0)
        found.setdefault(column, []).append(word.text)
    for column, texts in found.items():
        yield column, " ".join(texts)
