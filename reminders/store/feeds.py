"""What calendars were told about entries and feeds, and who may read a private one, as rows.

A private feed is opened by a token, stored hashed. One that is asked for by mail is noted once a
day an address, and open until a mail holds the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, bindparam, func, insert, or_, select, update

from reminders.planning.addresses import folded
from reminders.planning.mails import OwnFeedRequest
from reminders.store import tables
from reminders.store.planned import undo_invitations
from reminders.store.sessions import token_hash
from reminders.store.tables import (
    columns_of,
    contact,
    feed_request,
    from_row,
    insert_or_ignore,
    private_feed,
    values_of,
)

FEED_REVISIONS: Final = select(
    tables.programme.c.key,
    tables.programme.c.sha256,
    tables.programme.c.modified,
    select(func.max(tables.answer.c.id)).scalar_subquery(),
    select(func.max(tables.answer.c.undone_at)).scalar_subquery(),
    select(func.max(tables.series.c.id)).scalar_subquery(),
).order_by(tables.programme.c.key)
"""What changes whenever a feed of a programme may change, after its key: for ``Database.ask``."""
_CLIENT: Final = 100
_AT_ONCE: Final = 500
"""Values in one query: few enough for every database."""


def bound_feed(connection: Connection, name: str) -> str | None:
    """Return the programme that the short address of a feed is bound to; None: nobody has asked for it."""
    table = tables.feed_binding
    return connection.execute(select(table.c.programme).where(table.c.name == name)).scalar()


def bind_feed(connection: Connection, name: str, programme: str) -> None:
    """Bind the short address of a feed to a programme, unless it is bound."""
    values = {"name": name, "programme": programme}
    connection.execute(tables.insert_or_ignore(connection, tables.feed_binding).values(values))


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """What calendars were told about one UID; ``timing`` empty: that it has gone.

    ``timing`` is a digest of what raises SEQUENCE, ``content`` of all that is shown. ``also_in`` are keys of
    feeds, with blanks between; ``is_left``: the programme has it no more, and calendars still show it.
    """

    timing: str
    content: str
    sequence: int
    modified: datetime
    also_in: str = ""
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """What a feed holds, as a digest, and when that last changed."""

    content: str
    modified: datetime


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


OPENED: Final = select(
    *(private_feed.c[name] for name in ("id", "programme", "feed", "address", "alarm", "revoked_at"))
).where(private_feed.c.token_hash == bindparam("token_hash"))
"""What a token's hash opens, for ``Database.ask``."""
READERS: Final = (
    select(contact.c.email, contact.c.name, contact.c.organisation, contact.c.role)
    .add_columns(contact.c.valid_from, contact.c.valid_until, contact.c.deputy_of)
    .where(contact.c.programme == bindparam("programme"))
    .order_by(contact.c.id)
)
"""The contacts of a programme as far as they decide on private feeds, for ``Database.ask``."""


def published_entries(connection: Connection, key: str) -> dict[str, PublishedEntry]:
    """Return what calendars were told of a programme's entries, by UID, gone ones included."""
    table = tables.calendar_entry
    columns = (one for one in table.c if one.name != "shown")  # long, and seldom wanted
    query = select(*columns).where(table.c.programme == key)
    return {row["uid"]: from_row(PublishedEntry, row) for row in connection.execute(query).mappings()}


def shown_entries(connection: Connection, key: str, uids: Collection[str]) -> dict[str, str]:
    """Return single entries of these UIDs as calendars were last told of them; "" where none was kept."""
    table = tables.calendar_entry
    wanted, found = sorted(uids), dict[str, str]()
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(table.c.uid, table.c.shown).where(
            table.c.programme == key, table.c.uid.in_(wanted[start : start + _AT_ONCE])
        )
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


def left_entries(connection: Connection, key: str) -> tuple[str, ...]:
    """Return single entries that calendars still show though the programme has them no more, by UID."""
    table = tables.calendar_entry
    query = select(table.c.shown).where(table.c.programme == key, table.c.is_left).order_by(table.c.uid)
    return tuple(connection.execute(query).scalars())


def without_shown(connection: Connection, key: str) -> frozenset[str]:
    """Return the UIDs that stand in a programme's calendars and of which no entry is kept."""
    table = tables.calendar_entry
    query = select(table.c.uid).where(table.c.programme == key, table.c.shown == "", table.c.content != "")
    return frozenset(connection.execute(query).scalars())


def save_shown(connection: Connection, entries: Mapping[str, str]) -> None:
    """Keep single entries by UID as calendars are told of them."""
    table = tables.calendar_entry
    if entries:
        statement = update(table).where(table.c.uid == bindparam("of")).values(shown=bindparam("text"))
        connection.execute(statement, [{"of": uid, "text": text} for uid, text in entries.items()])


