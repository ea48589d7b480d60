"""The breaker of a mail channel: its failures in a row, and until when it rests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from reminders.store import tables


def breaker(connection: Connection, name: str) -> tuple[int, datetime | None]:
    """Return a channel's failures in a row, and until when it stays closed."""
    table = tables.channel
    row = connection.execute(select(table.c.failures, table.c.open_until).where(table.c.name == name)).first()
    return (row[0], row[1]) if row else (0, None)


def set_breaker(
    connection: Connection, name: str, failures: int, until: datetime | None, reason: str
) -> None:
    """Note a channel's failures and until when it stays closed."""
    table = tables.channel
    values = {"failures": failures, "open_until": until, "reason": reason}
    connection.execute(tables.insert_or_ignore(connection, table).values(name=name, **values))
    connection.execute(update(table).where(table.c.name == name).values(values))
