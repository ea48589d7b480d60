"""A table that stands on its side: names on the left, what they say on the right, one action each.

What the names mean is left to ``headers``, the rows to ``table_rows``.
"""

from __future__ import annotations

from reminders.intake.headers import Role, role_of
from reminders.intake.table import Row, Table

_LEAST = 3
_NEEDED: frozenset[Role] = frozenset(("action", "schedule"))


def as_row(table: Table) -> Table | None:
    """Return a table of names and values as one of a header and a row, or None where it is none."""
    pairs = [(row.cells[0].strip(), row.cells[1].strip()) for row in table.rows if len(row.cells) == 2]
    if len(pairs) < _LEAST or len(pairs) != len(table.rows):
        return None
    roles = [role_of(name) for name, _ in pairs]
    known = [role for role in roles if role]
    # A second name of a role means rows of a list, not the fields of one action.
    if _NEEDED - set(known) or len(known) * 4 < len(pairs) * 3 or known.count("action") > 1:
        return None
    place = table.rows[0].place
    cells = zip(*pairs, strict=True)
    return Table(tuple(Row(tuple(texts), place) for texts in cells), table.name)
