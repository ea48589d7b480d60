"""Conversations of `reminders.delivery.smtp` with a server that misbehaves on request."""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from pydantic import SecretStr

from reminders.delivery.commands import stuffed
from reminders.delivery.session import is_loopback, trusting
from reminders.delivery.smtp import SmtpTransport
from reminders.delivery.transport import Envelope
from reminders.errors import ConfigurationError
from reminders.retry import Outcome, decide, is_dead_address
from reminders.settings import SmtpTarget
from tests.reminders.delivery.faulty_server import CERTIFICATE, OFFERS, PASSWORD, Fault, FaultyServer

RAW = b"Subject: x\r\n\r\n.hidden\r\n..\r\n.\r\nlast\r\n"
TOGETHER, IN_TURN = OFFERS, OFFERS[1:]


def envelope(raw: bytes = RAW, recipient: str = "anna@vaasa.example") -> Envelope:
    """A message from the service."""
    return Envelope(
        "service@vaasa.example",
        recipient,
        "<1@x>",
        raw,
        date(2026, 1, 12),
        datetime(2026, 1, 12, 7, tzinfo=UTC),
    )


def yes() -> bool:
    """The claim still holds."""
    return True


@contextmanager
def talking(server: FaultyServer, **wanted: Any) -> Iterator[SmtpTransport]:
    """A transport to ``server``, closed afterwards."""
    ca = wanted.pop("ca", CERTIFICATE)
    security, user = wanted.pop("security", "plain"), wanted.pop("user", "")
    password = SecretStr(wanted.pop("password", PASSWORD if user else ""))
    target = SmtpTarget(wanted.pop("host", "127.0.0.1"), server.port, security, user, password)
    options = {"total": 3.0, "before_body": 3.0} | wanted
    transport = SmtpTransport(target, hello="client.example", context=trusting(ca), **options)
    try:
        yield transport
    finally:
        transport.close()


@pytest.fixture(params=[TOGETHER, IN_TURN], ids=["pipelining", "in turn"])
def offers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """What the server offers: with and without PIPELINING."""
    offered: tuple[str, ...] = request.param
    return offered


def test_a_message_is_accepted_octet_by_octet(offers: tuple[str, ...]) -> None:
    """Dots at the start of lines survive, and the server's queue id is kept."""
    with FaultyServer(offers=offers) as server, talking(server) as transport:
        outcome = transport.deliver(envelope(), yes)
    assert outcome == Outcome("accepted", "dot", 250, "2.0.0 queued as Q1")
    assert [(m.sender, m.recipient, m.raw) for m in server.accepted] == [
        ("service@vaasa.example", "anna@vaasa.example", RAW)
    ]
    assert server.commands[1] == f"MAIL FROM:<service@vaasa.example> SIZE={len(RAW)}"
    assert server.verbs == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize("code", [421, 450, 500, 550])
@pytest.mark.parametrize("stage", ["banner", "ehlo", "mail", "rcpt", "data", "dot"])
def test_a_refusal_tells_its_phase_and_code(stage: str, code: int, offers: tuple[str, ...]) -> None:
    """The first refusal is told as it was said, and the next message goes through."""
    faults: Any = {stage: [Fault(f"{code}-1.2.3 no\r\n{code} thanks")]}
    with FaultyServer(faults, offers=offers) as server, talking(server) as transport:
        assert transport.deliver(envelope(), yes) == Outcome("refused", stage, code, "1.2.3 no thanks")  # type: ignore[arg-type]
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert len(server.accepted) == 1


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize("stage", ["banner", "ehlo", "mail", "rcpt", "data"])
def test_a_lost_connection_tells_where_it_fell_silent(stage: str, drop: str, offers: tuple[str, ...]) -> None:
    """Before the body no answer is no message; the phase is the one whose answer is missing."""
    following = {"banner": "ehlo", "ehlo": "mail", "mail": "rcpt", "rcpt": "data", "data": "dot"}
    faults: Any = {stage: [Fault(drop=drop)] * 2}  # type: ignore[arg-type]
    with FaultyServer(faults, offers=offers) as server, talking(server) as transport:
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase) == ("no-answer", stage if drop == "before" else following[stage])
    assert server.accepted == []


def test_a_connection_lost_before_the_last_answer_is_ambiguous(offers: tuple[str, ...]) -> None:
    """The server took the message and the line was cut: the phase is dot."""
    with FaultyServer({"dot": [Fault(drop="before")]}, offers=offers) as server, talking(server) as transport:
        outcome = transport.deliver(envelope(), yes)
        assert (outcome.kind, outcome.phase, outcome.code) == ("no-answer", "dot", 0)
        assert len(server.accepted) == 1
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert server.accepted[0] == server.accepted[1]


