"""What people chose over a programme's defaults, as rows; the newest of a name holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from reminders.store.tables_settings import choice as table


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice that somebody made; no ``value``: the default holds again."""

    name: str
    value: str
    by: str
    at: datetime


def add(connection: Connection, key: str, chosen: Chosen) -> None:
    """Record a choice; earlier ones stay."""
    values = {"programme": key, "name": chosen.name, "value": chosen.value, "by": chosen.by, "at": chosen.at}
    connection.execute(insert(table).values(values))


def history(connection: Connection, key: str) -> tuple[Chosen, ...]:
    """Return all choices of a programme, oldest first."""
    query = select(table).where(table.c.programme == key).order_by(table.c.id)
    rows = connection.execute(query).mappings()
    return tuple(Chosen(row["name"], row["value"], row["by"], row["at"]) for row in rows)


def texts(connection: Connection, key: str) -> dict[str, str]:
    """Return what holds by name, where somebody chose."""
    newest = {one.name: one.value for one in history(connection, key)}
    return {name: value for name, value in newest.items() if value}
