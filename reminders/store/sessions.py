"""Sign-in links: single use, stored hashed, expiring; sessions that were ended before their time."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

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
    fresh = (table.c.token_hash == token_hash(token), table.c.used_at.is_(None), table.c.expires_at > now)
    return connection.execute(update(table).where(*fresh).values(used_at=now)).rowcount == 1


def end_session(connection: Connection, cookie: str, now: datetime) -> None:
    """Note that the session of a cookie was ended; a copy of the cookie opens nothing from now on."""
    values = {"token_hash": token_hash(cookie), "expires_at": now + VALID_FOR, "used_at": now}
    connection.execute(tables.insert_or_ignore(connection, tables.sign_in).values(values))


def is_ended(connection: Connection, cookie: str) -> bool:
    """Tell whether the session of a cookie was ended."""
    table = tables.sign_in
    query = select(table.c.token_hash).where(table.c.token_hash == token_hash(cookie))
    return connection.execute(query).first() is not None


def forget_expired(connection: Connection, now: datetime) -> int:
    """Delete links and ended sessions whose time is over anyway; return how many."""
    table = tables.sign_in
    return connection.execute(delete(table).where(table.c.expires_at <= now)).rowcount
