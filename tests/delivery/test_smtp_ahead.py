"""Messages whose commands leave with the body of the one before (RFC 2920)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.delivery.faulty_server import Fault, FaultyServer, Session
from tests.delivery.talk import IN_TURN, RAW, envelope, talking, three, yes


def test_the_next_message_leaves_with_the_body_of_this_one() -> None:
    """A server that answers nothing before the next DATA gets one write a message (RFC 2920)."""
    hold = Fault(hold=True)
    faults: Any = {"dot": [hold, hold], "mail": [hold] * 3, "rcpt": [hold] * 3}
    mails = three()
    with FaultyServer(faults) as server, talking(server) as transport:
        kinds = [transport.deliver(m, yes, n).kind for m, n in zip(mails, [*mails[1:], None], strict=True)]
    assert (kinds, server.connections) == (["accepted"] * 3, 1)
    assert [m.recipient for m in server.accepted] == [m.recipient for m in mails]
    assert server.verbs == ["EHLO", *["MAIL", "RCPT", "DATA"] * 3, "QUIT"]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("code", [421, 450, 550])
def test_a_refusal_among_messages_sent_ahead_hits_only_its_own(stage: str, place: int, code: int) -> None:
    """Whichever is refused at whatever stage, each message is told its own answer, and the rest arrive."""
    faults: Any = {stage: [None] * place + [Fault(f"{code} no", drop="after" if code == 421 else "")]}
    mails = three()
    with FaultyServer(faults) as server, talking(server) as transport:
        outcomes = [transport.deliver(m, yes, n) for m, n in zip(mails, [*mails[1:], None], strict=True)]
    reopened = code == 421 and stage == "mail" and place > 0
    refused = [] if reopened else [place]
    assert [n for n, outcome in enumerate(outcomes) if outcome.kind == "refused"] == refused
    assert [(o.phase, o.code) for o in outcomes if o.kind == "refused"] == [(stage, code)] * len(refused)
    assert [m.recipient for m in server.accepted] == [
        m.recipient for n, m in enumerate(mails) if n not in refused
    ]


def test_another_message_than_the_one_announced_goes_out_alone() -> None:
    """The connection on which a message had begun is hung up; what was begun is not delivered."""
    first, begun, other = three()
    with FaultyServer() as server, talking(server) as transport:
        assert transport.deliver(first, yes, begun).kind == "accepted"
        assert transport.deliver(other, yes, first).kind == "accepted"
        transport.close()
    assert (server.connections, server.bodies) == (2, [RAW, RAW])
    assert [m.recipient for m in server.accepted] == [first.recipient, other.recipient]
    assert "QUIT" not in server.verbs


def test_a_claim_lost_for_the_message_announced_delivers_nothing_of_it() -> None:
    """What left ahead were commands, never a body."""
    first, begun, other = three()
    with FaultyServer() as server, talking(server) as transport:
        kinds = [
            transport.deliver(first, yes, begun).kind,
            transport.deliver(begun, lambda: False, other).kind,
            transport.deliver(other, yes).kind,
        ]
    assert kinds == ["accepted", "claim-lost", "accepted"]
    assert [m.recipient for m in server.accepted] == [first.recipient, other.recipient]


def test_without_pipelining_nothing_is_sent_ahead() -> None:
    """The same messages arrive, each in its turn."""
    mails = three()
    with FaultyServer(offers=IN_TURN) as server, talking(server) as transport:
        kinds = [transport.deliver(m, yes, n).kind for m, n in zip(mails, [*mails[1:], None], strict=True)]
    assert (kinds, len(server.accepted), server.connections) == (["accepted"] * 3, 3, 1)


def test_octets_beyond_ascii_are_announced() -> None:
    """BODY=8BITMIME for the body, SMTPUTF8 for addresses."""
    with FaultyServer() as server, talking(server) as transport:
        transport.deliver(envelope("A: b\r\n\r\nä\r\n".encode()), yes)
        transport.deliver(envelope("To: ä@x.fi\r\n\r\n\r\n".encode(), "ä@x.fi"), yes)
    mails = [command.partition("SIZE=")[2][3:] for command in server.commands if command.startswith("MAIL")]
    assert mails == ["BODY=8BITMIME", "BODY=8BITMIME SMTPUTF8"]
    assert [message.recipient for message in server.accepted] == ["anna@vaasa.example", "ä@x.fi"]


class Deaf(FaultyServer):
    """Offers PIPELINING, and throws away whatever came in the same write as a command."""

    async def _obey(self, session: Session, line: str) -> None:
        session.reader._buffer.clear()  # type: ignore[attr-defined]
        await super()._obey(session, line)


def test_a_server_that_lies_about_pipelining_is_spoken_to_in_turn() -> None:
    """The first message waits in vain, once; it and all others then go command by command, also ahead."""
    mails = three()
    with Deaf() as server, talking(server, before_body=0.3) as transport:
        first = transport.deliver(mails[0], yes, mails[1])
        kinds = [transport.deliver(m, yes, n).kind for m, n in zip(mails, [*mails[1:], None], strict=True)]
    assert (first.kind, first.phase) == ("no-answer", "rcpt")
    assert (kinds, server.connections) == (["accepted"] * 3, 2)
    assert [m.recipient for m in server.accepted] == [m.recipient for m in mails]
