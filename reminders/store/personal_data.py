"""Where the tables hold personal data: a person's export and removal, and what is deleted after a while.

Who entered what stands in forms and values of the annual data collection, pauses, decisions
about dates, hand-overs and event series, beside answers and corrections; and there is whose
private calendars there are. When the octets of a mail or an address go, hashes, events and items
stay, and the evidence still holds: no event has an address in it, a pseudonym is the recipient's
keyed hash, and an event says what was erased. These events are returned, for whoever calls to
append them last: the rows before the chain, as every other writer takes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    Update,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)

from reminders.letters.delivery_events import DeliveryEvent
from reminders.planning.addresses import folded, spellings
from reminders.store import evidence, tables

_FORM = tables.collection_form
_BY: Final[tuple[Column[str], ...]] = (
    tables.indicator_value.c.by,
    tables.collection_status.c.by,
    _FORM.c.saved_by,
    _FORM.c.submitted_by,
    tables.collection_round.c.by,
    tables.collection_nudge.c.by,
    tables.answer.c.undone_by,
    tables.pause.c.by,
    tables.pause.c.ended_by,
    tables.proposal_decision.c.by,
    tables.moved_date.c.by,
    tables.handover.c.by,
    tables.series.c.by,
    tables.choice.c.by,
    tables.private_feed.c.address,
)
"""Where an address stands; when is in ``at`` or ``saved_at`` of its table, or, a day only, in ``on``."""
_NOTES: Final[tuple[Column[str], ...]] = (
    tables.answer.c.note,
    tables.correction.c.note,
    tables.correction.c.value,
    tables.target_date.c.note,
    tables.indicator_value.c.note,
    tables.indicator_value.c.text,
    tables.collection_status.c.note,
    tables.answer.c.whose,
    tables.pause.c.reason,
    tables.proposal_decision.c.note,
    tables.handover.c.note,
    tables.series.c.note,
    tables.series.c.document,
    tables.choice.c.value,
    tables.invitation.c.place,
)
"""Where people write freely, and may have written an address or a name."""
_DOCUMENTS: Final[tuple[Column[Any], ...]] = (_FORM.c.draft, _FORM.c.sent, tables.occurrence.c.basis)
"""Where such words stand in JSON: in forms, sent or not, and in why a date is what it is."""
_SERVER_WORDS: Final[tuple[Column[str], ...]] = (
    tables.channel.c.reason,
    tables.outbox.c.last_text,
    tables.dead_address.c.text,
    tables.programme_fault.c.reason,
)
"""What servers said, which may name an address."""
_ACTS: Final[tuple[Column[str], ...]] = (tables.audit.c.address, tables.audit.c.person)
"""Whose act it was, and whom it was about; sealed, so that an event says when one goes."""
_BATCH: Final = 50
OVER: Final = ("sent", "failed", "expired", "cancelled", "uncertain")
_WHY = "the recipient was removed"


def spellings_of(connection: Connection, address: str) -> tuple[str, ...]:
    """Return every spelling of an address that stands anywhere, and the one form of all of them."""
    identity, contact = folded(address), tables.contact
    columns = (
        *_BY,
        contact.c.email,
        contact.c.deputy_of,
        tables.outbox.c.rcpt,
        tables.reminder.c.recipient,
        tables.digest.c.recipient,
        tables.answer.c.by,
        tables.correction.c.by,
        tables.target_date.c.by,
        tables.preference.c.address,
        tables.feed_request.c.address,
        tables.dead_address.c.address,
        tables.invitation.c.recipient,
        tables.year_letter.c.recipient,
        tables.session.c.address,
        tables.sign_in.c.address,
        *_ACTS,
    )
    written = (
        one for column in columns for one in connection.execute(select(column).distinct()).scalars() if one
    )
    spelled = (identity, *spellings(address), *(one for one in written if folded(one) == identity))
    return tuple(dict.fromkeys(spelled))


def person_rows(connection: Connection, names: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return all rows in which one of the addresses stands, by what they are."""
    contact = tables.contact

    def rows(column: Column[str]) -> list[dict[str, Any]]:
        return _rows(connection, column.table, column.in_(names))

    return {
        # As a person, or as whom a deputy stands in for.
        "contacts": _rows(connection, contact, contact.c.email.in_(names) | contact.c.deputy_of.in_(names)),
        "mails": rows(tables.outbox.c.rcpt),
        "reminders": rows(tables.reminder.c.recipient),
        "answers": rows(tables.answer.c.by),
        "corrections": rows(tables.correction.c.by),
        "mentions": [  # whoever wrote them
            {"table": column.table.name, **row}
            for column in _NOTES
            for row in connection.execute(
                select(*column.table.primary_key, column)
                .where(or_(*(column.icontains(name, autoescape=True) for name in names)))
                .order_by(*column.table.primary_key)
            ).mappings()
        ],
        "preferences": rows(tables.preference.c.address),
        "collection": entered_by(connection, names),
        "target_dates": rows(tables.target_date.c.by),
        "invitations": rows(tables.invitation.c.recipient),
        "calendars_asked": rows(tables.feed_request.c.address),
        "dead": rows(tables.dead_address.c.address),
        "sessions": rows(tables.session.c.address),
        "sign_in_links": rows(tables.sign_in.c.address),
        "sign_in_accounts": rows(tables.sign_in_account.c.address),
        "acts": _rows(connection, tables.audit, or_(*(column.in_(names) for column in _ACTS))),
    }


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(table).where(which).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


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


