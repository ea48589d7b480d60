"""The evidence: append-only, hash-chained events of every message; who got what, and its fate.

Returned mail in the record: which message a report names, and what it does to it.

Questions that only pages ask: revisions, one mail with its octets, the mails of a stretch of days.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, text, update

from reminders.store import tables
from reminders.store.tables import series
from schedule_rules.occurrence import OccurrenceID

# -- The evidence: append-only, hash-chained events of every message; who got what, and its fat

_CHAIN_LOCK = 0x636861696E
_BATCH = 200
GENESIS = "0" * 64
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:=]+@[^\s<>()\[\]\"',;:=]*[^\s<>()\[\]\"',;:=.]")
_FILE = re.compile(r"/[a-z0-9-]+--(?=[0-9a-f]{12}\.eml)")
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d/[^/ ]*--[0-9a-f]{12}\.eml")

_LATEST = select(tables.delivery_event.c.hash).order_by(tables.delivery_event.c.id.desc()).limit(1)
_APPEND = insert(tables.delivery_event)


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One thing that happened to a message. ``kind``: composed, claimed, handed-over, refused, ..."""

    outbox_id: int
    attempt: int
    at: datetime
    kind: str
    phase: str = ""
    code: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A mail and its fate."""

    id: int
    day: date
    to: str
    language: str
    kind: str
    items: tuple[dict[str, str], ...]
    at: datetime
    message_id: str
    state: str
    subject: str
    events: tuple[DeliveryEvent, ...]
    sha256: str = ""


def without_addresses(text: str) -> str:
    """Return a server's words without the addresses in them: the chain must outlive a person's record."""
    return _FILE.sub("/…--", _ADDRESS.sub("…", text))


def was_written(answer: str) -> bool:
    """Tell whether an answer is that of a folder: the name of a file, not the words of a mail server."""
    return bool(_WRITTEN.fullmatch(answer))


def append(connection: Connection, event: DeliveryEvent) -> None:
    """Append an event to the chain; its hash covers the one before, and it holds no address."""
    event = replace(event, text=without_addresses(event.text))
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    previous = connection.execute(_LATEST).scalar()
    previous = previous or GENESIS
    values = {
        "outbox_id": event.outbox_id,
        "attempt": event.attempt,
        "at": event.at,
        "kind": event.kind,
        "phase": event.phase,
        "code": event.code,
        "text": event.text,
        "prev_hash": previous,
        "hash": chained(previous, event),
    }
    connection.execute(_APPEND, values)


def chained(previous: str, event: DeliveryEvent) -> str:
    """Return the hash of an event that follows ``previous``."""
    facts = [
        previous,
        event.outbox_id,
        event.attempt,
        event.at.astimezone(UTC).isoformat(),
        event.kind,
        event.phase,
        event.code,
        event.text,
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def broken_links(connection: Connection) -> tuple[int, ...]:
    """Return the ids of events whose hash does not fit what stands in the table."""
    table, previous, broken = tables.delivery_event, GENESIS, []
    for row in connection.execute(select(table).order_by(table.c.id)).mappings():
        if row["prev_hash"] != previous or row["hash"] != chained(previous, _event(row)):
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
    rows = connection.execute(query.execution_options(yield_per=_BATCH))
    return tuple(
        number
        for number, state, sha256, raw in rows
        if composed.get(number) != f"sha256 {sha256}"
        or (raw is not None and hashlib.sha256(raw).hexdigest() != sha256)
        or (state not in {"queued", "sending"} and number not in over)
    )


def _event(row: RowMapping) -> DeliveryEvent:
    return DeliveryEvent(
        row["outbox_id"], row["attempt"], row["at"], row["kind"], row["phase"], row["code"], row["text"]
    )


def log_entries(connection: Connection, action: str = "", day: date | None = None) -> tuple[LogEntry, ...]:
    """Return every mail and its fate, oldest first; of one action, or of one day."""
    query = _mails()
    if day is not None:
        query = query.where(tables.digest.c.local_date == day)
    rows = list(connection.execute(query).mappings())
    events = events_of(connection, [row["id"] for row in rows] if day else None)
    found = (_entry(row, events.get(row["id"], ())) for row in rows)
    return tuple(entry for entry in found if not action or _concerns(entry.items, action))


def _mails() -> Select[*tuple[Any, ...]]:
    digest, outbox = tables.digest, tables.outbox
    return (
        select(
            outbox.c.id,
            digest.c.local_date,
            digest.c.language,
            digest.c.kind,
            digest.c["items"],
            outbox.c.rcpt,
            outbox.c.created_at,
            outbox.c.message_id,
            outbox.c.state,
            outbox.c.subject,
            outbox.c.sha256,
        )
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .order_by(outbox.c.id)
    )


def _concerns(items: Iterable[dict[str, str]], action: str) -> bool:
    return any(OccurrenceID.parse(item["occurrence"]).action == action for item in items)


def events_of(connection: Connection, ids: list[int] | None) -> dict[int, tuple[DeliveryEvent, ...]]:
    """Return the events of messages by outbox id; None: of all."""
    table = tables.delivery_event
    query = select(table).order_by(table.c.id)
    if ids is not None:
        query = query.where(table.c.outbox_id.in_(ids))
    found: dict[int, list[DeliveryEvent]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["outbox_id"], []).append(_event(row))
    return {key: tuple(events) for key, events in found.items()}


def _entry(row: RowMapping, events: tuple[DeliveryEvent, ...]) -> LogEntry:
    last = events[-1].at if events else row["created_at"]
    return LogEntry(
        row["id"],
        row["local_date"],
        row["rcpt"],
        row["language"],
        row["kind"],
        tuple(row["items"]),
        last,
        row["message_id"],
        row["state"],
        row["subject"],
        events,
        row["sha256"],
    )


# -- Returned mail in the record: which message a report names, and what it does to it

_OVER = ("sent", "uncertain")


@dataclass(frozen=True, slots=True)
class BouncedMessage:
    """A message that a report names."""

    id: int
    digest_id: int
    rcpt: str
    state: str
    attempts: int


def bounced_message(
    connection: Connection, ids: Collection[int], message_ids: Collection[str]
) -> tuple[BouncedMessage, ...]:
    """Return the messages with one of the ids or Message-IDs; on PostgreSQL held for this transaction."""
    table = tables.outbox
    query = select(table.c.id, table.c.digest_id, table.c.rcpt, table.c.state, table.c.attempts)
    query = query.where(table.c.id.in_(list(ids)) | table.c.message_id.in_(list(message_ids)))
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    return tuple(BouncedMessage(*row) for row in connection.execute(query.order_by(table.c.id)))


def is_known_report(connection: Connection, one: BouncedMessage, kind: str, code: int, text: str) -> bool:
    """Tell whether this very report stands in the record."""
    table = tables.delivery_event
    query = select(table.c.id).where(
        table.c.outbox_id == one.id,
        table.c.kind == kind,
        table.c.code == code,
        table.c.text == without_addresses(text),
    )
    return connection.execute(query.limit(1)).first() is not None


def note_bounce(
    connection: Connection, one: BouncedMessage, now: datetime, kind: str, code: int, text: str
) -> None:
    """Append what a report says of a message."""
    append(connection, DeliveryEvent(one.id, one.attempts, now, kind, "report", code, text))


def fail_bounced(connection: Connection, one: BouncedMessage, now: datetime, code: int, text: str) -> None:
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


# -- Questions that only pages ask: revisions, one mail with its octets, the mails of a stretch


@dataclass(frozen=True, slots=True)
class Revision:
    """What tells one state of a programme from another: cheap to ask, equal when nothing changed."""

    programme: str
    sha256: str
    held: bool
    started_on: date | None
    modified: datetime | None
    rows: int
    touched: datetime | None = None
    series: int | None = None


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail as a list shows it."""

    id: int
    day: date
    at: datetime
    to: str
    subject: str
    language: str
    kind: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class MailCount:
    """The mails of one day: how many, and how many in which state."""

    day: date
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.states.values())


