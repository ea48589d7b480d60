"""What was said about occurrences, as rows: answers, pauses, proposed and moved dates, hand-overs.

Dates that units enter towards a target, too. Nothing is deleted: what was undone, ended or
removed stays, with the moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select, update

from reminders.planning.replies import FOR_GOOD, Answer, MovedDate, Pause
from reminders.store import tables
from reminders.store.tables import (
    columns_of,
    from_row,
    grouped,
    handover,
    moved_date,
    of_programme,
    pause,
    proposal_decision,
    target_date,
    values_of,
)
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Handover


@dataclass(frozen=True, slots=True)
class ProposalDecision:
    """What became of a proposal, a date or that an action has ended: approved or not, by whom, when, why."""

    answer: int
    approved: bool
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class HandOverRecord:
    """A hand-over of one action that a person entered; ``on`` is its civil date."""

    action: str
    giver: str
    taker: str
    on: date
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class TargetDate:
    """One time that a unit held what its action says: the day, who entered it, with what note."""

    action: str
    rule: str
    organisation: str
    on: date
    by: str
    at: datetime
    note: str = ""


def add_answer(connection: Connection, answer: Answer) -> int:
    """Record an answer; earlier ones stay. Return its id."""
    statement = insert(tables.answer).values(columns_of(answer)).returning(tables.answer.c.id)
    return int(connection.execute(statement).scalar_one())


def lock_occurrence(connection: Connection, occurrence: str) -> None:
    """Let nobody else answer about an occurrence until the transaction ends; read answers after this."""
    row = tables.occurrence
    if connection.dialect.name == "postgresql":  # on SQLite a transaction that writes is alone anyway
        connection.execute(select(row.c.id).where(row.c.id == occurrence).with_for_update())


def answers_of(connection: Connection, key: str, action: str | None = None) -> tuple[Answer, ...]:
    """Return a programme's answers that count, or those about one action of it, oldest first.

    One that was undone does not, nor *on track* and *late* about a deadline that has moved since. A year's
    review is answered whatever its date moves to, but for the date that was proposed and approved.
    """
    table, row = tables.answer, tables.occurrence
    proposed = select(moved_date.c.answer_id).where(moved_date.c.answer_id.is_not(None))
    query = select(table, row.c.sequence.label("now"), table.c.id.in_(proposed).label("has_moved"))
    query = query.join(row, row.c.id == table.c.occurrence_id, isouter=True)
    query = query.where(of_programme(table, key, action), table.c.undone_at.is_(None)).order_by(table.c.id)
    found = []
    for one in connection.execute(query).mappings():
        answer = from_row(Answer, one)
        is_review = OccurrenceID.parse(answer.occurrence).kind == "review"
        lasts = answer.answer in FOR_GOOD or (is_review and not one["has_moved"])
        if lasts or answer.sequence is None or one["now"] in {None, answer.sequence}:
            found.append(answer)
    return tuple(found)


def standing_answers_of(connection: Connection, key: str) -> tuple[Answer, ...]:
    """Return a programme's answers that nobody took back, oldest first, also about a date that has moved.

    They say how an occurrence stands; whether somebody is asked again ``answers_of`` decides.
    """
    table = tables.answer
    own = (of_programme(table, key), table.c.undone_at.is_(None))
    return values_of(connection, Answer, select(table).where(*own).order_by(table.c.id))


def every_answer_of(connection: Connection, key: str) -> tuple[Answer, ...]:
    """Return all that was ever answered in a programme, oldest first: the evidence."""
    query = select(tables.answer).where(of_programme(tables.answer, key)).order_by(tables.answer.c.id)
    return values_of(connection, Answer, query)


def answer_of(connection: Connection, answer_id: int) -> Answer | None:
    """Return one answer, undone or not."""
    query = select(tables.answer).where(tables.answer.c.id == answer_id)
    return next(iter(values_of(connection, Answer, query)), None)


def given_with(connection: Connection, answer: Answer) -> tuple[Answer, ...]:
    """Return an answer with the others of one question: of one unit and action, by one person, at one moment.

    Those that were taken back are left out.
    """
    table = tables.answer
    row = OccurrenceID.parse(answer.occurrence)
    own = (table.c.organisation == answer.organisation, table.c.by == answer.by, table.c.at == answer.at)
    query = select(table).where(of_programme(table, row.programme), *own, table.c.undone_at.is_(None))
    found = values_of(connection, Answer, query.order_by(table.c.id))
    return tuple(one for one in found if OccurrenceID.parse(one.occurrence).action == row.action)


def undo_answer(connection: Connection, answer_id: int, by: str, now: datetime) -> bool:
    """Note that an answer was taken back; False when it already was."""
    table = tables.answer
    counts = (table.c.id == answer_id, table.c.undone_at.is_(None))
    values = {"undone_at": now, "undone_by": by}
    return connection.execute(update(table).where(*counts).values(values)).rowcount == 1


def add_pause(connection: Connection, one: Pause) -> None:
    """Record a pause; of several of one unit and occurrence the newest holds."""
    connection.execute(insert(pause).values(columns_of(one)))


def end_pauses(connection: Connection, occurrence: str, organisation: str, by: str, now: datetime) -> int:
    """End the pauses of a unit's reminders before their time; return how many there were."""
    mine = (pause.c.occurrence_id == occurrence, pause.c.organisation == organisation)
    ended = {"ended_at": now, "ended_by": by}
    return connection.execute(update(pause).where(*mine, pause.c.ended_at.is_(None)).values(ended)).rowcount