def test_a_connection_lost_after_the_last_answer_is_accepted(offers: tuple[str, ...]) -> None:
    """The answer counts; the next message finds the connection closed and opens another."""
    with FaultyServer({"dot": [Fault(drop="after")]}, offers=offers) as server, talking(server) as transport:
        assert [transport.deliver(envelope(), yes).kind for _ in range(2)] == ["accepted", "accepted"]
    assert server.connections == 2


@pytest.mark.parametrize("stage", ["banner", "ehlo", "mail", "rcpt", "data", "dot"])
def test_a_server_that_hangs_ends_at_the_deadline(stage: str) -> None:
    """Whatever the stage, one message takes no longer than it may."""
    faults: Any = {stage: [Fault(hang=True)]}
    with FaultyServer(faults) as server, talking(server, total=0.3, before_body=0.2) as transport:
        begun = time.monotonic()
        outcome = transport.deliver(envelope(), yes)
        lasted = time.monotonic() - begun
    assert (outcome.kind, outcome.phase) == ("no-answer", stage)
    assert lasted < 0.6


def test_a_server_that_drips_ends_at_the_deadline() -> None:
    """Lines that never end hold the connection no longer than silence does."""
    drip = Fault("\r\n".join(["250-x"] * 3) + "\r\n250-", hang=False)
    with FaultyServer({"mail": [drip]}, offers=IN_TURN) as server, talking(server, total=0.3) as transport:
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase) == ("no-answer", "mail")


def test_all_commands_leave_in_one_write_where_pipelining_is_offered() -> None:
    """A server that answers MAIL and RCPT only after DATA waits in vain without PIPELINING."""
    with FaultyServer(withholds=True) as server, talking(server) as transport:
        assert transport.deliver(envelope(), yes).kind == "accepted"
    with FaultyServer(withholds=True, offers=IN_TURN) as server, talking(server, total=0.2) as transport:
        assert transport.deliver(envelope(), yes).phase == "mail"


def test_messages_share_one_connection(offers: tuple[str, ...]) -> None:
    """Three messages: one EHLO, no RSET between what was accepted."""
    with FaultyServer(offers=offers) as server, talking(server) as transport:
        kinds = [transport.deliver(envelope(), yes).kind for _ in range(3)]
    assert (kinds, server.connections) == (["accepted"] * 3, 1)
    assert server.verbs == ["EHLO", *["MAIL", "RCPT", "DATA"] * 3, "QUIT"]


@pytest.mark.parametrize("fault", [Fault("421 4.3.2 closing", drop="after"), Fault(drop="before")])
def test_a_kept_connection_that_was_closed_is_opened_anew(fault: Fault, offers: tuple[str, ...]) -> None:
    """421 or nothing at MAIL of a kept connection: the message goes out on a new one at once."""
    with FaultyServer({"mail": [None, fault]}, offers=offers) as server, talking(server) as transport:
        kinds = [transport.deliver(envelope(), yes).kind for _ in range(2)]
    assert (kinds, server.connections, len(server.accepted)) == (["accepted"] * 2, 2, 2)


def test_a_rested_connection_is_asked_first() -> None:
    """After a rest NOOP tells whether the connection lives; a dead one is replaced."""
    with (
        FaultyServer({"noop": [None, Fault(drop="before")]}) as server,
        talking(server, idle=-1.0) as transport,
    ):
        kinds = [transport.deliver(envelope(), yes).kind for _ in range(3)]
    assert (kinds, server.connections, server.verbs.count("NOOP")) == (["accepted"] * 3, 2, 2)


def test_a_refused_recipient_is_followed_by_rset(offers: tuple[str, ...]) -> None:
    """The transaction is reset and the connection kept; the refusal says that the address is dead."""
    with (
        FaultyServer({"rcpt": [Fault("550 5.1.1 nobody")]}, offers=offers) as server,
        talking(server) as transport,
    ):
        outcome = transport.deliver(envelope(), yes)
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert is_dead_address(outcome)
    assert (server.connections, server.verbs.count("RSET")) == (1, 1)


def test_data_taken_without_a_recipient_ends_with_a_lone_dot() -> None:
    """354 in spite of a refused recipient: nobody gets anything, and the connection stays in step."""
    faults: Any = {"rcpt": [Fault("550 5.1.1 nobody")]}
    with (
        FaultyServer(faults, data_without_recipient="354 well then") as server,
        talking(server) as transport,
    ):
        assert transport.deliver(envelope(), yes) == Outcome("refused", "rcpt", 550, "5.1.1 nobody")
        assert (server.bodies, server.accepted) == ([b""], [])
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert (server.connections, len(server.accepted)) == (1, 1)


