"""SIGTERM and SIGINT in the middle of a delivery: nothing doubled, nothing delayed, no server waited for.

A child runs a command; the mail server, aiosmtpd, sends it the signal at a chosen point of one message, and
then goes on as ever, or says nothing for a minute. That ten seconds are enough is measured by the long storm;
here the end of its time (``END_WITHIN``) is far off, so that no test depends on the machine.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reminders.delivery import transport_for
from reminders.settings import Settings
from reminders.store import Database
from tests.use import child
from tests.use.conversation import VICTIM, Conversation, listening
from tests.use.office import FIRST, MAILS, Office, at

SILENCE = 60.0
"""So long the server says nothing; a process that waited for it would last longer."""
HEARING = 1.0
"""So long the server waits after a signal, as one does that is not on the same machine."""
QUICK = 600_000
SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
BOTH = pytest.mark.parametrize(
    "backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


class Signaller(Conversation):
    """Sends a signal at one point of one message (``number``), and may then fall silent."""

    def __init__(
        self,
        point: str,
        number: int = VICTIM,
        sign: int = signal.SIGTERM,
        *,
        silent: bool = False,
        again: bool = False,
    ) -> None:
        super().__init__()
        self.point, self.number, self.sign = point, number, sign
        self.silent, self.again = silent, again
        self.child: subprocess.Popen[str] | None = None
        self.signalled_at = 0.0

    async def reached(self, point: str) -> None:
        """Send the signal if this is the point, and wait if the server falls silent there."""
        if self.child is None or (point, self.begun) != (self.point, self.number) or self.signalled_at:
            return
        self.before_signal()
        self.signalled_at = time.monotonic()
        os.kill(self.child.pid, self.sign)
        await asyncio.sleep(HEARING)
        if self.again:
            os.kill(self.child.pid, self.sign)
        if self.silent:
            await asyncio.sleep(SILENCE)

    def before_signal(self) -> None:
        """Do what is to happen just before."""


@dataclass
class Stopped:
    """A delivery that was stopped: the server, the office that goes on, how the process ended, how soon."""

    server: Signaller
    office: Office
    code: int
    seconds: float

    def copies(self) -> Counter[str]:
        """How many copies each address has got."""
        return Counter(rcpt for rcpt, _ in self.server.accepted)


@pytest.fixture
def url(new_url: Callable[[str], str]) -> str:
    """A database with the built-in programme."""
    return new_url("loaded")


@pytest.fixture
def scene(url: str, tmp_path: Path) -> Iterator[Callable[..., Stopped]]:
    """Have a command deliver until it is stopped."""
    database = Database(url)
    stack: list[Any] = []

    def play(server: Signaller, command: str = "tick", port: int = 0, **settings: Any) -> Stopped:
        stack.append(listening(server))
        smtp = f"smtp://127.0.0.1:{stack[-1].__enter__()}"
        usual = {"smtp_url": smtp, "mail_per_minute": QUICK} | settings
        victim = child.start(url, tmp_path, FIRST, command, port, **usual)
        child.ready(victim)
        server.child = victim
        child.go(victim)
        complaints, code = child.end(victim)
        seconds = time.monotonic() - server.signalled_at
        assert (complaints, bool(server.signalled_at)) == ("", True)
        server.child = None
        own = Settings(smtp_url=smtp, mail_per_minute=QUICK)
        return Stopped(server, Office(database, own, transport_for(own)), code, seconds)

    yield play
    for one in reversed(stack):
        one.__exit__(None, None, None)
    database.close()


def assert_free(stopped: Stopped) -> None:
    """What was taken is settled; all else waits as if it had never been claimed, and may go now."""
    office, sent = stopped.office, len(stopped.server.accepted)
    assert VICTIM - 1 <= sent < MAILS
    assert office.counts() == {"sent": sent, "queued": MAILS - sent}
    waiting = office.look("outbox", "phase", "owner", "attempts", "ambiguous", state="queued")
    assert set(waiting) == {("", "", 0, 0)}
    assert max(office.look("outbox", "next_at", state="queued")) <= at(FIRST)


@BOTH
@pytest.mark.parametrize("point", ["mail", "rcpt", "data", "dot"])
def test_a_stop_doubles_and_delays_nothing(scene: Callable[..., Stopped], point: str) -> None:
    """The message whose body is under way is settled, the others are free; the next run sends them."""
    stopped = scene(Signaller(point))
    assert (stopped.code, stopped.seconds < SILENCE) == (0, True)
    assert_free(stopped)
    left = MAILS - len(stopped.server.accepted)
    assert stopped.office.tick(FIRST).outcomes == {"sent": left}
    assert (len(stopped.copies()), set(stopped.copies().values())) == (MAILS, {1})
    assert set(stopped.office.look("outbox", "attempts", "ambiguous")) == {(1, 0)}


@SQLITE
@pytest.mark.parametrize("command", ["worker", "run"])
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_every_command_ends_so(scene: Callable[..., Stopped], command: str, sign: int) -> None:
    """The alarm clock's run ends between two messages too, and the process with it."""
    stopped = scene(Signaller("dot", sign=sign), command)
    assert (stopped.code, stopped.seconds < SILENCE) == (0, True)
    assert_free(stopped)


