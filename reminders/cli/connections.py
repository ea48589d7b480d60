"""Connections of the page server: how long one may keep it waiting, and which goes when there are too many.

uvicorn waits for ever for the rest of a request's head or body, and for a reader who reads nothing
("slowloris"). What a request says, and who answers it, is left to uvicorn and the pages.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, Literal

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from reminders.web.entrance import HEADERS

MOST_CONNECTIONS: Final = 500
"""So many at once, of which each takes one of the process's files (1024 by default on Linux)."""
Phase = Literal["head", "body", "answer", "idle"]
WITHIN: Final[dict[Phase, float]] = {"head": 20.0, "body": 120.0}
"""Seconds from its beginning to the end of a request's head, and of its body."""
READ_WITHIN: Final = 60.0
"""Seconds in which a reader takes nothing of an answer."""


class PatientProtocol(H11Protocol):
    """A connection that ends when its client keeps the server waiting for too long.

    1. A new one above the limit takes the place of the one that has said nothing for longest: half-open
       ones never keep anybody out, for whoever has something to ask says it at once.
    2. Each phase of a request has its time (``WITHIN``); while the service answers there is none.
    3. An answer that nobody reads is given up.
    """

    phase: Phase = "head"
    since: float = 0.0
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; let another go where there are too many."""
        super().connection_made(transport)
        self._enter("head")
        if len(self.connections) > MOST_CONNECTIONS:
            others = (one for one in self.connections if isinstance(one, PatientProtocol) and one is not self)
            waiting = [one for one in others if one.says_nothing]
            if waiting:
                min(waiting, key=lambda one: one.since).transport.abort()

    @property
    def says_nothing(self) -> bool:
        """Tell whether no request is being read or answered here."""
        return self.phase in {"head", "idle"} and not self.transport.is_closing()

    def data_received(self, data: bytes) -> None:
        """Take what has come, and go on to the phase that it leads to."""
        super().data_received(data)
        self._look(idle=False)

    def on_response_complete(self) -> None:
        """Wait for the next request, of which a part may be there."""
        super().on_response_complete()
        self._look(idle=not self.conn.trailing_data[0])

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was waited for."""
        for timer in (self._deadline, self._unread):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for a reader who takes nothing."""
        super().pause_writing()
        self._unread = self.loop.call_later(READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on writing."""
        if self._unread:
            self._unread.cancel()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the headers that every answer has."""
        own = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close", **HEADERS}
        headers = [(name.lower().encode(), value.encode()) for name, value in own.items()]
        events: tuple[Any, ...] = (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=msg.encode("ascii")),
            h11.EndOfMessage(),
        )
        for event in events:
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _look(self, *, idle: bool) -> None:
        phase: Phase = "answer"
        if self.conn.their_state is h11.IDLE:
            phase = "idle" if idle else "head"
        elif self.conn.their_state is h11.SEND_BODY:
            phase = "body"
        if phase != self.phase:
            self._enter(phase)

    def _enter(self, phase: Phase) -> None:
        self.phase, self.since = phase, self.loop.time()
        if self._deadline:
            self._deadline.cancel()
        within = WITHIN.get(phase)
        self._deadline = self.loop.call_later(within, self.transport.abort) if within else None
