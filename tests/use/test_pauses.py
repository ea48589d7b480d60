"""A pause holds a unit's reminders and its escalation, for a while and with a reason; the deadline stays."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.errors import NotFoundError, UsageError
from reminders.store import Database
from reminders.use.answers.proposals import approve_proposal, pending
from reminders.use.answers.record import AnswerGiven, PauseRequest, pause, record, resume
from reminders.use.mail.digests import digest_letters
from tests.use.office import Office
from tests.use.town import ANNA, LIBRARY, LIBRARY_HEAD, SECRETARY, TOWN, Away, action, mails, run, town

FAIR = f"{TOWN}:fair:milestone:end"
DUE = date(2025, 1, 31)


@pytest.fixture
def office(database: Database) -> Office:
    """The town with a fair in January 2025 that Library leads; its reminder of 24 January is out."""
    office = town(database, action("fair", "1/2025", "library"))
    run(office, "2025-01-07", "2025-01-24")
    return office


def wish(until: str, reason: str = "Odotamme päätöstä", by: str = LIBRARY) -> PauseRequest:
    """What Library wants."""
    return PauseRequest(FAIR, date.fromisoformat(until), reason, by)


def library(office: Office, since: str) -> list[tuple[str, str, list[str]]]:
    """The mails of Library and its head from a day on."""
    return [one for one in mails(office, LIBRARY, LIBRARY_HEAD) if one[0] >= since]


def test_nothing_goes_while_paused_and_the_latest_stage_after_it(office: Office) -> None:
    """Until Saturday 22 February: on Monday 24 the unit gets P7D, the head the escalation of 14 February."""
    pause(office.service("2025-01-27T10:00"), wish("2025-02-22"))
    run(office, "2025-01-28", "2025-02-23")
    assert library(office, "2025-01-27") == []
    run(office, "2025-02-24", "2025-03-02")
    assert library(office, "2025-01-27") == [
        ("2025-02-24", LIBRARY_HEAD, ["fair milestone escalation"]),
        ("2025-02-24", LIBRARY, ["fair milestone P7D"]),
    ]
    assert office.look("occurrence", "due", id=FAIR) == [DUE]


def test_what_went_before_the_pause_does_not_go_again(office: Office) -> None:
    """Nothing was reached between: nothing goes out after it, the next stage on its day."""
    pause(office.service("2025-01-27T10:00"), wish("2025-01-29"))
    run(office, "2025-01-28", "2025-01-31")
    assert library(office, "2025-01-25") == [
        ("2025-01-30", LIBRARY, ["fair milestone -P1D"]),
        ("2025-01-31", LIBRARY, ["fair milestone P0D"]),
    ]


def test_a_mail_that_waits_is_not_sent_once_paused(office: Office) -> None:
    """Composed while the server was away, it is cancelled with the pause; after the pause the item comes."""
    run(office, "2025-01-27", "2025-01-29")
    there, office.transport = office.transport, Away()
    office.tick("2025-01-30T09:00")
    assert library(office, "2025-01-25") == [("2025-01-30", LIBRARY, ["fair milestone -P1D"])]
    pause(office.service("2025-01-30T10:00"), wish("2025-02-02"))
    office.transport = there
    before = [one.recipient for one in office.envelopes].count(LIBRARY)
    office.tick("2025-01-30T12:00")
    assert office.look("outbox", "state", rcpt=LIBRARY)[-1] == "cancelled"
    run(office, "2025-01-31", "2025-02-03")
    assert [one.recipient for one in office.envelopes].count(LIBRARY) == before + 1
    assert library(office, "2025-01-31") == [("2025-02-03", LIBRARY, ["fair milestone P1D"])]


def test_resumed_it_goes_on_with_the_next_mail(office: Office) -> None:
    """Resumed on 11 February: on the 12th the stage of 7 February, which the pause held."""
    pause(office.service("2025-01-27T10:00"), wish("2025-02-22"))
    run(office, "2025-01-28", "2025-02-11")
    assert resume(office.service("2025-02-11T10:00"), FAIR, LIBRARY) == 1
    run(office, "2025-02-12", "2025-02-13")
    assert library(office, "2025-01-27") == [("2025-02-12", LIBRARY, ["fair milestone P7D"])]


def test_a_new_earlier_date_breaks_it(database: Database) -> None:
    """Paused in November; the date moves from December to 1 December: reminded at once."""
    office = town(database, action("fair", "2025", "library"))
    run(office, "2025-10-01", "2025-10-03")
    pause(office.service("2025-11-12T08:00"), wish("2025-12-10"))
    run(office, "2025-11-12", "2025-11-13")
    said = AnswerGiven(FAIR, "late", LIBRARY, new_date=date(2025, 12, 1))
    (answer,) = record(office.service("2025-11-13T10:00"), said)
    with database.read() as connection:
        (proposal,) = pending(connection, TOWN)
    assert (proposal.organisation, proposal.new_date) == (answer.organisation, date(2025, 12, 1))
    approve_proposal(office.service("2025-11-13T11:00"), proposal.answer_id, SECRETARY)
    run(office, "2025-11-14", "2025-11-14")
    assert library(office, "2025-11-12") == [("2025-11-14", LIBRARY, ["fair milestone -P30D"])]


def test_the_others_are_reminded_as_ever(database: Database) -> None:
    """Two units lead; one pauses: only the other is reminded, and its head told."""
    office = town(database, action("fair", "1/2025", "library", "museum"))
    run(office, "2025-01-07", "2025-01-24")
    pause(office.service("2025-01-27T10:00"), wish("2025-02-22"))
    run(office, "2025-01-28", "2025-02-07")
    assert library(office, "2025-01-27") == []
    assert [one[0] for one in mails(office, "museum@town.example") if one[0] > "2025-01-27"] == [
        "2025-01-30",
        "2025-01-31",
        "2025-02-03",
        "2025-02-07",
    ]


def test_the_secretary_sees_it(office: Office) -> None:
    """In the summary's list of what is paused: whose, until when, why."""
    pause(office.service("2025-01-27T10:00"), wish("2025-02-22"))
    ((_, letter),) = digest_letters(office.service("2025-01-28T10:00"))
    (row,) = letter.paused
    assert (row.unit.fi, row.due, row.note.fi) == (
        "Library",
        DUE,
        "Lykätty, viimeinen päivä 22.2.2025\N{NO-BREAK SPACE}· Odotamme päätöstä",
    )
    ((_, later),) = digest_letters(office.service("2025-02-24T10:00"))
    assert later.paused == ()


