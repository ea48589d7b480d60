"""Programmes, their occurrences and stages, contacts and answers, as rows."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, or_, select, update

from reminders.choices import policy_with, programme_with
from reminders.policy import Policy, Stage
from reminders.recipients import Contact
from reminders.standing import AnswerCode
from reminders.store import choices, codec, tables
from reminders.store.answering import handovers_of
from reminders.store.corrections import corrections_of, open_findings
from reminders.store.series import series_of
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Correction, Handover, Programme

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A stored programme and where it stands. ``started_on`` None: nothing was ever mailed.

    ``programme`` holds people's corrections, hand-overs and choices, ``printed`` is what was
    imported, ``chosen`` the choices by name.
    """

    programme: Programme
    printed: Programme
    built_in: bool
    held: bool
    started_on: date | None
    loaded_at: datetime
    modified: datetime | None = None
    findings: tuple[Mapping[str, str], ...] = ()
    handed_over: Mapping[str, tuple[Handover, ...]] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)

    def as_corrected(self, corrections: Mapping[str, tuple[Correction, ...]]) -> Programme:
        """Return the programme as other corrections would have it."""
        own = self.printed.corrected(corrections).handed_over(self.handed_over)
        return programme_with(own.keeping(self.programme.series), self.chosen)

    @property
    def policy(self) -> Policy:
        """When somebody is told, as the programme's people chose."""
        return policy_with(self.chosen)


@dataclass(frozen=True, slots=True)
class StoredOccurrence:
    """An occurrence with what only the store knows about it."""

    row: Occurrence
    anchor_on: date | None
    sequence: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit said about an occurrence, of which SEQUENCE, and who took it back."""

    occurrence: str
    organisation: str
    answer: AnswerCode
    by: str
    at: datetime
    note: str = ""
    new_date: date | None = None
    whose: str = ""
    sequence: int | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None
    id: int = field(default=0, compare=False)


def save(connection: Connection, programme: Programme, *, built_in: bool, held: bool, now: datetime) -> bool:
    """Store a programme, new or changed; return whether anything changed. Holds and starts stay."""
    document = codec.programme_document(programme)
    values = {"document": document, "sha256": hashlib.sha256(document.encode()).hexdigest(), "loaded_at": now}
    table = tables.programme
    known = connection.execute(select(table.c.sha256).where(table.c.key == programme.key)).scalar()
    if known is None:
        row = {"key": programme.key, "built_in": built_in, "held": held, **values}
        # Another process may store the same one at this moment: then it is not ours to fill.
        statement = tables.insert_or_ignore(connection, table).values(row).returning(table.c.key)
        return connection.execute(statement).scalar() is not None
    if known != values["sha256"]:
        changed = {**values, "modified": now}
        connection.execute(update(table).where(table.c.key == programme.key).values(changed))
    return bool(known != values["sha256"])


def all_programmes(connection: Connection) -> tuple[ProgrammeRow, ...]:
    """Return the stored programmes by key."""
    rows = connection.execute(select(tables.programme).order_by(tables.programme.c.key)).mappings().all()
    corrected = {row["key"]: corrections_of(connection, row["key"]) for row in rows}
    moves = {row["key"]: handovers_of(connection, row["key"]) for row in rows}
    chosen = {row["key"]: choices.texts(connection, row["key"]) for row in rows}
    printed = {row["key"]: codec.read_programme_document(row["document"]) for row in rows}
    return tuple(
        ProgrammeRow(
            programme_with(
                printed[row["key"]]
                .corrected(corrected[row["key"]])
                .handed_over(moves[row["key"]])
                .keeping(series_of(connection, row["key"])),
                chosen[row["key"]],
            ),
            printed[row["key"]],
            row["built_in"],
            row["held"],
            row["started_on"],
            row["loaded_at"],
            row["modified"],
            open_findings(row["findings"] or (), corrected[row["key"]].get("", ())),
            moves[row["key"]],
            chosen[row["key"]],
        )
        for row in rows
    )


def set_held(connection: Connection, key: str, *, held: bool) -> bool:
    """Hold or release a programme; return whether there is one of this key."""
    table = tables.programme
    done = connection.execute(update(table).where(table.c.key == key).values(held=held))
    return done.rowcount == 1


def set_started(connection: Connection, key: str, day: date) -> bool:
    """Note a programme's first start; False when another process has just noted it."""
    table = tables.programme
    fresh = (table.c.key == key, table.c.started_on.is_(None))
    return connection.execute(update(table).where(*fresh).values(started_on=day)).rowcount == 1


