"""The evidence: append-only, hash-chained events of every message; who got what, and its fate.

It proves that a message was handed over. Beside it stand the lists that pages show of mails.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date
from typing import Any

from sqlalchemy import Connection, RowMapping, case, func, insert, select, text

from reminders.letters.delivery_events import (
    DeliveryEvent,
    LogEntry,
    MailCount,
    MailRow,
    without_addresses,
)
from reminders.letters.sections import SectionPlace
from reminders.planning.mails import MailItem, MailKind, section_kind
from reminders.store import tables
from reminders.store.tables import columns_of, from_row, grouped
from schedule_rules.occurrence import OccurrenceID

_CHAIN_LOCK = 0x636861696E
_BATCH = 200
GENESIS = "0" * 64
_LATEST = select(tables.delivery_event.c.hash).order_by(tables.delivery_event.c.id.desc()).limit(1)
_APPEND = insert(tables.delivery_event)
_OF_MESSAGE = ("id", "rcpt", "created_at", "message_id", "state", "subject", "sha256")
_OF_DIGEST = ("local_date", "language", "kind", "items")


def append(connection: Connection, event: DeliveryEvent) -> None:
    """Append an event to the chain; its hash covers the one before, and it holds no address."""
    event = replace(event, text=without_addresses(event.text))
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    previous = connection.execute(_LATEST).scalar() or GENESIS
    values = {**columns_of(event), "prev_hash": previous, "hash": chained(previous, event)}
    connection.execute(_APPEND, values)


def chained(previous: str, event: DeliveryEvent) -> str:
    """Return the hash of an event that follows ``previous``."""
    message = (previous, event.outbox_id, event.attempt, event.at.astimezone(UTC).isoformat())
    facts = (*message, event.kind, event.phase, event.code, event.text)
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def broken_links(connection: Connection) -> tuple[int, ...]:
    """Return the ids of events whose hash does not fit what stands in the table."""
    table, previous, broken = tables.delivery_event, GENESIS, []
    for row in connection.execute(select(table).order_by(table.c.id)).mappings():
        if row["prev_hash"] != previous or row["hash"] != chained(previous, from_row(DeliveryEvent, row)):
            broken.append(row["id"])
        previous = row["hash"]
    return tuple(broken)


def altered_mails(connection: Connection) -> tuple[int, ...]:
    """Return the ids of mails that are not as their events say.

    Their octets or hash are others than were composed, or they are over and no event says how:
    the end of the chain was cut off, which the chain itself cannot show.
    """
    event, outbox = tables.delivery_event, tables.outbox
    composed: dict[int, str] = {}
    over: set[int] = set()
    for outbox_id, kind, words in connection.execute(select(event.c.outbox_id, event.c.kind, event.c.text)):
        if kind == "composed":
            composed[outbox_id] = words
        else:
            over.add(outbox_id)
    query = select(outbox.c.id, outbox.c.state, outbox.c.sha256, outbox.c.raw).order_by(outbox.c.id)
    return tuple(
        number
        for number, state, sha256, raw in connection.execute(query.execution_options(yield_per=_BATCH))
        if composed.get(number) != f"sha256 {sha256}"
        or (raw is not None and hashlib.sha256(raw).hexdigest() != sha256)
        or (state not in {"queued", "sending"} and number not in over)
    )


def events_of(connection: Connection, ids: list[int] | None) -> dict[int, tuple[DeliveryEvent, ...]]:
    """Return the events of messages by outbox id; None: of all."""
    table = tables.delivery_event
    query = select(table).order_by(table.c.id)
    if ids is not None:
        query = query.where(table.c.outbox_id.in_(ids))
    rows = connection.execute(query).mappings()
    return grouped((row["outbox_id"], from_row(DeliveryEvent, row)) for row in rows)


def log_entries(
    connection: Connection,
    action: str = "",
    day: date | None = None,
    outbox_id: int | None = None,
    programme: str | None = None,
) -> tuple[LogEntry, ...]:
    """Return every mail and its fate, oldest first; of one action, of one day, or that of one outbox id.

    With a ``programme`` what is said of it: the others' part of a mail is left out.
    """
    digest, outbox = tables.digest, tables.outbox
    query = (
        select(*(outbox.c[name] for name in _OF_MESSAGE), *(digest.c[name] for name in _OF_DIGEST))
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .order_by(outbox.c.id)
    )
    if day is not None:
        query = query.where(digest.c.local_date == day)
    if outbox_id is not None:
        query = query.where(outbox.c.id == outbox_id)
    if programme:
        section = tables.mail_section
        own = (section.c.digest_id == digest.c.id) & (section.c.programme == programme) & ~section.c.left_out
        query = query.join(section, own).add_columns(
            section.c.subject.label("own_subject"), section.c.is_digest
        )
    rows = [_own_part(row, programme) for row in connection.execute(query).mappings()]
    few = day is not None or outbox_id is not None
    events = events_of(connection, [row["id"] for row in rows] if few else None)
    found = (_entry(row, events.get(row["id"], ())) for row in rows)
    return tuple(entry for entry in found if not action or entry.items_about(action))


def _own_part(row: RowMapping, programme: str | None) -> Mapping[str, Any]:
    """Return a mail as one programme sees it: its items; where it is one of several its subject and kind."""
    columns = dict(row)
    subject, is_digest = columns.pop("own_subject", ""), columns.pop("is_digest", False)
    if programme:
        columns["items"] = _own_items(columns["items"], programme)
    if subject:
        columns |= {"subject": subject, "kind": _own_kind(columns["items"], is_digest=is_digest)}
    return columns


def _own_items(items: Iterable[dict[str, str]], programme: str) -> list[dict[str, str]]:
    return [item for item in items if OccurrenceID.parse(item["occurrence"]).programme == programme]


def _own_kind(items: Iterable[dict[str, str]], *, is_digest: bool) -> MailKind:
    return section_kind((MailItem(**item) for item in items), is_digest=is_digest)


def _entry(row: Mapping[str, Any], events: tuple[DeliveryEvent, ...]) -> LogEntry:
    columns = dict(row)
    own = {"day": columns.pop("local_date"), "to": columns.pop("rcpt"), "items": tuple(columns.pop("items"))}
    composed = columns.pop("created_at")
    return LogEntry(**columns, **own, at=events[-1].at if events else composed, events=events)


def mail_rows(connection: Connection, programme: str, last: int | None = None) -> tuple[MailRow, ...]:
    """Return the newest mails that speak of a programme first, ``last`` of them at most.

    One that speaks of others too has the subject and kind that its section would have alone. What holds the
    programme's summary is one, whatever else stands in it.
    """
    digest, outbox, section = tables.digest, tables.outbox, tables.mail_section
    several = section.c.subject != ""
    own = case((several, section.c.subject), else_=outbox.c.subject)
    query = (
        select(outbox.c.id, digest.c.local_date, outbox.c.created_at, outbox.c.rcpt, own)
        .add_columns(digest.c.language, digest.c.kind, outbox.c.state, outbox.c.last_text)
        .add_columns(section.c.is_digest, case((several, digest.c["items"])))
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .join(section, section.c.digest_id == digest.c.id)
        .where(section.c.programme == programme, ~section.c.left_out)
        .order_by(digest.c.local_date.desc(), outbox.c.id)
        .limit(last)
    )
    found = []
    for *columns, is_digest, items in connection.execute(query):
        row = MailRow(*columns)
        if is_digest:
            row = replace(row, kind="digest")
        elif items is not None:
            row = replace(row, kind=_own_kind(_own_items(items, programme), is_digest=False))
        found.append(row)
    return tuple(found)


def mail_counts(connection: Connection, programme: str, last: int = 1) -> tuple[MailCount, ...]:
    """Count the mails that speak of a programme on the newest ``last`` days with any, by state."""
    digest, outbox, section = tables.digest, tables.outbox, tables.mail_section
    own = (section.c.digest_id == digest.c.id) & (section.c.programme == programme) & ~section.c.left_out
    days = (
        select(digest.c.local_date)
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .join(section, own)
        .distinct()
        .order_by(digest.c.local_date.desc())
        .limit(last)
    )
    query = (
        select(digest.c.local_date, outbox.c.state, func.count())
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .join(section, own)
        .where(digest.c.local_date.in_(days.scalar_subquery()))
        .group_by(digest.c.local_date, outbox.c.state)
    )
    found: dict[date, dict[str, int]] = {}
    for day, state, count in connection.execute(query):
        found.setdefault(day, {})[state] = count
    return tuple(MailCount(day, found[day]) for day in sorted(found, reverse=True))


def mail_raw(connection: Connection, outbox_id: int) -> tuple[bytes | None, str] | None:
    """Return a mail's octets (None: deleted) and state; None when there is no such mail."""
    table = tables.outbox
    row = connection.execute(select(table.c.raw, table.c.state).where(table.c.id == outbox_id)).first()
    return (row[0], row[1]) if row else None


def section_of(connection: Connection, outbox_id: int, programme: str) -> SectionPlace | None:
    """Return where a programme's section stands in a mail; None where that is not known.

    A section without a length is the whole mail, unless it has several: of mails of older releases no places
    are known.
    """
    section, outbox = tables.mail_section, tables.outbox
    columns = (section.c[name] for name in SectionPlace.__dataclass_fields__)
    query = select(section.c.programme, *columns).join(outbox, outbox.c.digest_id == section.c.digest_id)
    query = query.where(outbox.c.id == outbox_id, ~section.c.left_out)
    places = {row[0]: SectionPlace(*row[1:]) for row in connection.execute(query)}
    place = places.get(programme)
    return place if place and (place.text_length or len(places) == 1) else None
