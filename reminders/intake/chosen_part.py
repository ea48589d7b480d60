"""The part of a document that a person says is to be read: its table, its rows, under which headings.

What the columns under the headings hold is left to ``column_names``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from reminders.intake.choices import ReadingChoices, heading_key
from reminders.intake.content import ActionDraft, Block, DocumentContent, Table, TextLine
from reminders.intake.headings import column_role, exact_role
from reminders.intake.messages import import_error
from reminders.intake.words import plain_words, squeeze

DEEPEST_HEADER: Final = 40
"""Rows of a table among which its header is looked for."""
_NUMBER: Final = re.compile(r"\d+$")
FIELD_NAME: Final = re.compile(r"(\s*(?:[•●▪■◦‣*–-]\s*)?)([^:(]{2,50}?)(\s*:)")
"""A line that names a field before a colon: its begin, the name, the colon."""
_LEAST_KNOWN: Final = 2
_LONGEST_CELL: Final = 200
_LONGEST_SHOWN: Final = 400


def row_numbers(table: Table) -> tuple[int, ...]:
    """Return the number of each row: as its place counts, or from 1 where places count anew on each page."""
    found = [int(one[0]) for row in table.rows if (one := _NUMBER.search(row.place))]
    rising = len(found) == len(table.rows) and all(a < b for a, b in pairwise(found))
    return tuple(found) if rising else tuple(range(1, len(table.rows) + 1))


def header_row(table: Table, choices: ReadingChoices) -> int | None:
    """Return which row of a table, from 0, holds its headings; None where none has two texts.

    It is the chosen one, else the one with most of the chosen headings, else with most that are known, else
    the first one with several texts.
    """
    if choices.header_row is not None:
        numbers = row_numbers(table)
        return numbers.index(choices.header_row) if choices.header_row in numbers else None
    best, most = None, (0, 0)
    for at, row in enumerate(table.rows[:DEEPEST_HEADER]):
        cells = {cell for cell in row.cells if cell.strip() and len(cell) <= _LONGEST_CELL}
        chosen = sum(heading_key(cell) in choices.columns for cell in cells)
        known = sum(exact_role(plain_words(cell)) is not None for cell in cells) * 2
        known += sum(column_role(cell) is not None for cell in cells)
        enough = chosen or (known >= _LEAST_KNOWN and known * 2 >= len(cells))
        if enough and (chosen, known) > most and len(cells) > 1:
            best, most = at, (chosen, known)
    if best is not None:
        return best
    several = (at for at, row in enumerate(table.rows) if len(set(filter(str.strip, row.cells))) > 1)
    return next(several, None)


def headings_of(content: DocumentContent, choices: ReadingChoices) -> tuple[str, ...]:
    """Return the headings that a document has, each once: of its tables, else the names of fields."""
    found: list[str] = []
    for table in content.tables:
        at = header_row(table, choices)
        found += map(squeeze, table.rows[at].cells) if at is not None else ()
    if not content.tables:
        labels = (FIELD_NAME.match(block.text) for block in content.blocks if isinstance(block, TextLine))
        found += (squeeze(label[2]) for label in labels if label)
    return tuple(text for text in dict.fromkeys(found) if heading_key(text))


def check_choices(content: DocumentContent, choices: ReadingChoices) -> None:
    """Raise ``InputError`` for a chosen table, row or heading that the document does not have."""
    tables, file = content.tables, content.file
    if choices.table is not None and choices.table > len(tables):
        numbers = {"number": choices.table, "count": len(tables)}
        raise import_error(file, "the file", "no-such-table", "such-a-table", **numbers)
    chosen = [tables[choices.table - 1]] if choices.table else list(tables)
    last = max((max(row_numbers(table), default=0) for table in chosen), default=0)
    first = max(choices.header_row or 0, choices.first_row or 0)
    if first > last:
        raise import_error(file, "the file", "no-such-row", "such-a-row", number=first, count=last)
    known = {heading_key(text) for text in headings_of(content, choices)}
    known |= {
        heading_key(cell) for table in chosen for row in table.rows[:DEEPEST_HEADER] for cell in row.cells
    }
    width = max((len(row.cells) for table in chosen for row in table.rows), default=0)
    for key in choices.columns:
        if int(key[1:]) > width if key.startswith("#") else key not in known:
            there = ", ".join(f'"{text}"' for text in headings_of(content, choices))[:_LONGEST_SHOWN]
            raise import_error(
                file, "the file", "no-such-heading", "such-a-heading", heading=key, headings=there
            )


def chosen_part(content: DocumentContent, choices: ReadingChoices) -> DocumentContent:
    """Return a document with the chosen table and rows alone, its header and what stands above that kept.

    Of the rows above a header that was chosen each is a title.
    """
    blocks, number = list[Block](), 0
    for block in content.blocks:
        if not isinstance(block, Table):
            blocks.append(block)
            continue
        number += 1
        if choices.table in {None, number}:
            blocks += _chosen_rows(block, choices)
    return replace(content, blocks=tuple(blocks))


def _chosen_rows(table: Table, choices: ReadingChoices) -> Iterator[Block]:
    numbers, header = row_numbers(table), header_row(table, choices)
    first, last = choices.first_row or 0, choices.last_row or max(numbers, default=0)
    above = header + 1 if header is not None and numbers[header] < first else 0
    top = header if header is not None and choices.header_row is not None else 0
    for row in table.rows[:top]:
        text = " ".join(dict.fromkeys(squeeze(cell) for cell in row.cells if cell.strip()))
        if text:
            yield TextLine(text, row.place)
    rows = tuple(
        row
        for at, (number, row) in enumerate(zip(numbers, table.rows, strict=True))
        if at >= top and (at < above or first <= number <= last)
    )
    if rows:
        yield Table(rows, table.name)


def each_bullet(drafts: Sequence[ActionDraft]) -> tuple[ActionDraft, ...]:
    """Return a draft for each bullet."""
    return tuple(replace(draft, bullets=(bullet,)) for draft in drafts for bullet in draft.bullets)
