"""Dead addresses: refused for good at RCPT (RFC 5321 section 4.2.1) or by a bounce (RFC 3464).

People passes them over until somebody clears them. Which answer makes an address
dead is decided by ``retry`` and ``bounce``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from reminders.store import tables
from reminders.store.tables import insert_or_ignore


@dataclass(frozen=True, slots=True)
class DeadAddress:
    """An address that takes no mail: since when, and the words that said so."""

    address: str
    since: datetime
    code: int
    text: str


def flag(connection: Connection, address: str, now: datetime, code: int, text: str) -> bool:
    """Note that an address takes no mail; False when it was known, whose first reason then stays."""
    values = {"address": address, "since": now, "code": code, "text": text}
    table = tables.dead_address
    statement = insert_or_ignore(connection, table).values(values).returning(table.c.address)
    return connection.execute(statement).scalar() is not None


def clear(connection: Connection, addresses: Collection[str]) -> int:
    """Let addresses be mailed again; return how many were flagged."""
    table = tables.dead_address
    return connection.execute(delete(table).where(table.c.address.in_(list(addresses)))).rowcount


def dead(connection: Connection) -> frozenset[str]:
    """Return the addresses that take no mail."""
    return frozenset(connection.execute(select(tables.dead_address.c.address)).scalars())


def all_dead(connection: Connection, since: datetime | None = None) -> tuple[DeadAddress, ...]:
    """Return the dead addresses (flagged from ``since`` on), the oldest first."""
    table = tables.dead_address
    query = select(table).order_by(table.c.since, table.c.address)
    if since is not None:
        query = query.where(table.c.since >= since)
    rows = connection.execute(query).mappings()
    return tuple(DeadAddress(row["address"], row["since"], row["code"], row["text"]) for row in rows)