def published_feeds(connection: Connection, key: str) -> dict[str, PublishedFeed]:
    """Return what a programme's feeds hold, by name."""
    query = select(tables.calendar_feed).where(tables.calendar_feed.c.programme == key)
    return {row["name"]: from_row(PublishedFeed, row) for row in connection.execute(query).mappings()}


def save_published(
    connection: Connection,
    key: str,
    entries: Mapping[str, PublishedEntry],
    feeds: Mapping[str, PublishedFeed],
    known: tuple[Iterable[str], Iterable[str]],
) -> None:
    """Note new and changed entries and feeds; ``known`` are the UIDs and names that have rows."""
    uids, names = map(frozenset, known)
    _write(connection, key, tables.calendar_entry.c.uid, entries, uids)
    _write(connection, key, tables.calendar_feed.c.name, feeds, names)


def _write(
    connection: Connection,
    key: str,
    column: Column[str],
    rows: Mapping[str, PublishedEntry] | Mapping[str, PublishedFeed],
    known: frozenset[str],
) -> None:
    table = column.table
    fresh = [
        {"programme": key, column.name: name, **columns_of(one)}
        for name, one in rows.items()
        if name not in known
    ]
    if fresh:
        connection.execute(insert(table), fresh)
    for name in rows.keys() & known:
        own = (table.c.programme == key, column == name)
        connection.execute(update(table).where(*own).values(columns_of(rows[name])))


def add_private_feed(connection: Connection, token: str, one: PrivateFeed) -> int:
    """Store a new private feed under its token's hash; return its number."""
    values = {**columns_of(one), "token_hash": token_hash(token), "client": ""}
    statement = insert(private_feed).values(values).returning(private_feed.c.id)
    return int(connection.execute(statement).scalar_one())


def private_feed_by_token(connection: Connection, token: str) -> PrivateFeed | None:
    """Return the private feed that a token opens, revoked ones too; None when there is none."""
    query = select(private_feed).where(private_feed.c.token_hash == token_hash(token))
    return next(iter(values_of(connection, PrivateFeed, query)), None)


def private_feeds_of(connection: Connection, programme: str) -> tuple[PrivateFeed, ...]:
    """Return a programme's private feeds, newest first."""
    query = select(private_feed).where(private_feed.c.programme == programme)
    return values_of(connection, PrivateFeed, query.order_by(private_feed.c.id.desc()))


def set_last_use(connection: Connection, number: int, client: str, now: datetime) -> None:
    """Note that a feed was fetched, and by which program."""
    values = {"used_at": now, "client": client[:_CLIENT]}
    connection.execute(update(private_feed).where(private_feed.c.id == number).values(values))


def revoke_private_feed(connection: Connection, number: int, now: datetime) -> PrivateFeed | None:
    """Close a feed for ever, and return it; None when there is none or it was closed before."""
    open_one = (private_feed.c.id == number, private_feed.c.revoked_at.is_(None))
    closing = update(private_feed).where(*open_one).values(revoked_at=now).returning(private_feed)
    return next(iter(values_of(connection, PrivateFeed, closing)), None)


def add_feed_request(connection: Connection, address: str, day: date) -> bool:
    """Note that an address asks on ``day``; False when it has that day."""
    statement = insert_or_ignore(connection, feed_request).values(address=folded(address), asked_on=day)
    return connection.execute(statement.returning(feed_request.c.address)).first() is not None


def waiting_feed_requests(connection: Connection) -> dict[str, date]:
    """Return who waits for an answer, and the last day on which they asked."""
    table = feed_request
    query = select(table.c.address, func.max(table.c.asked_on)).where(_open()).group_by(table.c.address)
    return {row[0]: row[1] for row in connection.execute(query)}


def claim_feed_request(
    connection: Connection, digest_id: int, feeds: Collection[OwnFeedRequest], secret: str, now: datetime
) -> bool:
    """Note that a mail answers a request, and open the feeds that it names; False when another's does.

    A mail that was taken back and is written anew names the same feeds.
    """
    if not feeds:
        return True
    address, table = next(iter(feeds)).recipient, feed_request
    mine = update(table).where(table.c.address == address, _open()).values(digest_id=digest_id)
    if not connection.execute(mine).rowcount:
        return False
    for one in feeds:
        token = one.token(secret)
        if private_feed_by_token(connection, token) is None:
            feed = PrivateFeed(0, one.programme, address, "own", False, now, None, "", None)  # noqa: FBT003
            add_private_feed(connection, token, feed)
    return True


def _open() -> ColumnElement[bool]:
    gone = select(tables.digest.c.id).where(undo_invitations())
    return or_(feed_request.c.digest_id.is_(None), feed_request.c.digest_id.in_(gone))
