"""Preferences of readers, as rows: one an address and programme."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from reminders.preferences import NO_WISHES, Preferences
from reminders.store.tables_wishes import preference


def of_programme(connection: Connection, key: str) -> Mapping[str, Preferences]:
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


def save(connection: Connection, key: str, address: str, wish: Preferences, now: datetime) -> None:
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
