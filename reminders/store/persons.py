"""Everything that the tables hold of one person, and its removal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, update

from reminders.store import tables, tables_invitations, tables_wishes
from reminders.store.delivery_log import DeliveryEvent, append
from reminders.store.retention import NOTES

_WHY = "the recipient was removed"


def contacts(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the contact rows with one of the addresses, as a person or as whom a deputy stands in for."""
    table = tables.contact
    return _rows(connection, table, table.c.email.in_(names) | table.c.deputy_of.in_(names))


def reminders(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the reminders to the addresses."""
    return _rows(connection, tables.reminder, tables.reminder.c.recipient.in_(names))


def answers(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the answers that the addresses gave."""
    return _rows(connection, tables.answer, tables.answer.c.by.in_(names))


def corrections(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the corrections that the addresses made."""
    return _rows(connection, tables.correction, tables.correction.c.by.in_(names))


def mentions(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the notes of answers and corrections in which the addresses stand, whoever wrote them."""
    return [
        {"table": column.table.name, "id": number, column.name: note}
        for column in NOTES
        for number, note in connection.execute(
            select(column.table.c.id, column)
            .where(or_(*(column.icontains(name, autoescape=True) for name in names)))
            .order_by(column.table.c.id)
        )
    ]


def preferences(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return what the addresses wish about their mail."""
    table = tables_wishes.preference
    return _rows(connection, table, table.c.address.in_(names))


def target_dates(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the dates towards targets that the addresses entered."""
    table = tables_wishes.target_date
    return _rows(connection, table, table.c.by.in_(names))


def invitations(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the meetings to which the addresses were invited."""
    table = tables_invitations.invitation
    return _rows(connection, table, table.c.recipient.in_(names))


def calendars_asked(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return when the addresses asked for a calendar of their own."""
    table = tables_invitations.feed_request
    return _rows(connection, table, table.c.address.in_(names))


def flags(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return why the addresses take no mail."""
    return _rows(connection, tables.dead_address, tables.dead_address.c.address.in_(names))


def mails(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the mails to the addresses with their octets, where those are still there."""
    return _rows(connection, tables.outbox, tables.outbox.c.rcpt.in_(names))


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(table).where(which).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


def is_under_way(connection: Connection, address: str) -> bool:
    """Tell whether a mail to an address is being handed over; none begins until this transaction's end."""
    table = tables.outbox
    query = select(table.c.state).where(table.c.rcpt == address, table.c.state.in_(("queued", "sending")))
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return "sending" in connection.execute(query).scalars().all()


def remove(connection: Connection, address: str, now: datetime) -> None:
    """Take a person off the contact lists, cancel what waits for them, delete the octets of their mails."""
    contact, reminder, outbox = tables.contact, tables.reminder, tables.outbox
    own = (contact.c.email == address) | (contact.c.deputy_of == address)
    connection.execute(delete(contact).where(own))
    # The rows before the chain of events, as every other writer takes them: no deadlock.
    connection.execute(update(outbox).where(outbox.c.rcpt == address).values(raw=None))
    _cancel_queued(connection, address, now)
    waits = (reminder.c.recipient == address, reminder.c.state == "planned")
    connection.execute(update(reminder).where(*waits).values(state="cancelled"))


def _cancel_queued(connection: Connection, address: str, now: datetime) -> None:
    outbox, digest, reminder = tables.outbox, tables.digest, tables.reminder
    waits = (outbox.c.rcpt == address, outbox.c.state == "queued")
    query = select(outbox.c.id, outbox.c.digest_id, outbox.c.attempts).where(*waits)
    for outbox_id, digest_id, attempts in connection.execute(query).all():
        values = {"state": "cancelled", "last_text": _WHY}
        connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(values))
        connection.execute(update(digest).where(digest.c.id == digest_id).values(state="cancelled"))
        connection.execute(
            update(reminder).where(reminder.c.digest_id == digest_id).values(state="cancelled")
        )
        append(connection, DeliveryEvent(outbox_id, attempts, now, "cancelled", text=_WHY))