def test_a_refusal_is_told_though_the_rest_of_the_answers_is_lost() -> None:
    """What the server said counts more than that it left."""
    with (
        FaultyServer({"rcpt": [Fault("550 5.1.1 nobody", drop="after")]}) as server,
        talking(server) as transport,
    ):
        assert transport.deliver(envelope(), yes) == Outcome("refused", "rcpt", 550, "5.1.1 nobody")


def test_an_answer_out_of_step_is_no_answer(offers: tuple[str, ...]) -> None:
    """250 to DATA, or no code at all: nothing is handed over on such a connection."""
    for reply in ("250 what", "hello there"):
        with FaultyServer({"data": [Fault(reply)]}, offers=offers) as server, talking(server) as transport:
            outcome = transport.deliver(envelope(), yes)
        assert (outcome.kind, outcome.phase, server.accepted) == ("no-answer", "data", [])


def test_a_lost_claim_hands_nothing_over(offers: tuple[str, ...]) -> None:
    """The claim is asked for once, after 354; lost, the connection is hung up and nothing arrives."""
    asked: list[list[str]] = []
    with FaultyServer(offers=offers) as server, talking(server) as transport:

        def lost() -> bool:
            asked.append(server.verbs[1:])
            return False

        assert transport.deliver(envelope(), lost) == Outcome("claim-lost", "data")
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert (asked, len(server.accepted), server.connections) == ([["MAIL", "RCPT", "DATA"]], 1, 2)


def test_an_error_of_the_claim_is_not_the_server_s() -> None:
    """What the claim raises comes through, and nothing was handed over."""

    def broken() -> bool:
        raise OSError("no database")

    with (
        FaultyServer() as server,
        talking(server) as transport,
        pytest.raises(OSError, match=r"^no database$"),
    ):
        transport.deliver(envelope(), broken)
    assert server.accepted == []


def test_a_server_that_is_down_is_no_answer_at_connect() -> None:
    """Nobody listens: the channel rests, the message waits."""
    with FaultyServer() as server:
        pass
    with talking(server) as transport:
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase) == ("no-answer", "connect")
    now = datetime(2026, 1, 12, tzinfo=UTC)
    decision = decide(outcome, attempts=1, ambiguous=0, first_at=now, now=now, seed="x")
    assert (decision.state, decision.breaker) == ("queued", True)


@pytest.mark.parametrize("security", ["starttls", "implicit"])
def test_tls_is_verified(security: Any) -> None:
    """A self-signed certificate is refused, unless its file is given; then all is sent in TLS."""
    with FaultyServer(tls=security) as server:
        with talking(server, security=security, ca=None) as transport:
            outcome = transport.deliver(envelope(), yes)
        with talking(server, security=security, host="localhost") as transport:
            assert transport.deliver(envelope(), yes).kind == "accepted"
            assert transport.deliver(envelope(), yes).kind == "accepted"
    assert (outcome.kind, outcome.phase) == ("no-answer", "starttls" if security == "starttls" else "connect")
    assert "self-signed certificate" in outcome.text
    assert "MAIL" in server.verbs


def test_starttls_that_is_not_offered_or_refused_sends_nothing() -> None:
    """A server without TLS gets no message in clear."""
    with FaultyServer() as server, talking(server, security="starttls") as transport:
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase, outcome.code) == ("refused", "starttls", 502)
    faults: Any = {"starttls": [Fault("454 4.7.0 later")]}
    with (
        FaultyServer(faults, tls="starttls") as server,
        talking(server, security="starttls") as transport,
    ):
        outcome = transport.deliver(envelope(), yes)
    assert outcome == Outcome("refused", "starttls", 454, "4.7.0 later")
    assert "MAIL" not in server.verbs


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN"])
@pytest.mark.parametrize("tls", ["", "starttls", "implicit"])
def test_a_user_is_authenticated(tls: Any, mechanisms: str) -> None:
    """PLAIN where offered, else LOGIN; in clear only on this machine."""
    with (
        FaultyServer(auth=mechanisms, tls=tls) as server,
        talking(server, security=tls or "plain", user="user") as transport,
    ):
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert ("AUTH LOGIN" in server.commands) == (mechanisms == "LOGIN")


def test_a_wrong_password_is_told_without_it() -> None:
    """535 at AUTH concerns the channel; the password stays out of what is told."""
    said = f"535 5.7.8 wrong: {PASSWORD} {base64.b64encode(PASSWORD.encode()).decode()}"
    with (
        FaultyServer({"auth": [Fault(said)]}, auth="PLAIN") as server,
        talking(server, user="user") as transport,
    ):
        outcome = transport.deliver(envelope(), yes)
    assert outcome == Outcome("refused", "auth", 535, "5.7.8 wrong: *** ***")


