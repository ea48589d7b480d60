"""What a person chose, applied to a document: which table, which rows, what its columns hold.

What the columns of a table hold that nobody chose is left to ``columns``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reminders.intake.choices import ReadingChoices, heading_key
from reminders.intake.content import ActionDraft, Block, DocumentContent, Table, TableRow
from reminders.intake.headings import Role, column_role
from reminders.intake.messages import import_error
from reminders.intake.shapes.columns import Columns, find_header
from reminders.intake.words import squeeze

_DEEPEST_HEADER = 40
_ALONE: tuple[Role, ...] = ("action", "goal", "domain", "schedule", "start", "end")
"""Roles of one column: where a person gives one to a column, another loses it."""
_NUMBER = re.compile(r"\d+$")
_LONGEST_SHOWN = 300


def row_numbers(table: Table) -> tuple[int, ...]:
    """Return the number of each row: as its place counts, or from 1 where places count anew on each page."""
    found = [_NUMBER.search(row.place) for row in table.rows]
    numbers = tuple(int(one[0]) for one in found if one)
    rising = len(numbers) == len(table.rows) and all(a < b for a, b in zip(numbers, numbers[1:], strict=False))
    return numbers if rising else tuple(range(1, len(table.rows) + 1))


def chosen_part(content: DocumentContent, choices: ReadingChoices) -> DocumentContent:
    """Return a document with the chosen table and rows alone; ``InputError`` where there are none such.

    The row of headings stays, and what stands above it; text outside tables stays where no table is chosen.
    """
    tables = content.tables
    if choices.table is not None and choices.table > len(tables):
        raise import_error(
            content.file, "the file", "no-such-table", "such-a-table", number=choices.table, count=len(tables)
        )
    if choices.table is None and choices.first_row is None and choices.last_row is None:
        return content
    blocks, number, rows = list[Block](), 0, 0
    for block in content.blocks:
        if isinstance(block, Table):
            number += 1
            if choices.table in {None, number}:
                part = _chosen_rows(block, choices)
                rows += len(part.rows)
                blocks.append(part)
        else:
            blocks.append(block)
    if tables and not rows:
        last = max(max(row_numbers(table), default=0) for table in tables)
        raise import_error(content.file, "the file", "no-such-rows", "such-rows", last=last)
    return replace(content, blocks=tuple(blocks))


def _chosen_rows(table: Table, choices: ReadingChoices) -> Table:
    first, last = choices.first_row or 0, choices.last_row
    if not first and last is None:
        return table
    numbers = row_numbers(table)
    header = chosen_columns(table.rows, choices, numbers)
    above = header.after if header and numbers[header.first] < max(first, 1) else 0
    kept = tuple(
        row
        for at, (number, row) in enumerate(zip(numbers, table.rows, strict=True))
        if at < above or (number >= first and (last is None or number <= last))
    )
    return Table(kept if len(kept) > above else (), table.name)


def headings_of(table: Table, choices: ReadingChoices) -> tuple[str, ...]:
    """Return the headings of a table's columns: of its header, else of its first row with several texts."""
    columns = chosen_columns(table.rows, choices, row_numbers(table))
    if columns:
        return _texts(table.rows, columns)
    wide = next((row for row in table.rows if len(set(filter(str.strip, row.cells))) > 1), None)
    return tuple(map(squeeze, wide.cells)) if wide else ()


def _texts(rows: Sequence[TableRow], columns: Columns) -> tuple[str, ...]:
    """Return the text over each column, that of several rows together."""
    header = rows[columns.first : max(columns.after, columns.first + 1)]
    width = max(len(row.cells) for row in header)
    cells = [[squeeze(row.cells[at]) for row in header if at < len(row.cells)] for at in range(width)]
    return tuple(" ".join(dict.fromkeys(filter(None, column))) for column in cells)


def check_headings(content: DocumentContent, choices: ReadingChoices) -> None:
    """Raise ``InputError`` for a chosen heading that no table has; it names those that there are."""
    tables = content.tables
    found = [text for table in tables for text in dict.fromkeys(headings_of(table, choices)) if text]
    rows = [row for table in tables for row in table.rows[:_DEEPEST_HEADER]]
    known = {heading_key(text) for text in (*found, *(cell for row in rows for cell in row.cells))}
    width = max((len(row.cells) for row in rows), default=0)
    for key in choices.columns:
        missing = int(key[1:]) > width if key.startswith("#") else key not in known
        if missing and tables:
            headings = ", ".join(f'"{text}"' for text in dict.fromkeys(found))[:_LONGEST_SHOWN]
            raise import_error(
                content.file, "the file", "no-such-heading", "such-a-heading", heading=key, headings=headings
            )


def chosen_columns(
    rows: Sequence[TableRow], choices: ReadingChoices, numbers: Sequence[int]
) -> Columns | None:
    """Return the columns of a table with the roles that a person chose, else those that it shows."""
    found = find_header(rows)
    at = _header_row(rows, choices, numbers)
    if at is None:
        if not any(key.startswith("#") for key in choices.columns):
            return found
        at = found.first if found else 0
    if not rows:
        return None
    if found is None or not found.first <= at < max(found.after, found.first + 1):
        found = Columns(tuple(map(column_role, rows[at].cells)), at, at + 1)
    texts = _texts(rows, found)
    chosen = [choices.role(text, number) for number, text in enumerate(texts, 1)]
    for column, text in enumerate(texts):
        # Of two rows of headings either names the column.
        under = rows[found.after - 1].cells[column] if column < len(rows[found.after - 1].cells) else text
        chosen[column] = chosen[column] or choices.role(under, column + 1)
    alone = {role for role in chosen if role in _ALONE}
    kept = [None if role in alone else role for role in (*found.roles, *[None] * len(texts))[: len(texts)]]
    roles = tuple(mine or role for mine, role in zip(chosen, kept, strict=True))
    return replace(found, roles=roles, heading=tuple(map(heading_key, rows[found.after - 1].cells)))


def _header_row(rows: Sequence[TableRow], choices: ReadingChoices, numbers: Sequence[int]) -> int | None:
    """Return which row holds the headings: the chosen one, else that with most of the chosen headings."""
    if choices.header_row is not None:
        return next((at for at, number in enumerate(numbers) if number == choices.header_row), None)
    counts = [
        sum(heading_key(cell) in choices.columns for cell in row.cells if cell.strip())
        for row in rows[:_DEEPEST_HEADER]
    ]
    best = max(range(len(counts)), key=counts.__getitem__, default=None)
    return best if best is not None and counts[best] else None


def each_bullet(drafts: Sequence[ActionDraft]) -> tuple[ActionDraft, ...]:
    """Return a draft for each bullet."""
    return tuple(replace(draft, bullets=(bullet,)) for draft in drafts for bullet in draft.bullets)