def revisions(connection: Connection) -> tuple[Revision, ...]:
    """Return the revision of each programme, by key."""
    programme, row = tables.programme, tables.occurrence
    counted = (
        select(row.c.programme, func.max(row.c.modified).label("modified"), func.count().label("rows"))
        .group_by(row.c.programme)
        .subquery()
    )
    query = (
        select(
            programme.c.key,
            programme.c.sha256,
            programme.c.held,
            programme.c.started_on,
            counted.c.modified,
            counted.c.rows,
            programme.c.modified,
            select(func.max(series.c.id)).scalar_subquery(),
        )
        .join(counted, counted.c.programme == programme.c.key, isouter=True)
        .order_by(programme.c.key)
    )
    return tuple(
        Revision(found[0], found[1], found[2], found[3], found[4], found[5] or 0, found[6], found[7])
        for found in connection.execute(query)
    )


def mail_rows(connection: Connection, last: int | None = None) -> tuple[MailRow, ...]:
    """Return the newest mails first, ``last`` of them at most."""
    digest, outbox = tables.digest, tables.outbox
    query = (
        select(
            outbox.c.id,
            digest.c.local_date,
            outbox.c.created_at,
            outbox.c.rcpt,
            outbox.c.subject,
            digest.c.language,
            digest.c.kind,
            outbox.c.state,
            outbox.c.last_text,
        )
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .order_by(digest.c.local_date.desc(), outbox.c.id)
        .limit(last)
    )
    return tuple(MailRow(*found) for found in connection.execute(query))


def mail_counts(connection: Connection, last: int = 1) -> tuple[MailCount, ...]:
    """Count the mails of the newest ``last`` days with any, by state."""
    digest, outbox = tables.digest, tables.outbox
    days = (
        select(digest.c.local_date)
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .distinct()
        .order_by(digest.c.local_date.desc())
        .limit(last)
    )
    query = (
        select(digest.c.local_date, outbox.c.state, func.count())
        .join(outbox, outbox.c.digest_id == digest.c.id)
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


def state(connection: Connection) -> tuple[object, ...]:
    """Return what changes whenever the mails to come may change."""
    newest = [
        connection.execute(select(func.max(table.c.id), func.count())).first()
        for table in (tables.answer, tables.contact, tables.digest, tables.pause)
    ]
    ended = (tables.answer.c.undone_at, tables.pause.c.ended_at)
    newest += [connection.execute(select(func.max(column), func.count(column))).first() for column in ended]
    run = connection.execute(select(func.max(tables.run.c.finished_at))).scalar()
    return (revisions(connection), tuple(tuple(row or ()) for row in newest), run)
