"""A pause holds a unit's reminders and its escalation, for a while and with a reason; the deadline stays."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.errors import NotFoundError, UsageError
from reminders.store import Database
from reminders.use.answers.record import (
    AnswerGiven,
    PauseRequest,
    approve_proposal,
    pause_reminders,
    pending_proposals,
    record_answer,
    resume_reminders,
)
from reminders.use.mail.digests import digest_letters
from tests.use.office import Office
from tests.use.town import (
    ANNA,
    LIBRARY,
    LIBRARY_HEAD,
    SECRETARY,
    TOWN,
    Away,
    action,
    mails,
    reminded_of_fair,
    run,
    town,
)

FAIR = f"{TOWN}:fair:milestone:end"
DUE = date(2025, 1, 31)


@pytest.fixture
def fair_town(database: Database) -> Office:
    """The town with a fair in January 2025 that Library leads; its reminder of 24 January is out."""
    return reminded_of_fair(database)


def wish(until: str, reason: str = "Odotamme päätöstä", by: str = LIBRARY) -> PauseRequest:
    """What Library wants."""
    return PauseRequest(FAIR, date.fromisoformat(until), reason, by)


def library(fair_town: Office, since: str) -> list[tuple[str, str, list[str]]]:
    """The mails of Library and its head from a day on."""
    return [one for one in mails(fair_town, LIBRARY, LIBRARY_HEAD) if one[0] >= since]


def test_nothing_goes_while_paused_and_the_latest_stage_after_it(fair_town: Office) -> None:
    """Until Saturday 22 February, over the head's day: on Monday 24 the unit is asked as at a first start."""
    pause_reminders(fair_town.service("2025-01-27T10:00"), wish("2025-02-22"))
    run(fair_town, "2025-01-28", "2025-02-23")
    assert library(fair_town, "2025-01-27") == []
    run(fair_town, "2025-02-24", "2025-03-02")
    assert library(fair_town, "2025-01-27") == [
        ("2025-02-24", LIBRARY, ["fair milestone first-start"]),
    ]
    assert fair_town.look("occurrence", "due", id=FAIR) == [DUE]


def test_what_went_before_the_pause_does_not_go_again(fair_town: Office) -> None:
    """Nothing was reached between: nothing goes out after it, the next stage on its day."""
    pause_reminders(fair_town.service("2025-01-27T10:00"), wish("2025-01-29"))
    run(fair_town, "2025-01-28", "2025-01-31")
    assert library(fair_town, "2025-01-25") == [
        ("2025-01-30", LIBRARY, ["fair milestone -P1D"]),
        ("2025-01-31", LIBRARY, ["fair milestone P0D"]),
    ]


def test_a_mail_that_waits_is_not_sent_once_paused(fair_town: Office) -> None:
    """Composed while the server was away, it is cancelled with the pause; after the pause the item comes."""
    run(fair_town, "2025-01-27", "2025-01-29")
    there, fair_town.transport = fair_town.transport, Away()
    fair_town.tick("2025-01-30T09:00")
    assert library(fair_town, "2025-01-25") == [("2025-01-30", LIBRARY, ["fair milestone -P1D"])]
    pause_reminders(fair_town.service("2025-01-30T10:00"), wish("2025-02-02"))
    fair_town.transport = there
    before = [one.recipient for one in fair_town.envelopes].count(LIBRARY)
    fair_town.tick("2025-01-30T12:00")
    assert fair_town.look("outbox", "state", rcpt=LIBRARY)[-1] == "cancelled"
    run(fair_town, "2025-01-31", "2025-02-03")
    assert [one.recipient for one in fair_town.envelopes].count(LIBRARY) == before + 1
    assert library(fair_town, "2025-01-31") == [("2025-02-03", LIBRARY, ["fair milestone P1D"])]


def test_resumed_it_goes_on_with_the_next_mail(fair_town: Office) -> None:
    """Resumed on 11 February: on the 12th the stage of 7 February, which the pause held."""
    pause_reminders(fair_town.service("2025-01-27T10:00"), wish("2025-02-22"))
    run(fair_town, "2025-01-28", "2025-02-11")
    assert resume_reminders(fair_town.service("2025-02-11T10:00"), FAIR, LIBRARY) == 1
    run(fair_town, "2025-02-12", "2025-02-13")
    assert library(fair_town, "2025-01-27") == [("2025-02-12", LIBRARY, ["fair milestone P7D"])]


