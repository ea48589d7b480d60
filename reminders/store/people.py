"""Everything that the tables hold of one person, and its removal.

Dead addresses: refused for good at RCPT (RFC 5321 section 4.2.1) or by a bounce (RFC 3464).

People passes them over until somebody clears them. Which answer makes an address
dead is decided by ``retry`` and ``bounce``.

Who entered what beside answers and corrections: for retention, a person's export and removal.

Forms and values of the annual data collection, pauses, decisions about dates, hand-overs,
event series; and whose private calendars there are.

Preferences of readers, as rows: one an address and programme.

Sign-in links: single use, stored hashed, expiring; sessions that were ended before their time.

What is deleted after a while: the octets of old mails, the addresses of people who have left.

Hashes, events and items stay, and the chain of events still holds: no event has an address in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from reminders.planning.preferences import NO_WISHES, Preferences
from reminders.store import tables
from reminders.store import tables as answering
from reminders.store.delivery_log import DeliveryEvent, append
from reminders.store.tables import answer, insert_or_ignore, preference

# -- Who entered what beside answers and corrections: for retention, a person's export and remo

_FORM = tables.collection_form
_BY: Final[tuple[Column[str], ...]] = (
    tables.indicator_value.c.by,
    tables.collection_status.c.by,
    _FORM.c.saved_by,
    _FORM.c.submitted_by,
    tables.collection_round.c.by,
    tables.collection_nudge.c.by,
    answer.c.undone_by,
    answering.pause.c.by,
    answering.pause.c.ended_by,
    answering.proposal_decision.c.by,
    answering.moved_date.c.by,
    answering.handover.c.by,
    tables.series.c.by,
    tables.private_feed.c.address,
)
"""Where an address stands; when is in ``at`` or ``saved_at`` of its table, or, a day only, in ``on``."""
AUTHOR_NOTES: Final[tuple[Column[str], ...]] = (
    tables.indicator_value.c.note,
    tables.indicator_value.c.text,
    tables.collection_status.c.note,
    answer.c.whose,
    answering.pause.c.reason,
    answering.proposal_decision.c.note,
    answering.handover.c.note,
    tables.series.c.note,
)
"""Where people write freely."""


def last_seen(connection: Connection) -> list[tuple[str, date]]:
    """Return (address, day in UTC) of everything that was entered."""
    found = [(column, _at(column.table)) for column in _BY]
    return [
        (row[0], row[1].date() if isinstance(row[1], datetime) else row[1])
        for column, at in found
        for row in connection.execute(select(column, at).where(column != ""))
    ]


def _at(table: Table) -> Column[Any]:
    return next(table.c[name] for name in ("saved_at", "at", "on", "created_at") if name in table.c)


def entered_by(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the rows that the addresses entered, each with the name of its table."""
    rows: dict[str, dict[str, Any]] = {}
    for column in _BY:
        table = column.table
        query = select(table).where(column.in_(names)).order_by(*table.primary_key)
        for row in connection.execute(query).mappings():
            key = f"{table.name} {[row[one.name] for one in table.primary_key]}"
            rows[key] = {"table": table.name, **row}
    return list(rows.values())


def rename_author(connection: Connection, address: str, pseudonym: str) -> None:
    """Put a pseudonym in an address's place, also in forms that hold it among their words."""
    for column in _BY:
        connection.execute(update(column.table).where(column == address).values({column.name: pseudonym}))
    keys = (_FORM.c.occurrence_id, _FORM.c.organisation)
    for row in connection.execute(select(*keys, _FORM.c.draft, _FORM.c.sent)).all():
        old = json.dumps([row[2], row[3]])
        new = old.replace(address, pseudonym)
        if new != old:
            draft, sent = json.loads(new)
            own = update(_FORM).where(keys[0] == row[0], keys[1] == row[1])
            connection.execute(own.values(draft=draft, sent=sent))


# -- What is deleted after a while: the octets of old mails, the addresses of people who have l