def test_authentication_that_is_not_offered_is_refused_here() -> None:
    """Without a mechanism that we speak nothing is sent."""
    with FaultyServer(auth="CRAM-MD5") as server, talking(server, user="user") as transport:
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase, outcome.code) == ("refused", "auth", 504)
    assert outcome.text == "5.5.4 refused here: AUTH PLAIN or LOGIN is needed, CRAM-MD5 is offered"


def test_a_password_is_never_sent_in_clear_to_another_machine() -> None:
    """The transport is not even made."""
    target = SmtpTarget("mail.example", 25, "plain", "user", SecretStr(PASSWORD))
    with pytest.raises(ConfigurationError) as caught:
        SmtpTransport(target, hello="x.example")
    assert str(caught.value) == (
        "SMTP_URL: expected smtps:// or smtp+starttls:// where there is a password; "
        "found smtp:// to mail.example, which would send it in clear"
    )
    assert [is_loopback(h) for h in ("localhost", "127.0.0.9", "::1", "10.0.0.1", "mail.example")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("offers", "raw", "recipient", "phase", "code"),
    [
        ((), "Subject: x\r\n\r\nä\r\n".encode(), "anna@vaasa.example", "data", 554),
        (("8BITMIME",), b"Subject: x\r\n\r\n\r\n", "ännä@vaasa.example", "rcpt", 553),
        (("SIZE 20",), b"Subject: x\r\n\r\nlong text\r\n", "anna@vaasa.example", "data", 552),
        ((), b"Subject: x\r\n\r\n\r\n", "a@x.fi> NOTIFY=NEVER\r\nRCPT TO:<b@x.fi", "rcpt", 553),
    ],
)
def test_what_the_server_cannot_take_fails_this_message_only(
    offers: tuple[str, ...], raw: bytes, recipient: str, phase: str, code: int
) -> None:
    """Octets, addresses and sizes beyond the server's offer are refused before they are said."""
    with FaultyServer(offers=offers) as server, talking(server) as transport:
        outcome = transport.deliver(envelope(raw, recipient), yes)
        assert transport.deliver(envelope(b"Subject: x\r\n\r\n"), yes).kind == "accepted"
    assert (outcome.kind, outcome.phase, outcome.code) == ("refused", phase, code)
    assert server.verbs == ["EHLO", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]
    now = datetime(2026, 1, 12, tzinfo=UTC)
    assert decide(outcome, attempts=1, ambiguous=0, first_at=now, now=now, seed="x").state == "failed"


def test_octets_beyond_ascii_are_announced() -> None:
    """BODY=8BITMIME for the body, SMTPUTF8 for addresses."""
    with FaultyServer() as server, talking(server) as transport:
        transport.deliver(envelope("A: b\r\n\r\nä\r\n".encode()), yes)
        transport.deliver(envelope("To: ä@x.fi\r\n\r\n\r\n".encode(), "ä@x.fi"), yes)
    mails = [command.partition("SIZE=")[2][3:] for command in server.commands if command.startswith("MAIL")]
    assert mails == ["BODY=8BITMIME", "BODY=8BITMIME SMTPUTF8"]
    assert [message.recipient for message in server.accepted] == ["anna@vaasa.example", "ä@x.fi"]


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        (b"", b"\r\n.\r\n"),
        (b".", b"..\r\n.\r\n"),
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a\n.\nb\r.\r\r\n", b"a\r\n..\r\nb\r\n..\r\n\r\n.\r\n"),
    ],
)
def test_the_end_of_data_occurs_once(raw: bytes, sent: bytes) -> None:
    """Bare CR and LF become CRLF and leading dots are doubled, so that nothing can be smuggled."""
    assert stuffed(raw) == sent
    assert sent.count(b"\r\n.\r\n") == 1


def test_aiosmtpd_takes_the_same_octets(tmp_path: Path) -> None:
    """A server that others wrote gets both messages on one connection."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Mailbox(tmp_path / "box"), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        transport = SmtpTransport(SmtpTarget("127.0.0.1", port, "plain"), hello="client.example")
        kinds = [transport.deliver(envelope(), yes).kind for _ in range(2)]
        transport.close()
    finally:
        controller.stop()
    files = list((tmp_path / "box" / "new").iterdir())
    assert (kinds, len(files)) == (["accepted"] * 2, 2)
    assert all(b".hidden\n..\n.\nlast" in f.read_bytes().replace(b"\r\n", b"\n") for f in files)