def has_mail_under_way(connection: Connection, address: str) -> bool:
    """Tell whether a mail to an address is being handed over; none begins until this transaction's end."""
    table = tables.outbox
    query = select(table.c.state).where(table.c.rcpt == address, table.c.state.in_(("queued", "sending")))
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return "sending" in connection.execute(query).scalars().all()


def remove_person(connection: Connection, address: str, now: datetime) -> list[DeliveryEvent]:
    """Take a person off the contact lists, cancel what waits for them, delete the octets of their mails."""
    contact, digest = tables.contact, tables.digest
    reminder, outbox = tables.reminder, tables.outbox
    connection.execute(delete(contact).where((contact.c.email == address) | (contact.c.deputy_of == address)))
    own_mails = (outbox.c.rcpt == address, outbox.c.raw.is_not(None))
    events = _erased(connection, update(outbox).where(*own_mails).values(raw=None), now, "octets")
    queued = (outbox.c.rcpt == address, outbox.c.state == "queued")
    query = select(outbox.c.id, outbox.c.digest_id, outbox.c.attempts).where(*queued)
    for outbox_id, digest_id, attempts in connection.execute(query).all():
        values = {"state": "cancelled", "last_text": _WHY}
        connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(values))
        connection.execute(update(digest).where(digest.c.id == digest_id).values(state="cancelled"))
        own = reminder.c.digest_id == digest_id
        connection.execute(update(reminder).where(own).values(state="cancelled"))
        events.append(DeliveryEvent(outbox_id, attempts, now, "cancelled", text=_WHY))
    waits = (reminder.c.recipient == address, reminder.c.state == "planned")
    connection.execute(update(reminder).where(*waits).values(state="cancelled"))
    return events


def _erased(connection: Connection, statement: Update, now: datetime, what: str) -> list[DeliveryEvent]:
    """Run a statement that erases something of mails; return the events that say so."""
    ids = connection.execute(statement.returning(tables.outbox.c.id)).scalars().all()
    return [DeliveryEvent(one, 0, now, "erased", text=what) for one in sorted(ids)]


def rename_address(
    connection: Connection, address: str, pseudonym: str, now: datetime
) -> list[DeliveryEvent]:
    """Put a pseudonym in an address's place, everywhere in the record; a flag of it goes."""
    renamed = _rename_reminders(connection, address, pseudonym)
    by = (table.c.by for table in (tables.answer, tables.correction, tables.target_date))
    for column in (tables.digest.c.recipient, *by):
        connection.execute(update(column.table).where(column == address).values({column.name: pseudonym}))
    outbox = tables.outbox
    values = {"rcpt": pseudonym, "last_text": ""}
    statement = update(outbox).where(outbox.c.rcpt == address).values(values)
    events = _erased(connection, statement, now, "recipient")
    events += [DeliveryEvent(None, 0, now, "erased", text="recipient", reminder_id=one) for one in renamed]
    events += _rename_acts(connection, address, pseudonym, now)
    # Of use only while the address is mailed, or lets somebody in.
    own = [table.c.address for table in (tables.dead_address, tables.preference, tables.feed_request)]
    own.append(tables.sign_in_account.c.address)
    own += [table.c.address for table in (tables.session, tables.sign_in)]
    own += [table.c.recipient for table in (tables.year_letter, tables.invitation)]
    for column in own:
        connection.execute(delete(column.table).where(column == address))
    for column in _BY:
        connection.execute(update(column.table).where(column == address).values({column.name: pseudonym}))
    # In what people wrote too; not inside a longer address.
    whole = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?!\w|[.-]\w)", re.IGNORECASE)
    _replace(connection, (*_NOTES, *_SERVER_WORDS), whole, pseudonym)
    return events


