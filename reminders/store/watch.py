"""The ways of sending and what they rest from, turns that one worker takes, and counts for whoever watches.

A row of ``channel`` is a way of sending with its breaker (failures in a row, and until when it
rests), or a turn: an alarm that was sent, the day's purge, moments of sending that are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, or_, select, update

from reminders.letters.channel_causes import MANY
from reminders.store import tables
from reminders.store.tables import values_of

_TOO_LONG: Final = timedelta(hours=2)
ALARM: Final = "alarm"
PURGE: Final = "purge"
PACE: Final = "pace"
"""Rows of ``channel``: until when an alarm was sent, a purge was done, moments of sending are taken."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way of sending that rests: until when, after how many failures, why, and what could be the cause."""

    name: str
    failures: int
    open_until: datetime | None
    reason: str
    cause: str = ""


def channels(connection: Connection) -> tuple[Channel, ...]:
    """Return the ways of sending that ever failed; ``failures`` 0: it works again."""
    table = tables.channel
    query = select(table).where(table.c.name.not_in((ALARM, PURGE, PACE))).order_by(table.c.name)
    return tables.values_of(connection, Channel, query)


def breaker(connection: Connection, name: str) -> tuple[int, datetime | None]:
    """Return a channel's failures in a row, and until when it stays closed."""
    table = tables.channel
    row = connection.execute(select(table.c.failures, table.c.open_until).where(table.c.name == name)).first()
    return (row[0], row[1]) if row else (0, None)


def refuses_many(connection: Connection, name: str) -> bool:
    """Tell whether a channel was last found to refuse many messages and to take others."""
    table = tables.channel
    return connection.execute(select(table.c.cause).where(table.c.name == name)).scalar() == MANY


def set_breaker(
    connection: Connection,
    name: str,
    failures: int,
    until: datetime | None,
    reason: str,
    cause: str = "",
) -> None:
    """Note a channel's failures and until when it stays closed."""
    table = tables.channel
    values = {"failures": failures, "open_until": until, "reason": reason, "cause": cause}
    connection.execute(tables.insert_or_ignore(connection, table).values(name=name, **values))
    connection.execute(update(table).where(table.c.name == name).values(values))


def has_waiting_messages(connection: Connection) -> bool:
    """Tell whether any message waits for its try."""
    query = select(tables.outbox.c.id).where(tables.OPEN).limit(1)
    return connection.execute(query).first() is not None


def claim_turn(connection: Connection, name: str, now: datetime, until: datetime, reason: str = "") -> bool:
    """Take the right to do ``name`` once, and nobody again before ``until``; False when another has it.

    A turn that ends long after this one would was taken by a clock that was ahead: it keeps nobody back.
    """
    table = tables.channel
    fresh = {"name": name, "failures": 0, "open_until": None, "reason": ""}
    connection.execute(tables.insert_or_ignore(connection, table).values(fresh))
    free = or_(
        table.c.open_until.is_(None), table.c.open_until <= now, table.c.open_until > until + _TOO_LONG
    )
    statement = update(table).where(table.c.name == name, free).values(open_until=until, reason=reason)
    return connection.execute(statement).rowcount == 1


def retry_alarm(connection: Connection, until: datetime) -> None:
    """Let the alarm be tried again: it did not get out."""
    table = tables.channel
    connection.execute(update(table).where(table.c.name == ALARM).values(open_until=until))


def taken_until(connection: Connection) -> tuple[datetime, datetime | None]:
    """Return the instant that it is and the one until which moments are taken; None: none ever were.

    Both by real time: the server's clock, or on SQLite this machine's, which all workers share.
    Nobody else takes any until the end of this transaction.
    """
    table = tables.channel
    fresh = {"name": PACE, "failures": 0, "open_until": None, "reason": ""}
    connection.execute(tables.insert_or_ignore(connection, table).values(fresh))
    query = select(table.c.open_until).where(table.c.name == PACE)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    taken = connection.execute(query).scalar()
    if connection.dialect.name == "postgresql":
        now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now, taken
    text: str = connection.execute(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))).scalar_one()
    return datetime.fromisoformat(text).replace(tzinfo=UTC), taken


def take_until(connection: Connection, until: datetime) -> None:
    """Note until when moments are taken."""
    table = tables.channel
    connection.execute(update(table).where(table.c.name == PACE).values(open_until=until))


def planned_reminders(connection: Connection) -> int:
    """Count the reminders that wait to be mailed."""
    return connection.execute(select(func.count()).where(tables.reminder.c.state == "planned")).scalar_one()


def programme_counts(connection: Connection) -> Mapping[bool, int]:
    """Count the programmes that are held (True) and released (False)."""
    table = tables.programme
    rows = connection.execute(select(table.c.held, func.count()).group_by(table.c.held))
    return {True: 0, False: 0} | {bool(row[0]): row[1] for row in rows}


def database_clock(connection: Connection) -> datetime | None:
    """Return the database server's own clock; None where there is none."""
    if connection.dialect.name != "postgresql":
        return None
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now


@dataclass(frozen=True, slots=True)
class ProgrammeFault:
    """What keeps a programme from being planned since an instant; it is planned up to ``planned_until``."""

    programme: str
    planned_until: date | None
    since: datetime
    reason: str


def faults(connection: Connection) -> tuple[ProgrammeFault, ...]:
    """Return what keeps programmes from being planned, by key."""
    table = tables.programme_fault
    return values_of(connection, ProgrammeFault, select(table).order_by(table.c.programme))


def note_faults(
    connection: Connection, found: Mapping[str, str], planned_until: date | None, now: datetime
) -> None:
    """Note which programmes could not be planned in this run; of the others the fault is over."""
    table = tables.programme_fault
    connection.execute(delete(table).where(table.c.programme.not_in(list(found))))
    for key, reason in found.items():
        row = {"programme": key, "planned_until": planned_until, "since": now, "reason": reason[:200]}
        connection.execute(tables.insert_or_ignore(connection, table).values(row))