def save_occurrences(connection: Connection, rows: Iterable[Occurrence], key: str, now: datetime) -> None:
    """Bring a programme's occurrences to ``rows``: new, changed and gone ones; nothing is doubled.

    SEQUENCE rises on a change of date, time or status, the stamp on any change
    (design: calendar.md, points 3 and 5).
    """
    old = {str(one.row.id): one for one in stored_occurrences(connection, key)}
    fresh = {str(row.id): row for row in rows}
    changed = {row_id for row_id in old.keys() & fresh.keys() if old[row_id].row != fresh[row_id]}
    _drop(connection, sorted(changed | (old.keys() - fresh.keys())))
    added = [_new(row, now) for row_id, row in fresh.items() if row_id not in old]
    added += [_changed(old[row_id], fresh[row_id], now) for row_id in sorted(changed)]
    if added:
        connection.execute(insert(tables.occurrence), added)


def _drop(connection: Connection, ids: Sequence[str]) -> None:
    """Delete occurrences by id, few enough at a time for every database."""
    table = tables.occurrence
    for start in range(0, len(ids), _AT_ONCE):
        connection.execute(delete(table).where(table.c.id.in_(ids[start : start + _AT_ONCE])))


def _new(row: Occurrence, stamp: datetime) -> dict[str, object]:
    return {**codec.occurrence_columns(row), "anchor_on": None, "sequence": 0, "modified": stamp}


def _changed(old: StoredOccurrence, row: Occurrence, now: datetime) -> dict[str, object]:
    moved = (old.row.due, old.row.starts_at, old.row.ends_at, old.row.status) != (
        row.due,
        row.starts_at,
        row.ends_at,
        row.status,
    )
    return {
        **codec.occurrence_columns(row),
        # A moved date is a new deadline: its stages count from it again.
        "anchor_on": None if old.row.due != row.due else old.anchor_on,
        "sequence": old.sequence + moved,
        "modified": now,
    }


def stored_occurrences(
    connection: Connection, key: str, only: Collection[str] | None = None
) -> tuple[StoredOccurrence, ...]:
    """Return a programme's occurrences in date order; ``only`` those of these ids, where given."""
    table = tables.occurrence
    query = select(table).where(table.c.programme == key).order_by(table.c.due, table.c.id)
    if only is not None:
        query = query.where(table.c.id.in_(only))
    return tuple(
        StoredOccurrence(codec.read_occurrence(row), row["anchor_on"], row["sequence"], row["modified"])
        for row in connection.execute(query).mappings()
    )


def due_dates(connection: Connection) -> dict[str, date]:
    """Return the date of every stored occurrence by id, over all programmes."""
    table = tables.occurrence
    return {row[0]: row[1] for row in connection.execute(select(table.c.id, table.c.due))}


def changed_since(connection: Connection, key: str, since: datetime) -> frozenset[str]:
    """Return the ids of a programme's occurrences that are new or were changed after ``since``."""
    table = tables.occurrence
    query = select(table.c.id).where(table.c.programme == key, table.c.modified > since)
    return frozenset(connection.execute(query).scalars())


def set_anchors(connection: Connection, anchors: dict[str, date]) -> None:
    """Note the day of the status request that occurrences count from."""
    table = tables.occurrence
    for row_id, day in anchors.items():
        connection.execute(update(table).where(table.c.id == row_id).values(anchor_on=day))


def save_stages(connection: Connection, key: str, stages: Iterable[Stage]) -> None:
    """Replace a programme's stages."""
    table = tables.stage
    connection.execute(delete(table).where(table.c.occurrence_id.startswith(f"{key}:", autoescape=True)))
    rows = [
        {
            "send_on": stage.send_on,
            "occurrence_id": stage.occurrence,
            "role": stage.role,
            "name": stage.name,
            "ordinal": stage.order,
        }
        for stage in stages
    ]
    if rows:
        connection.execute(insert(table), rows)


def stages_on(connection: Connection, day: date) -> tuple[Stage, ...]:
    """Return the stages whose sending day is ``day``, over all programmes."""
    table = tables.stage
    query = select(table).where(table.c.send_on == day).order_by(table.c.occurrence_id, table.c.ordinal)
    return tuple(
        Stage(row["occurrence_id"], row["name"], row["role"], row["send_on"], row["ordinal"])
        for row in connection.execute(query).mappings()
    )


def stages_between(connection: Connection, key: str, after: date, until: date) -> tuple[Stage, ...]:
    """Return a programme's stages after one day and up to another, in the order of ``stages_on``."""
    table = tables.stage
    mine = table.c.occurrence_id.startswith(f"{key}:", autoescape=True)
    query = select(table).where(mine, table.c.send_on > after, table.c.send_on <= until)
    query = query.order_by(table.c.send_on, table.c.occurrence_id, table.c.ordinal)
    return tuple(
        Stage(row["occurrence_id"], row["name"], row["role"], row["send_on"], row["ordinal"])
        for row in connection.execute(query).mappings()
    )


