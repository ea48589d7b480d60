"""Lines that are a table, and tables that are lines.

A table may be pasted with a line for each cell: the headings under each other, then the cells in turn.
Another is but a frame around cards, whose cells name their fields line by line ("Vastuu: …").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from reminders.intake.content import Block, Table, TableRow, TextLine
from reminders.intake.headings import Role, role_of
from reminders.intake.shapes.columns import names_header, roles_of
from reminders.intake.shapes.schedule_words import is_schedule
from reminders.intake.words import is_bullet, squeeze

_FEWEST, _MOST = 3, 8
_LONGEST_HEADING = 45
_LEAST_ROWS = 2
_LEAST_LABELS = 2
_MOST_HEADERS = 5
_MOST_LINES = 10_000
_LEAST_SHARE = 0.75


def with_line_tables(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks with each run of lines that is a table as one, and each frame around cards as lines."""
    made: list[Block] = []
    run: list[TextLine] = []
    for block in (part for one in blocks for part in _without_frame(one)):
        if isinstance(block, TextLine):
            run.append(block)
            continue
        made += _with_table(run)
        run = []
        made.append(block)
    return (*made, *_with_table(run))


def _without_frame(block: Block) -> Iterator[Block]:
    """Yield the lines of a table whose cells are cards; any other block as it is."""
    if not isinstance(block, Table) or not _is_frame(block):
        yield block
        return
    for row in block.rows:
        for at, cell in enumerate(row.cells):
            if cell.strip() and (not at or cell != row.cells[at - 1]):
                place = f"{row.place}, column {at + 1}" if at else row.place
                yield from (TextLine(line, place) for line in ("", *cell.split("\n")))


def _is_frame(table: Table) -> bool:
    cells = {cell for row in table.rows for cell in row.cells if cell.strip()}
    if sum(cell.count("\n") for row in table.rows for cell in row.cells) > _MOST_LINES:
        return False
    framed = [cell for cell in cells if len(_labels(cell)) >= _LEAST_LABELS]
    return bool(framed) and len(framed) * 2 >= len(cells)


def _labels(cell: str) -> set[Role]:
    """Return the roles that the lines of a cell name before a colon."""
    labels = (line.partition(":") for line in cell.split("\n"))
    return {role for label, colon, _ in labels if colon and (role := role_of(label))}


def _with_table(run: Sequence[TextLine]) -> list[Block]:
    lines = [line for line in run if line.text.strip()]
    headers = ((at, header) for at in range(len(lines)) if (header := _header(lines, at)))
    for at, header in islice(headers, _MOST_HEADERS):
        width = len(header.cells)
        cells = lines[at + width :]
        rows = [
            TableRow(tuple(squeeze(line.text) for line in cells[first : first + width]), cells[first].place)
            for first in range(0, len(cells) - width + 1, width)
        ]
        rows = _sure_rows(header, rows)
        if len(rows) >= _LEAST_ROWS:
            rest = cells[len(rows) * width :]
            return [*lines[:at], Table((header, *rows)), *rest]
    return list(run)


def _header(lines: Sequence[TextLine], at: int) -> TableRow | None:
    """Return the headings that begin at a line, as many as name a role each, none twice."""
    texts: list[str] = []
    for line in lines[at : at + _MOST]:
        text = squeeze(line.text)
        if len(text) > _LONGEST_HEADING or is_bullet(line.text) or ":" in text or not role_of(text):
            break
        texts.append(text)
    row = TableRow(tuple(texts), lines[at].place)
    roles = roles_of(row)
    when = {"schedule", "start", "end"}
    is_table = len(texts) >= _FEWEST and len(set(roles)) == len(roles) and not when.isdisjoint(roles)
    return row if is_table and names_header(row) else None


def _sure_rows(header: TableRow, rows: Sequence[TableRow]) -> list[TableRow]:
    """Return the rows up to the last with a schedule where it should be; none where too few have one."""
    column = next(at for at, role in enumerate(roles_of(header)) if role in {"schedule", "start", "end"})
    fits = [is_schedule(row.cells[column]) for row in rows]
    last = max((at for at, fit in enumerate(fits) if fit), default=-1) + 1
    return list(rows[:last]) if sum(fits[:last]) >= _LEAST_SHARE * max(1, last) else []
