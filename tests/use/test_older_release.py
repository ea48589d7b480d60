"""A database of an older release, opened by this one: its calendars go on as they were told."""

from __future__ import annotations

import re

import pytest
from alembic import command
from sqlalchemy import delete, event

from reminders.store import Connection, Database, tables
from reminders.store.migrations import HEAD, configuration
from reminders.use.programme import store_programme
from reminders.use.programme.store_programme import make_ready
from tests.use.office import Office, at

LATER = at("2026-03-02T10:00")
NOTE = ("vaasa-2023-2026", "note/month", "2026-03", at("2026-03-01T00:00+00:00"))
"""The notes of empty feeds lie in the month of the upgrade."""
SHOWN = ("calendar_feed", "programme", "name", "content", "modified")


def make_older(database: Database) -> None:
    """Take a database back to the release before, which told calendars and noted nothing."""
    with database.write() as connection:
        connection.execute(delete(tables.calendar_feed))
        connection.execute(delete(tables.calendar_entry))
        command.downgrade(configuration(connection), "-1")


def test_calendars_of_an_older_release_are_noted(loaded_database: Database) -> None:
    """With the stamps of their rows, as if they had been noted then."""
    office = Office(loaded_database)
    shown = [row if row[1] != "note/month" else NOTE for row in office.look(*SHOWN)]
    assert len(shown) > 10
    make_older(loaded_database)
    make_ready(loaded_database, LATER, held=True)
    assert office.look(*SHOWN) == shown


def test_killed_while_noting_the_tables_stay_old(
    loaded_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables and notes change in one transaction, so that the next opening begins anew."""
    office = Office(loaded_database)
    shown = [row if row[1] != "note/month" else NOTE for row in office.look(*SHOWN)]
    make_older(loaded_database)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store_programme, "record_published", killed)
        with pytest.raises(KeyboardInterrupt):
            make_ready(loaded_database, LATER, held=True)
    with loaded_database.read() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != HEAD
    make_ready(loaded_database, LATER, held=True)
    assert office.look(*SHOWN) == shown


def test_a_database_of_this_release_is_opened_with_two_questions(loaded_database: Database) -> None:
    """Which revision it is of, and whether it holds a programme."""
    asked: list[str] = []

    def note(_connection: Connection, _cursor: object, sql: str, *_: object) -> None:
        asked.append(sql)

    event.listen(loaded_database.engine, "before_cursor_execute", note)
    make_ready(loaded_database, LATER, held=True)
    assert [name for sql in asked for name in re.findall(r"FROM (?!pg_)(\w+)", sql)] == [
        "alembic_version",
        "programme",
    ]
