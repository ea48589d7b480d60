"""Sign-in links: single use, stored hashed, expiring."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, update

from reminders.store import tables

VALID_FOR = timedelta(hours=24)


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_sign_in(connection: Connection, token: str, now: datetime) -> None:
    """Store a new link's token."""
    values = {"token_hash": token_hash(token), "expires_at": now + VALID_FOR}
    connection.execute(insert(tables.sign_in).values(values))


def use_sign_in(connection: Connection, token: str, now: datetime) -> bool:
    """Use a link up; False when it is unknown, used or too old."""
    table = tables.sign_in
    statement = (
        update(table)
        .where(
            table.c.token_hash == token_hash(token),
            table.c.used_at.is_(None),
            table.c.expires_at > now,
        )
        .values(used_at=now)
    )
    return connection.execute(statement).rowcount == 1
