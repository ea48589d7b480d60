"""Event series as people keep them, and what calendars were told about entries and feeds, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, func, insert, select, update

from reminders.store import tables
from reminders.store.tables import calendar_entry, calendar_feed, series
from schedule_rules.programme import EditedSeries

_SERIES = TypeAdapter(EditedSeries)
FEED_REVISIONS: Final = select(
    tables.programme.c.key,
    tables.programme.c.sha256,
    tables.programme.c.modified,
    select(func.max(tables.answer.c.id)).scalar_subquery(),
    select(func.max(tables.answer.c.undone_at)).scalar_subquery(),
    select(func.max(series.c.id)).scalar_subquery(),
).order_by(tables.programme.c.key)
"""What changes whenever a feed of a programme may change, after its key: for ``Database.ask``."""


@dataclass(frozen=True, slots=True)
class SeriesVersion:
    """One save of a series: what was kept, by whom, when and why."""

    id: int
    kept: EditedSeries
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """What calendars were told about one UID; ``timing`` empty: that it has gone.

    ``timing`` is a digest of what raises SEQUENCE, ``content`` of all that is shown.
    """

    timing: str
    content: str
    sequence: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class PublishedFeed:
    """What a feed holds, as a digest, and when that last changed."""

    content: str
    modified: datetime


def add_series(connection: Connection, key: str, kept: EditedSeries, now: datetime, note: str = "") -> None:
    """Keep a series of programme ``key`` from now on; earlier versions stay as its history."""
    values = {
        "programme": key,
        "action": kept.action,
        "name": kept.name,
        # Who kept it stands in a column of its own: an address that leaves becomes a hash there.
        "document": _SERIES.dump_json(replace(kept, by="")).decode(),
        "by": kept.by,
        "at": now,
        "note": note,
    }
    connection.execute(insert(series).values(values))


def stored_series(connection: Connection, key: str) -> tuple[EditedSeries, ...]:
    """Return the series that people keep in a programme, by action and name."""
    newest = select(func.max(series.c.id)).where(series.c.programme == key)
    newest = newest.group_by(series.c.action, series.c.name)
    query = select(series.c.document, series.c.by).where(series.c.id.in_(newest))
    rows = connection.execute(query.order_by(series.c.action, series.c.name))
    return tuple(_read(row.document, row.by) for row in rows)


def series_history(connection: Connection, key: str, action: str) -> tuple[SeriesVersion, ...]:
    """Return every save of the series of an action, oldest first."""
    query = select(series).where(series.c.programme == key, series.c.action == action).order_by(series.c.id)
    return tuple(
        SeriesVersion(row.id, _read(row.document, row.by), row.at, row.note)
        for row in connection.execute(query)
    )


def version(connection: Connection, key: str, number: int) -> EditedSeries | None:
    """Return one save of a series of a programme; None when there is none of this number."""
    query = select(series.c.document, series.c.by).where(series.c.id == number, series.c.programme == key)
    row = connection.execute(query).first()
    return _read(row.document, row.by) if row else None


def with_cancelled(connection: Connection) -> tuple[tuple[str, EditedSeries], ...]:
    """Return the series in which anything is cancelled, each with its programme's key."""
    newest = select(func.max(series.c.id)).group_by(series.c.programme, series.c.action, series.c.name)
    query = select(series.c.programme, series.c.document, series.c.by).where(
        series.c.id.in_(newest), series.c.document.contains('"cancelled"')
    )
    return tuple((row.programme, _read(row.document, row.by)) for row in connection.execute(query))


def _read(document: str, by: str) -> EditedSeries:
    return replace(_SERIES.validate_json(document), by=by)


def published_entries(connection: Connection, key: str) -> dict[str, PublishedEntry]:
    """Return what calendars were told of a programme's entries, by UID, gone ones included."""
    query = select(calendar_entry).where(calendar_entry.c.programme == key)
    return {
        row.uid: PublishedEntry(row.timing, row.content, row.sequence, row.modified)
        for row in connection.execute(query)
    }


def published_feeds(connection: Connection, key: str) -> dict[str, PublishedFeed]:
    """Return what a programme's feeds hold, by name."""
    query = select(calendar_feed).where(calendar_feed.c.programme == key)
    return {row.name: PublishedFeed(row.content, row.modified) for row in connection.execute(query)}


def save_published(
    connection: Connection,
    key: str,
    entries: Mapping[str, PublishedEntry],
    feeds: Mapping[str, PublishedFeed],
    known: tuple[Iterable[str], Iterable[str]],
) -> None:
    """Note new and changed entries and feeds; ``known`` are the UIDs and names that have rows."""
    uids, names = map(frozenset, known)
    _write(connection, key, calendar_entry, "uid", {uid: _columns(one) for uid, one in entries.items()}, uids)
    rows = {name: {"content": one.content, "modified": one.modified} for name, one in feeds.items()}
    _write(connection, key, calendar_feed, "name", rows, names)


def _columns(one: PublishedEntry) -> dict[str, object]:
    return {
        "timing": one.timing,
        "content": one.content,
        "sequence": one.sequence,
        "modified": one.modified,
    }


def _write(
    connection: Connection,
    key: str,
    table: Table,
    column: str,
    rows: Mapping[str, Mapping[str, object]],
    known: frozenset[str],
) -> None:
    fresh = [{"programme": key, column: name, **row} for name, row in rows.items() if name not in known]
    if fresh:
        connection.execute(insert(table), fresh)
    for name in rows.keys() & known:
        own = (table.c.programme == key, table.c[column] == name)
        connection.execute(update(table).where(*own).values(rows[name]))
