"""What tells that the database has changed, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from reminders.store import Database, people, programmes, tables
from reminders.store.stamps import DELIVERY, REVISED, acts_stamp
from tests.store.builders import NOW

KEY = "vaasa-2023-2026"


def stamp(database: Database) -> object:
    """Return the stamp of people's acts."""
    with database.read() as connection:
        return acts_stamp(connection)


def test_a_version_is_another_after_each_commit(loaded_database: Database) -> None:
    """Of this process and of any other; reading and what was taken back change nothing."""
    other = Database(loaded_database.url.render_as_string(hide_password=False))
    seen = [loaded_database.version()]
    for database in (loaded_database, other, loaded_database):
        with database.write() as connection:
            programmes.touch_programme(connection, KEY, NOW + timedelta(days=len(seen)))
            assert loaded_database.version() == seen[-1] or not loaded_database.is_sqlite
        seen.append(loaded_database.version())
    assert len(set(seen)) == len(seen)
    with other.read() as connection:
        connection.execute(text("SELECT count(*) FROM occurrence")).scalar()
    assert loaded_database.version() == seen[-1]
    other.close()


def test_a_database_in_memory_is_always_new() -> None:
    """Its commits are all made on one connection, which does not count its own."""
    database = Database("sqlite://")
    assert database.version() != database.version()
    database.close()


def test_the_stamp_of_acts_is_equal_until_somebody_acts(started_database: Database) -> None:
    """Mail on its way does not change it; a contact under another address does, at the same place."""
    before = stamp(started_database)
    with started_database.write() as connection:
        connection.execute(tables.outbox.update().values(attempts=7))
    assert stamp(started_database) == before
    with started_database.write() as connection:
        found = people.contacts_of(connection, KEY)
        people.save_contacts(connection, KEY, reversed(found))
    assert stamp(started_database) != before
    before = stamp(started_database)
    with started_database.write() as connection:
        programmes.set_held(connection, KEY, held=True)
    assert stamp(started_database) != before


def test_every_table_that_is_left_out_exists() -> None:
    """A table that is new counts as one in which people act, unless it is named here."""
    assert set(tables.metadata.tables) >= DELIVERY | REVISED
