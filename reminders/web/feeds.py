"""Calendar feeds over HTTP: which feed an address names; all else is said by ``calendars.http``.

Plain Starlette routes, without cookies; the same octets for any client. A private feed is opened
by the token in its path alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from calendars.feed import Feed, FeedSpec, feed
from calendars.http import Reply, respond
from reminders.dispatch.feeds import feed_of
from reminders.dispatch.private_feeds import is_open, note_use, private_feed
from reminders.errors import NotFoundError
from reminders.store import private_feeds
from reminders.web.books import Library
from schedule_rules.programme import LANGUAGES, Lang

# A feed's key may hold hyphens: the language is what follows the last one.
_FILE: Final = re.compile(r"(?P<name>[a-z0-9-]+)-(?P<lang>fi|sv|en)\.ics")
_UID: Final = re.compile(r"(?P<uid>[0-9a-f-]{36})-(?P<lang>fi|sv|en)\.ics")
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_PRIVATE: Final = ("Cache-Control", "private, no-store")
_PLAIN: Final = (("Content-Type", "text/plain; charset=utf-8"), ("X-Robots-Tag", "noindex"))


class Feeds:
    """The endpoints of the feeds of one library."""

    def __init__(self, library: Library) -> None:
        """Serve the feeds of ``library``."""
        self.library = library

    def routes(self) -> list[Route]:
        """Return the routes: single entries, then whole feeds."""
        return [
            Route("/calendars/event/{file}", self.single, methods=_METHODS),
            Route("/calendars/private/{token}/{file}", self.private, methods=_METHODS),
            Route("/calendars/{file:str}.ics", self.whole, methods=_METHODS),
        ]

    def whole(self, request: Request) -> Response:
        """Answer for ``/calendars/{feed}-{lang}.ics``."""
        return _answer(request, self._feed(request))

    def private(self, request: Request) -> Response:
        """Answer for ``/calendars/private/{token}/{feed}-{lang}.ics``: 410 once it was revoked.

        The token is in no log line: the service writes no access log, and nothing here names it.
        """
        named = _FILE.fullmatch(request.path_params["file"])
        with self.library.read() as connection:
            one = private_feeds.by_token(connection, request.path_params["token"]) if named else None
        if named is None or one is None or one.feed != named["name"]:
            return _answer(request, None)
        source = self.library.source(one.programme)
        with self.library.read() as connection:
            if not is_open(connection, source, one):
                return _response(Reply(410, (*_PLAIN, _PRIVATE), b"This calendar was closed.\n"))
            found = private_feed(connection, source, one, _lang(named["lang"]))
        if request.method in {"GET", "HEAD"}:
            note_use(self.library.service, one, client_of(request.headers.get("user-agent", "")))
        return _answer(request, found)

    def single(self, request: Request) -> Response:
        """Answer for ``/calendars/event/{uid}-{lang}.ics``: one entry under the UID of the feeds."""
        return _answer(request, self._entry(request))

    def _feed(self, request: Request) -> Feed | None:
        named = _FILE.fullmatch(f"{request.path_params['file']}.ics")
        if named is None:
            return None
        try:
            source = self.library.source(request.query_params.get("programme", ""))
            base = self.library.service.settings.base_url
            return feed_of(source, named["name"], _lang(named["lang"]), base)
        except NotFoundError:
            return None

    def _entry(self, request: Request) -> Feed | None:
        named = _UID.fullmatch(request.path_params["file"])
        if named is None:
            return None
        with self.library.read() as connection:
            keys = list(self.library.revisions(connection))
        for source in map(self.library.source, keys):
            found = [entry for entry in source.entries if entry.uid == named["uid"]]
            if found:
                modified = max(entry.modified for entry in found)
                spec = FeedSpec(name="all", programme=source.programme.name, zone=source.programme.timezone)
                one = feed(spec, found, _lang(named["lang"]), modified)
                return replace(one, filename=request.path_params["file"])
        return None


def client_of(user_agent: str) -> str:
    """Return what a calendar program calls itself, without controls, short enough for a list."""
    return "".join(sign for sign in user_agent if sign.isprintable())[:100]


def _answer(request: Request, found: Feed | None) -> Response:
    if found is None:
        return _response(Reply(404, _PLAIN, b"There is no such calendar.\n"))
    headers = request.headers
    return _response(
        respond(
            found,
            request.method,
            headers.get("if-none-match"),
            headers.get("if-modified-since"),
            headers.get("accept-encoding"),
        )
    )


def _response(reply: Reply) -> Response:
    response = Response(reply.body, reply.status)
    response.raw_headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers]
    return response


def _lang(text: str) -> Lang:
    return next(lang for lang in LANGUAGES if lang == text)