@BOTH
def test_a_message_without_an_answer_before_its_body_is_free_again(scene: Callable[..., Stopped]) -> None:
    """It cannot have arrived: it goes with the next run, once."""
    stopped = scene(Signaller("rcpt", silent=True))
    assert (stopped.code, stopped.seconds < SILENCE) == (0, True)
    assert_free(stopped)
    assert stopped.office.tick(FIRST).outcomes == {"sent": MAILS - VICTIM + 1}
    assert set(stopped.copies().values()) == {1}


@BOTH
def test_a_message_without_an_answer_after_its_body_is_in_doubt(scene: Callable[..., Stopped]) -> None:
    """As after a crash: it goes once more, to the octet the same; every other one goes once."""
    stopped = scene(Signaller("dot", silent=True))
    assert (stopped.code, stopped.seconds < SILENCE) == (0, True)
    office = stopped.office
    victim = office.look("outbox", "rcpt")[VICTIM - 1]
    assert office.look("outbox", "state", "attempts", "ambiguous", rcpt=victim) == [("queued", 1, 1)]
    assert max(office.look("outbox", "next_at", state="queued")) <= at(FIRST)
    assert office.tick(FIRST).outcomes == {"sent": MAILS - VICTIM + 1}
    assert stopped.copies() == {**dict.fromkeys(office.look("outbox", "rcpt"), 1), victim: 2}
    assert len({raw for rcpt, raw in stopped.server.accepted if rcpt == victim}) == 1


@SQLITE
def test_a_wait_for_the_rate_ends_at_once(scene: Callable[..., Stopped]) -> None:
    """One message a minute: the process does not wait for the next moment."""
    stopped = scene(Signaller("dot", number=1), mail_per_minute=1)
    assert (stopped.code, stopped.seconds < SILENCE) == (0, True)
    assert stopped.office.counts() == {"sent": 1, "queued": MAILS - 1}
    assert set(stopped.office.look("outbox", "attempts", "phase", state="queued")) == {(0, "")}


@SQLITE
def test_a_second_signal_ends_the_process_at_once(scene: Callable[..., Stopped]) -> None:
    """Its state is that of a crash: the next runs sweep it."""
    stopped = scene(Signaller("dot", silent=True, again=True))
    assert stopped.code == 128 + signal.SIGTERM
    assert stopped.office.look("outbox", "phase", state="sending")[0] == "dot"
    assert stopped.office.tick("2025-12-01T09:06").outcomes["swept"] == 11 - VICTIM


@SQLITE
def test_an_open_connection_does_not_keep_the_pages_up(scene: Callable[..., Stopped]) -> None:
    """A reader who never finishes a request, and one who keeps a connection, hold nobody up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    readers: list[socket.socket] = []

    class Visited(Signaller):
        def before_signal(self) -> None:
            """Open connections to the pages."""
            unfinished = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
            readers.extend(_reader(port, words) for words in (unfinished, b""))

    try:
        stopped = scene(Visited("dot"), "run", port)
        assert (stopped.code, stopped.seconds < SILENCE) == (0, True)
        assert_free(stopped)
    finally:
        for one in readers:
            one.close()


def _reader(port: int, words: bytes) -> socket.socket:
    """Connect to the pages as soon as they are there, and say something."""
    until = time.monotonic() + SILENCE
    while True:
        try:
            one = socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            one.sendall(words)
            return one


def test_the_end_of_its_time_ends_a_process_whatever_hangs() -> None:
    """Asked to stop, it is ended where its work does not end by itself."""
    words = """
import os, signal, time
from reminders.cli import run
from reminders.stop import StopRequest
run.END_WITHIN = 0.1
run.end_at_signals(StopRequest())
os.kill(os.getpid(), signal.SIGTERM)
while True:
    time.sleep(60)
"""
    assert subprocess.run([sys.executable, "-c", words], cwd=child.ROOT, check=False).returncode == 1