def _replace(
    connection: Connection,
    columns: Collection[Column[str]],
    whole: re.Pattern[str],
    instead: str,
) -> None:
    """Put something in the place of words in columns, and in documents.

    They are looked for here: a database folds the case of other letters than a to z each in its own way.
    """
    for column in columns:
        keys = tuple(column.table.primary_key)
        for row in connection.execute(select(column, *keys).where(column != "")).all():
            if not whole.search(row[0]):
                continue
            own = (key == value for key, value in zip(keys, row[1:], strict=True))
            values = {column.name: whole.sub(lambda _: instead, row[0])}
            connection.execute(update(column.table).where(*own).values(values))
    for column in _DOCUMENTS:
        keys = tuple(column.table.primary_key)
        for row in connection.execute(select(column, *keys).where(column.is_not(None))).all():
            old = json.dumps(row[0], ensure_ascii=False)
            new = whole.sub(lambda _: instead, old)
            if new != old:
                own = (key == value for key, value in zip(keys, row[1:], strict=True))
                values = {column.name: json.loads(new)}
                connection.execute(update(column.table).where(*own).values(values))


def contact_names(connection: Connection, addresses: Collection[str]) -> tuple[str, ...]:
    """Return the names under which addresses stand in contact lists, where nobody else has the same name."""
    table = tables.contact
    theirs = connection.execute(select(table.c.name).where(table.c.email.in_(addresses))).scalars()
    others = connection.execute(select(table.c.name).where(table.c.email.not_in(addresses))).scalars()
    left = {one.casefold() for one in others}
    found = dict.fromkeys(one.strip() for one in theirs)
    return tuple(one for one in found if one and one.casefold() not in left)


def forget_name(connection: Connection, name: str, now: datetime) -> list[DeliveryEvent]:
    """Take a name out of all that people wrote, and out of what acts were about; return the events."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    _replace(connection, _NOTES, whole, "…")
    table, changed = tables.audit, list[int]()
    for number, subject in connection.execute(select(table.c.id, table.c.subject)).all():
        if not whole.search(subject):
            continue
        values = {"subject": whole.sub("…", subject)}
        connection.execute(update(table).where(table.c.id == number).values(values))
        changed.append(number)
    return evidence.act_erasures(connection, changed, now)


@dataclass(frozen=True, slots=True)
class Trace:
    """Rows of a table's column in which a person is named still."""

    table: str
    column: str
    rows: int


def traces_of(connection: Connection, words: Collection[str]) -> tuple[Trace, ...]:
    """Return every column of any table in which one of the words stands, but for the octets of mails."""
    found = []
    forms = {form for word in words for form in (word, json.dumps(word)[1:-1])}
    for table in tables.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, String | Text | JSON):
                plain = cast(column, Text)
                named = or_(*(plain.icontains(form, autoescape=True) for form in sorted(forms)))
                count = connection.execute(select(func.count()).where(named)).scalar_one()
                found += [Trace(table.name, column.name, count)] if count else []
    return tuple(found)


def kept_mails(connection: Connection) -> Iterator[tuple[datetime, bytes]]:
    """Yield (instant, octets) of each mail that is kept, one after the other."""
    table = tables.outbox
    query = select(table.c.created_at, table.c.raw).where(table.c.raw.is_not(None)).order_by(table.c.id)
    for row in connection.execute(query.execution_options(yield_per=_BATCH)):
        yield row[0], row[1]


def _rename_acts(connection: Connection, address: str, pseudonym: str, now: datetime) -> list[DeliveryEvent]:
    """Put a pseudonym in an address's place in the audit trail; return the events that say so."""
    table, changed = tables.audit, set[int]()
    for column in _ACTS:
        statement = update(table).where(column == address).values({column.name: pseudonym})
        changed |= set(connection.execute(statement.returning(table.c.id)).scalars())
    return evidence.act_erasures(connection, changed, now)


def forget_origins(connection: Connection, before: datetime, now: datetime) -> list[DeliveryEvent]:
    """Delete network addresses and operators' accounts of acts from before an instant; return the events."""
    table, changed = tables.audit, set[int]()
    old = table.c.at < before
    of_command = table.c.origin.startswith("command ")
    of_browser = table.c.origin.not_in(("", "command", "schedule")) & ~of_command
    for which, left in ((of_command, "command"), (of_browser, "")):
        statement = update(table).where(old, which).values(origin=left).returning(table.c.id)
        changed |= set(connection.execute(statement).scalars())
    return evidence.act_erasures(connection, changed, now)


