"""Dates that units enter towards a target, as rows; one that was removed stays, with the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select, update

from reminders.store.tables_wishes import target_date


@dataclass(frozen=True, slots=True)
class HeldDate:
    """One time that a unit held what its action says: the day, who entered it, with what note."""

    action: str
    rule: str
    organisation: str
    on: date
    by: str
    at: datetime
    note: str = ""


def add(connection: Connection, key: str, one: HeldDate) -> None:
    """Store a date of a programme's action."""
    values = {
        "programme": key,
        "action": one.action,
        "rule": one.rule,
        "organisation": one.organisation,
        "on": one.on,
        "note": one.note,
        "by": one.by,
        "at": one.at,
    }
    connection.execute(insert(target_date).values(values))


def remove(connection: Connection, key: str, one: HeldDate, now: datetime) -> bool:
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


def of_programme(connection: Connection, key: str) -> tuple[HeldDate, ...]:
    """Return a programme's dates in order, removed ones left out."""
    table = target_date
    query = select(table).where(table.c.programme == key, table.c.removed_at.is_(None))
    return tuple(
        HeldDate(
            row["action"],
            row["rule"],
            row["organisation"],
            row["on"],
            row["by"],
            row["at"],
            row["note"],
        )
        for row in connection.execute(query.order_by(table.c.on, table.c.id)).mappings()
    )
