"""Rows of the annual data collection: values, statuses, forms, rounds closed by hand, extra reminders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, insert, select, update

from reminders.collection.measures import ValueRow
from reminders.collection.round import Reminded, Status
from reminders.store import tables
from reminders.store.tables import columns_of, insert_or_ignore, of_programme, values_of


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What a unit said about one of its actions in a round."""

    occurrence: str
    organisation: str
    action: str
    status: Status
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FormRow:
    """A unit's form of a round: ``draft`` is what was typed, by action; ``editing``: not sent or reopened."""

    occurrence: str
    organisation: str
    version: int
    draft: Mapping[str, Any]
    editing: bool
    saved_by: str
    saved_at: datetime
    submitted_by: str = ""
    submitted_at: datetime | None = None
    sent: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NudgeRow:
    """An extra reminder by hand: the civil date, who asked for it, how many were planned."""

    on: date
    by: str
    at: datetime
    reminders: int


def add_value(connection: Connection, row: ValueRow) -> None:
    """Record a value; earlier ones stay, the newest holds."""
    connection.execute(insert(tables.indicator_value).values(columns_of(row)))


def put_value(connection: Connection, row: ValueRow) -> bool:
    """Record a value, unless it says what stands already; return whether it was recorded."""
    earlier = value_rows(connection, row.programme, [row.action], row.organisation)
    before = next((one for one in earlier if one.key == row.key), None)
    said = attrgetter("kind", "text", "unit", "note")
    if not row.text if before is None else said(before) == said(row):
        return False
    add_value(connection, row)
    return True


def value_rows(
    connection: Connection,
    programme: str,
    actions: Iterable[str] | None = None,
    organisation: str | None = None,
) -> tuple[ValueRow, ...]:
    """Return the values that hold, by action, organisation, year and place; one taken back is none."""
    table = tables.indicator_value
    query = select(table).where(table.c.programme == programme).order_by(table.c.id)
    if actions is not None:
        query = query.where(table.c.action.in_(list(actions)))
    if organisation is not None:
        query = query.where(table.c.organisation == organisation)
    newest = {one.key: one for one in values_of(connection, ValueRow, query)}
    return tuple(newest[key] for key in sorted(newest) if newest[key].text)


def rounds(connection: Connection) -> Mapping[str, int]:
    """Return the rounds of all programmes: occurrence id to the year that is reported on."""
    table = tables.occurrence
    query = select(table.c.id, table.c.year).where(table.c.opens.is_not(None), table.c.year.is_not(None))
    return {row[0]: row[1] for row in connection.execute(query.order_by(table.c.id))}


def add_statuses(connection: Connection, rows: Iterable[StatusRow]) -> None:
    """Record what a unit said of its actions; earlier ones stay, the newest holds."""
    if values := [columns_of(row) for row in rows]:
        connection.execute(insert(tables.collection_status), values)


def statuses_of(connection: Connection, occurrence: str) -> tuple[StatusRow, ...]:
    """Return what holds in a round, by organisation and action."""
    table = tables.collection_status
    query = select(table).where(table.c.occurrence_id == occurrence).order_by(table.c.id)
    newest = {(row.organisation, row.action): row for row in values_of(connection, StatusRow, query)}
    return tuple(newest[key] for key in sorted(newest))


def forms_of(connection: Connection, occurrence: str) -> Mapping[str, FormRow]:
    """Return the forms of a round that somebody has saved, by organisation."""
    table = tables.collection_form
    query = select(table).where(table.c.occurrence_id == occurrence).order_by(table.c.organisation)
    return {form.organisation: form for form in values_of(connection, FormRow, query)}


def form_of(connection: Connection, occurrence: str, organisation: str) -> FormRow | None:
    """Return a unit's form, None when nobody has saved it yet."""
    table = tables.collection_form
    own = (table.c.occurrence_id == occurrence, table.c.organisation == organisation)
    return next(iter(values_of(connection, FormRow, select(table).where(*own))), None)


def save_form(connection: Connection, form: FormRow) -> bool:
    """Store a form whose ``version`` is the one after what was read; False when somebody was quicker."""
    table = tables.collection_form
    values = {**columns_of(form), "draft": dict(form.draft)}
    if form.version == 1:
        statement = insert_or_ignore(connection, table).values(values)
        return connection.execute(statement.returning(table.c.version)).scalar() is not None
    own = (table.c.occurrence_id == form.occurrence, table.c.organisation == form.organisation)
    before = table.c.version == form.version - 1
    return connection.execute(update(table).where(*own, before).values(values)).rowcount == 1


def set_form_open(connection: Connection, occurrence: str, *, is_open: bool, by: str, now: datetime) -> None:
    """Note that somebody has closed a round by hand, or opened it again once it had closed."""
    table = tables.collection_round
    values = {"is_open": is_open, "by": by, "at": now}
    connection.execute(insert_or_ignore(connection, table).values(occurrence_id=occurrence, **values))
    connection.execute(update(table).where(table.c.occurrence_id == occurrence).values(values))


def closed_by_hand(connection: Connection, programme: str) -> frozenset[str]:
    """Return the rounds of a programme that somebody has closed before their last day."""
    table = tables.collection_round
    query = select(table.c.occurrence_id).where(of_programme(table, programme), table.c.is_open.is_(False))
    return frozenset(connection.execute(query).scalars())


def opened_again(
    connection: Connection, programme: str, since: datetime | None = None
) -> Mapping[str, datetime]:
    """Return when rounds of a programme, once they had closed, were opened again (after ``since``), by id."""
    table = tables.collection_round
    query = select(table.c.occurrence_id, table.c.at).where(of_programme(table, programme), table.c.is_open)
    if since is not None:
        query = query.where(table.c.at > since)
    return {row[0]: row[1] for row in connection.execute(query)}


def add_nudge(connection: Connection, occurrence: str, row: NudgeRow) -> None:
    """Note that extra reminders were planned by hand."""
    connection.execute(insert(tables.collection_nudge).values(occurrence_id=occurrence, **columns_of(row)))


def nudges_of(connection: Connection, occurrence: str) -> tuple[NudgeRow, ...]:
    """Return the extra reminders of a round, oldest first."""
    table = tables.collection_nudge
    query = select(table).where(table.c.occurrence_id == occurrence).order_by(table.c.id)
    return values_of(connection, NudgeRow, query)


def reminded(connection: Connection, occurrence: str) -> tuple[Reminded, ...]:
    """Return the mails that were composed about a round, by day and address, as the evidence has them."""
    reminder, digest, outbox = tables.reminder, tables.digest, tables.outbox
    who = (reminder.c.stage, reminder.c.recipient, reminder.c.organisations)
    query = (
        select(digest.c.local_date, *who, outbox.c.state, outbox.c.created_at)
        .join(digest, reminder.c.digest_id == digest.c.id)
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .where(reminder.c.occurrence_id == occurrence)
        .order_by(digest.c.local_date, reminder.c.recipient, reminder.c.ordinal)
    )
    return tuple(
        Reminded(row[0], row[1], row[2], tuple(row[3]), row[4], row[5]) for row in connection.execute(query)
    )
