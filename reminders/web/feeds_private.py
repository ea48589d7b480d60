"""Private feeds over HTTP: a token in the path opens one, until it is revoked or its owner has left.

The token is in no log line: the service writes no access log, and nothing here names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from calendars.feed import Feed
from calendars.http import Reply
from reminders.dispatch.private_feeds import USE_NOTED, is_open, note_use, private_feed
from reminders.errors import NotFoundError
from reminders.store import private_feeds
from reminders.store.access import token_hash
from reminders.store.private_feeds import PrivateFeed
from reminders.web.books import Library
from reminders.web.feed_door import PLAIN, Asked
from reminders.web.shelf import Facts, Place, Shelf
from reminders.web.words import known
from schedule_rules.programme import Lang

_FILE: Final = re.compile(r"(?P<name>[a-z]+)-(?P<lang>fi|sv|en)\.ics")
_CLOSED: Final = Reply(410, (*PLAIN, ("Cache-Control", "private, no-store")), b"This calendar was closed.\n")
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

    Kept is what was open with the same row, the same contacts and the same revision.
    """

    library: Library
    shelf: Shelf
    _noted: dict[tuple[int, str], datetime] = field(default_factory=dict)

    def kept(self, asked: Asked) -> Reply | None:
        """Answer with kept octets; None when there are none, or when the use is to be noted."""
        opened = self._opened(asked)
        found = self.shelf.get(opened.place, opened.facts)
        if found is None or (asked.reads and not self._is_noted(opened.number, asked.client)):
            return None
        return asked.answer(found)

    def made(self, asked: Asked) -> Reply:
        """Answer with octets that are made now unless they are kept; 410 once it was closed."""
        opened = self._opened(asked)
        with self.library.read() as connection:
            one = private_feeds.by_token(connection, asked.params["token"])
        if one is None:
            raise NotFoundError("no such feed")
        found = self.shelf.get(opened.place, opened.facts) or self._fresh(one, opened)
        if found is None:
            return _CLOSED
        if asked.reads:
            self._note(one, asked.client)
        return asked.answer(found)

    def _opened(self, asked: Asked) -> _Opened:
        """Ask what the token opens; ``NotFoundError`` for a wrong one, and for another feed's name."""
        named = _FILE.fullmatch(asked.params["file"])
        lang = known(named["lang"]) if named else None
        ask = self.library.service.database.ask
        rows = ask(private_feeds.OPENED, token_hash(asked.params["token"]))
        if named is None or lang is None or not rows or rows[0][2] != named["name"]:
            raise NotFoundError("no such feed")
        number, programme = rows[0][:2]
        readers = ask(private_feeds.READERS, programme)
        return _Opened(number, lang, (*rows, *readers, self.library.feed_revision(programme)))

    def _fresh(self, one: PrivateFeed, opened: _Opened) -> Feed | None:
        """Make the octets and keep them; None when the feed was closed."""
        source = self.library.source(one.programme)
        with self.library.read() as connection:
            if not is_open(connection, source, one):
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