def save_contacts(connection: Connection, key: str, contacts: Iterable[Contact]) -> None:
    """Replace a programme's contacts."""
    table = tables.contact
    connection.execute(delete(table).where(table.c.programme == key))
    rows = [
        {
            "programme": key,
            "organisation": one.organisation,
            "role": one.role,
            "name": one.name,
            "email": one.email,
            "language": one.language,
            "valid_from": one.valid_from,
            "valid_until": one.valid_until,
            "deputy_of": one.deputy_of,
        }
        for one in contacts
    ]
    if rows:
        connection.execute(insert(table), rows)


def contacts_of(connection: Connection, key: str) -> tuple[Contact, ...]:
    """Return a programme's contacts in the order of their list."""
    table = tables.contact
    query = select(table).where(table.c.programme == key).order_by(table.c.id)
    return tuple(
        Contact(
            row["organisation"],
            row["role"],
            row["name"],
            row["email"],
            row["language"],
            row["valid_from"],
            row["valid_until"],
            row["deputy_of"],
        )
        for row in connection.execute(query).mappings()
    )


def add_answer(connection: Connection, answer: Answer) -> int:
    """Record an answer; earlier ones stay. Return its id."""
    values = {
        "occurrence_id": answer.occurrence,
        "organisation": answer.organisation,
        "answer": answer.answer,
        "note": answer.note,
        "new_date": answer.new_date,
        "by": answer.by,
        "at": answer.at,
        "whose": answer.whose,
        "sequence": answer.sequence,
    }
    answer_id: int = connection.execute(
        insert(tables.answer).values(values).returning(tables.answer.c.id)
    ).scalar_one()
    return answer_id


def lock_occurrence(connection: Connection, occurrence: str) -> None:
    """Let nobody else answer about an occurrence until the transaction ends; read answers after this."""
    row = tables.occurrence
    if connection.dialect.name == "postgresql":  # on SQLite a transaction that writes is alone anyway
        connection.execute(select(row.c.id).where(row.c.id == occurrence).with_for_update())


def answers_of(connection: Connection, key: str) -> tuple[Answer, ...]:
    """Return a programme's answers that count, oldest first.

    One that was undone does not, nor *on track* and *late* about a date that has moved since.
    """
    table, row = tables.answer, tables.occurrence
    lasting = table.c.answer.in_(("done", "not-ours")) | table.c.sequence.is_(None)
    as_it_is = row.c.sequence.is_(None) | (row.c.sequence == table.c.sequence)
    query = select(table).join(row, row.c.id == table.c.occurrence_id, isouter=True)
    query = query.where(_of_programme(key), table.c.undone_at.is_(None), or_(lasting, as_it_is))
    return tuple(_answer(one) for one in connection.execute(query.order_by(table.c.id)).mappings())


def standing_answers_of(connection: Connection, key: str) -> tuple[Answer, ...]:
    """Return a programme's answers that nobody took back, oldest first, also about a date that has moved.

    They say how an occurrence stands; whether somebody is asked again ``answers_of`` decides.
    """
    table = tables.answer
    query = select(table).where(_of_programme(key), table.c.undone_at.is_(None)).order_by(table.c.id)
    return tuple(_answer(one) for one in connection.execute(query).mappings())


def every_answer_of(connection: Connection, key: str) -> tuple[Answer, ...]:
    """Return all that was ever answered in a programme, oldest first: the evidence."""
    query = select(tables.answer).where(_of_programme(key)).order_by(tables.answer.c.id)
    return tuple(_answer(one) for one in connection.execute(query).mappings())


def _of_programme(key: str) -> ColumnElement[bool]:
    return tables.answer.c.occurrence_id.startswith(f"{key}:", autoescape=True)


def answer_of(connection: Connection, answer_id: int) -> Answer | None:
    """Return one answer, undone or not."""
    query = select(tables.answer).where(tables.answer.c.id == answer_id)
    row = connection.execute(query).mappings().first()
    return _answer(row) if row else None


def undo_answer(connection: Connection, answer_id: int, by: str, now: datetime) -> bool:
    """Note that an answer was taken back; False when it already was."""
    table = tables.answer
    counts = (table.c.id == answer_id, table.c.undone_at.is_(None))
    values = {"undone_at": now, "undone_by": by}
    return connection.execute(update(table).where(*counts).values(values)).rowcount == 1


def _answer(row: RowMapping) -> Answer:
    return Answer(
        row["occurrence_id"],
        row["organisation"],
        row["answer"],
        row["by"],
        row["at"],
        row["note"],
        row["new_date"],
        row["whose"],
        row["sequence"],
        row["undone_at"],
        row["undone_by"],
        row["id"],
    )
