"""Every row of every table, to tell that nothing has changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from reminders.service import Service


def rows_of(service: Service) -> dict[str, list[str]]:
    """Return the rows of all tables of a service on SQLite, as text, in a fixed order."""
    path = service.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")
        ]
        return {name: sorted(map(repr, connection.execute(f'select * from "{name}"'))) for name in tables}  # noqa: S608 - own names
