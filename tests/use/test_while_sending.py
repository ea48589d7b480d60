"""What people do while a run is sending: it counts for every message that has not left yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from reminders.use.mail import still_valid
from reminders.use.tick import Result, tick
from tests.use.office import FIRST, MAILS, Office
from tests.use.post_office import PostOffice
from tests.use.test_answers import items_of

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A server; what people do is seen at once, not a second later."""
    monkeypatch.setattr(still_valid, "FRESH", 0.0)
    with PostOffice() as server:
        yield server


def send(office: Office, post: PostOffice, after: int, deed: Callable[[], None]) -> Result:
    """Run once at three seconds a message; ``deed`` is done while the message after so many waits."""
    post.serve(office, mail_per_minute=20)
    waits = 0

    def pause(_: float) -> None:
        nonlocal waits
        waits += 1
        if waits == after:
            deed()

    return tick(replace(office.service(FIRST), pause=pause))


def test_a_hold_stops_every_message_that_has_not_left(office: Office, post: PostOffice) -> None:
    """Three have left, ten are claimed: none of the seven goes, nor any other."""
    result = send(office, post, 3, lambda: office.hold(held=True))
    assert (len(post.accepted), result.outcomes) == (3, {"sent": 3, "held": MAILS - 3})
    assert set(office.look("outbox", "state", "attempts")) == {("sent", 1), ("queued", 0)}


@SQLITE
def test_answers_take_back_each_message_that_has_not_left(office: Office, post: PostOffice) -> None:
    """All that the last five of the first ten were to be asked is answered meanwhile: none is asked."""
    office.settings = office.settings.model_copy(update={"mail_per_minute": 20})

    def answer() -> None:
        for address in office.look("outbox", "rcpt")[5:10]:
            for occurrence in items_of(office, address):
                office.answer(FIRST, occurrence)

    result = send(office, post, 3, answer)
    asked = office.look("outbox", "rcpt")[5:10]
    assert [post.copies[address] for address in asked] == [0] * 5
    assert result.outcomes["cancelled"] >= 5
