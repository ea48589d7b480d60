"""A database of an older release, opened by this one: its calendars go on as they were told."""

from __future__ import annotations

import json
import re

import pytest
from alembic import command
from sqlalchemy import delete, event, select, update

from reminders.errors import EvidenceError
from reminders.letters.evidence import plain_link
from reminders.store import Connection, Database, evidence, tables
from reminders.store.migrations import HEAD, configuration
from reminders.use.people.retention import remove_everything_of
from reminders.use.programme import store_programme
from reminders.use.programme.store_programme import make_ready
from reminders.use.watch.evidence import begin_evidence, verify_log
from tests.use.office import Office, at
from tests.use.test_evidence import rewrite

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


def test_a_database_of_this_release_is_opened_with_three_questions(loaded_database: Database) -> None:
    """Whose it is (of an SQLite file), which revision it is of, and whether it holds a programme."""
    asked: list[str] = []

    def note(_connection: Connection, _cursor: object, sql: str, *_: object) -> None:
        asked.append(sql)

    event.listen(loaded_database.engine, "before_cursor_execute", note)
    make_ready(loaded_database, LATER, held=True)
    tables = [name for sql in asked for name in re.findall(r"FROM (?!pg_)(\w+)", sql)]
    assert [name for name in tables if name != "sqlite_master"] == [
        "alembic_version",
        "programme",
    ]


def before_the_key(office: Office) -> None:
    """Take a database back to the release whose events were chained without a key."""
    event, outbox = tables.delivery_event, tables.outbox
    with office.database.write() as connection:
        connection.execute(delete(event).where(event.c.outbox_id.is_(None)))
        hashes = connection.execute(select(outbox.c.id, outbox.c.sha256)).all()
        for number, sha256 in hashes:
            own = (event.c.outbox_id == number, event.c.kind == "composed")
            connection.execute(update(event).where(*own).values(text=f"sha256 {sha256}"))
        rewrite(connection, plain_link)
    make_older(office.database)
    with office.database.write() as connection:
        command.downgrade(configuration(connection), "0020")


def upgraded(office: Office) -> list[str]:
    """Open the older database with this release; return what of it is not as the record says."""
    make_ready(office.database, LATER, held=True)
    service = office.service("2026-03-02T10:00")
    assert begin_evidence(service)
    with office.database.read() as connection:
        return list(map(str, evidence.changed_rows(connection)))


def test_the_evidence_of_an_older_release_is_sealed(started: Office) -> None:
    """Verified first, then the first link of the keyed chain; the next day's mail goes on behind it, once."""
    before_the_key(started)
    older = started.look("delivery_event", "hash")
    assert upgraded(started) == []
    assert started.look("delivery_event", "hash")[: len(older)] == older
    place = len(older)
    assert started.look("delivery_event", "kind", "prev_hash")[place] == ("sealed", older[-1])
    told = json.loads(started.look("delivery_event", "text")[place])
    assert {name: told[name] for name in ("why", "events", "head", "broken", "altered")} == {
        "why": "upgrade",
        "events": place,
        "head": older[-1],
        "broken": [],
        "altered": [],
    }
    count = len(started.look("delivery_event", "id"))
    assert upgraded(started) == []
    assert len(started.look("delivery_event", "id")) == count
    started.tick("2026-03-02T10:00", accept_clock=True)
    assert verify_log(started.service("2026-03-02T11:00")).events > count


CHANGES = {
    "an event": (
        "UPDATE delivery_event SET text = 'x' WHERE outbox_id = 5 AND kind = 'handed-over'",
        "broken",
    ),
    "octets": (
        "UPDATE outbox SET sha256 = 'x' WHERE id = 5",
        "outbox 5: expected what the older release recorded",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_before_the_upgrade_is_named_for_good(started: Office, what: str) -> None:
    """The seal vouches for nothing that did not hold."""
    before_the_key(started)
    statement, words = CHANGES[what]
    with started.database.write() as connection:
        connection.exec_driver_sql(statement)
    found = upgraded(started)
    assert any(words in one for one in found)
    started.tick("2026-03-02T10:00", accept_clock=True)
    with pytest.raises(EvidenceError, match="the record is not as it was written"):
        verify_log(started.service("2026-03-02T11:00"))


@pytest.mark.parametrize("column", ["kind", "at", "phase", "code", "text", "attempt", "outbox_id"])
def test_what_was_sealed_cannot_change(started: Office, column: str) -> None:
    """Neither an event of the older release, nor, with its plain chain written anew, any of them."""
    before_the_key(started)
    assert upgraded(started) == []
    table = tables.delivery_event
    values = {"at": LATER, "code": 999, "attempt": 9, "outbox_id": 7}
    for again in (False, True):
        with started.database.trial() as connection:
            number = connection.execute(select(table.c.id).where(table.c.outbox_id == 5).limit(1)).scalar()
            own = update(table).where(table.c.id == number)
            connection.execute(own.values({column: values.get(column, "x")}))
            if again:
                rewrite(connection, plain_link)
            assert any(one.table == "delivery_event" for one in evidence.changed_rows(connection))


def test_killed_while_sealing_the_next_start_seals(started: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one transaction: nothing of it is there, and it is done once."""
    before_the_key(started)
    make_ready(started.database, LATER, held=True)
    service = started.service("2026-03-02T10:00")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(evidence, "planned_facts", killed)
        with pytest.raises(KeyboardInterrupt):
            begin_evidence(service)
    assert (started.look("evidence_head", "id"), started.look("installation", "name")) == ([], [])
    assert upgraded(started) == []
    assert started.look("delivery_event", "kind", outbox_id=None, reminder_id=None) == ["sealed"]


def test_who_had_left_before_the_upgrade_stays_a_hash(started: Office) -> None:
    """Addresses and octets that were deleted before are recorded as deleted."""
    address = started.look("outbox", "rcpt", id=5)[0]
    remove_everything_of(started.service("2025-12-02T09:00"), address)
    with started.database.write() as connection:
        kinds = tables.delivery_event.c.kind
        connection.execute(delete(tables.delivery_event).where(kinds == "erased"))
    before_the_key(started)
    assert upgraded(started) == []
