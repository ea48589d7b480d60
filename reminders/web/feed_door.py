"""A request for a feed as an answer needs it, and the door through which answers go (ASGI).

What is kept is answered within the server's loop, after one or three small queries; what must be
made, or asked of PostgreSQL, in a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from calendars.feed import Feed
from calendars.http import Reply, respond
from reminders.errors import NotFoundError

PLAIN: Final = (("Content-Type", "text/plain; charset=utf-8"), ("X-Robots-Tag", "noindex"))
_NO_SUCH: Final = Reply(404, PLAIN, b"There is no such calendar.\n")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as it decides on the answer; a header that came twice is one list (RFC 9110, 5.2)."""

    method: str
    params: Mapping[str, str]
    query: str
    headers: Mapping[bytes, str]

    @classmethod
    def of(cls, scope: Scope) -> Asked:
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

    def answer(self, found: Feed) -> Reply:
        """Return the answer when ``found`` is what was asked for."""
        header = self.headers.get
        conditions = header(b"if-none-match"), header(b"if-modified-since"), header(b"accept-encoding")
        return respond(found, self.method, *conditions)


@dataclass(frozen=True, slots=True)
class Door:
    """Answers with what is ``kept``, else with what is ``made``; ``NotFoundError`` of either is a 404.

    Without ``kept`` everything is made.
    """

    made: Callable[[Asked], Reply]
    kept: Callable[[Asked], Reply | None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        status, headers, body = await self._reply(Asked.of(scope))
        await send({"type": "http.response.start", "status": status, "headers": list(_raw(headers))})
        await send({"type": "http.response.body", "body": body})

    async def _reply(self, asked: Asked) -> Reply:
        try:
            kept = self.kept(asked) if self.kept else None
            return await run_in_threadpool(self.made, asked) if kept is None else kept
        except NotFoundError:
            return _NO_SUCH


@lru_cache(maxsize=512)
def _raw(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers)
