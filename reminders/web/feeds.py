"""Public feeds and single entries over HTTP: which an address names; all else is said by ``calendars.http``.

Plain routes of Starlette, without cookies; the same octets for any client.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from starlette.routing import Route

from calendars.feed import FeedSpec, feed
from calendars.http import Reply
from reminders.dispatch.feeds import feed_of
from reminders.errors import NotFoundError
from reminders.web.books import FeedRevision, Library
from reminders.web.feed_door import Asked, Door
from reminders.web.feeds_private import PrivateFeeds
from reminders.web.shelf import Shelf
from reminders.web.words import known
from schedule_rules.programme import Lang

# A feed's key may hold hyphens: the language is what follows the last one.
_FILE: Final = re.compile(r"(?P<name>[a-z0-9-]+)-(?P<lang>fi|sv|en)")
_UID: Final = re.compile(r"(?P<uid>[0-9a-f-]{36})-(?P<lang>fi|sv|en)\.ics")


@dataclass
class Feeds:
    """The endpoints of the feeds of one library, each made once a revision."""

    library: Library
    shelf: Shelf = field(default_factory=Shelf)

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

    def kept(self, asked: Asked) -> Reply | None:
        """Answer for ``/calendars/{feed}-{lang}.ics`` with kept octets; None when there are none."""
        key, revision, name, lang = self._named(asked)
        found = self.shelf.get((key, name, lang), revision)
        return asked.answer(found) if found else None

    def made(self, asked: Asked) -> Reply:
        """Answer for the same with octets that are made now, and keep them."""
        key, revision, name, lang = self._named(asked)
        found = self.shelf.get((key, name, lang), revision)
        if found is None:
            found = feed_of(self.library.source(key), name, lang, self.library.service.settings.base_url)
            self.shelf.put((key, name, lang), revision, found)
        return asked.answer(found)

    def single(self, asked: Asked) -> Reply:
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

    def _named(self, asked: Asked) -> tuple[str, FeedRevision, str, Lang]:
        """Return programme, revision, feed and language of an address; ``NotFoundError`` for none."""
        named = _FILE.fullmatch(asked.params["file"])
        lang = known(named["lang"]) if named else None
        if named is None or lang is None:
            raise NotFoundError("no such feed")
        return *self.library.feed_revision(asked.programme), named["name"], lang