OVER: Final = ("sent", "failed", "expired", "cancelled", "uncertain")
_PENDING: Final = ("planned", "in_digest")
ALL_NOTES: Final[tuple[Column[str], ...]] = (
    tables.answer.c.note,
    tables.correction.c.note,
    tables.correction.c.value,
    tables.target_date.c.note,
    *AUTHOR_NOTES,
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
    found += last_seen(connection)
    for query in (
        select(tables.answer.c.by, tables.answer.c.at),
        select(tables.target_date.c.by, tables.target_date.c.at),
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


def rename_address(connection: Connection, address: str, pseudonym: str) -> None:
    """Put a pseudonym in an address's place, everywhere in the record; a flag of it goes."""
    _rename_reminders(connection, address, pseudonym)
    held = tables.target_date
    for column in (tables.digest.c.recipient, tables.answer.c.by, tables.correction.c.by, held.c.by):
        connection.execute(update(column.table).where(column == address).values({column.name: pseudonym}))
    outbox = tables.outbox
    values = {"rcpt": pseudonym, "last_text": ""}
    connection.execute(update(outbox).where(outbox.c.rcpt == address).values(values))
    connection.execute(delete(tables.dead_address).where(tables.dead_address.c.address == address))
    _forget_wishes(connection, address)
    rename_author(connection, address, pseudonym)
    for column in ALL_NOTES:
        _rename_in_notes(connection, column, address, pseudonym)


def _forget_wishes(connection: Connection, address: str) -> None:
    """Delete what is of use only while the address is mailed."""
    for column in (
        tables.preference.c.address,
        tables.year_letter.c.recipient,
        tables.invitation.c.recipient,
        tables.feed_request.c.address,
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


# -- Everything that the tables hold of one person, and its removal

_WHY = "the recipient was removed"


def person_contacts(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the contact rows with one of the addresses, as a person or as whom a deputy stands in for."""
    table = tables.contact
    return _rows(connection, table, table.c.email.in_(names) | table.c.deputy_of.in_(names))


def person_reminders(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the reminders to the addresses."""
    return _rows(connection, tables.reminder, tables.reminder.c.recipient.in_(names))


def person_answers(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the answers that the addresses gave."""
    return _rows(connection, tables.answer, tables.answer.c.by.in_(names))


def person_corrections(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the corrections that the addresses made."""
    return _rows(connection, tables.correction, tables.correction.c.by.in_(names))


def person_mentions(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the notes of answers and corrections in which the addresses stand, whoever wrote them."""
    return [
        {"table": column.table.name, "id": number, column.name: note}
        for column in ALL_NOTES
        for number, note in connection.execute(
            select(column.table.c.id, column)
            .where(or_(*(column.icontains(name, autoescape=True) for name in names)))
            .order_by(column.table.c.id)
        )
    ]


def person_preferences(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return what the addresses wish about their mail."""
    table = tables.preference
    return _rows(connection, table, table.c.address.in_(names))


def person_target_dates(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the dates towards targets that the addresses entered."""
    table = tables.target_date
    return _rows(connection, table, table.c.by.in_(names))


def person_invitations(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the meetings to which the addresses were invited."""
    table = tables.invitation
    return _rows(connection, table, table.c.recipient.in_(names))


def person_calendars_asked(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return when the addresses asked for a calendar of their own."""
    table = tables.feed_request
    return _rows(connection, table, table.c.address.in_(names))


def person_flags(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return why the addresses take no mail."""
    return _rows(connection, tables.dead_address, tables.dead_address.c.address.in_(names))


def person_mails(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the mails to the addresses with their octets, where those are still there."""
    return _rows(connection, tables.outbox, tables.outbox.c.rcpt.in_(names))


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(table).where(which).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


def has_mail_under_way(connection: Connection, address: str) -> bool:
    """Tell whether a mail to an address is being handed over; none begins until this transaction's end."""
    table = tables.outbox
    query = select(table.c.state).where(table.c.rcpt == address, table.c.state.in_(("queued", "sending")))
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return "sending" in connection.execute(query).scalars().all()


def remove_person(connection: Connection, address: str, now: datetime) -> None:
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


# -- Dead addresses: refused for good at RCPT (RFC 5321 section 4.2.1) or by a bounce (RFC 3464


@dataclass(frozen=True, slots=True)
class DeadAddress:
    """An address that takes no mail: since when, and the words that said so."""

    address: str
    since: datetime
    code: int
    text: str


def flag_address(connection: Connection, address: str, now: datetime, code: int, text: str) -> bool:
    """Note that an address takes no mail; False when it was known, whose first reason then stays."""
    values = {"address": address, "since": now, "code": code, "text": text}
    table = tables.dead_address
    statement = insert_or_ignore(connection, table).values(values).returning(table.c.address)
    return connection.execute(statement).scalar() is not None


def clear_flag(connection: Connection, addresses: Collection[str]) -> int:
    """Let addresses be mailed again; return how many were flagged."""
    table = tables.dead_address
    return connection.execute(delete(table).where(table.c.address.in_(list(addresses)))).rowcount


def dead_addresses(connection: Connection) -> frozenset[str]:
    """Return the addresses that take no mail."""
    return frozenset(connection.execute(select(tables.dead_address.c.address)).scalars())


def all_dead_addresses(connection: Connection, since: datetime | None = None) -> tuple[DeadAddress, ...]:
    """Return the dead addresses (flagged from ``since`` on), the oldest first."""
    table = tables.dead_address
    query = select(table).order_by(table.c.since, table.c.address)
    if since is not None:
        query = query.where(table.c.since >= since)
    rows = connection.execute(query).mappings()
    return tuple(DeadAddress(row["address"], row["since"], row["code"], row["text"]) for row in rows)


# -- Preferences of readers, as rows: one an address and programme


def preferences_of_programme(connection: Connection, key: str) -> Mapping[str, Preferences]:
    """Return the wishes about a programme's mail, by address."""
    query = select(preference).where(preference.c.programme == key).order_by(preference.c.address)
    return {
        row["address"]: Preferences(
            row["weekday"],
            row["rhythm"],
            row["digest"],
            row["language"] or None,
            row["format"],
            frozenset(row["off"]),
        )
        for row in connection.execute(query).mappings()
    }


def save_preferences(
    connection: Connection, key: str, address: str, wish: Preferences, now: datetime
) -> None:
    """Put ``wish`` in the place of what an address wished before; one without any leaves no row."""
    own = (preference.c.programme == key, preference.c.address == address)
    connection.execute(delete(preference).where(*own))
    if wish == NO_WISHES:
        return
    values = {
        "programme": key,
        "address": address,
        "weekday": wish.weekday,
        "rhythm": wish.rhythm,
        "digest": wish.digest,
        "language": wish.language or "",
        "format": wish.format,
        "off": sorted(wish.off),
        "at": now,
    }
    connection.execute(insert(preference).values(values))


# -- Sign-in links: single use, stored hashed, expiring; sessions that were ended before their

VALID_FOR = timedelta(hours=24)


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_sign_in(connection: Connection, token: str, now: datetime) -> None:
    """Store a new link's token."""
    values = {"token_hash": token_hash(token), "expires_at": now + VALID_FOR}
    connection.execute(insert(tables.sign_in).values(values))


def use_sign_in(connection: Connection, token: str, now: datetime) -> bool:
    """Use a link up; False when it is unknown, used or too old."""
    table = tables.sign_in
    statement = (
        update(table)
        .where(
            table.c.token_hash == token_hash(token),
            table.c.used_at.is_(None),
            table.c.expires_at > now,
        )
        .values(used_at=now)
    )
    return connection.execute(statement).rowcount == 1


def end_session(connection: Connection, cookie: str, now: datetime) -> None:
    """Note that the session of a cookie was ended; a copy of the cookie opens nothing from now on."""
    values = {"token_hash": token_hash(cookie), "expires_at": now + VALID_FOR, "used_at": now}
    connection.execute(tables.insert_or_ignore(connection, tables.sign_in).values(values))


def is_ended(connection: Connection, cookie: str) -> bool:
    """Tell whether the session of a cookie was ended."""
    table = tables.sign_in
    query = select(table.c.token_hash).where(table.c.token_hash == token_hash(cookie))
    return connection.execute(query).first() is not None


def forget_expired(connection: Connection, now: datetime) -> int:
    """Delete links and ended sessions whose time is over anyway; return how many."""
    table = tables.sign_in
    return connection.execute(delete(table).where(table.c.expires_at <= now)).rowcount
