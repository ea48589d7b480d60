"""Backup and restore: everything, of one moment, from either database into either."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from reminders.errors import BounceError, ClockError, GuardError, InputError
from reminders.letters.delivery_events import DeliveryEvent
from reminders.letters.evidence import GENESIS, plain_link
from reminders.letters.message import return_path
from reminders.settings import Settings
from reminders.store import Database, evidence, installation, migrations, tables
from reminders.store.backup import read_backup, restore_backup, write_backup
from reminders.store.migrations import HEAD
from reminders.use.mail.bounces import BounceDesk
from reminders.use.watch.alarm import troubles
from reminders.use.watch.backup import restore
from reminders.use.watch.doctor import health
from reminders.use.watch.evidence import verify_log
from tests.use.office import SECOND, SECRET, Office, at
from tests.use.reports import rfc3464

NOW = at("2025-12-01T10:00")


@pytest.fixture
def file(started: Office, tmp_path: Path) -> Path:
    """A backup after the first run."""
    write_backup(started.database, tmp_path / "b.jsonl", NOW)
    return tmp_path / "b.jsonl"


def test_a_backup_restores_everything(started: Office, file: Path, database: Database) -> None:
    """Every row of every table, the octets too; the chain holds, and the next run goes on from there."""
    found = restore_backup(database, file, force=False)
    restored = Office(database)
    assert restored.dump() == started.dump()
    assert found.total == sum(len(rows) for rows in started.dump().values())
    assert (found.revision, found.at) == (HEAD, NOW.isoformat())
    with database.read() as connection:
        assert evidence.changed_rows(connection) == ()
    assert restored.tick(SECOND) == started.tick(SECOND)
    assert restored.look("outbox", "message_id", "sha256") == started.look("outbox", "message_id", "sha256")


@pytest.mark.postgres
def test_a_backup_of_one_kind_restores_into_the_other(
    started: Office, file: Path, backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """SQLite to PostgreSQL and back: the same rows, and new ones get free numbers."""
    if backend == "postgresql":
        other = Database(f"sqlite:///{tmp_path}/other.db")
    else:
        other = Database(request.getfixturevalue("postgres").create("migrated"))
    other.migrate()
    restore_backup(other, file, force=False)
    assert Office(other).dump() == started.dump()
    Office(other).tick(SECOND)
    started.tick(SECOND)
    assert Office(other).look("outbox", "sha256") == started.look("outbox", "sha256")
    write_backup(other, tmp_path / "back.jsonl", NOW)
    assert read_backup(tmp_path / "back.jsonl").total == sum(len(r) for r in Office(other).dump().values())
    other.close()


def test_a_backup_while_a_run_goes_on_is_of_one_moment(
    office: Office, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """Backups made at any moment of a run restore to a state whose run is completed without a loss."""
    stop = threading.Event()
    files: list[Path] = []

    def keep_backing_up() -> None:
        while not stop.is_set():
            files.append(tmp_path / f"{len(files)}.jsonl")
            write_backup(office.database, files[-1], NOW)

    thread = threading.Thread(target=keep_backing_up)
    thread.start()
    try:
        office.tick("2025-12-01T09:00")
    finally:
        stop.set()
        thread.join()
    rows = [read_backup(file).rows for file in files]
    middle = next(
        (file for file, row in zip(files, rows, strict=True) if 0 < row.get("outbox", 0) < 38), files[0]
    )
    restored = Office(Database(new_url("migrated")))
    restore_backup(restored.database, middle, force=False)
    with restored.database.read() as connection:
        assert evidence.changed_rows(connection) == ()
    restored.tick("2025-12-01T09:10")
    assert sorted(restored.look("outbox", "message_id")) == sorted(office.look("outbox", "message_id"))
    restored.database.close()


def test_a_database_that_holds_anything_is_not_replaced_by_mistake(
    started: Office, file: Path, loaded_database: Database
) -> None:
    """Without --force nothing changes; with it the database is what the backup is."""
    there = Office(loaded_database)
    there.tick(SECOND)
    before = there.dump()
    with pytest.raises(GuardError, match="the database is not empty"):
        restore_backup(loaded_database, file, force=False)
    assert there.dump() == before
    restore_backup(loaded_database, file, force=True)
    assert there.dump() == started.dump()


def unkeyed(rows: list[Any]) -> list[Any]:
    """The rows with the events as a release before the keyed evidence wrote them, chained without a key."""
    made, previous = [], GENESIS
    for name, row in rows:
        if name == "delivery_event":
            if "outbox_id" not in row:
                continue
            words = (
                row["text"] if row["kind"] != "composed" else f"sha256 {json.loads(row['text'])['sha256']}"
            )
            event = DeliveryEvent(
                row["outbox_id"],
                row["attempt"],
                datetime.fromisoformat(row["at"]),
                row["kind"],
                row["phase"],
                row["code"],
                words,
            )
            own = plain_link(previous, event)
            row = {**row, "text": words, "prev_hash": previous, "hash": own}  # noqa: PLW2901
            previous = own
        made.append([name, row])
    return made


def of_its_time(file: Path, revision: str, tables: Mapping[str, set[str]]) -> None:
    """Rewrite a backup as the service of an earlier revision would have made it."""
    _, *rows, _ = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    if "board" in tables["digest"]:  # whose summary a mail was, before a mail had sections
        boards = {
            row["digest_id"]: row["programme"]
            for name, row in rows
            if name == "mail_section" and row["is_digest"]
        }
        rows = [
            [name, {"board": boards.get(row["id"], ""), **row}] if name == "digest" else [name, row]
            for name, row in rows
        ]
    if "state" not in tables["delivery_event"]:
        rows = unkeyed(rows)
    kept = [
        [name, {column: value for column, value in row.items() if column in tables[name]}]
        for name, row in rows
        if name in tables
    ]
    head = {"format": "reminders-backup-1", "revision": revision, "at": NOW.isoformat()}
    lines = [json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in (head, *kept)]
    counted = dict(Counter(name for name, _ in kept))
    end = {"rows": counted, "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}
    file.write_bytes(b"".join([*lines, json.dumps(end).encode() + b"\n"]))


REVISIONS = sorted(one.name[:4] for one in Path(migrations.__file__).parent.glob("versions/0*.py"))


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_backup_of_an_earlier_revision_is_migrated(
    started: Office, file: Path, empty_database: Database, new_url: Callable[[str], str], revision: str
) -> None:
    """Restored into today's service: what stood in it, today's tables, and a next run as if never moved."""
    with empty_database.write() as connection:
        migrations.upgrade(connection, revision)
        look = inspect(connection)
        columns = {name: {one["name"] for one in look.get_columns(name)} for name in look.get_table_names()}
    of_its_time(file, revision, columns)
    url = new_url("migrated")
    found = restore(url, file, NOW, SECRET, force=False)
    assert (found.backup.revision, found.changed, found.other_key) == (revision, (), False)
    target = Database(url, SECRET)
    restored = Office(target)
    shown = ("calendar_feed", "programme", "name", "content", "modified")
    assert restored.look(*shown) == started.look(*shown)  # an older release had noted none of them
    for name in ("outbox", "reminder", "digest", "planned_day", "contact", "answer"):
        own = sorted(columns[name] & {*tables.metadata.tables[name].c.keys()})
        assert restored.look(name, *own) == started.look(name, *own)
    happened = ("delivery_event", "outbox_id", "kind", "phase", "code")
    assert [row for row in restored.look(*happened) if row[1] == "handed-over"] == [
        row for row in started.look(*happened) if row[1] == "handed-over"
    ]
    with target.read() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert evidence.changed_rows(connection) == ()
    assert restored.tick(SECOND, accept_clock=True) == started.tick(SECOND)
    assert restored.look("outbox", "id", "message_id") == started.look("outbox", "id", "message_id")
    restore_backup(target, file, force=True)
    target.close()


def lost_and_restored(office: Office, tmp_path: Path, new_url: Callable[[str], str], since: str) -> Office:
    """The office on a new database, from a backup of now; the old one went on until ``since``."""
    write_backup(office.database, tmp_path / "kept.jsonl", NOW)
    office.tick(since)
    url = new_url("migrated")
    assert restore(url, tmp_path / "kept.jsonl", at(since), SECRET, force=False).changed == ()
    return Office(Database(url), office.settings)


def test_after_a_restore_somebody_is_asked_before_anything_is_sent(
    started: Office, tmp_path: Path, new_url: Callable[[str], str]
) -> None:
    """Every run asks, health and alarm say it; answered once, mail goes on with the stage that is right."""
    restored = lost_and_restored(started, tmp_path, new_url, SECOND)
    for _ in range(2):
        with pytest.raises(ClockError, match="restored from a backup of 2025-12-01 10:00"):
            restored.tick(SECOND)
    service = restored.service(SECOND)
    assert health(service).reason.startswith("a backup of 2025-12-01 10:00 was restored: nothing is sent")
    assert troubles(service).restored == NOW
    assert restored.envelopes == []
    assert restored.tick(SECOND, accept_clock=True).composed > 0
    assert restored.envelopes != []
    assert troubles(service).restored is None
    restored.tick("2026-01-13T09:00")
    assert verify_log(restored.service("2026-01-13T10:00")).events > 0
    restored.database.close()


def test_the_same_mail_has_the_same_octets_after_a_restore(
    started: Office, tmp_path: Path, new_url: Callable[[str], str]
) -> None:
    """Made once more, hours later on the same day: mail servers drop the second copy by themselves."""
    restored = lost_and_restored(started, tmp_path, new_url, SECOND)
    restored.tick("2026-01-12T11:30", accept_clock=True)
    names = ("outbox", "rcpt", "message_id", "sha256", "raw")
    assert restored.look(*names) == started.look(*names)
    restored.database.close()


def test_a_report_about_a_mail_of_the_lost_database_is_not_believed(
    started: Office, tmp_path: Path, new_url: Callable[[str], str]
) -> None:
    """Its number is another mail's now; about a mail that the backup held it is believed."""
    started.settings = Settings(bounce_address="bounces@vaasa.example")
    restored = lost_and_restored(started, tmp_path, new_url, SECOND)
    with started.database.read() as connection:
        epoch = installation.epoch(connection)
    restored.tick("2026-02-09T09:00", accept_clock=True)
    assert 39 in restored.look("outbox", "id")
    desk = BounceDesk(restored.settings, restored.database, SECRET, at("2026-02-09T10:00"))
    sent = [return_path("bounces@vaasa.example", number, SECRET, epoch) for number in (39, 5)]
    with pytest.raises(BounceError, match="a return address that this service did not sign"):
        desk.record(rfc3464(to=sent[0]))
    assert desk.record(rfc3464(to=sent[1])).news == "recorded"
    restored.database.close()


