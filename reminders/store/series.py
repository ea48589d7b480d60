"""Event series as people keep them, as rows: each save is one, the newest of a name holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, insert, select

from reminders.store.tables import series
from schedule_rules.programme import EditedSeries

_SERIES = TypeAdapter(EditedSeries)


@dataclass(frozen=True, slots=True)
class SeriesVersion:
    """One save of a series: what was kept, by whom, when and why; ``before`` is the save before it."""

    id: int
    kept: EditedSeries
    at: datetime
    note: str
    before: EditedSeries | None = None


def add_series(connection: Connection, key: str, kept: EditedSeries, now: datetime, note: str = "") -> None:
    """Keep a series of programme ``key`` from now on; earlier versions stay as its history."""
    # Who kept it stands in a column of its own: an address that leaves becomes a hash there.
    document = _SERIES.dump_json(replace(kept, by="")).decode()
    values = {"programme": key, "action": kept.action, "name": kept.name, "document": document}
    connection.execute(insert(series).values(**values, by=kept.by, at=now, note=note))


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
    found, newest = list[SeriesVersion](), dict[str, EditedSeries]()
    for row in connection.execute(query):
        kept = _read(row.document, row.by)
        found.append(SeriesVersion(row.id, kept, row.at, row.note, newest.get(kept.name)))
        newest[kept.name] = kept
    return tuple(found)


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
