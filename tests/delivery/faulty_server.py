"""A mail server that misbehaves on request, for conversations in tests.

It speaks EHLO, STARTTLS, AUTH PLAIN and LOGIN, PIPELINING, SIZE and 8BITMIME, in
a thread of its own. At each stage a list of faults says what happens at the
first, second, … time: refuse with a code, wait, hang, hang up before or after
the reply. What it accepted and what it was told can be looked at.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

HERE = Path(__file__).parent
CERTIFICATE = HERE / "test_only_certificate.pem"
KEY = HERE / "test_only_key.pem"
USER, PASSWORD = "user", "secret-pässword"
OFFERS = ("PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8")

Stage = Literal["banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot", "rset", "noop", "quit"]
USUAL = {
    "banner": "220 faulty.example ESMTP",
    "mail": "250 2.1.0 sender ok",
    "rcpt": "250 2.1.5 recipient ok",
    "data": "354 go ahead",
    "dot": "250 2.0.0 queued as Q1",
    "rset": "250 2.0.0 reset",
    "noop": "250 2.0.0 here",
    "quit": "221 2.0.0 bye",
    "starttls": "220 2.0.0 go ahead",
    "auth": "235 2.7.0 welcome",
}


@dataclass(frozen=True)
class Fault:
    """What happens instead of the usual: a reply, a delay, silence, a lost connection.

    With ``hold`` the reply is kept back until the server gives the next one.
    """

    reply: str = ""
    delay: float = 0.0
    hang: bool = False
    hold: bool = False
    drop: Literal["", "before", "after"] = ""


@dataclass(frozen=True)
class Accepted:
    """A message that was answered with 250: as received, dots undone."""

    sender: str
    recipient: str
    raw: bytes


class Gone(Exception):
    """The conversation is over."""


@dataclass
class Session:
    """One connection: its streams and the transaction it is in."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    secure: bool = False
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    withheld: str = ""


class FaultyServer:
    """The server; a context manager that listens on ``port`` of 127.0.0.1 meanwhile."""

    def __init__(
        self,
        faults: Mapping[Stage, Sequence[Fault | None]] | None = None,
        *,
        offers: Sequence[str] = OFFERS,
        auth: str = "",
        tls: Literal["", "starttls", "implicit"] = "",
        forgets: bool = True,
        data_without_recipient: str = "503 5.5.1 no recipient",
    ) -> None:
        self._faults = defaultdict(list, {stage: list(faults) for stage, faults in (faults or {}).items()})
        self._offers, self._auth, self._tls = offers, auth, tls
        self._forgets = forgets
        self._data_without_recipient = data_without_recipient
        self.accepted: list[Accepted] = []
        self.bodies: list[bytes] = []
        self.commands: list[str] = []
        self.connections = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(5)
        return self

    def __exit__(self, kind: type[BaseException] | None, e: object, t: TracebackType | None) -> None:
        """Hang up on everybody."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @property
    def verbs(self) -> list[str]:
        """The first word of each command, in the order of arrival."""
        return [command.split()[0].upper() for command in self.commands]

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, KEY)
        return context

    async def _start(self) -> None:
        context = self._context() if self._tls == "implicit" else None
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        session = Session(reader, writer, secure=self._tls == "implicit")
        try:
            await self._say(session, "banner")
            while line := await reader.readline():
                self.commands.append(line.decode().rstrip("\r\n"))
                await self._obey(session, self.commands[-1])
        except (Gone, OSError, asyncio.CancelledError):
            pass
        finally:
            session.writer.transport.abort()

    async def _obey(self, session: Session, line: str) -> None:
        verb = line.split(maxsplit=1)[0].lower()
        known = {"ehlo": self._ehlo, "auth": self._authenticate, "data": self._data, "starttls": self._secure}
        if verb in known:
            await known[verb](session, line)
        elif verb == "mail":
            await self._note_sender(session, line)
        elif verb == "rcpt":
            if await self._say(session, "rcpt", "" if session.sender else "503 5.5.1 no sender") < 400:
                session.recipients.append(line[9:].partition(">")[0])
        elif verb in {"rset", "noop", "quit"}:
            session.sender, session.recipients = "", []
            await self._say(session, verb)  # type: ignore[arg-type]
        else:
            await self._put(session, "500 5.5.2 what?")

    async def _note_sender(self, session: Session, line: str) -> None:
        if await self._say(session, "mail") < 400:
            session.sender, session.recipients = line[11:].partition(">")[0], []

    async def _ehlo(self, session: Session, _: str) -> None:
        offers = [*self._offers]
        if self._tls == "starttls" and not session.secure:
            offers.append("STARTTLS")
        if self._auth and (session.secure or not self._tls):
            offers.append(f"AUTH {self._auth}")
        lines = ["faulty.example", *offers]
        usual = "\r\n".join(
            f"250{'-' if n < len(lines) - 1 else ' '}{offer}" for n, offer in enumerate(lines)
        )
        await self._say(session, "ehlo", usual)

    async def _secure(self, session: Session, _: str) -> None:
        if await self._say(session, "starttls") == 220:
            await session.writer.start_tls(self._context())
            session.secure = True

    async def _authenticate(self, session: Session, line: str) -> None:
        if line.upper() == "AUTH LOGIN":
            given = [await self._question(session, q) for q in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6")]
        else:
            given = base64.b64decode(line.split()[2]).decode().split("\0")[1:]
        right = given == [USER, PASSWORD]
        await self._say(session, "auth", "" if right else "535 5.7.8 wrong")

    async def _question(self, session: Session, words: str) -> str:
        await self._put(session, f"334 {words}")
        return base64.b64decode(await session.reader.readline()).decode()

    async def _data(self, session: Session, _: str) -> None:
        usual = "" if session.recipients else self._data_without_recipient
        if await self._say(session, "data", usual) != 354:
            return
        lines = []
        while (line := await session.reader.readline()) != b".\r\n":
            if not line:
                raise Gone
            lines.append(line.removeprefix(b"."))
        self.bodies.append(b"".join(lines))
        accepted = [Accepted(session.sender, to, self.bodies[-1]) for to in session.recipients]
        fault = self._faults["dot"][0] if self._faults["dot"] else None
        if session.recipients and (fault is None or (not fault.reply and not fault.hang)):
            self.accepted += accepted  # a server that loses the line has taken the message all the same
        await self._say(session, "dot", "" if session.recipients else "554 5.5.1 no valid recipients")
        if self._forgets:
            session.sender, session.recipients = "", []

    async def _say(self, session: Session, stage: Stage, usual: str = "") -> int:
        """Give the reply of ``stage``, or what its next fault makes of it; return the code."""
        fault = self._faults[stage].pop(0) if self._faults[stage] else None
        fault = fault or Fault()
        await asyncio.sleep(fault.delay)
        if fault.hang:
            await asyncio.sleep(3600)
        if fault.drop == "before":
            raise Gone
        reply = fault.reply or usual or USUAL[stage]
        await self._put(session, reply, hold=fault.hold)
        if fault.drop == "after" or stage == "quit":
            raise Gone
        return int(reply[:3]) if reply[:3].isdecimal() else 599

    async def _put(self, session: Session, reply: str, *, hold: bool = False) -> None:
        session.withheld += reply + "\r\n"
        if not hold:
            session.writer.write(session.withheld.encode())
            session.withheld = ""
            await session.writer.drain()
