"""Event series as people keep them, as rows: each save is one, the newest of a name holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, insert, select, update

from reminders.store.tables import series
from schedule_rules.programme import EditedSeries

_SERIES = TypeAdapter(EditedSeries)


@dataclass(frozen=True, slots=True)
class SeriesVersion:
    """One save of a series: what was kept, by whom, when and why; ``before`` is the save before it.

    ``act`` is the number of the first save that the same act stored.
    """

    id: int
    kept: EditedSeries
    at: datetime
    note: str
    act: int
    before: EditedSeries | None = None


def add_series(
    connection: Connection,
    key: str,
    kept: EditedSeries,
    now: datetime,
    note: str = "",
    act: int | None = None,
) -> int:
    """Keep a series of programme ``key`` from now on; return the number of its act, a new one if None.

    Earlier versions stay as its history.
    """
    # Who kept it stands in a column of its own: an address that leaves becomes a hash there.
    document = _SERIES.dump_json(replace(kept, by="")).decode()
    values = {"programme": key, "action": kept.action, "name": kept.name, "document": document}
    statement = insert(series).values(**values, by=kept.by, at=now, note=note, act=act)
    number: int = connection.execute(statement.returning(series.c.id)).scalar_one()
    if act is not None:
        return act
    connection.execute(update(series).where(series.c.id == number).values(act=number))
    return number


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
        found.append(SeriesVersion(row.id, kept, row.at, row.note, row.act or row.id, newest.get(kept.name)))
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
