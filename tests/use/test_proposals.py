"""A proposed date awaits the secretary: approved, date and stages move; refused, nothing does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminders.errors import NotFoundError, UsageError
from reminders.planning.replies import MovedDate
from reminders.store import Database, programmes as repository
from reminders.use.answers.record import (
    AnswerGiven,
    approve_proposal,
    find_question,
    pending_proposals,
    record_answer,
    refuse_proposal,
)
from reminders.use.mail.digests import digest_letters
from reminders.use.planning.load_state import load_question
from reminders.use.programme.store_programme import store_programme
from tests.use.office import Office
from tests.use.town import (
    LIBRARY,
    LIBRARY_HEAD,
    SECRETARY,
    TOWN,
    action,
    mails,
    newest,
    programme,
    reminded_of_fair,
    run,
    same,
)

FAIR = f"{TOWN}:fair:milestone:end"
LATER = date(2025, 3, 31)


@pytest.fixture
def late_town(database: Database) -> Office:
    """A fair in January 2025; on the 28th Library said that it is late and proposed the end of March."""
    late_town = reminded_of_fair(database)
    record_answer(
        late_town.service("2025-01-28T10:00"), AnswerGiven(FAIR, "late", LIBRARY, "Tilat puuttuvat", LATER)
    )
    return late_town


def waiting(late_town: Office) -> list[tuple[int, str, date, date | None, str]]:
    """What awaits a decision."""
    with late_town.database.read() as connection:
        found = pending_proposals(connection, TOWN)
    return [(one.answer_id, one.organisation, one.due, one.new_date, one.note) for one in found]


def row(late_town: Office) -> tuple[date, int, str, str, str, date | None]:
    """The fair: its date, SEQUENCE and basis."""
    with late_town.database.read() as connection:
        (one,) = repository.stored_occurrences(connection, TOWN, {FAIR})
    basis = one.row.basis
    stands = (basis.provenance, basis.date_provenance)
    return one.row.due, one.sequence, *stands, basis.moved_by, basis.moved_on


def library(late_town: Office, since: str) -> list[tuple[str, list[str]]]:
    """The mails of Library from a day on."""
    return [(day, items) for day, _, items in mails(late_town, LIBRARY, LIBRARY_HEAD) if day >= since]


def test_it_awaits_the_secretary(late_town: Office) -> None:
    """Whose, of what, instead of which date, why; the date stays, and only the head waits."""
    assert waiting(late_town) == [(newest(late_town), "library", date(2025, 1, 31), LATER, "Tilat puuttuvat")]
    run(late_town, "2025-01-29", "2025-02-28")
    assert library(late_town, "2025-01-28") == [
        ("2025-01-31", ["fair milestone P0D"]),
        ("2025-02-03", ["fair milestone P1D"]),
    ]
    assert row(late_town) == (date(2025, 1, 31), 0, "printed", "printed", "", None)


def test_approved_the_date_moves_and_stages_follow(late_town: Office) -> None:
    """The wording is as printed, the date the secretary's; SEQUENCE up, the unit is asked before it."""
    moved = approve_proposal(late_town.service("2025-01-30T10:00"), newest(late_town), SECRETARY)
    assert moved == MovedDate(LATER, SECRETARY, date(2025, 1, 30))
    assert row(late_town) == (LATER, 1, "printed", "corrected", SECRETARY, date(2025, 1, 30))
    assert waiting(late_town) == []
    run(late_town, "2025-01-31", "2025-04-01")
    assert library(late_town, "2025-01-28") == [
        ("2025-02-28", ["fair milestone -P30D"]),
        ("2025-03-24", ["fair milestone -P7D"]),
        ("2025-03-28", ["fair milestone -P1D"]),
        ("2025-03-31", ["fair milestone P0D"]),
        ("2025-04-01", ["fair milestone P1D"]),
    ]


def test_a_new_import_keeps_the_date(late_town: Office) -> None:
    """The programme comes again with another title: the new title, the approved date."""
    approve_proposal(late_town.service("2025-01-30T10:00"), newest(late_town), SECRETARY)
    titled = replace(action("fair", "1/2025", "library"), indicator=same("visitors"))
    with late_town.database.write() as connection:
        assert store_programme(connection, programme(titled), late_town.service("2025-02-03T10:00").clock())
    assert row(late_town) == (LATER, 1, "printed", "corrected", SECRETARY, date(2025, 1, 30))


