"""Connections of the page server: how long one may keep it waiting, and which goes when there are too many.

uvicorn waits for ever for the rest of a request's head or body, and for a reader who reads nothing
("slowloris"). What a request says, and who answers it, is left to uvicorn and the pages.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from typing import Any, Final, Literal

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from reminders.web.asking_limit import network_of
from reminders.web.entrance import HEADERS

MOST_CONNECTIONS: Final = 500
"""So many at once, of which each takes one of the process's files (1024 by default on Linux)."""
Phase = Literal["head", "body", "answer", "idle"]
WITHIN: Final[dict[Phase, float]] = {"head": 20.0, "body": 120.0}
"""Seconds from its beginning to the end of a request's head, and of a large body."""
BODY_PACE: Final = 1000
"""Octets a second of a body at least, which has as long as a head in any case."""
BODY_SILENCE: Final = 5.0
"""Seconds after which a body of which nothing comes is as good as a connection that says nothing."""
READ_WITHIN: Final = 60.0
"""Seconds in which a reader takes nothing of an answer."""


class PatientProtocol(H11Protocol):
    """A connection that ends when its client keeps the server waiting for too long.

    1. A new one above the limit takes the place of one that says nothing, of the network address that has
       most of them the one that has been silent for longest: half-open ones never keep anybody out, for
       whoever has something to ask says it at once. A body that comes goes only where all are bodies.
    2. Each phase of a request has its time (``WITHIN``); while the service answers there is none.
    3. An answer that nobody reads is given up.
    """

    phase: Phase = "head"
    since: float = 0.0
    heard: float = 0.0
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; let another go where there are too many."""
        super().connection_made(transport)
        self._enter("head")
        if len(self.connections) > MOST_CONNECTIONS:
            others = (one for one in self.connections if isinstance(one, PatientProtocol) and one is not self)
            if chosen := _makes_room([one for one in others if one.waits]):
                chosen.transport.abort()

    @property
    def network(self) -> str:
        """What counts as one network address of its client."""
        return network_of(self.client[0]) if self.client else ""

    @property
    def waits(self) -> bool:
        """Tell whether the rest of a request is waited for here, or the next one."""
        if self.transport.is_closing() or (self.phase == "body" and self.flow.read_paused):
            return False  # a body that the pages have not taken yet is not its client's to send
        return self.phase != "answer"

    @property
    def says_nothing(self) -> bool:
        """Tell whether no request comes in here: none has begun, or its body has stopped coming."""
        return self.phase != "body" or self.loop.time() - self.heard >= BODY_SILENCE

    @property
    def silent_since(self) -> float:
        """When the phase began; of a body, when something of it came last."""
        return self.heard if self.phase == "body" else self.since

    def data_received(self, data: bytes) -> None:
        """Take what has come, and go on to the phase that it leads to."""
        self.heard = self.loop.time()
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
        within = self._within(phase)
        self._deadline = self.loop.call_later(within, self.transport.abort) if within else None

    def _within(self, phase: Phase) -> float | None:
        """Return how long a phase may last; a body of unknown length has the time of a small one."""
        if phase != "body":
            return WITHIN.get(phase)
        length = next((value for name, value in self.headers if name == b"content-length"), b"0")
        return min(WITHIN["body"], max(WITHIN["head"], int(length) / BODY_PACE))


def _makes_room(waiting: Collection[PatientProtocol]) -> PatientProtocol | None:
    """Return which of the connections that wait goes for a new one; None where none does."""
    silent = [one for one in waiting if one.says_nothing] or list(waiting)
    networks = Counter(one.network for one in silent)
    return min(silent, key=lambda one: (-networks[one.network], one.silent_since), default=None)
