"""Reminders whose address proved dead, and what took their place.

A failed reminder's ``superseded_by`` names the one that went on; its own id says
that nobody is left in the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select, update

from reminders.due import DueReminder
from reminders.store import tables
from reminders.store.reminders import PlannedReminder, planned_of


def stranded(connection: Connection) -> tuple[PlannedReminder, ...]:
    """Return the reminders that failed at a dead address and have not gone on yet."""
    reminder, dead = tables.reminder, tables.dead_address
    query = (
        select(reminder)
        .join(dead, dead.c.address == reminder.c.recipient)
        .where(reminder.c.state == "failed", reminder.c.superseded_by.is_(None))
        .order_by(reminder.c.id)
    )
    return tuple(planned_of(row) for row in connection.execute(query).mappings())


def unreachable(connection: Connection) -> tuple[PlannedReminder, ...]:
    """Return the reminders that failed at a dead address when nobody was left in the chain."""
    reminder = tables.reminder
    query = select(reminder).where(reminder.c.state == "failed", reminder.c.superseded_by == reminder.c.id)
    return tuple(planned_of(row) for row in connection.execute(query.order_by(reminder.c.id)).mappings())


def revive(connection: Connection, new: Iterable[DueReminder]) -> None:
    """Let reminders that failed be planned again: their addresses live, as somebody says."""
    table = tables.reminder
    for one in new:
        again = update(table).where(*_key(one), table.c.state == "failed")
        connection.execute(again.values(state="cancelled"))


def hand_on(connection: Connection, old: PlannedReminder, new: Iterable[DueReminder]) -> None:
    """Note that ``old`` went on as ``new``, which are planned; without any, that it ends here."""
    table = tables.reminder
    found = [connection.execute(select(table.c.id).where(*_key(one))).scalar() for one in new]
    successor = next((one for one in found if one is not None), old.id)
    over = update(table).where(table.c.id == old.id, table.c.state == "failed")
    connection.execute(over.values(superseded_by=successor))


def _key(one: DueReminder) -> tuple[ColumnElement[bool], ...]:
    table = tables.reminder
    values = (table.c.occurrence_id, table.c.sequence, table.c.stage, table.c.recipient)
    return tuple(column == value for column, value in zip(values, one.key, strict=True))


def ids_of_readdressed(connection: Connection) -> frozenset[int]:
    """Return the planned reminders that took the place of one at a dead address."""
    old, new = tables.reminder.alias("old"), tables.reminder
    query = select(new.c.id).join(old, old.c.superseded_by == new.c.id)
    query = query.where(new.c.state == "planned", old.c.state == "failed", old.c.id != new.c.id)
    return frozenset(connection.execute(query).scalars())


def versions(connection: Connection, day: date) -> Mapping[str, int]:
    """Return the latest version of each address's mail of ``day``, cancelled ones included."""
    table = tables.digest
    query = select(table.c.recipient, func.max(table.c.version)).where(table.c.local_date == day)
    return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.recipient))}


def successors(connection: Connection, digest_ids: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the addresses that the reminders of failed digests went on to, by digest."""
    old, new = tables.reminder.alias("old"), tables.reminder
    query = (
        select(old.c.digest_id, new.c.recipient)
        .join(new, new.c.id == old.c.superseded_by)
        .where(old.c.digest_id.in_(list(digest_ids)), old.c.id != new.c.id)
        .order_by(new.c.recipient)
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], []).append(row[1])
    return {key: tuple(addresses) for key, addresses in found.items()}
