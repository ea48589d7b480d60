"""XOAUTH2: a token by client credentials, kept, fetched anew when refused; its failures are the channel's."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr

from reminders.delivery import smtp_to, transport_for
from reminders.delivery.smtp.access_tokens import EARLY, TokenClient, TokenSource, TokenTarget, with_tokens
from reminders.delivery.smtp.transport import SmtpTransport
from reminders.errors import ConfigurationError
from reminders.letters.retry import Outcome, judge
from reminders.settings import Settings, SmtpTarget
from tests.delivery.faulty_server import CERTIFICATE, KEY, FaultyServer, Session
from tests.delivery.talk import envelope, yes

CLIENT_SECRET = "client-secret-never-shown"
USER = "service@city.example"
Answer = tuple[int, object]


@dataclass
class Endpoint:
    """A token endpoint: what it was asked, and what it answers next; else token-1, token-2."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    url: str = ""

    def next(self, form: dict[str, list[str]]) -> Answer:
        """Return the next answer."""
        self.asked.append(form)
        if self.answers:
            return self.answers.pop(0)
        return 200, {"access_token": f"token-{len(self.asked)}", "expires_in": 3600}


@contextmanager
def endpoint(*answers: Answer, tls: bool = False) -> Iterator[Endpoint]:
    """A token endpoint on this machine."""
    found = Endpoint(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer."""
            octets = self.rfile.read(int(self.headers["Content-Length"]))
            status, document = found.next(parse_qs(octets.decode()))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(document if isinstance(document, bytes) else json.dumps(document).encode())

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, KEY)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}/token"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class TokenServer(FaultyServer):
    """A mail server that takes the tokens in ``good`` only."""

    def __init__(self, good: Sequence[str], *, asks: bool = True) -> None:
        super().__init__(auth="XOAUTH2")
        self._good, self._asks = good, asks

    async def _authenticate(self, session: Session, line: str) -> None:
        given = base64.b64decode(line.split()[2]).decode()
        if given in {f"user={USER}\1auth=Bearer {token}\1\1" for token in self._good}:
            await self._put(session, "235 2.7.0 welcome")
            return
        if self._asks:
            await self._put(session, "334 eyJzdGF0dXMiOiI0MDAifQ==")
            await session.reader.readline()
        await self._put(session, f"535 5.7.3 no: {line.split()[2]}")


def target_at(server: FaultyServer, url: str) -> SmtpTarget:
    """A target as the settings make it."""
    extras = (("auth", "xoauth2"), ("token_url", url), ("client_id", "id 1"), ("scope", "https://x/.default"))
    target = SmtpTarget("127.0.0.1", server.port, "plain", USER, extras=extras)
    return with_tokens(target, SecretStr(CLIENT_SECRET))


def transport_to(server: FaultyServer, url: str) -> SmtpTransport:
    """A transport as the settings make it."""
    return smtp_to(target_at(server, url), "https://reminders.example")


def test_a_token_takes_the_place_of_a_password() -> None:
    """The client asks by client credentials, once for two connections, and shows the token."""
    with endpoint() as tokens, TokenServer(["token-1"]) as server:
        transport = transport_to(server, tokens.url)
        assert transport.deliver(envelope(), yes).kind == "accepted"
        transport.close()
        assert transport.deliver(envelope(), yes).kind == "accepted"
        transport.close()
    assert server.connections == 2
    assert tokens.asked == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["id 1"],
            "client_secret": [CLIENT_SECRET],
            "scope": ["https://x/.default"],
        }
    ]


@pytest.mark.parametrize("asks", [True, False])
def test_a_refused_token_is_fetched_anew_once(*, asks: bool) -> None:
    """535 with a kept token: one new token, on the same connection, whichever way the refusal came."""
    with endpoint() as tokens, TokenServer(["token-2"], asks=asks) as server:
        transport = transport_to(server, tokens.url)
        assert transport.deliver(envelope(), yes).kind == "accepted"
        transport.close()
    assert (len(tokens.asked), server.connections) == (2, 1)


def test_two_refused_tokens_are_the_channels_failure() -> None:
    """The message is not to blame, and the words hold no token."""
    with endpoint() as tokens, TokenServer([]) as server:
        transport = transport_to(server, tokens.url)
        outcome = transport.deliver(envelope(), yes)
        transport.close()
    assert outcome == Outcome("refused", "auth", 535, "5.7.3 no: ***")
    assert judge(outcome) == "channel"
    assert len(tokens.asked) == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (
            (401, {"error": "invalid_client", "error_description": CLIENT_SECRET}),
            Outcome(
                "refused", "auth", 535, "5.7.8 the token endpoint refuses the client: 401 invalid_client"
            ),
        ),
        (
            (400, b"<html>"),
            Outcome("refused", "auth", 535, "5.7.8 the token endpoint refuses the client: 400"),
        ),
        ((503, b"busy"), Outcome("no-answer", "auth", 0, "token endpoint: 503")),
        ((200, b"{}"), Outcome("no-answer", "auth", 0, "token endpoint: an answer without a token")),
        (
            (200, {"error": "server_error", "error_description": CLIENT_SECRET}),
            Outcome("no-answer", "auth", 0, "token endpoint: an answer without a token"),
        ),
        (
            (200, b"x" * 100_000),
            Outcome("no-answer", "auth", 0, "token endpoint: a longer answer than a token can need"),
        ),
        ((302, b""), Outcome("no-answer", "auth", 0, "token endpoint: 302")),
        (
            (200, {"access_token": "a\r\nRSET"}),
            Outcome("no-answer", "auth", 0, "token endpoint: an answer without a token"),
        ),
    ],
)
def test_an_endpoint_that_fails_is_the_channels_failure(answer: Answer, outcome: Outcome) -> None:
    """Refused, busy or nonsense: nothing is said to the server in its place, and no secret is told."""
    with endpoint(answer) as tokens, TokenServer(["token-1"]) as server:
        transport = transport_to(server, tokens.url)
        assert transport.deliver(envelope(), yes) == outcome
        transport.close()
    assert judge(outcome) in {"channel", "lost"}
    assert CLIENT_SECRET not in outcome.text


def test_an_endpoint_that_is_not_there_is_silence() -> None:
    """Nobody listens: no answer at AUTH, which closes the channel for a while."""
    with TokenServer([]) as server:
        transport = transport_to(server, "http://127.0.0.1:9/token")
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase, outcome.text[:15]) == ("no-answer", "auth", "token endpoint:")


def test_an_endpoint_that_drips_is_silence() -> None:
    """An octet now and then would hold a plain time limit for ever; the limit is for the whole answer."""
    with dripping() as url, TokenServer(["token-1"]) as server:
        transport = SmtpTransport(target_at(server, url), hello="reminders.example", before_body=1.5)
        started = time.monotonic()
        outcome = transport.deliver(envelope(), yes)
        transport.close()
    assert (outcome.kind, outcome.phase, outcome.code) == ("no-answer", "auth", 0)
    assert judge(outcome) == "lost"
    assert 1.0 < time.monotonic() - started < 60
    assert server.accepted == []


@contextmanager
def dripping() -> Iterator[str]:
    """An endpoint that sends an octet of its headers ten times a second, without end."""
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line, suppress(OSError):
            line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not over.wait(0.1):
                line.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/token"
        finally:
            over.set()
            thread.join(5)


def test_the_endpoint_is_one_that_this_machine_trusts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A self-signed certificate is refused, and nothing is said, unless the machine trusts it."""
    with endpoint(tls=True) as tokens:
        source = TokenSource(TokenClient(tokens.url, "id", "scope", SecretStr(CLIENT_SECRET)))
        with pytest.raises(OSError, match=r"token endpoint: .*self-signed certificate"):
            source.token()
        assert tokens.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert source.token() == "token-1"


def test_the_client_of_the_endpoint_is_loaded_when_a_token_is_needed() -> None:
    """A mail server that takes a password costs no HTTP client."""
    program = "import sys, reminders.delivery; print({'authlib', 'httpx2'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "set()"


def test_a_server_without_xoauth2_is_told_so() -> None:
    """No token is fetched for a server that takes none."""
    with endpoint() as tokens, FaultyServer(auth="PLAIN") as server:
        outcome = transport_to(server, tokens.url).deliver(envelope(), yes)
    assert (outcome.code, outcome.text) == (
        504,
        "5.5.4 refused here: AUTH XOAUTH2 is needed and not offered",
    )
    assert tokens.asked == []


def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    """A new one is fetched ``EARLY`` seconds before; a forgotten one at once, another's is kept."""
    now = [0.0]
    with endpoint() as tokens:
        client = TokenClient(tokens.url, "id", "scope", SecretStr(CLIENT_SECRET))
        source = TokenSource(client, lambda: now[0])
        assert [source.token(), source.token()] == ["token-1", "token-1"]
        now[0] = 3600 - EARLY - 1
        assert source.token() == "token-1"
        now[0] = 3600 - EARLY
        assert source.token() == "token-2"
        source.forget("token-1")
        assert source.token() == "token-2"
        source.forget("token-2")
        assert source.token() == "token-3"
    assert CLIENT_SECRET not in repr(source)
    assert "token-3" not in repr(source)


URL = "smtp+starttls://u%40x@h?auth=xoauth2&token_url=https://login.example/t&client_id=c&scope=s&ca="


def test_the_settings_make_the_source() -> None:
    """Address and secret together; the other extras stay what they were."""
    settings = Settings(smtp_url=URL.removesuffix("&ca="), smtp_client_secret=CLIENT_SECRET)
    transport = transport_for(settings)
    assert isinstance(transport, SmtpTransport)
    target = transport._target
    assert isinstance(target, TokenTarget)
    assert target.tokens is not None
    assert target.tokens.client == TokenClient("https://login.example/t", "c", "s", SecretStr(CLIENT_SECRET))
    assert CLIENT_SECRET not in f"{settings!r}{target!r}"


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        (
            "smtps://u@h?auth=xoauth2&client_id=c",
            "s",
            "SMTP_URL: expected token_url, scope beside auth=xoauth2",
        ),
        (
            "smtps://u@h?auth=xoauth2&client_id=c&scope=s&token_url=https://x",
            None,
            "SMTP_CLIENT_SECRET: expected the client's secret",
        ),
        (
            "smtps://u@h?auth=xoauth2&client_id=c&scope=s&token_url=http://login.example/",
            "s",
            "SMTP_URL: expected an https address as token_url",
        ),
    ],
)
def test_half_a_configuration_is_refused(url: str, secret: str | None, words: str) -> None:
    """What is missing is named before anything is sent."""
    with pytest.raises(ConfigurationError) as raised:
        transport_for(Settings(smtp_url=url, smtp_client_secret=secret))
    assert str(raised.value).startswith(words)
