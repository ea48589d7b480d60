"""Opening and migrating: from nothing, again, by several at once; and what a transaction keeps out."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect, text

from reminders.errors import ConfigurationError, DatabaseFault
from reminders.store import Database, engine, tables
from reminders.store.migrations import HEAD, upgrade
from tests.store.builders import NOW, look

CHILD = """
import sys
from reminders.store import Database
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
database.migrate()
"""
RUN = {"started_at": NOW, "result": {}}
REMINDER = {
    "occurrence_id": "town:fair:milestone:end",
    "sequence": 0,
    "stage": "P0D",
    "organisations": ["library"],
    "role": "unit",
    "due_on": NOW.date(),
    "ordinal": 0,
    "reason": "first",
    "waits": False,
}
WITHOUT_ROWID = "SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%' ORDER BY name"


def shape(connection: Connection) -> dict[str, object]:
    """Everything that the database itself says of its tables."""
    seen = inspect(connection)
    names = sorted(set(seen.get_table_names()) - {"alembic_version"})
    return {
        name: (
            [{**column, "type": repr(column["type"])} for column in seen.get_columns(name)],
            seen.get_pk_constraint(name),
            sorted(map(repr, seen.get_foreign_keys(name))),
            sorted(map(repr, seen.get_unique_constraints(name))),
            sorted(map(plain, seen.get_indexes(name))),
        )
        for name in names
    }


def plain(index: Any) -> str:
    """An index as text, its condition too."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return repr({**index, "dialect_options": options})


def version(database: Database) -> str:
    """The revision that the database is at."""
    with database.read() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def test_migrating_from_nothing_makes_every_table(empty_database: Database) -> None:
    """All tables of the metadata and alembic's own stand there afterwards."""
    empty_database.migrate()
    with empty_database.read() as connection:
        names = set(inspect(connection).get_table_names())
    assert names == {*tables.metadata.tables, "alembic_version"}
    assert version(empty_database) == HEAD


def test_migrating_twice_changes_nothing(empty_database: Database) -> None:
    """What was stored after the first time is there after the second."""
    empty_database.migrate()
    with empty_database.write() as connection:
        connection.execute(insert(tables.run).values(RUN))
    empty_database.migrate()
    assert look(empty_database, tables.run, "started_at") == [NOW]


def test_two_processes_may_migrate_at_once(new_url: Callable[[str], str], root: Path) -> None:
    """Three processes that start on one empty database all end well, and the tables are whole."""
    url = new_url("")
    command = [sys.executable, "-c", CHILD, url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    children = [subprocess.Popen(command, cwd=root, text=True, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    for child in children:
        child.stdout.readline()
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    ends = [(child.communicate(timeout=30)[1], child.returncode) for child in children]
    assert ends == [("", 0)] * 3
    database = Database(url)
    assert version(database) == HEAD
    database.close()


class BusyFile:
    """A cursor on a new file that others are just turning to WAL."""

    def __init__(self) -> None:
        self.answers = [sqlite3.OperationalError("database is locked")] * 3
        self.asked: list[str] = []

    def execute(self, sql: str) -> None:
        """Refuse three times."""
        self.asked.append(sql)
        if self.answers:
            raise self.answers.pop()


def test_several_may_open_a_new_file_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite sends all but one away without a wait: they try again until their patience ends."""
    busy = BusyFile()
    engine._turn_wal_on(busy)  # type: ignore[arg-type]
    assert busy.asked == ["PRAGMA journal_mode=WAL"] * 4
    monkeypatch.setattr(engine, "_BUSY_SECONDS", -1)
    with pytest.raises(sqlite3.OperationalError):
        engine._turn_wal_on(BusyFile())  # type: ignore[arg-type]


def test_a_migration_that_broke_off_is_completed(empty_database: Database) -> None:
    """A migration is one transaction: after a failure there is nothing, and the next try succeeds."""

    def broken() -> None:
        with empty_database.write() as connection:
            upgrade(connection)
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        broken()
    with empty_database.read() as connection:
        assert inspect(connection).get_table_names() == []
    empty_database.migrate()
    assert version(empty_database) == HEAD


def test_alembic_finds_no_difference(database: Database) -> None:
    """The migrated tables are those of the metadata, in alembic's eyes."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_the_migrated_tables_equal_the_declared_ones(
    database: Database, new_url: Callable[[str], str]
) -> None:
    """Columns, keys, partial indexes and names are the same whether migrated or made from the metadata."""
    declared = Database(new_url(""))
    with declared.write() as connection:
        tables.metadata.create_all(connection)
        wanted = shape(connection)
    declared.close()
    with database.read() as connection:
        assert shape(connection) == wanted


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_rows_in_date_order_stay_without_rowid(database: Database) -> None:
    """On SQLite occurrences and stages are kept in the order of their keys."""
    with database.read() as connection:
        assert list(connection.scalars(text(WITHOUT_ROWID))) == ["occurrence", "stage"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_sqlite_is_opened_for_safety(database: Database) -> None:
    """WAL, full synchronisation, foreign keys, and half a minute of patience."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    with database.read() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    """What was written before an exception is taken back."""

    def broken() -> None:
        with database.write() as connection:
            connection.execute(insert(tables.run).values(RUN))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        broken()
    assert look(database, tables.run, "id") == []


def test_an_address_that_is_none_is_named() -> None:
    """The error names the setting, what was expected and what was found."""
    with pytest.raises(ConfigurationError) as raised:
        Database("no address")
    assert str(raised.value) == (
        "DATABASE_URL: expected sqlite:///file or postgresql://host/name; found no address"
    )


def test_a_server_that_cannot_be_reached_is_named_without_its_password() -> None:
    """The address is shown, the password is not."""
    database = Database("postgresql://me:hush@127.0.0.1:1/town")
    with pytest.raises(DatabaseFault) as raised:
        database.migrate()
    assert str(raised.value) == (
        "DATABASE_URL: postgresql://me:***@127.0.0.1:1/town: it cannot be reached (Connection refused); "
        "is it running, and is the address right?"
    )
    database.close()


def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    """A first start needs no folder."""
    database = Database(f"sqlite:///{tmp_path}/var/new/town.db")
    database.migrate()
    database.close()
    assert (tmp_path / "var/new/town.db").is_file()


def test_addresses_as_keys_become_one_identity(empty_database: Database) -> None:
    """Reminders, wishes and flags of an earlier version take the one form; what stands twice waits once."""
    with empty_database.write() as connection:
        upgrade(connection, "0010")
        for number, address in enumerate(
            ("Unit@Town.example", "unit@town.example", "x@S\u00c4HK\u00d6.example")
        ):
            reminder = {"id": number + 1, "recipient": address, "state": "planned", "digest_id": None}
            connection.execute(insert(tables.reminder).values(**REMINDER, **reminder))
            connection.execute(
                insert(tables.dead_address).values(address=address, since=NOW, code=550, text="no")
            )
    empty_database.migrate()
    folded, other = "unit@town.example", "x@xn--shk-qla6g.example"
    assert look(empty_database, tables.reminder, "recipient", "state") == [
        ("Unit@Town.example", "cancelled"),
        (folded, "planned"),
        (other, "planned"),
    ]
    assert sorted(look(empty_database, tables.dead_address, "address")) == [folded, other]
