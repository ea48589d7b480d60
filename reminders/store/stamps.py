"""What tells that the database has changed: of any kind, or by people's acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Integer, ScalarSelect, func, select

from reminders.store import tables
from reminders.store.programmes import revisions

DELIVERY: Final = frozenset(
    {
        "planned_day",
        "run",
        "reminder",
        "digest",
        "mail_section",
        "year_letter",
        "invitation",
        "outbox",
        "delivery_event",
        "evidence_head",
        "channel",
        "dead_address",
        "programme_fault",
        "calendar_entry",
        "calendar_feed",
        "feed_binding",
        "private_feed",
        "feed_request",
        "installation",
        "session",
        "sign_in",
    }
)
"""The tables in which runs, delivery, calendar programs and browsers write; people act in the others."""
REVISED: Final = frozenset({"programme", "occurrence", "stage"})
"""The tables of which a programme's revision tells."""
WHOLE: Final = (tables.contact, tables.preference)
"""The small tables whose rows are replaced, so that neither their number nor their ids need change."""


def _newest() -> Iterator[ScalarSelect[Any]]:
    """Yield what changes in each table in which people act: how many rows, the newest id and instants."""
    for table in tables.metadata.sorted_tables:
        if table.name in DELIVERY | REVISED or table in WHOLE:
            continue
        yield select(func.count()).select_from(table).scalar_subquery()
        for column in table.c:
            if isinstance(column.type, tables.Instant) or (
                column.primary_key and isinstance(column.type, Integer)
            ):
                yield select(func.max(column)).scalar_subquery()


_NEWEST: Final = select(*(one.label(f"n{place}") for place, one in enumerate(_newest())))


def acts_stamp(connection: Connection) -> tuple[object, ...]:
    """Return what changes whenever somebody acts: answers, imports, settings, contacts, forms.

    How far the mail of a run has got does not change it.
    """
    rows = tuple(tuple(map(tuple, connection.execute(select(table)))) for table in WHOLE)
    return (revisions(connection), tuple(connection.execute(_NEWEST).one()), rows)
