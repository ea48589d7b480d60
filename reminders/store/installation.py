"""What a database knows of itself: its key, the epochs of its return addresses, a backup it came from.

Return addresses carry an epoch, which a restored backup replaces: after it the numbers of mails are given
once more. An address of an earlier epoch is good for the mails that the backup held.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
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


def restored_from(connection: Connection) -> datetime | None:
    """Return the moment of the backup that nobody has answered for yet; None where nobody is asked."""
    found = value_of(connection, "restored")
    return datetime.fromisoformat(found) if found else None


def ask_about_restore(connection: Connection, backup_of: datetime | None) -> None:
    """Ask about the time since a backup before anything is sent; None: somebody has answered."""
    set_value(connection, "restored", backup_of.isoformat() if backup_of else "")
