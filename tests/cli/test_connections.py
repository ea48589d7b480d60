"""The page server's connections: whom a proxy speaks for, who waits too long, who makes room for others."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from reminders.cli import connections
from reminders.cli.page_server import PageServer, page_config
from reminders.service import Service
from reminders.settings import Settings
from reminders.stop import StopRequest
from reminders.web.app import create_app
from reminders.web.entrance import SoundRequests, network_address
from tests.web.conftest import history, service

__all__ = ["history", "service"]

HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
WHOLE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
POST = b"POST /form HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 10\r\n\r\n"
PATIENCE = 300.0
"""Seconds that a test waits for the server on a busy machine: far more than any limit that it sets."""
Start = Callable[..., "Served"]


class Served:
    """A server on a port of this machine, and what its application was told."""

    def __init__(self, settings: Settings, app: ASGIApp | None = None) -> None:
        self.stop = StopRequest()
        self.lost = threading.Event()
        self.server = PageServer(page_config(app or self, settings, "127.0.0.1", 0), self.stop)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with who asks, after the whole request; ``/large`` with more than anybody's buffers hold."""
        if scope["type"] != "http":
            return
        try:
            await Request(scope, receive).body()
        except Exception:
            self.lost.set()
            raise
        if scope["path"] == "/large":
            await Response(b"x" * (64 << 20))(scope, receive, send)
            return
        asked = {"client": scope["client"][0], "scheme": scope["scheme"]}
        await JSONResponse(asked)(scope, receive, send)

    @property
    def port(self) -> int:
        """The port."""
        return int(self.server.servers[0].sockets[0].getsockname()[1])

    @property
    def phases(self) -> list[connections.Phase]:
        """Return what each connection waits for."""
        found = list(self.server.server_state.connections)
        return [one.phase for one in found if isinstance(one, connections.PatientProtocol)]

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self.phases)

    def connect(self, *sent: bytes) -> socket.socket:
        """Open a connection and send something."""
        one = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        for octets in sent:
            one.sendall(octets)
        return one

    def ask(self, request: bytes = WHOLE) -> str:
        """Return what is answered, to its end."""
        with self.connect(request) as one:
            return read_all(one).decode()


def read_all(one: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    found = b""
    try:
        while octets := one.recv(65536):
            found += octets
    except ConnectionResetError:
        pass
    return found


def is_gone(one: socket.socket, octets: bytes) -> bool:
    """Send something; tell whether the other side has closed."""
    try:
        one.sendall(octets)
    except OSError:
        return True
    return False


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail when it never does."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.01)


@contextmanager
def serving(app: ASGIApp | None = None, **settings: object) -> Iterator[Served]:
    """Serve with the settings of the pages."""
    served = Served(Settings(**settings), app)
    served.thread.start()
    wait_for(lambda: served.server.started)
    yield served
    served.stop.ask()
    served.thread.join(PATIENCE)


def test_half_open_connections_keep_nobody_out() -> None:
    """Of three hundred that never finish their request, none is in the way of one that does."""
    with serving() as served, ExitStack() as held:
        for _ in range(300):
            held.enter_context(served.connect(HALF))
        wait_for(lambda: served.open == 300)
        for _ in range(3):
            assert served.ask().startswith("HTTP/1.1 200")
        assert served.open >= 300


def test_above_the_limit_the_longest_waiting_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred half-open ones never are more than the limit; whoever asks is answered."""
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 20)
    with serving() as served, ExitStack() as held:
        first = held.enter_context(served.connect(HALF))
        wait_for(lambda: served.open == 1)
        for _ in range(100):
            held.enter_context(served.connect(HALF))
        assert read_all(first) == b""
        assert served.ask().startswith("HTTP/1.1 200")
        wait_for(lambda: served.open <= 20)


def test_a_connection_that_is_being_answered_makes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one whose form is still coming: idle and half-open ones go."""
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 3)
    with serving() as served, ExitStack() as held:
        form = held.enter_context(served.connect(POST, b"12345"))
        wait_for(lambda: "body" in served.phases)
        for _ in range(10):
            held.enter_context(served.connect(HALF))
        assert served.ask().startswith("HTTP/1.1 200")
        form.sendall(b"67890")
        assert read_all(form).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("silence", [0.0, 1e6])