def count_pauses(connection: Connection, occurrence: str, organisation: str) -> int:
    """Count the pauses of a unit's reminders of an occurrence, ended ones too."""
    mine = (pause.c.occurrence_id == occurrence, pause.c.organisation == organisation)
    return connection.execute(select(func.count()).select_from(pause).where(*mine)).scalar_one()


def pause_counts(connection: Connection, key: str) -> dict[tuple[str, str], int]:
    """Return how often each unit paused the reminders of an occurrence of a programme, ended ones too."""
    own = (pause.c.occurrence_id, pause.c.organisation)
    query = select(*own, func.count()).where(of_programme(pause, key)).group_by(*own)
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def pauses_of(connection: Connection, key: str, action: str | None = None) -> tuple[Pause, ...]:
    """Return the pauses of a programme, or of one action, that were not ended early, oldest first."""
    own = (of_programme(pause, key, action), pause.c.ended_at.is_(None))
    return values_of(connection, Pause, select(pause).where(*own).order_by(pause.c.id))


def resumed_since(connection: Connection, key: str, since: datetime) -> frozenset[tuple[str, str]]:
    """Return (occurrence, organisation) of what was paused or answered, until a person ended that.

    A proposed date that was refused is among them: what waited for the decision goes on.
    """
    answer = tables.answer
    ended = select(pause.c.occurrence_id, pause.c.organisation).where(pause.c.ended_at > since)
    undone = select(answer.c.occurrence_id, answer.c.organisation).where(answer.c.undone_at > since)
    decided = proposal_decision
    refused = select(answer.c.occurrence_id, answer.c.organisation)
    refused = refused.join(decided, decided.c.answer_id == answer.c.id)
    refused = refused.where(decided.c.at > since, decided.c.approved.is_(False))
    rows = (*connection.execute(ended), *connection.execute(undone), *connection.execute(refused))
    return frozenset((row[0], row[1]) for row in rows if row[0].startswith(f"{key}:"))


def add_proposal_decision(connection: Connection, one: ProposalDecision) -> bool:
    """Record the decision about a proposed date; False when there is one already."""
    columns = columns_of(one)
    statement = tables.insert_or_ignore(connection, proposal_decision)
    statement = statement.values(answer_id=columns.pop("answer"), **columns)
    return connection.execute(statement.returning(proposal_decision.c.answer_id)).scalar() is not None


def decisions_of(connection: Connection, key: str, action: str | None = None) -> dict[int, ProposalDecision]:
    """Return the decisions about proposals of a programme, or of one action, by the id of the answer."""
    answer, table = tables.answer, proposal_decision
    query = select(table.c.answer_id, table.c.approved, table.c.by, table.c.at, table.c.note)
    query = query.join(answer, answer.c.id == table.c.answer_id).where(of_programme(answer, key, action))
    return {row.answer_id: ProposalDecision(*row) for row in connection.execute(query)}


def add_move(connection: Connection, occurrence: str, move: MovedDate, answer: int | None = None) -> None:
    """Record a moved date, that an answer proposed or a round was opened again until; the newest holds."""
    values = {"due": move.due, "by": move.by, "on": move.on, "answer_id": answer}
    connection.execute(insert(moved_date).values(occurrence_id=occurrence, **values))


def moves_of(connection: Connection, key: str) -> dict[str, MovedDate]:
    """Return the moved dates that hold in a programme, by occurrence id."""
    query = select(moved_date).where(of_programme(moved_date, key)).order_by(moved_date.c.id)
    return {row.occurrence_id: MovedDate(row.due, row.by, row.on) for row in connection.execute(query)}


def add_handovers(connection: Connection, key: str, rows: Iterable[HandOverRecord]) -> None:
    """Record hand-overs of a programme's actions."""
    if values := [{"programme": key, **columns_of(one)} for one in rows]:
        connection.execute(insert(handover), values)


def handovers_of(
    connection: Connection, key: str, since: datetime | None = None
) -> dict[str, tuple[Handover, ...]]:
    """Return the hand-overs that people entered (after ``since``) by action, in order of their dates."""
    query = select(handover).where(handover.c.programme == key).order_by(handover.c.on, handover.c.id)
    if since is not None:
        query = query.where(handover.c.at > since)
    return grouped(
        (row.action, Handover(row.giver, row.taker, row.on, by=row.by or "secretary"))
        for row in connection.execute(query)
    )


def add_target_date(connection: Connection, key: str, one: TargetDate) -> None:
    """Store a date of a programme's action."""
    connection.execute(insert(target_date).values(programme=key, **columns_of(one)))


def remove_target_date(connection: Connection, key: str, one: TargetDate, now: datetime) -> bool:
    """Mark a date as removed: the newest of its day, or of its day and note; False when there is none."""
    table = target_date
    mine = [
        table.c.programme == key,
        table.c.action == one.action,
        table.c.rule == one.rule,
        table.c.organisation == one.organisation,
        table.c.on == one.on,
        table.c.removed_at.is_(None),
        *([table.c.note == one.note] if one.note else []),
    ]
    newest = select(func.max(table.c.id)).where(*mine).scalar_subquery()
    return connection.execute(update(table).where(table.c.id == newest).values(removed_at=now)).rowcount > 0


def target_dates_of(connection: Connection, key: str) -> tuple[TargetDate, ...]:
    """Return a programme's dates in order, removed ones left out."""
    table = target_date
    query = select(table).where(table.c.programme == key, table.c.removed_at.is_(None))
    return values_of(connection, TargetDate, query.order_by(table.c.on, table.c.id))
