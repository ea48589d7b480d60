"""A quick mail server some milliseconds away, which fails by a fate given to it, and keeps a log.

The way to it is delayed, not its work: what is sent in one write is answered one
round trip later, as over a network. RFC 5321, PIPELINING of RFC 2920.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

Stage = Literal["banner", "ehlo", "mail", "rcpt", "data", "dot"]
Fate = Literal["", "later", "before", "after"]
OK = {
    "banner": "220 relay.example ESMTP",
    "ehlo": "250-relay.example\r\n250-PIPELINING\r\n250 8BITMIME",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go ahead",
}
LATER: dict[Stage, str] = {
    "banner": "421 4.3.2 not now",
    "ehlo": "421 4.3.2 not now",
    "mail": "451 4.3.0 sender later",
    "rcpt": "450 4.2.1 recipient later",
    "data": "451 4.3.0 data later",
    "dot": "451 4.3.0 message later",
}
END = b"\r\n.\r\n"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the server took: for whom, under which number, its octets' hash, and when."""

    recipient: str
    number: str
    sha256: str
    at: float


def clear(_: Stage) -> Fate:
    """Let everything pass."""
    return ""


@dataclass
class Weather:
    """Draws fates: each stage fails by a chance; after the dot, connections break before and after 250."""

    random: random.Random
    later: float = 0.0
    drop: float = 0.0

    def __call__(self, stage: Stage) -> Fate:
        """Draw."""
        drawn = self.random.random()
        early = stage in {"banner", "ehlo"}  # each of these rests the channel
        later, drop = (self.later / 10, self.drop / 10) if early else (self.later, self.drop)
        if drawn < later:
            return "later"
        return "before" if drawn < later + drop / 2 else "after" if drawn < later + drop else ""


class Relay:
    """The server; a context manager that listens on ``port`` of 127.0.0.1 meanwhile."""

    def __init__(self, fate: Callable[[Stage], Fate] = clear, *, away: float = 0.0) -> None:
        self.fate, self.away = fate, away
        self.taken: list[Taken] = []
        self.fates: dict[str, int] = {}
        self.connections = 0
        self.port = 0
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(5)
        return self

    def __exit__(self, kind: type[BaseException] | None, e: object, t: TracebackType | None) -> None:
        """Stop."""
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()

    async def _listen(self) -> None:
        self._server = await self.loop.create_server(lambda: Talk(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()

    def draw(self, stage: Stage) -> Fate:
        """Draw a fate and count it."""
        fate = self.fate(stage)
        if fate:
            self.fates[f"{stage} {fate}"] = self.fates.get(f"{stage} {fate}", 0) + 1
        return fate

    def take(self, recipient: str, octets: bytes) -> str:
        """Take a message; return its number."""
        number = f"Q{len(self.taken) + 1}"
        self.taken.append(Taken(recipient, number, hashlib.sha256(octets).hexdigest(), time.monotonic()))
        return number


class Talk(asyncio.Protocol):
    """One connection."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self._heard = b""
        self._said: list[str] = []
        self._recipient, self._in_body, self._over = "", False, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.relay.connections += 1
        self._answer("banner")
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Do what is asked, and answer it in one write."""
        self._heard += data
        while not self._over and self._step():
            pass
        self._flush()

    def _step(self) -> bool:
        end, size = (END, 2) if self._in_body else (b"\r\n", 0)
        found = self._heard.find(end)
        if found < 0:
            return False
        part, self._heard = self._heard[: found + size], self._heard[found + len(end) :]
        self._end_body(part) if self._in_body else self._command(part.decode())
        return True

    def _command(self, line: str) -> None:
        verb = line[:4].lower()
        if verb in {"ehlo", "mail", "rcpt", "data"}:
            taken = self._answer(verb, known=verb != "data" or bool(self._recipient))  # type: ignore[arg-type]
            if verb == "mail":
                self._recipient = ""
            if verb == "rcpt" and taken:
                self._recipient = line[9:].partition(">")[0]
            self._in_body = verb == "data" and taken
        else:
            self._said.append("221 2.0.0 bye" if verb == "quit" else "250 2.0.0 ok")
            self._over = verb == "quit"
            self._recipient = ""

    def _end_body(self, body: bytes) -> None:
        self._in_body = False
        fate = self.relay.draw("dot")
        octets = body.replace(b"\r\n..", b"\r\n.").removeprefix(b".")
        if fate == "later":
            self._said.append(LATER["dot"])
        else:
            number = self.relay.take(self._recipient, octets)
            if fate != "before":
                self._said.append(f"250 2.0.0 queued as {number}")
            self._over = bool(fate)
        self._recipient = ""

    def _answer(self, stage: Stage, *, known: bool = True) -> bool:
        """Answer a command by its fate; tell whether it was taken."""
        fate = self.relay.draw(stage)
        if not known:
            self._said.append("503 5.5.1 no recipient")
            return False
        if fate != "before":
            self._said.append(LATER[stage] if fate == "later" else OK[stage])
        self._over = fate in {"before", "after"} or (fate == "later" and stage in {"banner", "ehlo"})
        return not fate

    def _flush(self) -> None:
        said, self._said = "".join(f"{line}\r\n" for line in self._said).encode(), []
        if said or self._over:
            self.relay.loop.call_later(self.relay.away, self._send, said, self._over)

    def _send(self, said: bytes, over: bool) -> None:
        if said and not self._transport.is_closing():
            self._transport.write(said)
        if over:
            self._transport.close()
