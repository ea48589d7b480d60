"""Returned mail in the record: which message a report names, and what it does to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from reminders.store import tables
from reminders.store.delivery_log import DeliveryEvent, append, without_addresses

_OVER = ("sent", "uncertain")


@dataclass(frozen=True, slots=True)
class Named:
    """A message that a report names."""

    id: int
    digest_id: int
    rcpt: str
    state: str
    attempts: int


def named(connection: Connection, ids: Collection[int], message_ids: Collection[str]) -> tuple[Named, ...]:
    """Return the messages with one of the ids or Message-IDs; on PostgreSQL held for this transaction."""
    table = tables.outbox
    query = select(table.c.id, table.c.digest_id, table.c.rcpt, table.c.state, table.c.attempts)
    query = query.where(table.c.id.in_(list(ids)) | table.c.message_id.in_(list(message_ids)))
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return tuple(Named(*row) for row in connection.execute(query.order_by(table.c.id)))


def is_known(connection: Connection, one: Named, kind: str, code: int, text: str) -> bool:
    """Tell whether this very report stands in the record."""
    table = tables.delivery_event
    query = select(table.c.id).where(
        table.c.outbox_id == one.id,
        table.c.kind == kind,
        table.c.code == code,
        table.c.text == without_addresses(text),
    )
    return connection.execute(query.limit(1)).first() is not None


def note(connection: Connection, one: Named, now: datetime, kind: str, code: int, text: str) -> None:
    """Append what a report says of a message."""
    append(connection, DeliveryEvent(one.id, one.attempts, now, kind, "report", code, text))


def fail(connection: Connection, one: Named, now: datetime, code: int, text: str) -> None:
    """Note that a message which was handed over did not arrive; its reminders with it.

    One that waits for its second try after a doubt is over too: the report says how the first ended.
    One whose body is on its way at this moment is marked, and fails when that try is settled.
    """
    outbox, digest, reminder = tables.outbox, tables.digest, tables.reminder
    told = {"last_code": code, "last_text": without_addresses(text)}
    at_dot = (outbox.c.id == one.id, outbox.c.state == "sending", outbox.c.phase == "dot")
    connection.execute(update(outbox).where(*at_dot).values(phase="returned", **told))
    doubted = outbox.c.state.in_(("queued", "sending")) & (outbox.c.ambiguous > 0)
    over = (
        outbox.c.id == one.id,
        outbox.c.state.in_(_OVER) | doubted,
        outbox.c.phase.in_(("", "claimed")),
    )
    ended = {"state": "failed", "phase": "", "owner": "", "lease_until": None, "next_at": now, **told}
    if connection.execute(update(outbox).where(*over).values(ended)).rowcount:
        connection.execute(update(digest).where(digest.c.id == one.digest_id).values(state="failed"))
        own = reminder.c.digest_id == one.digest_id
        connection.execute(update(reminder).where(own).values(state="failed"))
