"""Calendar feeds over HTTP, which an address names: whole feeds, single entries, private ones by a token.

Plain routes of Starlette (ASGI), without cookies; the same octets for any client. What an answer says of
its octets, and when a client's copy is still right, is left to ``http``.

What is in the cache is answered within the server's loop, after one or three small queries; what must be
made, or asked of PostgreSQL, in a thread. The token of a private feed is in no log line: the service
writes no access log, and nothing here names it.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from calendars.feed import Feed, FeedSpec, feed
from calendars.text import calendar_name
from reminders.errors import NotFoundError, UnknownFeedError
from reminders.use.feeds.feed_names import bound_programme
from reminders.use.feeds.private_feeds import USE_NOTED, find_private_feed, note_use, read_private_feed
from reminders.use.feeds.source import feed_of
from reminders.web.catalogue import as_language
from reminders.web.feeds.http import FeedReply, FeedRequest
from reminders.web.snapshot import Snapshots
from schedule_rules.programme import Lang

Place = tuple[object, ...]
"""What names a feed in the cache."""
Facts = tuple[object, ...]
"""What decided on a feed's octets: equal facts, equal octets."""

PLAIN: Final = (("Content-Type", "text/plain; charset=utf-8"), ("X-Robots-Tag", "noindex"))
NO_SUCH_FEED: Final = FeedReply(404, PLAIN, b"There is no such calendar.\n")
CLOSED_FEED: Final = FeedReply(
    410, (*PLAIN, ("Cache-Control", "private, no-store")), b"This calendar was closed.\n"
)
_MOST_CLIENTS: Final = 10_000
_CACHE_LIMIT: Final = 32 << 20
"""The most octets in the cache: some hundred feeds of a programme, or two of ten thousand entries."""
# A feed's key may hold hyphens: the language is what follows the last one.
_FEED: Final = re.compile(r"(?P<name>[a-z0-9+-]+(\.(deadlines|events))?)-(?P<lang>fi|sv|en)")
_ENTRY: Final = re.compile(r"(?P<name>[0-9a-f-]{36})-(?P<lang>fi|sv|en)\.ics")
_PRIVATE: Final = re.compile(r"(?P<name>[a-z]+)-(?P<lang>fi|sv|en)\.ics")


@dataclass
class FeedCache:
    """Keeps a feed a place, plain and compressed; the longest unused go. Safe to share between threads."""

    limit: int = _CACHE_LIMIT
    size: int = 0
    _feeds: OrderedDict[Place, tuple[Facts, Feed]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, place: Place, facts: Facts) -> Feed | None:
        """Return the feed at ``place``; None when there is none, or one of other facts."""
        with self._lock:
            found = self._feeds.get(place)
            if found is None or found[0] != facts:
                return None
            self._feeds.move_to_end(place)
        return found[1]

    def put(self, place: Place, facts: Facts, feed: Feed) -> None:
        """Keep a feed instead of what was at its place; one larger than the limit is not kept."""
        weight = _weight(feed)  # compresses: outside the lock
        with self._lock:
            old = self._feeds.pop(place, None)
            self.size += weight - (_weight(old[1]) if old else 0)
            self._feeds[place] = (facts, feed)
            while self.size > self.limit:
                self.size -= _weight(self._feeds.popitem(last=False)[1][1])


def _weight(feed: Feed) -> int:
    return len(feed.body) + len(feed.gzipped)


def name_and_lang(pattern: re.Pattern[str], request: FeedRequest) -> tuple[str, Lang]:
    """Return what the last part of an address names, and in which language; ``NotFoundError`` for nothing."""
    named = pattern.fullmatch(request.params["file"])
    lang = as_language(named["lang"]) if named else None
    if named is None or lang is None:
        raise NotFoundError("no such feed")
    return named["name"], lang


