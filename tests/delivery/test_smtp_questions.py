"""Whether somebody's mail would be taken: asked as far as RCPT or DATA, and nothing is left behind."""

from __future__ import annotations

from typing import Any

import pytest

from reminders.letters.retry import Phase
from tests.delivery.faulty_server import Fault, FaultyServer
from tests.delivery.talk import IN_TURN, TOGETHER, envelope, talking, yes

ASKED = ("service@vaasa.example", "board@vaasa.example")


@pytest.mark.parametrize("offers", [TOGETHER, IN_TURN, ()])
@pytest.mark.parametrize(
    ("until", "verbs", "connections"),
    [
        ("rcpt", ["MAIL", "RCPT", "RSET"], 1),
        ("data", ["MAIL", "RCPT", "DATA"], 2),  # after 354 the only way out is to hang up
    ],
)
def test_a_question_leaves_no_mail(
    offers: tuple[str, ...], until: Phase, verbs: list[str], connections: int
) -> None:
    """Between two messages, on the same connection where that is possible; both arrive, nothing else does."""
    with FaultyServer(offers=offers) as server, talking(server) as transport:
        assert transport.deliver(envelope(), yes).kind == "accepted"
        server.commands.clear()
        found = transport.would_take(*ASKED, until)
        assert (found.kind, found.phase) == ("accepted", until)
        assert server.verbs == verbs
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert (len(server.accepted), len(server.bodies), server.connections) == (2, 2, connections)


@pytest.mark.parametrize(
    ("stage", "fault", "kind", "phase", "code"),
    [
        ("rcpt", Fault("550 relay not permitted"), "refused", "rcpt", 550),
        ("mail", Fault("550 no"), "refused", "mail", 550),
        ("data", Fault("554 no"), "refused", "data", 554),
        ("rcpt", Fault("451 later"), "refused", "rcpt", 451),
        ("rcpt", Fault(drop="before"), "no-answer", "rcpt", 0),
        ("rcpt", Fault(hang=True), "no-answer", "rcpt", 0),
        ("banner", Fault("554 no"), "refused", "banner", 554),
    ],
)
def test_what_is_answered_is_told(stage: Any, fault: Fault, kind: str, phase: str, code: int) -> None:
    """Every outcome is a value, and the next message goes, on the same connection or a new one."""
    with FaultyServer({stage: [fault]}) as server, talking(server, before_body=0.6) as transport:
        found = transport.would_take(*ASKED, "data")
        assert (found.kind, found.phase, found.code) == (kind, phase, code)
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert len(server.accepted) == 1


def test_a_kept_connection_that_was_closed_is_opened_anew() -> None:
    """421 at MAIL, as after too many errors: the question is put once more."""
    with (
        FaultyServer({"mail": [None, Fault("421 bye", drop="after")]}) as server,
        talking(server) as transport,
    ):
        transport.deliver(envelope(), yes)
        assert transport.would_take(*ASKED, "rcpt").kind == "accepted"
    assert server.connections == 2


def test_nothing_is_spliced_into_a_question() -> None:
    """An address that is none is refused here, before it is said."""
    with FaultyServer() as server, talking(server) as transport:
        found = transport.would_take(ASKED[0], "a@x.fi>\r\nRCPT TO:<b@x.fi", "rcpt")
    assert (found.kind, found.code, "RCPT" in server.verbs) == ("refused", 553, False)
