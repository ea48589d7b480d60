"""What a revision fills into the rows that were there before it."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select

from reminders.store import Database, migrations
from reminders.store.migrations import configuration

NINE, TEN = datetime(2026, 1, 12, 9, tzinfo=UTC), datetime(2026, 1, 12, 10, tzinfo=UTC)
SAVES = (
    (1, "city", "cafe", "own-1", NINE, "secretary", ""),
    (2, "city", "cafe", "own-2", NINE, "secretary", ""),  # one save of two series
    (3, "city", "choir", "own-1", NINE, "secretary", ""),  # another action's, between them
    (4, "city", "cafe", "own-3", NINE, "secretary", ""),
    (5, "city", "cafe", "own-1", NINE, "secretary", ""),  # the same series again is the next act
    (6, "city", "cafe", "own-2", NINE, "secretary", "save 1 again"),
    (7, "city", "cafe", "own-1", NINE, "unit@city.example", "save 1 again"),
    (8, "city", "cafe", "own-2", TEN, "unit@city.example", "save 1 again"),
    (9, "town", "cafe", "own-1", NINE, "secretary", ""),  # another programme's action of that name
    (10, "city", "cafe", "own-3", TEN, "unit@city.example", "save 1 again"),
)
"""Number, programme, action, series, when, by whom, note."""
ACTS = {1: 1, 2: 1, 4: 1, 5: 5, 6: 6, 7: 7, 8: 8, 10: 8, 3: 3, 9: 9}
"""The first save of each act."""


def table(connection: Connection, name: str) -> Table:
    """A table as it is in the database."""
    return Table(name, MetaData(), autoload_with=connection, resolve_fks=False)


def test_saves_of_one_moment_by_one_hand_are_one_act(empty_database: Database) -> None:
    """0020: one action's, each series once, with one note; every save has an act, the number of its first."""
    with empty_database.write() as connection:
        migrations.upgrade(connection, "0019")
        programme, series = table(connection, "programme"), table(connection, "series")
        needed = {"document": "{}", "sha256": "", "built_in": False, "held": False, "loaded_at": NINE}
        connection.execute(insert(programme), [{"key": key, **needed} for key in ("city", "town")])
        names = ("id", "programme", "action", "name", "at", "by", "note")
        rows = [dict(zip(names, save, strict=True)) | {"document": "{}"} for save in SAVES]
        connection.execute(insert(series), rows)
    with empty_database.write() as connection:
        migrations.upgrade(connection, "0020")
        filled = table(connection, "series")
        acts = {row.id: row.act for row in connection.execute(select(filled.c.id, filled.c.act))}
        assert acts == ACTS
    with empty_database.write() as connection:
        command.downgrade(configuration(connection), "0019")
        assert "act" not in {one["name"] for one in inspect(connection).get_columns("series")}
        assert len(connection.execute(select(table(connection, "series").c.id)).all()) == len(SAVES)
