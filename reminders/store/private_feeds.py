"""Private feeds: who may read which calendar by a token, stored hashed; last use and client; revocation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from reminders.store.access import token_hash
from reminders.store.tables import contact
from reminders.store.tables_series import private_feed

_CLIENT: Final = 100


@dataclass(frozen=True, slots=True)
class PrivateFeed:
    """One private feed of one person; ``used_at`` None: never fetched."""

    id: int
    programme: str
    address: str
    feed: str
    alarm: bool
    created_at: datetime
    used_at: datetime | None
    client: str
    revoked_at: datetime | None


_COLUMNS: Final = tuple(private_feed.c[name] for name in PrivateFeed.__dataclass_fields__)


OPENED: Final = select(
    *(private_feed.c[name] for name in ("id", "programme", "feed", "address", "alarm", "revoked_at"))
).where(private_feed.c.token_hash == bindparam("token_hash"))
"""What a token's hash opens, for ``Database.ask``."""
READERS: Final = (
    select(*(contact.c[name] for name in ("email", "name", "organisation", "role")))
    .where(contact.c.programme == bindparam("programme"))
    .order_by(contact.c.id)
)
"""The contacts of a programme as far as they decide on private feeds, for ``Database.ask``."""


def add(connection: Connection, token: str, one: PrivateFeed) -> int:
    """Store a new private feed under its token's hash; return its number."""
    values = {
        "token_hash": token_hash(token),
        "programme": one.programme,
        "address": one.address,
        "feed": one.feed,
        "alarm": one.alarm,
        "created_at": one.created_at,
        "client": "",
    }
    statement = insert(private_feed).values(values).returning(private_feed.c.id)
    return int(connection.execute(statement).scalar_one())


def by_token(connection: Connection, token: str) -> PrivateFeed | None:
    """Return the private feed that a token opens, revoked ones too; None when there is none."""
    query = select(*_COLUMNS).where(private_feed.c.token_hash == token_hash(token))
    row = connection.execute(query).first()
    return PrivateFeed(*row) if row else None


def all_of(connection: Connection, programme: str) -> tuple[PrivateFeed, ...]:
    """Return a programme's private feeds, newest first."""
    query = select(*_COLUMNS).where(private_feed.c.programme == programme)
    return tuple(PrivateFeed(*row) for row in connection.execute(query.order_by(private_feed.c.id.desc())))


def note_use(connection: Connection, number: int, client: str, now: datetime) -> None:
    """Note that a feed was fetched, and by which program."""
    values = {"used_at": now, "client": client[:_CLIENT]}
    connection.execute(update(private_feed).where(private_feed.c.id == number).values(values))


def revoke(connection: Connection, number: int, now: datetime) -> bool:
    """Close a feed for ever; False when there is none or it was closed before."""
    open_one = (private_feed.c.id == number, private_feed.c.revoked_at.is_(None))
    return connection.execute(update(private_feed).where(*open_one).values(revoked_at=now)).rowcount == 1
