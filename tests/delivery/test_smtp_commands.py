"""Several messages over one connection: their commands, in one write or one by one (RFC 2920)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.delivery.faulty_server import Fault, FaultyServer, Session
from tests.delivery.talk import IN_TURN, envelope, talking, three, yes


def test_nothing_of_the_next_message_leaves_before_the_answer_to_this_one() -> None:
    """What is accepted is written down first: a kill at the next one's commands doubles nothing."""
    heard: list[list[str]] = []
    with FaultyServer() as server, talking(server) as transport:
        for one in three():
            transport.deliver(one, yes)
            heard.append(server.verbs[1:])
    assert heard == [["MAIL", "RCPT", "DATA"] * n for n in (1, 2, 3)]


def test_the_commands_of_one_message_leave_in_one_write() -> None:
    """A server that answers nothing before DATA gets them together (RFC 2920)."""
    hold = Fault(hold=True)
    faults: Any = {"mail": [hold] * 3, "rcpt": [hold] * 3}
    with FaultyServer(faults) as server, talking(server) as transport:
        kinds = [transport.deliver(one, yes).kind for one in three()]
    assert (kinds, server.connections) == (["accepted"] * 3, 1)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("code", [421, 450, 550])
def test_a_refusal_hits_only_its_own_message(stage: str, place: int, code: int) -> None:
    """Whichever is refused at whatever stage, each message is told its own answer, and the rest arrive."""
    faults: Any = {stage: [None] * place + [Fault(f"{code} no", drop="after" if code == 421 else "")]}
    mails = three()
    with FaultyServer(faults) as server, talking(server) as transport:
        outcomes = [transport.deliver(m, yes) for m in mails]
    reopened = code == 421 and stage == "mail" and place > 0
    refused = [] if reopened else [place]
    assert [n for n, outcome in enumerate(outcomes) if outcome.kind == "refused"] == refused
    assert [(o.phase, o.code) for o in outcomes if o.kind == "refused"] == [(stage, code)] * len(refused)
    assert [m.recipient for m in server.accepted] == [
        m.recipient for n, m in enumerate(mails) if n not in refused
    ]


def test_without_pipelining_each_command_waits_for_its_answer() -> None:
    """The same messages arrive over one connection."""
    with FaultyServer(offers=IN_TURN) as server, talking(server) as transport:
        kinds = [transport.deliver(one, yes).kind for one in three()]
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
    """The first message waits in vain, once; it and all others then go command by command."""
    mails = three()
    with Deaf() as server, talking(server, before_body=0.3) as transport:
        first = transport.deliver(mails[0], yes)
        kinds = [transport.deliver(m, yes).kind for m in mails]
    assert (first.kind, first.phase) == ("no-answer", "rcpt")
    assert (kinds, server.connections) == (["accepted"] * 3, 2)
    assert [m.recipient for m in server.accepted] == [m.recipient for m in mails]


def test_a_connection_that_a_question_opened_is_spoken_to_in_turn_too() -> None:
    """What was learnt of the server holds for every connection to it, whoever opened it."""
    with Deaf() as server, talking(server, before_body=0.3) as transport:
        assert transport.deliver(three()[0], yes).kind == "no-answer"
        assert transport.would_take("service@vaasa.example", "board@vaasa.example", "rcpt").kind == "accepted"
        assert transport.deliver(three()[1], yes).kind == "accepted"
    assert (len(server.accepted), server.connections) == (1, 2)
