"""What is deleted after a while: the octets of old mails, the addresses of people who have left.

Hashes, events and items stay, and the chain of events still holds: no event has an address in it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, Select, delete, func, select, update

from reminders.store import authors, tables, tables_invitations, tables_wishes

OVER: Final = ("sent", "failed", "expired", "cancelled", "uncertain")
_PENDING: Final = ("planned", "in_digest")
NOTES: Final[tuple[Column[str], ...]] = (
    tables.answer.c.note,
    tables.correction.c.note,
    tables.correction.c.value,
    tables_wishes.target_date.c.note,
    *authors.NOTES,
)
"""Where people write freely, and may have written an address."""


def old_mails(connection: Connection, before: datetime) -> int:
    """Count the mails written before an instant that are over and whose octets are still there."""
    return connection.execute(select(func.count()).where(*_old(before))).scalar_one()


def delete_octets(connection: Connection, before: datetime) -> int:
    """Delete the octets of those mails; the hash stays."""
    return connection.execute(update(tables.outbox).where(*_old(before)).values(raw=None)).rowcount


def _old(before: datetime) -> tuple[ColumnElement[bool], ...]:
    table = tables.outbox
    return table.c.raw.is_not(None), table.c.state.in_(OVER), table.c.created_at < before


def leavers(connection: Connection, before: date, pseudonyms: str) -> tuple[str, ...]:
    """Return the addresses in the record that stand in no contact list and had no mail since ``before``.

    Who still waits for a mail has not left; what ends in ``pseudonyms`` is no address any more.
    """
    last: dict[str, date] = {}
    for address, day in _seen(connection):
        last[address] = max(last.get(address, date.min), day)
    gone = {address for address, day in last.items() if day < before and not address.endswith(pseudonyms)}
    return tuple(sorted(gone - _listed(connection) - _waiting(connection)))


def _seen(connection: Connection) -> list[tuple[str, date]]:
    """Return (address, day) of all mails, answers, corrections and flags."""
    mails = connection.execute(
        select(tables.digest.c.recipient, func.max(tables.digest.c.local_date)).group_by(
            tables.digest.c.recipient
        )
    )
    found = [(row[0], row[1]) for row in mails]
    reminders = connection.execute(
        select(tables.reminder.c.recipient, func.max(tables.reminder.c.due_on)).group_by(
            tables.reminder.c.recipient
        )
    )
    found += [(row[0], row[1]) for row in reminders]
    found += [(row[0], row[1]) for row in connection.execute(_corrections())]
    found += authors.seen(connection)
    for query in (
        select(tables.answer.c.by, tables.answer.c.at),
        select(tables_wishes.target_date.c.by, tables_wishes.target_date.c.at),
        select(tables.dead_address.c.address, tables.dead_address.c.since),
    ):
        found += [(row[0], row[1].date()) for row in connection.execute(query)]
    return [(address, day) for address, day in found if "@" in address]


def _corrections() -> Select[*tuple[str, date]]:
    table = tables.correction
    return select(table.c.by, func.max(table.c.on)).group_by(table.c.by)


def _listed(connection: Connection) -> set[str]:
    table = tables.contact
    rows = connection.execute(select(table.c.email, table.c.deputy_of))
    return {address for row in rows for address in row}


def _waiting(connection: Connection) -> set[str]:
    reminder, outbox = tables.reminder, tables.outbox
    planned = select(reminder.c.recipient).where(reminder.c.state.in_(_PENDING))
    underway = select(outbox.c.rcpt).where(outbox.c.state.in_(("queued", "sending")))
    return {row[0] for query in (planned, underway) for row in connection.execute(query)}


def rename(connection: Connection, address: str, pseudonym: str) -> None:
    """Put a pseudonym in an address's place, everywhere in the record; a flag of it goes."""
    _rename_reminders(connection, address, pseudonym)
    held = tables_wishes.target_date
    for column in (tables.digest.c.recipient, tables.answer.c.by, tables.correction.c.by, held.c.by):
        connection.execute(update(column.table).where(column == address).values({column.name: pseudonym}))
    outbox = tables.outbox
    values = {"rcpt": pseudonym, "last_text": ""}
    connection.execute(update(outbox).where(outbox.c.rcpt == address).values(values))
    connection.execute(delete(tables.dead_address).where(tables.dead_address.c.address == address))
    _forget_wishes(connection, address)
    authors.rename(connection, address, pseudonym)
    for column in NOTES:
        _rename_in_notes(connection, column, address, pseudonym)


def _forget_wishes(connection: Connection, address: str) -> None:
    """Delete what is of use only while the address is mailed."""
    for column in (
        tables_wishes.preference.c.address,
        tables_wishes.year_letter.c.recipient,
        tables_invitations.invitation.c.recipient,
        tables_invitations.feed_request.c.address,
    ):
        connection.execute(delete(column.table).where(column == address))


def _rename_in_notes(connection: Connection, column: Column[str], address: str, pseudonym: str) -> None:
    """Put a pseudonym in an address's place in what people wrote; not inside a longer address."""
    key = column.table.c.id
    whole = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?!\w|[.-]\w)", re.IGNORECASE)
    rows = connection.execute(select(key, column).where(column.icontains(address, autoescape=True))).all()
    for number, note in rows:
        renamed = whole.sub(pseudonym, note)
        connection.execute(update(column.table).where(key == number).values({column.name: renamed}))


def _rename_reminders(connection: Connection, address: str, pseudonym: str) -> None:
    """Rename row by row: somebody who came back may have had the same reminder under both."""
    table = tables.reminder
    key = (table.c.occurrence_id, table.c.sequence, table.c.stage)
    taken = {tuple(row) for row in connection.execute(select(*key).where(table.c.recipient == pseudonym))}
    rows = connection.execute(select(table.c.id, *key).where(table.c.recipient == address)).all()
    local, _, domain = pseudonym.partition("@")
    for row in rows:
        name = f"{local}.{row[0]}@{domain}" if tuple(row[1:]) in taken else pseudonym
        connection.execute(update(table).where(table.c.id == row[0]).values(recipient=name))
