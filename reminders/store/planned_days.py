"""Civil dates that were planned later than on their own day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, select

from reminders.store import tables


def planned_since(connection: Connection, since: date) -> Mapping[date, datetime]:
    """Return the planned civil dates from ``since`` on, with the instant at which each was planned."""
    table = tables.planned_day
    query = select(table.c.local_date, table.c.planned_at).where(table.c.local_date >= since)
    return {row[0]: row[1] for row in connection.execute(query.order_by(table.c.local_date))}
