"""Private calendars asked for by mail: once a day an address, open until a mail holds the answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from reminders.feed_request import FeedAsked
from reminders.store import private_feeds, tables
from reminders.store.invitations import undone
from reminders.store.private_feeds import PrivateFeed
from reminders.store.tables import insert_or_ignore
from reminders.store.tables_invitations import feed_request


def ask(connection: Connection, address: str, day: date) -> bool:
    """Note that an address asks on ``day``; False when it has that day."""
    values = {"address": address, "asked_on": day}
    statement = insert_or_ignore(connection, feed_request).values(values)
    return bool(connection.execute(statement).rowcount)


def waiting(connection: Connection) -> dict[str, date]:
    """Return who waits for an answer, and the last day on which they asked."""
    table = feed_request
    query = select(table.c.address, func.max(table.c.asked_on)).where(_open()).group_by(table.c.address)
    return {row[0]: row[1] for row in connection.execute(query)}


def claim(
    connection: Connection, digest_id: int, feeds: Collection[FeedAsked], secret: str, now: datetime
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
        if private_feeds.by_token(connection, token) is None:
            feed = PrivateFeed(0, one.programme, address, "own", False, now, None, "", None)  # noqa: FBT003
            private_feeds.add(connection, token, feed)
    return True


def _open() -> ColumnElement[bool]:
    gone = select(tables.digest.c.id).where(undone())
    return or_(feed_request.c.digest_id.is_(None), feed_request.c.digest_id.in_(gone))
