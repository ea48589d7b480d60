"""Invitations that were sent: the key says once a meeting, address and SEQUENCE."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from reminders.invitations import Invitation, Told, key_of
from reminders.store import tables
from reminders.store.tables import insert_or_ignore
from reminders.store.tables_invitations import invitation


def told(connection: Connection) -> Told:
    """Return the newest that each address was told of each meeting; what was refused counts as told."""
    table, digest = invitation, tables.digest
    columns = (table.c[name] for name in Invitation.__dataclass_fields__)
    query = select(*columns).join(digest, digest.c.id == table.c.digest_id).where(~undone())
    rows = connection.execute(query.order_by(table.c.sequence)).mappings()
    found = (Invitation(**{**row, "hours": _hours(row["hours"])}) for row in rows)
    return {key_of(one): one for one in found}


def undone() -> ColumnElement[bool]:
    """Tell of a digest whether nobody got its mail or ever will: taken back, or never made."""
    digest, outbox = tables.digest, tables.outbox
    made = select(outbox.c.id).where(outbox.c.digest_id == digest.c.id).exists()
    return or_(digest.c.state == "cancelled", (digest.c.state == "failed") & ~made)


def claim(connection: Connection, digest_id: int, invitations: Iterable[Invitation]) -> bool:
    """Note that a mail holds invitations; False when another process's mail does.

    A mail that was taken back, or could not be made, has left them free.
    """
    rows = [_row(one, digest_id) for one in invitations]
    if not rows:
        return True
    gone = select(tables.digest.c.id).where(undone(), tables.digest.c.recipient == rows[0]["recipient"])
    connection.execute(delete(invitation).where(invitation.c.digest_id.in_(gone)))
    statement = insert_or_ignore(connection, invitation).values(rows).returning(invitation.c.sequence)
    return len(connection.execute(statement).all()) == len(rows)


def _row(one: Invitation, digest_id: int) -> dict[str, object]:
    values = {name: getattr(one, name) for name in Invitation.__dataclass_fields__}
    hours = "-".join(each.isoformat("minutes") for each in one.hours or ())
    return {**values, "hours": hours, "digest_id": digest_id}


def _hours(text: str) -> tuple[time, time] | None:
    if not text:
        return None
    begin, end = map(time.fromisoformat, text.split("-"))
    return begin, end
