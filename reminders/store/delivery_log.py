"""The evidence: append-only, hash-chained events of every message; who got what, and its fate."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, text

from reminders.store import tables

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


def entries(connection: Connection, action: str = "", day: date | None = None) -> tuple[LogEntry, ...]:
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
    return any(item["occurrence"].split(":")[1] == action for item in items)


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
