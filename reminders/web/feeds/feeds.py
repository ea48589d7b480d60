"""Public feeds and single entries over HTTP: which an address names. ``http`` says the rest.

Plain routes of Starlette, without cookies; the same octets for any client.

A request for a feed as an answer needs it, and the door through which answers go (ASGI).

What is kept is answered within the server's loop, after one or three small queries; what must be
made, or asked of PostgreSQL, in a thread.

Private feeds over HTTP: a token in the path opens one, until it is revoked or its owner has left.

The token is in no log line: the service writes no access log, and nothing here names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from calendars.feed import Feed, FeedSpec, feed
from reminders.errors import NotFoundError
from reminders.store import feeds
from reminders.store.feeds import PrivateFeed
from reminders.store.people import token_hash
from reminders.use.feeds.private_feeds import USE_NOTED, is_open, note_use, private_feed
from reminders.use.feeds.published import feed_of
from reminders.web.caches import Facts, FeedCache, Place
from reminders.web.catalogue import known
from reminders.web.feeds.http import FeedReply, respond
from reminders.web.snapshot import FeedRevision, Snapshots
from schedule_rules.programme import Lang

# -- A request for a feed as an answer needs it, and the door through which answers go (ASGI)

PLAIN: Final = (("Content-Type", "text/plain; charset=utf-8"), ("X-Robots-Tag", "noindex"))
_NO_SUCH: Final = FeedReply(404, PLAIN, b"There is no such calendar.\n")


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """A request as far as it decides on the answer; a header that came twice is one list (RFC 9110, 5.2)."""

    method: str
    params: Mapping[str, str]
    query: str
    headers: Mapping[bytes, str]

    @classmethod
    def of(cls, scope: Scope) -> FeedRequest:
        """Read a request."""
        headers: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            text = value.decode("latin-1")
            headers[name] = f"{headers[name]}, {text}" if name in headers else text
        return cls(scope["method"], scope["path_params"], scope["query_string"].decode("latin-1"), headers)

    @property
    def reads(self) -> bool:
        """Tell whether a method was used that feeds answer."""
        return self.method in {"GET", "HEAD"}

    @property
    def programme(self) -> str:
        """The programme that the address names; nothing: the first."""
        return parse_qs(self.query).get("programme", [""])[0] if self.query else ""

    @property
    def client(self) -> str:
        """What a calendar program calls itself, without controls, short enough for a list."""
        return "".join(sign for sign in self.headers.get(b"user-agent", "") if sign.isprintable())[:100]

    def answer(self, found: Feed) -> FeedReply:
        """Return the answer when ``found`` is what was asked for."""
        header = self.headers.get
        conditions = header(b"if-none-match"), header(b"if-modified-since"), header(b"accept-encoding")
        return respond(found, self.method, *conditions)


@dataclass(frozen=True, slots=True)
class Door:
    """Answers with what is ``kept``, else with what is ``made``; ``NotFoundError`` of either is a 404.

    Without ``kept`` everything is made.
    """

    made: Callable[[FeedRequest], FeedReply]
    kept: Callable[[FeedRequest], FeedReply | None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        status, headers, body = await self._reply(FeedRequest.of(scope))
        await send({"type": "http.response.start", "status": status, "headers": list(_raw(headers))})
        await send({"type": "http.response.body", "body": body})

    async def _reply(self, asked: FeedRequest) -> FeedReply:
        try:
            kept = self.kept(asked) if self.kept else None
            return await run_in_threadpool(self.made, asked) if kept is None else kept
        except NotFoundError:
            return _NO_SUCH


@lru_cache(maxsize=512)
def _raw(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers)


# -- Private feeds over HTTP: a token in the path opens one, until it is revoked or its owner h

_FILE_feeds_private: Final = re.compile(r"(?P<name>[a-z]+)-(?P<lang>fi|sv|en)\.ics")
_CLOSED: Final = FeedReply(
    410, (*PLAIN, ("Cache-Control", "private, no-store")), b"This calendar was closed.\n"
)
_MOST_CLIENTS: Final = 10_000


class _Opened(NamedTuple):
    """What a token opens: the feed's number, its language, and all that decides on its octets."""

    number: int
    lang: Lang
    facts: Facts

    @property
    def place(self) -> Place:
        """Where its octets are kept."""
        return ("private", self.number, self.lang)


