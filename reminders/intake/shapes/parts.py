"""One table as the tables that it is made of: side by side, and under each other with headers of their own.

A sheet holds what people put on it: two tables beside each other, a budget under the programme. Each part is
a table that has its own header and the titles right above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from reminders.intake.content import Table, TableRow
from reminders.intake.language import likely_language
from reminders.intake.shapes.columns import Roles, may_be_header, names_header, roles_of
from reminders.intake.shapes.periods import may_be_period
from reminders.intake.words import plain_words, squeeze

_DEEPEST = 40
_ROW = re.compile(r"row (\d+)")
_LEAST_NAMES = 3
_MOST_TITLES = 6
_MOST_SIDES = 6
_MOST_PARTS = 60
_LONGEST_NAME = 40


def table_parts(table: Table) -> Iterator[Table]:
    """Yield the tables that stand in one, from left to right and from top to bottom."""
    for side in _sides(table):
        yield from _stack(side)


# -- side by side --------------------------------------------------------------------------


def _sides(table: Table, most: int = _MOST_SIDES) -> list[Table]:
    """Return the tables that stand beside each other, at most so many; the table alone where it is one."""
    if most < 2:
        return [table]
    for row in table.rows[:_DEEPEST]:
        cut = _cut(row, table.rows)
        if cut:
            left = tuple(_columns(one, 0, cut) for one in table.rows)
            right = tuple(_columns(one, cut, len(one.cells)) for one in table.rows)
            return [_filled(table, left), *_sides(_filled(table, right), most - 1)]
    return [table]


def _cut(header: TableRow, rows: Sequence[TableRow]) -> int:
    """Return the column where a second table begins under a header that names an action twice, else 0."""
    roles = roles_of(header)
    actions = [at for at, role in enumerate(roles) if role == "action"]
    for first, second in pairwise(actions):
        gap = next(
            (
                at
                for at in range(first + 1, second)
                if not any(row.cells[at].strip() for row in rows if at < len(row.cells))
            ),
            None,
        )
        again = _again(header, first, second)
        cut = gap + 1 if gap is not None else again
        if not cut:
            continue
        one, other = _columns(header, 0, cut), _columns(header, cut, len(header.cells))
        same = plain_words(header.cells[first]) == plain_words(header.cells[second])
        if not same and likely_language(" ".join(one.cells)) != likely_language(" ".join(other.cells)):
            continue
        if names_header(one) and names_header(other):
            return cut
    return 0


def _again(header: TableRow, first: int, second: int) -> int:
    """Return the column at which the headings of a header begin again, the same words in the same order."""
    words = [plain_words(cell) for cell in header.cells]
    width = second - first
    start = next(
        (at for at in range(first + 1) if words[at] and words[at + width : at + width + 1] == [words[at]]),
        None,
    )
    if start is None or width < 2:
        return 0
    repeated = all(words[at + width] == words[at] for at in range(start, width) if at + width < len(words))
    return start + width if repeated else 0


def _columns(row: TableRow, first: int, after: int) -> TableRow:
    cells = row.cells[first:after]
    spans = len(cells) > 1 and (row.spans or len(set(cells)) == 1)
    place = f"{row.place}, column {first + 1}" if first else row.place
    return TableRow(cells, place, spans)


def _filled(table: Table, rows: Sequence[TableRow]) -> Table:
    return replace(table, rows=tuple(row for row in rows if any(cell.strip() for cell in row.cells)))


# -- under each other ----------------------------------------------------------------------


def _stack(table: Table) -> Iterator[Table]:
    """Yield the tables under each other: cut before the titles over each header but the first."""
    rows = table.rows
    cuts = [0]
    roles: Roles = ()
    last = -1  # the row of the last header; one right under it is its second row
    for at, row in enumerate(rows):
        titles = _titles_above(rows, at, cuts[-1])
        if not titles and not may_be_header(row):
            continue
        own = roles_of(row)
        if names_header(row) and _is_bare_header(row, own):
            if roles and at > last + 1 and (own != roles or _gap(rows, at - titles)):
                cuts.append(at - titles)
            roles, last = own, at
        elif titles and at - titles > cuts[-1] and roles and _names_others(row) and _gap(rows, at - titles):
            cuts.append(at - titles)
            roles = ()
    if len(cuts) > _MOST_PARTS:
        cuts = [0]
    for first, after in pairwise([*cuts, len(rows)]):
        yield replace(table, rows=rows[first:after])


def _is_bare_header(row: TableRow, roles: Roles) -> bool:
    """Tell whether a row is nothing but headings, so that it may begin a table anywhere."""
    filled = [(role, cell) for role, cell in zip(roles, row.cells, strict=True) if cell.strip()]
    known = sum(role is not None or may_be_period(cell) for role, cell in filled)
    return len(filled) > 1 and len({cell for _, cell in filled}) > 1 and known * 4 >= len(filled) * 3


def _names_others(row: TableRow) -> bool:
    """Tell whether a row under a title is the header of something else: short names, figures under none."""
    filled = [squeeze(cell) for cell in row.cells if cell.strip()]
    if len(filled) < _LEAST_NAMES or len(set(filled)) < len(filled):
        return False
    return all(len(cell) <= _LONGEST_NAME and (cell[:1].isupper() or may_be_period(cell)) for cell in filled)


def _titles_above(rows: Sequence[TableRow], at: int, least: int) -> int:
    """Return how many rows right above one hold a single text each, or periods."""

    def is_over(row: TableRow) -> bool:
        texts = {cell for cell in row.cells if cell.strip()}
        return len(texts) == 1 or all(map(may_be_period, texts))

    count = 0
    while count < _MOST_TITLES and at - count - 1 > least and is_over(rows[at - count - 1]):
        count += 1
    return count


def _gap(rows: Sequence[TableRow], at: int) -> bool:
    """Tell whether a blank row stands before a row: its number in the file is not the next."""
    before, here = (_ROW.search(rows[number].place) for number in (at - 1, at)) if at else (None, None)
    return bool(before and here and int(here[1]) > int(before[1]) + 1)
