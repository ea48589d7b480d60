"""Reports that name the message are asked for where the server offers DSN (RFC 3461)."""

from __future__ import annotations

from reminders.letters.retry import Outcome
from tests.delivery.faulty_server import OFFERS, FaultyServer
from tests.delivery.talk import RAW, envelope, talking, yes


def test_a_report_is_asked_for_by_the_message_id() -> None:
    """ENVID is the Message-ID without its brackets, ORCPT the recipient as we know it, both in xtext."""
    with FaultyServer(offers=(*OFFERS, "DSN")) as server, talking(server) as transport:
        outcome = transport.deliver(
            envelope(recipient="a+b=c@vaasa.example", message_id="<0f@x.example>"), yes
        )
    assert outcome == Outcome("accepted", "dot", 250, "2.0.0 queued as Q1")
    assert server.commands[1:3] == [
        f"MAIL FROM:<service@vaasa.example> SIZE={len(RAW)} RET=HDRS ENVID=0f@x.example",
        "RCPT TO:<a+b=c@vaasa.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@vaasa.example",
    ]


def test_nothing_is_asked_of_a_server_without_it() -> None:
    """A parameter that was not offered would be a syntax error."""
    with FaultyServer() as server, talking(server) as transport:
        transport.deliver(envelope(), yes)
    assert server.commands[2] == "RCPT TO:<anna@vaasa.example>"


def test_an_identifier_that_is_too_long_is_left_out() -> None:
    """ENVID has a hundred characters at most; the report can still name the message by its header."""
    long = f"<{'0' * 40}@{'x' * 60}.example>"
    with FaultyServer(offers=(*OFFERS, "DSN")) as server, talking(server) as transport:
        transport.deliver(envelope(message_id=long), yes)
    assert server.commands[1:3] == [
        f"MAIL FROM:<service@vaasa.example> SIZE={len(RAW)}",
        "RCPT TO:<anna@vaasa.example>",
    ]