@dataclass
class PrivateFeeds:
    """The endpoint ``/calendars/private/{token}/{feed}-{lang}.ics`` of one library.

    Kept is what was open on this day with the same row, the same contacts and the same revision.
    """

    library: Snapshots
    shelf: FeedCache
    _noted: dict[tuple[int, str], datetime] = field(default_factory=dict)

    def kept(self, asked: FeedRequest) -> FeedReply | None:
        """Answer with kept octets; None when there are none, or when the use is to be noted."""
        opened = self._opened(asked)
        found = self.shelf.get(opened.place, opened.facts)
        if found is None or (asked.reads and not self._is_noted(opened.number, asked.client)):
            return None
        return asked.answer(found)

    def made(self, asked: FeedRequest) -> FeedReply:
        """Answer with octets that are made now unless they are kept; 410 once it was closed."""
        opened = self._opened(asked)
        with self.library.read() as connection:
            one = feeds.private_feed_by_token(connection, asked.params["token"])
        if one is None:
            raise NotFoundError("no such feed")
        found = self.shelf.get(opened.place, opened.facts) or self._fresh(one, opened)
        if found is None:
            return _CLOSED
        if asked.reads:
            self._note(one, asked.client)
        return asked.answer(found)

    def _opened(self, asked: FeedRequest) -> _Opened:
        """Ask what the token opens; ``NotFoundError`` for a wrong one, and for another feed's name."""
        named = _FILE_feeds_private.fullmatch(asked.params["file"])
        lang = known(named["lang"]) if named else None
        ask = self.library.service.database.ask
        rows = ask(feeds.OPENED, token_hash(asked.params["token"]))
        if named is None or lang is None or not rows or rows[0][2] != named["name"]:
            raise NotFoundError("no such feed")
        number, programme = rows[0][:2]
        readers = ask(feeds.READERS, programme)
        return _Opened(
            number, lang, (*rows, *readers, self.library.feed_revision(programme), self.library.today())
        )

    def _fresh(self, one: PrivateFeed, opened: _Opened) -> Feed | None:
        """Make the octets and keep them; None when the feed was closed."""
        source = self.library.source(one.programme)
        with self.library.read() as connection:
            if not is_open(connection, source, one, self.library.today()):
                return None
            found = private_feed(self.library.service, connection, source, one, opened.lang)
        self.shelf.put(opened.place, opened.facts, found)
        return found

    def _is_noted(self, number: int, client: str) -> bool:
        at = self._noted.get((number, client))
        return at is not None and self.library.service.clock() - at < USE_NOTED

    def _note(self, one: PrivateFeed, client: str) -> None:
        """Note a use where the list of feeds shows it, once an hour and client."""
        if self._is_noted(one.id, client):
            return
        note_use(self.library.service, one, client)
        if len(self._noted) >= _MOST_CLIENTS:
            self._noted.clear()
        self._noted[one.id, client] = self.library.service.clock()


# -- Public feeds and single entries over HTTP: which an address names; all else is said by ``r

# A feed's key may hold hyphens: the language is what follows the last one.
_FILE: Final = re.compile(r"(?P<name>[a-z0-9-]+)-(?P<lang>fi|sv|en)")
_UID: Final = re.compile(r"(?P<uid>[0-9a-f-]{36})-(?P<lang>fi|sv|en)\.ics")


@dataclass
class Feeds:
    """The endpoints of the feeds of one library, each made once a revision."""

    library: Snapshots
    shelf: FeedCache = field(default_factory=FeedCache)

    def routes(self) -> list[Route]:
        """Return the routes: single entries, then whole feeds."""
        private = PrivateFeeds(self.library, self.shelf)
        # A database in another process is asked in a thread: were it slow, it would hold up the server.
        near = self.library.service.database.is_sqlite
        return [
            Route("/calendars/event/{file}", Door(self.single)),
            Route("/calendars/private/{token}/{file}", Door(private.made, private.kept if near else None)),
            Route("/calendars/{file:str}.ics", Door(self.made, self.kept if near else None)),
        ]

    def kept(self, asked: FeedRequest) -> FeedReply | None:
        """Answer for ``/calendars/{feed}-{lang}.ics`` with kept octets; None when there are none."""
        key, revision, name, lang = self._named(asked)
        found = self.shelf.get((key, name, lang), revision)
        return asked.answer(found) if found else None

    def made(self, asked: FeedRequest) -> FeedReply:
        """Answer for the same with octets that are made now, and keep them."""
        key, revision, name, lang = self._named(asked)
        found = self.shelf.get((key, name, lang), revision)
        if found is None:
            found = feed_of(self.library.source(key), name, lang, self.library.service.settings.base_url)
            self.shelf.put((key, name, lang), revision, found)
        return asked.answer(found)

    def single(self, asked: FeedRequest) -> FeedReply:
        """Answer for ``/calendars/event/{uid}-{lang}.ics``: one entry under the UID of the feeds."""
        named = _UID.fullmatch(asked.params["file"])
        lang = known(named["lang"]) if named else None
        if named is None or lang is None:
            raise NotFoundError("no such entry")
        with self.library.read() as connection:
            keys = list(self.library.revisions(connection))
        for source in map(self.library.source, keys):
            found = [entry for entry in source.entries if entry.uid == named["uid"]]
            if found:
                modified = max(entry.modified for entry in found)
                spec = FeedSpec(name="all", programme=source.programme.name, zone=source.programme.timezone)
                return asked.answer(replace(feed(spec, found, lang, modified), filename=asked.params["file"]))
        raise NotFoundError("no such entry")

    def _named(self, asked: FeedRequest) -> tuple[str, FeedRevision, str, Lang]:
        """Return programme, revision, feed and language of an address; ``NotFoundError`` for none."""
        named = _FILE.fullmatch(asked.params["file"])
        lang = known(named["lang"]) if named else None
        if named is None or lang is None:
            raise NotFoundError("no such feed")
        return *self.library.feed_revision(asked.programme), named["name"], lang