@pytest.mark.parametrize(
    ("until", "reason", "found"),
    [
        ("2025-01-27", "x", "until: expected a day after 2025-01-27, 2025-02-26 at the latest"),
        ("2025-02-27", "x", "until: expected a day after 2025-01-27, 2025-02-26 at the latest"),
        ("2025-02-22", "  ", "reason: expected why the reminders wait; found nothing"),
    ],
)
def test_what_cannot_be_paused_is_said(office: Office, until: str, reason: str, found: str) -> None:
    """A day that is not ahead or too far, no reason: refused, nothing stored."""
    with pytest.raises(UsageError, match=found):
        pause(office.service("2025-01-27T10:00"), wish(until, reason))
    assert office.look("pause", "id") == []


def test_twice_at_most(office: Office) -> None:
    """The third pause of a unit is refused, also after the first two have ended."""
    for day in ("2025-01-28", "2025-01-30"):
        pause(office.service(f"{day}T10:00"), wish("2025-02-10"))
        resume(office.service(f"{day}T11:00"), FAIR)
    with pytest.raises(UsageError, match="paused 2 times before, which is the most"):
        pause(office.service("2025-01-31T10:00"), wish("2025-02-10"))


def test_only_its_own_unit_pauses_and_only_what_is_open(office: Office) -> None:
    """A stranger is refused; so is what is answered."""
    with pytest.raises(NotFoundError, match="is not responsible"):
        pause(office.service("2025-01-27T10:00"), wish("2025-02-10", by=ANNA))
    record(office.service("2025-01-27T10:00"), AnswerGiven(FAIR, "done", LIBRARY))
    with pytest.raises(UsageError, match="no answer is awaited, so there is nothing to pause"):
        pause(office.service("2025-01-27T11:00"), wish("2025-02-10"))