def test_a_new_earlier_date_breaks_it(database: Database) -> None:
    """Paused in November; the date moves from December to 1 December: reminded at once."""
    fair_town = town(database, action("fair", "2025", "library"))
    run(fair_town, "2025-10-01", "2025-10-03")
    pause_reminders(fair_town.service("2025-11-12T08:00"), wish("2025-12-10"))
    run(fair_town, "2025-11-12", "2025-11-13")
    said = AnswerGiven(FAIR, "late", LIBRARY, new_date=date(2025, 12, 1))
    (answer,) = record_answer(fair_town.service("2025-11-13T10:00"), said)
    with database.read() as connection:
        (proposal,) = pending_proposals(connection, TOWN)
    assert (proposal.organisation, proposal.new_date) == (answer.organisation, date(2025, 12, 1))
    approve_proposal(fair_town.service("2025-11-13T11:00"), proposal.answer_id, SECRETARY)
    run(fair_town, "2025-11-14", "2025-11-14")
    assert library(fair_town, "2025-11-12") == [("2025-11-14", LIBRARY, ["fair milestone -P30D"])]


def test_the_others_are_reminded_as_ever(database: Database) -> None:
    """Two units lead; one pauses: only the other is reminded, and its head told."""
    fair_town = town(database, action("fair", "1/2025", "library", "museum"))
    run(fair_town, "2025-01-07", "2025-01-24")
    pause_reminders(fair_town.service("2025-01-27T10:00"), wish("2025-02-22"))
    run(fair_town, "2025-01-28", "2025-02-07")
    assert library(fair_town, "2025-01-27") == []
    assert [one[0] for one in mails(fair_town, "museum@town.example") if one[0] > "2025-01-27"] == [
        "2025-01-30",
        "2025-01-31",
        "2025-02-03",
        "2025-02-07",
    ]


def test_the_secretary_sees_it(fair_town: Office) -> None:
    """In the summary's list of what is paused: whose, until when, why."""
    pause_reminders(fair_town.service("2025-01-27T10:00"), wish("2025-02-22"))
    ((_, letter),) = digest_letters(fair_town.service("2025-01-28T10:00"))
    (row,) = letter.paused
    assert (row.unit.fi, row.due, row.note.fi) == (
        "Library",
        DUE,
        "Lykätty, viimeinen päivä 22.2.2025\N{NO-BREAK SPACE}· Odotamme päätöstä",
    )
    ((_, later),) = digest_letters(fair_town.service("2025-02-24T10:00"))
    assert later.paused == ()


@pytest.mark.parametrize(
    ("until", "reason", "found"),
    [
        ("2025-01-27", "x", "until: expected a day after 2025-01-27, 2025-02-26 at the latest"),
        ("2025-02-27", "x", "until: expected a day after 2025-01-27, 2025-02-26 at the latest"),
        ("2025-02-22", "  ", "reason: expected why the reminders wait; found nothing"),
    ],
)
def test_what_cannot_be_paused_is_said(fair_town: Office, until: str, reason: str, found: str) -> None:
    """A day that is not ahead or too far, no reason: refused, nothing stored."""
    with pytest.raises(UsageError, match=found):
        pause_reminders(fair_town.service("2025-01-27T10:00"), wish(until, reason))
    assert fair_town.look("pause", "id") == []


def test_twice_at_most(fair_town: Office) -> None:
    """The third pause of a unit is refused, also after the first two have ended."""
    for day in ("2025-01-28", "2025-01-30"):
        pause_reminders(fair_town.service(f"{day}T10:00"), wish("2025-02-10"))
        resume_reminders(fair_town.service(f"{day}T11:00"), FAIR)
    with pytest.raises(UsageError, match="paused 2 times before, which is the most"):
        pause_reminders(fair_town.service("2025-01-31T10:00"), wish("2025-02-10"))


def test_only_its_own_unit_pauses_and_only_what_is_open(fair_town: Office) -> None:
    """A stranger is refused; so is what is answered."""
    with pytest.raises(NotFoundError, match="is not responsible"):
        pause_reminders(fair_town.service("2025-01-27T10:00"), wish("2025-02-10", by=ANNA))
    record_answer(fair_town.service("2025-01-27T10:00"), AnswerGiven(FAIR, "done", LIBRARY))
    with pytest.raises(UsageError, match="no answer is awaited, so there is nothing to pause"):
        pause_reminders(fair_town.service("2025-01-27T11:00"), wish("2025-02-10"))
