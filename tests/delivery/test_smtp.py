"""Conversations of `reminders.delivery.smtp.transport` with a server that misbehaves on request."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from reminders.delivery.smtp.transport import SmtpTransport
from reminders.delivery.smtp.wire import stuffed
from reminders.letters.retry import Outcome, blame, decide_retry, is_dead_address, judge
from reminders.settings import SmtpTarget
from tests.delivery.faulty_server import Fault, FaultyServer
from tests.delivery.talk import IN_TURN, RAW, TOGETHER, envelope, talking, yes


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
    assert lasted < 60


def test_a_server_that_drips_ends_at_the_deadline() -> None:
    """Lines that never end hold the connection no longer than silence does."""
    drip = Fault("\r\n".join(["250-x"] * 3) + "\r\n250-", hang=False)
    with FaultyServer({"mail": [drip]}, offers=IN_TURN) as server, talking(server, total=0.3) as transport:
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase) == ("no-answer", "mail")


def test_all_commands_leave_in_one_write_where_pipelining_is_offered() -> None:
    """A server that answers MAIL and RCPT only after DATA waits in vain without PIPELINING."""
    faults: Any = {"mail": [Fault(hold=True)], "rcpt": [Fault(hold=True)]}
    with FaultyServer(faults) as server, talking(server) as transport:
        assert transport.deliver(envelope(), yes).kind == "accepted"
    with FaultyServer(faults, offers=IN_TURN) as server, talking(server, total=0.2) as transport:
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


def test_a_kept_connection_that_hangs_is_not_tried_again() -> None:
    """The time is up: what is told is where the server fell silent, not a connection never tried."""
    faults: Any = {"mail": [None, Fault(hang=True)]}
    with FaultyServer(faults) as server, talking(server, total=0.2) as transport:
        outcomes = [transport.deliver(envelope(), yes) for _ in range(2)]
    assert [(o.kind, o.phase) for o in outcomes] == [("accepted", "dot"), ("no-answer", "mail")]
    assert server.connections == 1


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
    assert is_dead_address(outcome.code, outcome.text)
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


def test_data_taken_for_a_recipient_of_a_refused_sender_ends_by_hanging_up() -> None:
    """A server that still knows the recipient of the message before gets no lone dot: it would send it."""
    faults: Any = {"mail": [None, Fault("451 4.3.0 later")]}
    with FaultyServer(faults, forgets=False) as server, talking(server) as transport:
        assert transport.deliver(envelope(), yes).kind == "accepted"
        assert transport.deliver(envelope(), yes) == Outcome("refused", "mail", 451, "4.3.0 later")
    assert (len(server.accepted), server.bodies) == (1, [RAW])


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
    now, late = datetime(2026, 1, 12, tzinfo=UTC), datetime(2026, 1, 19, tzinfo=UTC)
    decision = decide_retry(outcome, attempts=1, ambiguous=0, expires_at=late, now=now, seed="x")
    assert (decision.state, decision.breaker) == ("queued", True)


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
    now, late = datetime(2026, 1, 12, tzinfo=UTC), datetime(2026, 1, 19, tzinfo=UTC)
    assert judge(outcome) in {"ask", "row"}
    told = decide_retry(
        outcome, attempts=1, ambiguous=0, expires_at=late, now=now, seed="x", verdict=blame(outcome)
    )
    assert told.state == "failed"


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
