"""What a database knows of itself: its key, the epochs of its return addresses, questions that wait.

Some things keep mail back until a person answers: a clock that went ahead, more mails than may go unasked, a
backup that was restored. Question and answer stand here, so that every process knows them.

Return addresses carry an epoch, which a restored backup replaces: after it the numbers of mails are given
once more. An address of an earlier epoch is good for the mails that the backup held.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from reminders.store import tables
from reminders.store.tables import insert_or_ignore

Epochs = Mapping[str, int | None]
"""The last mail that each epoch's addresses are good for, the newest epoch last; None: all of them."""


def value_of(connection: Connection, name: str) -> str:
    """Return what is known under a name, or nothing."""
    table = tables.installation
    return connection.execute(select(table.c.value).where(table.c.name == name)).scalar() or ""


def set_value(connection: Connection, name: str, value: str) -> None:
    """Note something under a name; an empty value takes the name away."""
    table = tables.installation
    if not value:
        connection.execute(delete(table).where(table.c.name == name))
        return
    connection.execute(insert_or_ignore(connection, table).values(name=name, value=value))
    connection.execute(update(table).where(table.c.name == name).values(value=value))


def epochs(connection: Connection) -> Epochs:
    """Return the epochs of return addresses."""
    found: dict[str, int | None] = json.loads(value_of(connection, "epochs") or "{}")
    return found


def epoch(connection: Connection) -> str:
    """Return the epoch that return addresses carry: the newest."""
    return ["", *epochs(connection)][-1]


def begin_epoch(connection: Connection) -> None:
    """Begin an epoch: earlier return addresses are good for the mails that there are now.

    Before the first one addresses had none; that is the epoch without a name.
    """
    last = connection.execute(select(func.max(tables.outbox.c.id))).scalar() or 0
    known = epochs(connection) or {"": None}
    ended = {name: last if until is None else min(until, last) for name, until in known.items()}
    set_value(connection, "epochs", json.dumps({**ended, secrets.token_hex(4): None}))


# -- questions


@dataclass(frozen=True, slots=True)
class AskedCount:
    """So many mails wait for a yes; ``accepted_until``: it was said, and holds until then."""

    mails: int
    accepted_until: datetime | None


def ask_count(connection: Connection, mails: int) -> None:
    """Note that so many mails wait for a yes; 0: none do. A yes to fewer mails is over."""
    asked = asked_count(connection)
    until = asked.accepted_until if asked and mails <= asked.mails else None
    _set_count(connection, AskedCount(mails, until) if mails else None)


def asked_count(connection: Connection) -> AskedCount | None:
    """Return how many mails wait for a yes, and whether it was said."""
    mails, _, until = value_of(connection, "count").partition(" ")
    return AskedCount(int(mails), datetime.fromisoformat(until) if until else None) if mails else None


def accept_count(connection: Connection, until: datetime) -> None:
    """Say yes to the mails that wait for it, if any do; it holds until an instant."""
    if asked := asked_count(connection):
        _set_count(connection, AskedCount(asked.mails, until))


def _set_count(connection: Connection, asked: AskedCount | None) -> None:
    until = asked.accepted_until.isoformat() if asked and asked.accepted_until else ""
    set_value(connection, "count", f"{asked.mails} {until}".strip() if asked else "")


@dataclass(frozen=True, slots=True)
class ClockJump:
    """A clock that went ahead while a process was running: what it should have shown, what it showed."""

    before: datetime
    after: datetime


def ask_about_clock(connection: Connection, before: datetime, after: datetime) -> None:
    """Note that a clock went from one instant to another, and that somebody has to say if it is right."""
    set_value(connection, "clock", f"{before.isoformat()} {after.isoformat()}")


def clock_jump(connection: Connection) -> ClockJump | None:
    """Return the jump of a clock that nobody has answered for; None: there is none."""
    found = value_of(connection, "clock").split()
    return ClockJump(*map(datetime.fromisoformat, found)) if found else None


def close_clock_question(connection: Connection) -> None:
    """Note that the clock is right."""
    set_value(connection, "clock", "")


def restored_from(connection: Connection) -> datetime | None:
    """Return the moment of the backup that nobody has answered for yet; None where nobody is asked."""
    found = value_of(connection, "restored")
    return datetime.fromisoformat(found) if found else None


def ask_about_restore(connection: Connection, backup_of: datetime | None) -> None:
    """Ask about the time since a backup before anything is sent; None: somebody has answered."""
    set_value(connection, "restored", backup_of.isoformat() if backup_of else "")
