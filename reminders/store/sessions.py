"""Sessions and sign-in links as rows: whose each is, since when, until when; tokens are stored hashed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from reminders.planning.addresses import folded
from reminders.store import tables
from reminders.store.tables import from_row, values_of

VALID_FOR = timedelta(hours=24)
"""How long a sign-in link is good."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody is signed in.

    ``identity`` is the one form of all spellings of ``address``; ``how`` is the way by which it was opened
    (*link*, *mail*, *oidc*); ``origin`` is the network address from which. ``seen_at`` lags behind the last
    request by a few minutes. The row of a token whose session was ended stays until it is forgotten.
    """

    id: int
    identity: str
    address: str
    how: str
    opened_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    browser: str
    origin: str


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_sign_in(
    connection: Connection,
    token: str,
    address: str,
    now: datetime,
    valid_for: timedelta = VALID_FOR,
    how: str = "link",
) -> None:
    """Store the token of a new link for a person; ``how`` it reaches that person: printed or by *mail*."""
    values = {"token_hash": token_hash(token), "address": address, "expires_at": now + valid_for, "how": how}
    connection.execute(insert(tables.sign_in).values(values))


def sign_in_way(connection: Connection, token: str, now: datetime) -> str | None:
    """Return how a link reached its person; None of one that signs nobody in. Nothing is changed."""
    table = tables.sign_in
    fresh = (table.c.token_hash == token_hash(token), table.c.used_at.is_(None), table.c.expires_at > now)
    return connection.execute(select(table.c.how).where(*fresh, table.c.address != "")).scalar()


def use_sign_in(connection: Connection, token: str, now: datetime) -> str | None:
    """Use a link up and return whose it is; None when it is unknown, used, too old, or nobody's.

    A link of a release that said of none whose it is was nobody's.
    """
    table = tables.sign_in
    fresh = (table.c.token_hash == token_hash(token), table.c.used_at.is_(None), table.c.expires_at > now)
    statement = update(table).where(*fresh).values(used_at=now).returning(table.c.address)
    return connection.execute(statement).scalar() or None


def add_session(connection: Connection, token: str, session: Session) -> None:
    """Store a new session; ``session.id`` is left to the database."""
    connection.execute(
        insert(tables.session).values(token_hash=token_hash(token), **tables.columns_of(session))
    )


def session_by_token(connection: Connection, token: str) -> Session | None:
    """Return the session of a token, open or not."""
    query = select(tables.session).where(tables.session.c.token_hash == token_hash(token))
    row = connection.execute(query).mappings().one_or_none()
    return from_row(Session, row) if row else None


def sessions_of(connection: Connection, address: str) -> tuple[Session, ...]:
    """Return the sessions of an address, in any spelling, that were not ended; the newest first."""
    table = tables.session
    own = (table.c.identity == folded(address), table.c.ended_at.is_(None))
    return values_of(connection, Session, select(table).where(*own).order_by(table.c.id.desc()))


def note_seen(connection: Connection, number: int, now: datetime) -> None:
    """Note that a session was used."""
    table = tables.session
    connection.execute(update(table).where(table.c.id == number).values(seen_at=now))


def end_sessions(connection: Connection, address: str, now: datetime, number: int | None = None) -> int:
    """End all sessions of an address, in any spelling, or the one of that number; return how many.

    When all are ended, links that wait to be used are used up with them.
    """
    table, links, identity = tables.session, tables.sign_in, folded(address)
    own = [table.c.identity == identity, table.c.ended_at.is_(None)]
    if number is not None:
        own.append(table.c.id == number)
    else:
        waiting = select(links.c.token_hash, links.c.address).where(links.c.used_at.is_(None))
        theirs = [row[0] for row in connection.execute(waiting) if folded(row[1]) == identity]
        connection.execute(update(links).where(links.c.token_hash.in_(theirs)).values(used_at=now))
    return connection.execute(update(table).where(*own).values(ended_at=now)).rowcount


def addresses_let_in(connection: Connection) -> frozenset[str]:
    """Return the addresses that have a session which was not ended, or a link which was not used."""
    found: set[str] = set()
    for table, column in ((tables.session, "ended_at"), (tables.sign_in, "used_at")):
        query = select(table.c.address).where(table.c[column].is_(None)).distinct()
        found.update(connection.execute(query).scalars())
    return frozenset(found - {""})


def end_all(connection: Connection, now: datetime) -> None:
    """End every session and use every link up: what a restored backup says of them is no longer true."""
    for table, column in ((tables.session, "ended_at"), (tables.sign_in, "used_at")):
        connection.execute(update(table).where(table.c[column].is_(None)).values({column: now}))


def forget_expired(connection: Connection, now: datetime, longest: timedelta) -> int:
    """Delete links that are too old, and sessions that were ended or are; return how many."""
    links, table = tables.sign_in, tables.session
    gone = connection.execute(delete(links).where(links.c.expires_at <= now)).rowcount
    over = table.c.ended_at.is_not(None) | (table.c.opened_at <= now - longest)
    return gone + connection.execute(delete(table).where(over)).rowcount
