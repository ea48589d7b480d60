"""An answer that is taken back counts no more, stays in the evidence, and reminders go on."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.errors import NotFoundError, UsageError
from reminders.store import Database, answers
from reminders.use.answers.record import AnswerGiven, pending_proposals, record_answer, undo_answer
from tests.use.office import Office
from tests.use.town import (
    ANNA,
    BERTIL,
    LIBRARY,
    LIBRARY_HEAD,
    SECRETARY,
    SPRING_HEAD,
    TOWN,
    Away,
    action,
    mails,
    newest,
    reminded_of_fair,
    run,
    town,
)

FAIR = f"{TOWN}:fair:milestone:end"


@pytest.fixture
def done_town(database: Database) -> Office:
    """A fair in January 2025 that Spring leads; Anna has said that it is done."""
    done_town = reminded_of_fair(database, leader="spring")
    record_answer(done_town.service("2025-01-27T10:00"), AnswerGiven(FAIR, "done", ANNA))
    return done_town


def spring(done_town: Office, since: str) -> list[tuple[str, str, list[str]]]:
    """The mails of Spring from a day on."""
    return [one for one in mails(done_town, ANNA, BERTIL, SPRING_HEAD) if one[0] >= since]


@pytest.mark.parametrize("by", [BERTIL, SPRING_HEAD, SECRETARY, ""])
def test_anyone_of_the_unit_takes_it_back(done_town: Office, by: str) -> None:
    """Bertil on 4 February: on the 5th both get the stage of the 3rd; who did it, and when, is kept."""
    run(done_town, "2025-01-28", "2025-02-04")
    assert spring(done_town, "2025-01-27") == []
    undo_answer(done_town.service("2025-02-04T10:00"), newest(done_town), by)
    run(done_town, "2025-02-05", "2025-02-06")
    assert spring(done_town, "2025-01-27") == [
        ("2025-02-05", ANNA, ["fair milestone P1D"]),
        ("2025-02-05", BERTIL, ["fair milestone P1D"]),
    ]
    with done_town.database.read() as connection:
        assert answers.answers_of(connection, TOWN) == ()
        (kept,) = answers.every_answer_of(connection, TOWN)
    assert (kept.by, kept.answer, kept.undone_by) == (ANNA, "done", by)
    assert kept.undone_at == done_town.service("2025-02-04T10:00").clock()


def test_what_an_answer_cancelled_comes_again(done_town: Office) -> None:
    """Composed, untried, answered, so cancelled; taken back on the same day: it goes with the next mail."""
    run(done_town, "2025-01-28", "2025-01-28")
    undo_answer(done_town.service("2025-01-29T10:00"), newest(done_town), ANNA)
    there, done_town.transport = done_town.transport, Away()
    run(done_town, "2025-01-29", "2025-01-30")
    record_answer(done_town.service("2025-01-30T10:00"), AnswerGiven(FAIR, "on-track", BERTIL))
    done_town.transport = there
    done_town.tick("2025-01-30T12:00")
    assert spring(done_town, "2025-01-28") == []
    undo_answer(done_town.service("2025-01-30T13:00"), newest(done_town), ANNA)
    run(done_town, "2025-01-31", "2025-01-31")
    assert spring(done_town, "2025-01-28") == [
        ("2025-01-31", ANNA, ["fair milestone P0D"]),
        ("2025-01-31", BERTIL, ["fair milestone P0D"]),
    ]


def test_a_stranger_cannot(done_town: Office) -> None:
    """Neither another unit nor an unknown address; nothing changes."""
    with pytest.raises(NotFoundError, match=f"{LIBRARY} is not responsible"):
        undo_answer(done_town.service("2025-01-28T10:00"), newest(done_town), LIBRARY)
    with pytest.raises(NotFoundError, match="no contact with the address nobody@town"):
        undo_answer(done_town.service("2025-01-28T10:00"), newest(done_town), "nobody@town.example")
    assert done_town.look("answer", "undone_at") == [None]


def test_twice_and_what_is_not_there_are_said(done_town: Office) -> None:
    """The second time, and an answer that was never given."""
    undo_answer(done_town.service("2025-01-28T10:00"), newest(done_town), ANNA)
    with pytest.raises(UsageError, match="was taken back before"):
        undo_answer(done_town.service("2025-01-28T10:00"), newest(done_town), BERTIL)
    with pytest.raises(NotFoundError, match="no answer 0"):
        undo_answer(done_town.service("2025-01-28T10:00"), 0, ANNA)


def test_a_proposed_date_goes_with_its_answer(done_town: Office) -> None:
    """Late with a date awaits the secretary; taken back, nothing awaits her."""
    late = AnswerGiven(FAIR, "late", ANNA, new_date=date(2025, 5, 2))
    record_answer(done_town.service("2025-01-28T10:00"), late)
    with done_town.database.read() as connection:
        assert [one.new_date for one in pending_proposals(connection, TOWN)] == [date(2025, 5, 2)]
    undo_answer(done_town.service("2025-01-29T10:00"), newest(done_town), BERTIL)
    with done_town.database.read() as connection:
        assert pending_proposals(connection, TOWN) == ()


def test_an_answer_cancels_a_notice_to_the_head_that_waits(database: Database) -> None:
    """Composed on 14 February while the server was away, answered an hour later: the head hears nothing."""
    done_town = town(database, action("fair", "1/2025", "library"))
    run(done_town, "2025-01-07", "2025-02-13")
    there, done_town.transport = done_town.transport, Away()
    done_town.tick("2025-02-14T09:00")
    assert done_town.look("outbox", "state", "attempts", rcpt=LIBRARY_HEAD) == [("queued", 0)]
    record_answer(done_town.service("2025-02-14T10:00"), AnswerGiven(FAIR, "on-track", LIBRARY))
    done_town.transport = there
    done_town.tick("2025-02-14T12:00")
    run(done_town, "2025-02-15", "2025-02-20")
    assert done_town.look("outbox", "state", rcpt=LIBRARY_HEAD) == ["cancelled"]
    assert LIBRARY_HEAD not in {one.recipient for one in done_town.envelopes}