def test_bodies_that_do_not_come_keep_nobody_out(monkeypatch: pytest.MonkeyPatch, silence: float) -> None:
    """Whether they have stopped or only just begun: the one that was heard least recently makes room."""
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 20)
    monkeypatch.setattr(connections, "BODY_SILENCE", silence)
    with serving() as served, ExitStack() as held:
        first = held.enter_context(served.connect(POST, b"1"))
        wait_for(lambda: served.phases == ["body"])
        for _ in range(60):
            held.enter_context(served.connect(POST, b"1"))
        assert read_all(first) == b""
        for _ in range(3):
            assert served.ask().startswith("HTTP/1.1 200")
        wait_for(lambda: served.open <= 20)


def test_a_body_that_has_stopped_goes_before_whoever_has_just_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has been silent for longer than those who have not asked yet."""
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 3)
    monkeypatch.setattr(connections, "BODY_SILENCE", 0.0)
    with serving() as served, ExitStack() as held:
        stopped = held.enter_context(served.connect(POST, b"12345"))
        wait_for(lambda: served.phases == ["body"])
        newest = [held.enter_context(served.connect(HALF)) for _ in range(3)]
        assert read_all(stopped) == b""
        assert not any(is_gone(one, b"x") for one in newest)


class Waiting:
    """What a connection looks like to those who choose."""

    says_nothing = True

    def __init__(self, network: str, silent_since: float) -> None:
        self.network, self.silent_since = network, silent_since


def test_the_network_address_that_has_most_makes_room_first() -> None:
    """Of one that holds many, the longest silent; another's, however old, stays."""
    old, many = Waiting("192.0.2.1", 1.0), [Waiting("198.51.100.7", at) for at in (9.0, 5.0, 7.0)]
    choose: Callable[[list[Waiting]], object] = connections._makes_room  # type: ignore[assignment]
    assert choose([old, *many]) is many[1]
    assert choose([]) is None


@pytest.mark.parametrize("lines", [b"Content-Length: 4000", b"Transfer-Encoding: chunked"])
def test_a_small_body_has_the_time_of_a_head(monkeypatch: pytest.MonkeyPatch, lines: bytes) -> None:
    """As has one whose length is not known; the two minutes are for files."""
    monkeypatch.setitem(connections.WITHIN, "head", 0.2)
    monkeypatch.setattr(connections, "BODY_PACE", 1e6)
    with serving() as served:
        head = b"POST /form HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + b"\r\n\r\n"
        with served.connect(head) as one:
            assert read_all(one) == b""
            wait_for(served.lost.is_set)


@pytest.mark.parametrize("sent", [b"", b"G", HALF, WHOLE.replace(b"close", b"keep-alive") + b"GET /"])
def test_a_head_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """Nothing, a letter, half of it, half of a second one."""
    monkeypatch.setitem(connections.WITHIN, "head", 0.2)
    with serving() as served, served.connect(sent) as one:
        answered = read_all(one)
        assert answered.count(b"HTTP/1.1 200") == sent.count(b"keep-alive")


def test_a_head_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time is counted from its beginning, not from the last octet."""
    monkeypatch.setitem(connections.WITHIN, "head", 0.5)
    with serving() as served, served.connect(HALF) as one:
        wait_for(lambda: is_gone(one, b"x"))


def test_a_body_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that waits for it is told so."""
    monkeypatch.setitem(connections.WITHIN, "body", 0.2)
    with serving() as served, served.connect(POST, b"12345") as one:
        assert read_all(one) == b""
        wait_for(served.lost.is_set)


def test_an_answer_that_nobody_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits in the service's memory goes with it."""
    monkeypatch.setattr(connections, "READ_WITHIN", 0.2)
    with serving() as served, served.connect(WHOLE.replace(b"GET /", b"GET /large")) as one:
        one.settimeout(PATIENCE)
        wait_for(lambda: served.open == 1)
        wait_for(lambda: served.open == 0)


def test_what_is_no_http_is_refused_with_the_headers() -> None:
    """By the server itself, before any page."""
    with serving() as served:
        answer = served.ask(b"HELO there\r\n\r\n").lower()
        assert answer.startswith("http/1.1 400")
        assert "x-content-type-options: nosniff" in answer
        assert "content-security-policy: default-src 'none'" in answer


