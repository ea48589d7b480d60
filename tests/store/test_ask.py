"""What feeds ask before every answer: current, alike on both databases, with and without parameters."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx

from reminders.delivery import MemoryTransport
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Database, feeds, programmes
from reminders.store.feeds import FEED_REVISIONS
from reminders.store.sessions import token_hash
from reminders.use.feeds.private_feeds import issue_feed, revoke_feed
from reminders.web.app import create_app
from tests.store.builders import NOW

KEY, BY = "vaasa-2023-2026", "board-secretary@vaasa.example"


def service_on(database: Database) -> Service:
    """A service on a database."""
    return Service(Settings(), database, MemoryTransport, "x" * 32, lambda: NOW, lambda _: None)


def test_it_sees_what_was_committed_last(loaded_database: Database) -> None:
    """Asked again after a change, the revision is another one; without a change it is equal."""
    first = loaded_database.ask(FEED_REVISIONS)
    assert [row[0] for row in first] == [KEY]
    assert loaded_database.ask(FEED_REVISIONS) == first
    with loaded_database.write() as connection:
        programmes.touch_programme(connection, KEY, NOW + timedelta(days=1))
    assert loaded_database.ask(FEED_REVISIONS) != first


def test_a_parameter(loaded_database: Database) -> None:
    """A token's hash opens its feed and no other."""
    issued = issue_feed(service_on(loaded_database), KEY, BY, "own")
    (row,) = loaded_database.ask(feeds.OPENED, token_hash(issued.token))
    assert row[:4] == (issued.feed.id, KEY, "own", BY)
    assert loaded_database.ask(feeds.OPENED, token_hash("x")) == []


def test_feeds_on_both(loaded_database: Database) -> None:
    """On either database a public and a private feed answer, then 304, and 410 when it was closed."""
    service = service_on(loaded_database)
    app = create_app(service)
    issued = issue_feed(service, KEY, BY, "own")

    async def statuses(path: str) -> list[int]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            first = await client.get(path)
            again = await client.get(path, headers={"if-none-match": first.headers.get("etag", "")})
        return [first.status_code, again.status_code]

    private = issued.address("", "fi")
    assert [asyncio.run(statuses(path)) for path in ("/calendars/all-fi.ics", private)] == [[200, 304]] * 2
    revoke_feed(service, issued.feed.id)
    assert asyncio.run(statuses(private)) == [410, 410]
