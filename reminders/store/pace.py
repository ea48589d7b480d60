"""Moments of sending, shared by all workers on a database: which are taken, by the database's clock."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, update

from reminders.store import tables
from reminders.store.watch import PACE


def taken_until(connection: Connection) -> tuple[datetime, datetime | None]:
    """Return the instant that it is and the one until which moments are taken; None: none ever were.

    Both by real time. Nobody else takes any until the end of this transaction.
    """
    table = tables.channel
    fresh = {"name": PACE, "failures": 0, "open_until": None, "reason": ""}
    connection.execute(tables.insert_or_ignore(connection, table).values(fresh))
    query = select(table.c.open_until).where(table.c.name == PACE)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    taken = connection.execute(query).scalar()
    return _now(connection), taken


def take_until(connection: Connection, until: datetime) -> None:
    """Note until when moments are taken."""
    table = tables.channel
    connection.execute(update(table).where(table.c.name == PACE).values(open_until=until))


def _now(connection: Connection) -> datetime:
    """Return the instant by the clock that all workers share: the server's, or this machine's."""
    if connection.dialect.name == "postgresql":
        now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now
    text: str = connection.execute(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))).scalar_one()
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
