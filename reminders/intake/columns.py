"""Words with their places on a page, put back into the columns that their header shows.

For pages whose table has no rules. Pages before any header of known names
give nothing and are read as lines; one after it goes on with its columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from reminders.intake.headers import role_of
from reminders.intake.table import Block, Heading, Line, Row, Table

_LEAST_ROLES = 3
TITLE_RATIO = 1.15
"""How much larger than usual text is that stands as a title."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, its box on the page and its size."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float = 0.0


class Grid:
    """The columns of the last header, which hold until another comes."""

    def __init__(self) -> None:
        self._edges: list[float] = []

    def blocks(self, words: list[Word], page: int, usual: float) -> Iterator[tuple[float, Block]]:
        """Yield the lines, titles and tables of a page, each with its height on it."""
        lines = _lines(words)
        if not self._edges and not any(map(_is_header, lines)):
            return
        body: list[tuple[int, list[Word]]] = []
        for number, line in enumerate(lines, start=1):
            title = _is_title(line, usual)
            if title or _is_header(line) or not self._edges:
                yield from self._table(body, page)
                body = []
            if title or not (self._edges or _is_header(line)):
                yield line[0].top, _loose(line, page, number, usual, title=title)
                continue
            if _is_header(line):
                self._edges = [group[0].left for group in _groups(line)]
            body.append((number, line))
        yield from self._table(body, page)

    def _table(self, body: list[tuple[int, list[Word]]], page: int) -> Iterator[tuple[float, Block]]:
        """Yield the rows of lines that belong together, a header the first of them where there is one."""
        if not body:
            return
        number, first = body[0]
        rows = []
        if _is_header(first):
            rows = [Row(tuple(_text(group) for group in _groups(first)), f"page {page}, line {number}")]
            body = body[1:]
        rows += _rows([line for _, line in body], self._edges, page, number + len(rows))
        yield first[0].top, Table(tuple(rows))


def _is_title(line: list[Word], usual: float) -> bool:
    return all(word.size > usual * TITLE_RATIO for word in line)


def _loose(line: list[Word], page: int, number: int, usual: float, *, title: bool) -> Heading | Line:
    place = f"page {page}, line {number}"
    if title:
        return Heading(1 if line[0].size > usual * 1.5 else 2, _text(line), place)
    return Line(_text(line), place)


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
    widest = _widest_inside(gaps)
    cells: list[list[str]] = [[] for _ in edges]
    start = first
    for number, line in enumerate(lines):
        if number and gaps[number - 1] > widest and any(cells):
            yield _row(cells, page, start)
            cells, start = [[] for _ in edges], first + number
        for column, text in _by_column(line, edges):
            cells[column].append(text)
    if any(cells):
        yield _row(cells, page, start)


def _widest_inside(gaps: list[float]) -> float:
    """Return the widest gap between lines of one row: a little more than the narrowest of all."""
    return min(gaps, default=0.0) * 1.2


def _row(cells: list[list[str]], page: int, line: int) -> Row:
    return Row(tuple("\n".join(cell) for cell in cells), f"page {page}, line {line}")


def _by_column(line: list[Word], edges: list[float]) -> Iterator[tuple[int, str]]:
    found: dict[int, list[str]] = {}
    for word in line:
        column = max((n for n, edge in enumerate(edges) if edge <= word.left + 2), default=0)
        found.setdefault(column, []).append(word.text)
    for column, texts in found.items():
        yield column, " ".join(texts)
