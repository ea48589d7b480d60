"""Programmes, their occurrences and stages, contacts and answers, as rows."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select, update

from reminders.policy import Stage
from reminders.recipients import Contact
from reminders.store import codec, tables
from reminders.store.corrections import corrections_of
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Programme

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A stored programme and where it stands. ``started_on`` None: nothing was ever mailed.

    ``programme`` holds people's corrections, ``printed`` is what was imported.
    """

    programme: Programme
    printed: Programme
    built_in: bool
    held: bool
    started_on: date | None
    loaded_at: datetime
    modified: datetime | None = None
    findings: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredOccurrence:
    """An occurrence with what only the store knows about it."""

    row: Occurrence
    anchor_on: date | None
    sequence: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit said about an occurrence."""

    occurrence: str
    organisation: str
    answer: str
    by: str
    at: datetime
    note: str = ""
    new_date: date | None = None


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
    printed = {row["key"]: codec.read_programme_document(row["document"]) for row in rows}
    return tuple(
        ProgrammeRow(
            printed[row["key"]].corrected(corrected[row["key"]]),
            printed[row["key"]],
            row["built_in"],
            row["held"],
            row["started_on"],
            row["loaded_at"],
            row["modified"],
            tuple(row["findings"] or ()),
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


def add_answer(connection: Connection, answer: Answer) -> None:
    """Record an answer; earlier ones stay."""
    values = {
        "occurrence_id": answer.occurrence,
        "organisation": answer.organisation,
        "answer": answer.answer,
        "note": answer.note,
        "new_date": answer.new_date,
        "by": answer.by,
        "at": answer.at,
    }
    connection.execute(insert(tables.answer).values(values))


def answers_of(connection: Connection, key: str) -> tuple[Answer, ...]:
    """Return a programme's answers, oldest first."""
    table = tables.answer
    prefix = table.c.occurrence_id.startswith(f"{key}:", autoescape=True)
    return tuple(
        Answer(
            row["occurrence_id"],
            row["organisation"],
            row["answer"],
            row["by"],
            row["at"],
            row["note"],
            row["new_date"],
        )
        for row in connection.execute(select(table).where(prefix).order_by(table.c.id)).mappings()
    )