def test_refused_the_answer_stands(late_town: Office) -> None:
    """Nothing awaits any more, the date is as printed: it is asked about once more, then the head hears."""
    refuse_proposal(
        late_town.service("2025-01-30T10:00"), newest(late_town), SECRETARY, "Kokous on helmikuussa"
    )
    assert waiting(late_town) == []
    run(late_town, "2025-01-31", "2025-02-28")
    assert library(late_town, "2025-01-28") == [
        ("2025-01-31", ["fair milestone P0D"]),
        ("2025-02-03", ["fair milestone P1D"]),
        ("2025-02-14", ["fair milestone escalation"]),
    ]
    assert row(late_town)[0] == date(2025, 1, 31)
    with late_town.database.read() as connection:
        reply = load_question(connection, *find_question(connection, [FAIR])).replies[FAIR, "library"]
    assert (reply.answer, reply.proposal, reply.decided_note) == ("late", "refused", "Kokous on helmikuussa")
    assert late_town.look("proposal_decision", "answer_id", "approved", "by", "note") == [
        (newest(late_town), False, SECRETARY, "Kokous on helmikuussa")
    ]


def test_it_is_decided_once(late_town: Office) -> None:
    """Approved or refused, then not again."""
    refuse_proposal(late_town.service("2025-01-30T10:00"), newest(late_town), SECRETARY)
    for decide in (approve_proposal, refuse_proposal):
        with pytest.raises(UsageError, match="no proposal awaits a decision"):
            decide(late_town.service("2025-01-30T11:00"), newest(late_town), SECRETARY)
    with pytest.raises(NotFoundError, match="no answer 0"):
        approve_proposal(late_town.service("2025-01-30T11:00"), 0, SECRETARY)


def test_a_newer_answer_takes_its_place(late_town: Office) -> None:
    """Done after all: nothing awaits the secretary."""
    record_answer(late_town.service("2025-01-29T10:00"), AnswerGiven(FAIR, "done", LIBRARY))
    assert waiting(late_town) == []


def test_a_date_that_has_passed_is_not_approved(late_town: Office) -> None:
    """On 31 March the proposed 31 March is no future any more."""
    with pytest.raises(UsageError, match="the proposed date 2025-03-31 is past"):
        approve_proposal(late_town.service("2025-03-31T10:00"), newest(late_town), SECRETARY)
    assert len(waiting(late_town)) == 1


def test_the_board_sees_what_is_late(late_town: Office) -> None:
    """After the date: what was said is among what awaits a decision; refused, under deadline passed."""
    ((_, letter),) = digest_letters(late_town.service("2025-02-04T08:00"))
    said = "Viivästyy\N{NO-BREAK SPACE}· Ehdotettu uusi määräaika 31.3.2025 (odottaa päätöstä)"
    said += "\N{NO-BREAK SPACE}· Tilat puuttuvat"
    assert letter.overdue == ()
    assert [(one.unit.fi, one.note.fi) for one in letter.proposals] == [("Library", said)]
    assert letter.declined == ()
    refuse_proposal(late_town.service("2025-02-04T10:00"), newest(late_town), SECRETARY)
    ((_, after),) = digest_letters(late_town.service("2025-02-04T11:00"))
    assert after.proposals == ()
    ((row_,),) = [unit.rows for unit in after.overdue]
    assert (row_.title.fi, row_.mark) == ("Fair", "new")
    assert "(ei hyväksytty)" in row_.note.fi


def test_what_is_not_theirs_awaits_the_secretary(late_town: Office) -> None:
    """Not ours, whose it is: in the summary until responsibility has moved."""
    record_answer(
        late_town.service("2025-01-29T10:00"), AnswerGiven(FAIR, "not-ours", LIBRARY, whose="museum")
    )
    ((_, letter),) = digest_letters(late_town.service("2025-02-04T08:00"))
    assert [(one.unit.sv, one.note.sv) for one in letter.declined] == [
        ("Library", "Hör inte till oss\N{NO-BREAK SPACE}· Vem ärendet hör till: Museum")
    ]
    assert [one.note.fi for unit in letter.overdue for one in unit.rows] == [
        "Ei kuulu meille\N{NO-BREAK SPACE}· Kenelle asia kuuluu: Museum"
    ]
