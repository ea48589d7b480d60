"""Who entered what beside answers and corrections: for retention, a person's export and removal.

Forms and values of the annual data collection, pauses, decisions about dates, hand-overs,
event series; and whose private calendars there are.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, select, update

from reminders.store import tables_answering as answering
from reminders.store import tables_rounds as tables
from reminders.store import tables_series
from reminders.store.tables import answer

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
    tables_series.series.c.by,
    tables_series.private_feed.c.address,
)
"""Where an address stands; when is in ``at`` or ``saved_at`` of its table, or, a day only, in ``on``."""
NOTES: Final[tuple[Column[str], ...]] = (
    tables.indicator_value.c.note,
    tables.indicator_value.c.text,
    tables.collection_status.c.note,
    answer.c.whose,
    answering.pause.c.reason,
    answering.proposal_decision.c.note,
    answering.handover.c.note,
    tables_series.series.c.note,
)
"""Where people write freely."""


def seen(connection: Connection) -> list[tuple[str, date]]:
    """Return (address, day in UTC) of everything that was entered."""
    found = [(column, _at(column.table)) for column in _BY]
    return [
        (row[0], row[1].date() if isinstance(row[1], datetime) else row[1])
        for column, at in found
        for row in connection.execute(select(column, at).where(column != ""))
    ]


def _at(table: Table) -> Column[Any]:
    return next(table.c[name] for name in ("saved_at", "at", "on", "created_at") if name in table.c)


def entered(connection: Connection, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the rows that the addresses entered, each with the name of its table."""
    rows: dict[str, dict[str, Any]] = {}
    for column in _BY:
        table = column.table
        query = select(table).where(column.in_(names)).order_by(*table.primary_key)
        for row in connection.execute(query).mappings():
            key = f"{table.name} {[row[one.name] for one in table.primary_key]}"
            rows[key] = {"table": table.name, **row}
    return list(rows.values())


def rename(connection: Connection, address: str, pseudonym: str) -> None:
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