@dataclass(frozen=True, slots=True)
class FeedEndpoint:
    """Answers out of the cache, else with what is made now; ``NotFoundError`` of either is a 404.

    Without ``cached`` everything is made.
    """

    fresh: Callable[[FeedRequest], FeedReply]
    cached: Callable[[FeedRequest], FeedReply | None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        request = FeedRequest.of(scope)
        try:
            reply = self.cached(request) if self.cached else None
            if reply is None:
                reply = await run_in_threadpool(self.fresh, request)
        except UnknownFeedError as error:
            reply = _no_such_feed(error)
        except NotFoundError:
            reply = NO_SUCH_FEED
        await send(
            {"type": "http.response.start", "status": reply.status, "headers": list(_raw(reply.headers))}
        )
        await send({"type": "http.response.body", "body": reply.body})


def _no_such_feed(error: UnknownFeedError) -> FeedReply:
    """Return 404 with the keys that mean nothing, which hold nothing but letters, digits and hyphens."""
    words = "".join(f"Nothing is called {key}.\n" for key in error.keys)
    return FeedReply(404, PLAIN, NO_SUCH_FEED.body + words.encode())


@lru_cache(maxsize=512)
def _raw(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers)


@dataclass
class Feeds:
    """The endpoints of the feeds of all programmes, each made once a revision.

    An address names its programme; a short one stands for that which it was bound to when it was first
    asked for, and a binding never changes.
    """

    snapshots: Snapshots
    cache: FeedCache = field(default_factory=FeedCache)
    _bound: dict[str, str] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        """Return the routes: single entries, then private and public feeds."""
        private = PrivateFeeds(self.snapshots, self.cache)
        # A database in another process is asked in a thread: were it slow, it would hold up the server.
        near = self.snapshots.service.database.is_sqlite
        return [
            Route("/calendars/event/{file}", FeedEndpoint(self.entry)),
            Route(
                "/calendars/private/{token}/{file}",
                FeedEndpoint(private.fresh, private.cached if near else None),
            ),
            Route("/calendars/{file:str}.ics", FeedEndpoint(self.fresh, self.cached if near else None)),
            Route(
                "/calendars/{programme}/{file:str}.ics",
                FeedEndpoint(self.fresh, self.cached if near else None),
            ),
        ]

    def cached(self, request: FeedRequest) -> FeedReply | None:
        """Answer for ``/calendars/{feed}-{lang}.ics`` out of the cache; None when it is not there."""
        name, lang = name_and_lang(_FEED, request)
        if not (key := request.programme or self._bound.get(_first_key(name))):
            return None
        key, revision = self.snapshots.feed_revision(key)
        found = self.cache.get((key, name, lang), revision)
        return request.answer(found) if found else None

    def fresh(self, request: FeedRequest) -> FeedReply:
        """Answer for the same with octets that are made now, and kept."""
        name, lang = name_and_lang(_FEED, request)
        if not (key := request.programme or self._bound.get(_first_key(name))):
            key = self._bound[_first_key(name)] = bound_programme(self.snapshots.service, name)
        key, revision = self.snapshots.feed_revision(key)
        found = self.cache.get((key, name, lang), revision)
        if found is None:
            found = feed_of(self.snapshots.source(key), name, lang, self.snapshots.service.settings.base_url)
            self.cache.put((key, name, lang), revision, found)
        return request.answer(found)

    def entry(self, request: FeedRequest) -> FeedReply:
        """Answer for ``/calendars/event/{uid}-{lang}.ics``: one entry under the UID of the feeds."""
        uid, lang = name_and_lang(_ENTRY, request)
        with self.snapshots.read() as connection:
            keys = list(self.snapshots.revisions(connection))
        for source in map(self.snapshots.source, keys):
            entries = [entry for entry in source.entries if entry.uid == uid]
            if entries:
                modified = max(entry.modified for entry in entries)
                spec = FeedSpec(
                    name="all",
                    programme=source.programme.name,
                    short=calendar_name(source.programme),
                    scope="meetings" if entries[0].kind == "meeting" else "all",
                    zone=source.programme.timezone,
                )
                single = feed(spec, entries, lang, modified)
                return request.answer(replace(single, filename=request.params["file"]))
        raise NotFoundError("no such entry")


def _first_key(name: str) -> str:
    """Return the first key of a feed's name: what is joined to it stands in the same programme."""
    return name.partition(".")[0].partition("+")[0]


class PrivateAddress(NamedTuple):
    """What a token opens: number, programme and language of a feed, and all that decides on its octets."""

    number: int
    programme: str
    lang: Lang
    facts: Facts

    @property
    def place(self) -> tuple[object, ...]:
        """Where its octets are kept."""
        return ("private", self.number, self.lang)


@dataclass
class PrivateFeeds:
    """The endpoint ``/calendars/private/{token}/{feed}-{lang}.ics``.

    A token opens a feed until it is revoked or its owner has left. The cache holds what was open on
    this day with the same row, the same contacts and the same revision.
    """

    snapshots: Snapshots
    cache: FeedCache
    _noted: dict[tuple[int, str], datetime] = field(default_factory=dict)

    def cached(self, request: FeedRequest) -> FeedReply | None:
        """Answer out of the cache; None when it is not there, or when the use is to be noted."""
        opened = self._opened(request)
        found = self.cache.get(opened.place, opened.facts)
        if found is None or (request.reads and not self._is_noted(opened.number, request.client)):
            return None
        return request.answer(found)

    def fresh(self, request: FeedRequest) -> FeedReply:
        """Answer with octets that are made now unless they are in the cache; 410 once it was closed."""
        opened, token = self._opened(request), request.params["token"]
        found = self.cache.get(opened.place, opened.facts)
        if found is None:
            source = self.snapshots.source(opened.programme)
            found = read_private_feed(self.snapshots.service, token, source, opened.lang)
            if found is None:
                return CLOSED_FEED
            self.cache.put(opened.place, opened.facts, found)
        if request.reads:
            self._note(opened.number, token, request.client)
        return request.answer(found)

    def _opened(self, request: FeedRequest) -> PrivateAddress:
        """Ask what the token opens; ``NotFoundError`` for a wrong one, and for another feed's name."""
        name, lang = name_and_lang(_PRIVATE, request)
        found = find_private_feed(self.snapshots.service, request.params["token"], name)
        revision = self.snapshots.feed_revision(found.programme)
        facts = (*found.rows, revision, self.snapshots.today())
        return PrivateAddress(found.number, found.programme, lang, facts)

    def _is_noted(self, number: int, client: str) -> bool:
        at = self._noted.get((number, client))
        return at is not None and self.snapshots.service.clock() - at < USE_NOTED

    def _note(self, number: int, token: str, client: str) -> None:
        """Note a use where the list of feeds shows it, once an hour and client."""
        if self._is_noted(number, client):
            return
        note_use(self.snapshots.service, token, client)
        if len(self._noted) >= _MOST_CLIENTS:
            self._noted.clear()
        self._noted[number, client] = self.snapshots.service.clock()
