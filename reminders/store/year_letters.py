"""Letters of a year that were sent: the key says once a reader, programme and year."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from reminders.store import tables
from reminders.store.tables import insert_or_ignore
from reminders.store.tables_wishes import year_letter
from reminders.yearly import Had, Share

_UNDONE = ("cancelled", "failed")


def had(connection: Connection, year: int) -> frozenset[Had]:
    """Return the letters of a year that went out or are under way."""
    table, digest = year_letter, tables.digest
    query = select(table.c.programme, table.c.recipient).join(digest, digest.c.id == table.c.digest_id)
    rows = connection.execute(query.where(table.c.year == year, digest.c.state.not_in(_UNDONE)))
    return frozenset((row[0], row[1], year) for row in rows)


def claim(connection: Connection, digest_id: int, recipient: str, shares: Iterable[Share]) -> bool:
    """Note that a mail holds a reader's letters; False when another process's mail does.

    A mail that was taken back, or could not be made, has left its letters free.
    """
    table, digest = year_letter, tables.digest
    undone = select(digest.c.id).where(digest.c.recipient == recipient, digest.c.state.in_(_UNDONE))
    connection.execute(delete(table).where(table.c.recipient == recipient, table.c.digest_id.in_(undone)))
    rows = [
        {"programme": one.programme, "recipient": recipient, "year": one.year, "digest_id": digest_id}
        for one in shares
    ]
    if not rows:
        return True
    statement = insert_or_ignore(connection, table).values(rows).returning(table.c.programme)
    return len(connection.execute(statement).all()) == len(rows)