def test_a_backup_is_for_its_owner_only(file: Path) -> None:
    """It holds addresses and mails; nothing unfinished stays beside it."""
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir() if "jsonl" in one.name] == ["b.jsonl"]


@pytest.mark.parametrize("damage", ["cut", "changed", "swapped", "more", "other", "newer", "gone", "table"])
def test_a_damaged_file_is_refused(database: Database, file: Path, damage: str) -> None:
    """Whatever happened to the file: nothing of it is taken."""
    lines = file.read_bytes().splitlines(keepends=True)
    damaged = {
        "cut": lines[:-1],
        "changed": [*lines[:5], lines[5].replace(b'"', b"'", 1), *lines[6:]],
        "swapped": [lines[0], lines[2], lines[1], *lines[3:]],
        "more": [*lines, lines[1]],
        "other": [b"hello\n"],
        "newer": [lines[0].replace(HEAD.encode(), b"9999"), *lines[1:]],
        "gone": [],
        "table": [lines[0], b'["nothing",{}]\n', *lines[1:]],
    }
    file.write_bytes(b"".join(damaged[damage]))
    if damage == "gone":
        file.unlink()
    with pytest.raises(InputError) as raised:
        restore_backup(database, file, force=True)
    assert "expected a whole backup made by reminders backup" in str(raised.value)
    assert set(map(len, Office(database).dump().values())) == {0}


def test_the_format_is_lines_of_json(file: Path) -> None:
    """Readable without this service: a head, rows, an end with the hash."""
    head, first, *_, last = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(head) == {"format": "reminders-backup-1", "revision": HEAD, "at": NOW.isoformat()}
    assert isinstance(json.loads(first)[1], dict)
    assert len(json.loads(last)["sha256"]) == 64