@pytest.mark.parametrize(
    ("trusted", "client", "scheme"),
    [
        (("127.0.0.1", "::1"), "192.0.2.7", "https"),
        (("127.0.0.0/8",), "192.0.2.7", "https"),
        (("10.0.0.7",), "127.0.0.1", "http"),
        ((), "127.0.0.1", "http"),
    ],
)
def test_a_proxy_is_believed_and_nobody_else(trusted: tuple[str, ...], client: str, scheme: str) -> None:
    """Whoever asks may say anything; only what the named proxies say counts, and of it what they added."""
    lines = (
        b"X-Forwarded-For: 198.51.100.1, 192.0.2.7\r\nX-Forwarded-Proto: https\r\n"
        b"X-Forwarded-Host: evil.example\r\nForwarded: for=198.51.100.1;host=evil.example\r\n\r\n"
    )
    with serving(forwarded_allow_ips=trusted) as served:
        answer = served.ask(WHOLE.removesuffix(b"\r\n") + lines)
        assert json.loads(answer.partition("\r\n\r\n")[2]) == {"client": client, "scheme": scheme}
        assert "server:" not in answer.lower()


STRANGE = {
    b"GET http://evil.example/": 404,
    b"OPTIONS *": 404,
    b"GET /%00": 404,
    b"GET /%ff%fe": 404,
    b"GET //evil.example/calendars": 404,
    b"GET /actions/%2e%2e/%2e%2e/etc": 404,
    b"GET /?lang=%ff": 200,
    b"GET /calendars/%0d%0aX-Injected:1": 404,
    b"TRACE /": 405,
    b"CONNECT /": 405,
    b"GET /" + b"a" * 60_000: 404,
    b"GET /api/v1/programmes/": 307,
}
LINES = {
    b"Host: \xff\r\n": 400,
    b"Host: a\r\nHost: b\r\n": 400,
    b"": 400,
    b"Host: 127.0.0.1:999999\r\n": 400,
    b"Host: localhost\r\nCookie: session=\xff; lang=en\r\n": 200,
    b'Host: localhost\r\nIf-None-Match: \xff"\r\n': 200,
    b"Host: localhost\r\nAccept-Language: \xff,,;q=a\r\n": 200,
    b"Host: localhost\r\nUpgrade: websocket\r\n": 200,
    b"Host: localhost\r\nX-Forwarded-For: \xff, ,::1\r\nX-Forwarded-Proto: javascript\r\n": 200,
}


def test_strange_requests_are_answered(service: Service, capfd: pytest.CaptureFixture[str]) -> None:
    """By a refusal or the page, with the headers, and without a traceback in the log."""
    whole = {target + b" HTTP/1.1\r\nHost: localhost\r\n": status for target, status in STRANGE.items()}
    whole |= {b"GET / HTTP/1.1\r\n" + lines: status for lines, status in LINES.items()}
    with serving(create_app(service)) as served:
        for request, status in whole.items():
            answer = served.ask(request + b"Connection: close\r\n\r\n")
            assert answer.startswith(f"HTTP/1.1 {status} "), request[:80]
            head = answer.partition("\r\n\r\n")[0].lower()
            assert "content-security-policy: " in head, request[:80]
            assert "evil" not in head
            assert "\r\nx-injected" not in head
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_request_of_two_lengths_ends_the_connection(service: Service) -> None:
    """What follows may be somebody else's request, which is not answered."""
    lengths = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    head = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n" + lengths
    follows = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with serving(create_app(service)) as served:
        for body in (b"0\r\n\r\n", b""):
            answer = served.ask(head + body + follows)
            assert answer.startswith("HTTP/1.1 400 ")
            assert answer.count("HTTP/1.1 ") == 1
            assert "connection: close" in answer.lower()


@pytest.mark.parametrize(
    ("named", "read"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%eth0<script>", "fe80::1"),
        ("x" * 5000, ""),
        ("<script>", ""),
        ("a@b", ""),
        ("", ""),
    ],
)
def test_a_network_address_is_one_or_nothing(named: str, read: str) -> None:
    """Whatever a proxy was told."""
    assert network_address(named) == read
    heard: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(scope["client"])

    scope = {"type": "http", "headers": [], "client": (named, 7)}
    asyncio.run(SoundRequests(app)(scope, None, None))  # type: ignore[arg-type]
    assert heard == [(read, 7) if read else None]
