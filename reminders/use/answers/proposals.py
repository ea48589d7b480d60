"""A unit that is late proposes a date; the secretary approves it, and the date moves, or refuses it.

The occurrence stays the same one. Its SEQUENCE rises, its stages follow, feeds
move; an import or a correction keeps the date (see ``reminders.planning.moved_dates``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reminders.clock import civil_time
from reminders.errors import NotFoundError, UsageError
from reminders.planning.moved_dates import MovedDate
from reminders.service import Service
from reminders.store import Connection, programmes
from reminders.store import answers as store_answers
from reminders.store import programmes as repository
from reminders.store.answers import ProposalDecision
from reminders.store.programmes import Answer
from reminders.use.answers.record import find_occurrence
from reminders.use.programme.store_programme import rework
from schedule_rules.occurrence import OccurrenceID


@dataclass(frozen=True, slots=True)
class Proposal:
    """A date that awaits the secretary: whose, of which occurrence, instead of ``due``, and why."""

    answer_id: int
    occurrence: str
    organisation: str
    due: date
    new_date: date
    by: str
    at: datetime
    note: str


def pending(connection: Connection, key: str) -> tuple[Proposal, ...]:
    """Return the proposed dates of a programme that await a decision, oldest first."""
    answers = repository.answers_of(connection, key)
    waiting = open_proposals(answers, store_answers.decisions_of(connection, key))
    stored = repository.stored_occurrences(connection, key, {answer.occurrence for answer in waiting})
    due = {str(one.row.id): one.row.due for one in stored}
    return tuple(
        Proposal(
            answer.id,
            answer.occurrence,
            answer.organisation,
            due[answer.occurrence],
            answer.new_date,
            answer.by,
            answer.at,
            answer.note,
        )
        for answer in waiting
        if answer.new_date and answer.occurrence in due
    )


def open_proposals(answers: Iterable[Answer], decided: Mapping[int, ProposalDecision]) -> list[Answer]:
    """Return the answers that propose a date, are their unit's newest and are not decided yet."""
    newest = {(answer.occurrence, answer.organisation): answer for answer in answers}
    return [answer for answer in newest.values() if answer.new_date and answer.id not in decided]


def approve_proposal(service: Service, answer_id: int, by: str) -> MovedDate:
    """Move the date as proposed. Raises as ``refuse``, and ``UsageError`` for a date that is past by now."""
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        answer, new_date = _pending(connection, answer_id)
        if new_date <= today:
            raise UsageError(f"the proposed date {new_date} is past: refuse it, or ask for another")
        _decide(connection, ProposalDecision(answer_id, approved=True, by=by, at=now, note=""))
        move = MovedDate(new_date, by or "secretary", today)
        store_answers.add_move(connection, answer.occurrence, move, answer_id)
        key = OccurrenceID.parse(answer.occurrence).programme
        programmes.touch_programme(connection, key, now)
        rework(connection, key, now)
    return move


def refuse_proposal(service: Service, answer_id: int, by: str, note: str = "") -> None:
    """Leave the date as it is; the answer stands as *late*, and its unit sees the note.

    Raises ``NotFoundError`` for an unknown answer, ``UsageError`` for one that
    proposes nothing, was taken back or followed by another, or is decided already.
    """
    with service.database.write() as connection:
        _pending(connection, answer_id)
        _decide(
            connection,
            ProposalDecision(answer_id, approved=False, by=by, at=service.clock(), note=note.strip()),
        )


def _pending(connection: Connection, answer_id: int) -> tuple[Answer, date]:
    answer = repository.answer_of(connection, answer_id)
    if answer is None:
        raise NotFoundError(f"no answer {answer_id}")
    find_occurrence(connection, answer.occurrence)
    waiting = pending(connection, OccurrenceID.parse(answer.occurrence).programme)
    if answer_id not in {one.answer_id for one in waiting} or answer.new_date is None:
        raise UsageError(f"answer {answer_id}: no proposed date awaits a decision")
    return answer, answer.new_date


def _decide(connection: Connection, decided: ProposalDecision) -> None:
    if not store_answers.add_proposal_decision(connection, decided):
        raise UsageError(f"answer {decided.answer}: the proposed date is decided already")
