"""Pauses, decisions about proposed dates, moved dates and hand-overs as rows; who entered them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminders.planning.replies import Answer, MovedDate, Pause
from reminders.store import (
    Connection,
    Database,
    answers,
    personal_data,
    planned as store,
    programmes as repository,
    tables,
)
from reminders.store.answers import HandOverRecord, ProposalDecision
from reminders.use.programme.store_programme import store_programme
from schedule_rules.programme import Handover, Programme
from tests.store.builders import NOW, due, look

LATER = NOW + timedelta(days=1)
ROW = "town:a:milestone:end"
ANNA = "anna@vaasa.example"
PAUSE = Pause(ROW, "unit", date(2026, 2, 1), "Väntar på beslut", ANNA, NOW, date(2026, 1, 31))
ANSWER = Answer(ROW, "unit", "late", ANNA, NOW, "senare", date(2026, 5, 1), sequence=0)


@pytest.fixture
def town(database: Database, vaasa: Programme) -> Programme:
    """A stored programme."""
    with database.write() as connection:
        store_programme(connection, vaasa, NOW)
    return vaasa


def counting(connection: Connection) -> list[str]:
    """What of the answers of a town counts."""
    return [one.answer for one in answers.answers_of(connection, "town")]


def test_pauses_come_back_in_order(database: Database) -> None:
    """Those of a like key are not among them; one that was ended is counted but holds no more."""
    later = replace(PAUSE, until=date(2026, 2, 9), at=LATER)
    elsewhere = replace(PAUSE, occurrence="town-2:a:milestone:end")
    other = replace(PAUSE, organisation="other")
    with database.write() as connection:
        for one in (PAUSE, elsewhere, other, later):
            answers.add_pause(connection, one)
        assert answers.pauses_of(connection, "town") == (PAUSE, other, later)
        assert answers.end_pauses(connection, ROW, "unit", "head@vaasa.example", LATER) == 2
        assert answers.pauses_of(connection, "town") == (other,)
        assert answers.count_pauses(connection, ROW, "unit") == 2
        assert answers.end_pauses(connection, ROW, "unit", "", LATER) == 0


def test_what_was_ended_since_is_named(database: Database) -> None:
    """A pause ended and an answer undone after an instant, of one programme."""
    with database.write() as connection:
        answers.add_pause(connection, PAUSE)
        answers.end_pauses(connection, ROW, "unit", ANNA, LATER)
        other = replace(ANSWER, occurrence="town-2:a:milestone:end", organisation="else")
        answer_id, elsewhere = (
            answers.add_answer(connection, ANSWER),
            answers.add_answer(connection, other),
        )
        for one in (answer_id, elsewhere):
            assert answers.undo_answer(connection, one, ANNA, LATER)
        assert answers.resumed_since(connection, "town", NOW) == {(ROW, "unit")}
        assert answers.resumed_since(connection, "town", LATER) == frozenset()


def test_an_answer_is_undone_once_and_kept(database: Database) -> None:
    """It counts no more; the row says by whom and when."""
    with database.write() as connection:
        answer_id = answers.add_answer(connection, ANSWER)
        assert counting(connection) == ["late"]
        assert answers.undo_answer(connection, answer_id, "", LATER) is True
        assert answers.undo_answer(connection, answer_id, ANNA, LATER) is False
        assert counting(connection) == []
        kept = replace(ANSWER, undone_at=LATER, undone_by="")
        assert answers.every_answer_of(connection, "town") == (kept,)
        assert answers.answer_of(connection, answer_id) == kept
        assert answers.answer_of(connection, answer_id + 1) is None


def test_what_was_said_of_another_date_counts_no_more(database: Database, town: Programme) -> None:
    """Of SEQUENCE 0 while the occurrence is at 1: *done* and *not ours* last, the others do not."""
    row = f"{town.key}:work-digihyva-juttu:milestone:end"
    given = [
        replace(ANSWER, occurrence=row, answer=code, sequence=sequence)
        for code in ("done", "on-track", "late", "not-ours")
        for sequence in (None, 0, 1)
    ]
    with database.write() as connection:
        connection.execute(tables.occurrence.update().where(tables.occurrence.c.id == row).values(sequence=1))
        for one in given:
            answers.add_answer(connection, one)
        found = [(one.answer, one.sequence) for one in answers.answers_of(connection, town.key)]
    assert found == [
        (one.answer, one.sequence)
        for one in given
        if one.answer in {"done", "not-ours"} or one.sequence in {None, 1}
    ]


def test_a_years_review_stays_answered_whatever_its_date_moves_to(
    database: Database, town: Programme
) -> None:
    """But for an answer whose own proposed date it was moved to: that date is asked about."""
    row = f"{town.key}:health-dark-season-webinar:review:2025"
    given = replace(ANSWER, occurrence=row, answer="on-track", new_date=None)
    with database.write() as connection:
        connection.execute(tables.occurrence.update().where(tables.occurrence.c.id == row).values(sequence=1))
        answers.add_answer(connection, given)
        late = answers.add_answer(connection, replace(ANSWER, occurrence=row))
        found = [one.answer for one in answers.answers_of(connection, town.key)]
        answers.add_move(connection, row, MovedDate(date(2026, 5, 1), "secretary", NOW.date()), late)
        after = [one.answer for one in answers.answers_of(connection, town.key)]
    assert (found, after) == (["on-track", "late"], ["on-track"])


def test_a_proposed_date_is_decided_once(database: Database) -> None:
    """The first decision stands."""
    with database.write() as connection:
        answer_id = answers.add_answer(connection, ANSWER)
        first = ProposalDecision(answer_id, True, ANNA, NOW, "")
        assert answers.add_proposal_decision(connection, first) is True
        assert answers.add_proposal_decision(connection, replace(first, approved=False)) is False
        assert answers.decisions_of(connection, "town") == {answer_id: first}
        assert answers.decisions_of(connection, "t_wn") == {}


def test_the_newest_moved_date_holds(database: Database) -> None:
    """By occurrence."""
    moves = [MovedDate(date(2026, month, 1), ANNA, date(2026, 1, 12)) for month in (5, 4)]
    with database.write() as connection:
        for one in moves:
            answers.add_move(connection, ROW, one, 1)
        answers.add_move(connection, "town-2:a:milestone:end", moves[0], 2)
        assert answers.moves_of(connection, "town") == {ROW: moves[1]}


def test_entered_hand_overs_stand_beside_printed_ones(database: Database, town: Programme) -> None:
    """In order of their dates, with who entered them; a correction of parties leaves them; print has none."""
    action = "work-digihyva-juttu"
    rows = [
        HandOverRecord(action, "employment-ecosystem", "welfare-unit", date(2026, 3, 1), ANNA, LATER),
        HandOverRecord(action, "vamia", "hr-unit", date(2024, 6, 1), "", NOW),
    ]
    with database.write() as connection:
        answers.add_handovers(connection, town.key, rows)
        (row,) = repository.all_programmes(connection)
        since = answers.handovers_of(connection, town.key, NOW)
    (printed,) = row.printed.action_by_id[action].handovers
    entered = [
        Handover("vamia", "hr-unit", date(2024, 6, 1), by="secretary"),
        Handover("employment-ecosystem", "welfare-unit", date(2026, 3, 1), by=ANNA),
    ]
    assert row.programme.action_by_id[action].handovers == (entered[0], printed, entered[1])
    assert since == {action: (entered[1],)}
    assert row.as_corrected({}).action_by_id[action] == row.programme.action_by_id[action]


def test_a_cancelled_reminder_is_planned_again(database: Database) -> None:
    """With what it says now; one that is mailed or waits is left as it is."""
    gone, waits = due(), due(recipient="bert@vaasa.example")
    with database.write() as connection:
        store.add_planned(connection, [gone, waits], NOW)
        store.cancel_planned(connection, [store.planned(connection)[0].id])
        assert store.known_keys(connection) == {waits.key}
        again = replace(gone, organisations=("taker",), reason="repeated")
        store.add_planned(connection, [again, replace(waits, organisations=("taker",))], NOW)
        assert [one.reminder for one in store.planned(connection)] == [again, waits]


def test_a_person_is_found_and_renamed_everywhere(database: Database, town: Programme) -> None:
    """Whoever paused, resumed, undid, decided, moved or handed over: in the export, then a pseudonym."""
    with database.write() as connection:
        answers.add_pause(connection, replace(PAUSE, reason=f"frågar {ANNA}"))
        answers.end_pauses(connection, ROW, "unit", ANNA, NOW)
        answer_id = answers.add_answer(connection, ANSWER)
        answers.undo_answer(connection, answer_id, ANNA, NOW)
        answers.add_proposal_decision(connection, ProposalDecision(answer_id, True, ANNA, NOW, ""))
        answers.add_move(connection, ROW, MovedDate(date(2026, 5, 1), ANNA, NOW.date()), answer_id)
        one = HandOverRecord("work-digihyva-juttu", "vamia", "hr-unit", date(2026, 3, 1), ANNA, NOW)
        answers.add_handovers(connection, town.key, [one])
        found = sorted(row["table"] for row in personal_data.entered_by(connection, [ANNA]))
        assert found == ["answer", "handover", "moved_date", "pause", "proposal_decision"]
        assert {day for name, day in personal_data.last_seen(connection) if name == ANNA} == {NOW.date()}
        personal_data.rename_address(connection, ANNA, "x@left.invalid", NOW)
        assert personal_data.entered_by(connection, [ANNA]) == []
    assert look(database, tables.pause, "by", "ended_by") == [("x@left.invalid",) * 2]