def _rename_reminders(connection: Connection, address: str, pseudonym: str) -> list[int]:
    """Rename row by row: somebody who came back may have had the same reminder under both. Return the ids."""
    table = tables.reminder
    key = (table.c.occurrence_id, table.c.sequence, table.c.stage)
    taken = {tuple(row) for row in connection.execute(select(*key).where(table.c.recipient == pseudonym))}
    rows = connection.execute(select(table.c.id, *key).where(table.c.recipient == address)).all()
    local, _, domain = pseudonym.partition("@")
    for row in rows:
        name = f"{local}.{row[0]}@{domain}" if tuple(row[1:]) in taken else pseudonym
        connection.execute(update(table).where(table.c.id == row[0]).values(recipient=name))
    return [row[0] for row in rows]


def leavers(connection: Connection, before: date, pseudonyms: str) -> dict[str, tuple[str, ...]]:
    """Return the spellings of each address that stands in no contact list and had no mail since ``before``.

    Who still waits for a mail has not left; what ends in ``pseudonyms`` is no address any more.
    """
    contact, reminder, outbox = tables.contact, tables.reminder, tables.outbox
    last: dict[str, date] = {}
    spellings: dict[str, dict[str, None]] = {}
    for address, day in _seen(connection):
        identity = folded(address)
        last[identity] = max(last.get(identity, date.min), day)
        spellings.setdefault(identity, {})[address] = None
    gone = {address for address, day in last.items() if day < before and not address.endswith(pseudonyms)}
    for query in (
        select(contact.c.email),
        select(contact.c.deputy_of),
        select(reminder.c.recipient).where(reminder.c.state.in_(("planned", "in_digest"))),
        select(outbox.c.rcpt).where(outbox.c.state.in_(("queued", "sending"))),
    ):
        gone -= set(map(folded, connection.execute(query).scalars()))
    return {address: tuple(spellings[address]) for address in sorted(gone)}


def _seen(connection: Connection) -> list[tuple[str, date]]:
    """Return (address, day) of all mails, answers, corrections and flags."""
    found = last_seen(connection)
    for column, on in (
        (tables.digest.c.recipient, tables.digest.c.local_date),
        (tables.reminder.c.recipient, tables.reminder.c.due_on),
        (tables.correction.c.by, tables.correction.c.on),
    ):
        days = connection.execute(select(column, func.max(on)).group_by(column))
        found += [(row[0], row[1]) for row in days]
    for query in (
        select(tables.answer.c.by, tables.answer.c.at),
        select(tables.target_date.c.by, tables.target_date.c.at),
        select(tables.dead_address.c.address, tables.dead_address.c.since),
        *(select(column, func.max(tables.audit.c.at)).group_by(column) for column in _ACTS),
    ):
        found += [(row[0], row[1].date()) for row in connection.execute(query)]
    return [(address, day) for address, day in found if "@" in address]


def last_seen(connection: Connection) -> list[tuple[str, date]]:
    """Return (address, day in UTC) of everything that was entered."""
    found = []
    for column in _BY:
        table = column.table
        at = next(table.c[name] for name in ("saved_at", "at", "on", "created_at") if name in table.c)
        rows = connection.execute(select(column, at).where(column != ""))
        found += [(row[0], row[1].date() if isinstance(row[1], datetime) else row[1]) for row in rows]
    return found


def old_mails(connection: Connection, before: datetime, addresses: Collection[str] = ()) -> int:
    """Count the mails that are over, from before an instant or to ``addresses``, and have their octets."""
    return connection.execute(select(func.count()).where(*_old(before, addresses))).scalar_one()


def delete_octets(
    connection: Connection, before: datetime, now: datetime, addresses: Collection[str] = ()
) -> list[DeliveryEvent]:
    """Delete the octets of those mails; the hash stays."""
    statement = update(tables.outbox).where(*_old(before, addresses)).values(raw=None)
    return _erased(connection, statement, now, "octets")


def _old(before: datetime, addresses: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    table = tables.outbox
    is_old = (table.c.created_at < before) | table.c.rcpt.in_(addresses)
    return table.c.raw.is_not(None), table.c.state.in_(OVER), is_old


def mails_without_octets(connection: Connection) -> list[tuple[datetime, str, str]]:
    """Return (instant, Message-ID, the octets' hash) of each mail whose octets were deleted, whenever."""
    table = tables.outbox
    query = select(table.c.created_at, table.c.message_id, table.c.sha256).where(table.c.raw.is_(None))
    return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(table.c.id))]
