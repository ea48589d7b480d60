"""bounce, purge, person, backup, restore, contacts revive, doctor --alarm, log --csv."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Runner
from tests.use.office import MAILS
from tests.use.reports import rfc3464
from tests.use.test_whose_fault import Relay

FIRST = "2025-12-01T09:00+02:00"


@pytest.fixture
def message_id(reminders: Runner) -> str:
    """The Message-ID of the third mail of the first run."""
    reminders("tick", "--at", FIRST)
    found = reminders("log", "--json").document[2]["message_id"]
    return str(found)


def recipient(reminders: Runner) -> str:
    """Who got that mail."""
    return str(reminders("log", "--json").document[2]["to"])


def test_a_report_is_piped_in_or_named(
    reminders: Runner, tmp_path: Path, message_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once recorded, then known; a forged one is refused with exit 1 and a missing file too."""
    report = rfc3464(message_id=message_id)
    (tmp_path / "report.eml").write_bytes(report)
    assert reminders("bounce", "report.eml").out == "message 3: dead, recorded.\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(report)))
    assert reminders("bounce").out == "message 3: dead, known.\n"
    (tmp_path / "forged.eml").write_bytes(rfc3464())
    forged = reminders("bounce", "forged.eml")
    assert (forged.code, forged.out) == (1, "")
    assert forged.err == ("reminders: the report names no message of this service by a signature of ours\n")
    assert reminders("bounce", "gone.eml").code == 1
    assert reminders("log", "--json").document[2]["state"] == "failed"
    assert reminders("log", "--verify").out.startswith("Every record is as it was written.\n")


def test_a_dead_address_is_mailed_again(reminders: Runner, tmp_path: Path, message_id: str) -> None:
    """By an order; or when a contact list names it anew, not when it stood there all the time."""
    address, report = recipient(reminders), rfc3464(message_id=message_id)
    (tmp_path / "report.eml").write_bytes(report)
    reminders("bounce", "report.eml")
    listed = reminders("contacts", "export").out
    (tmp_path / "all.csv").write_text(listed, encoding="utf-8")
    rest = "".join(line for line in listed.splitlines(keepends=True) if address not in line)
    (tmp_path / "rest.csv").write_text(rest, encoding="utf-8")
    reminders("contacts", "import", "all.csv")
    assert address in reminders("doctor").out
    reminders("contacts", "import", "rest.csv")
    reminders("contacts", "import", "all.csv")
    assert "is no dead address" in reminders("contacts", "revive", address).err


def test_revive_by_order(reminders: Runner, tmp_path: Path, message_id: str) -> None:
    """The flag goes; a second order finds none."""
    address = recipient(reminders)
    (tmp_path / "report.eml").write_bytes(rfc3464(message_id=message_id))
    reminders("bounce", "report.eml")
    assert reminders("contacts", "revive", address).out == f"{address} is mailed again.\n"
    assert reminders("contacts", "revive", address).code == 1
    (tmp_path / "report.eml").write_bytes(rfc3464(message_id=message_id, diagnostic="smtp; 550 5.1.1 again"))
    reminders("bounce", "report.eml")
    assert reminders("contacts", "revive", "--all").out == f"{address} is mailed again.\n"
    assert (reminders("contacts", "revive", "--all").out, reminders("contacts", "revive").code) == ("", 2)
    assert reminders("contacts", "revive", address, "--all").code == 2


def test_a_run_that_cannot_send_ends_with_an_error(
    reminders: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closed relay, and a channel that rests: exit 1 and the reason; mended: exit 0."""
    with Relay() as relay:
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{relay.port}")
        monkeypatch.setenv("MAIL_PER_MINUTE", "600000")
        reminders("release", "vaasa-2023-2026", "--at", "2025-12-01T08:00+02:00")
        relay.closed = {"rcpt": "550 relay not permitted"}
        for when in (FIRST, "2025-12-01T09:02+02:00"):
            refused = reminders("tick", "--at", when)
            assert (refused.code, "mail cannot be sent: rcpt 550" in refused.err) == (1, True)
        relay.closed = {}
        assert reminders("tick", "--at", "2025-12-01T09:06+02:00").code == 0
        assert len(relay.copies) == MAILS


def test_purge_and_person(reminders: Runner, message_id: str) -> None:
    """Octets go; a person is exported, removed, and then known by the hash alone."""
    assert message_id
    at = ("--at", "2026-06-01T09:00")
    assert reminders("purge", *at, "--dry-run").out == (
        "The octets of 38 mails would be deleted; 0 addresses would be hashed.\n"
    )
    assert reminders("purge", *at).out == (
        "The octets of 38 mails were deleted; 0 addresses were hashed.\n"
        "38 files in the mail folder were deleted.\n"
    )
    assert list(Path("var/mail").iterdir()) == []
    address = recipient(reminders)
    assert reminders("person", address, "export").document["address"] == address
    assert reminders("person", address, "sell").code == 2
    assert reminders("person", address, "remove").code == 0
    document = reminders("person", address, "export").document
    assert (document["contacts"], document["mails"][0]["rcpt"][-13:]) == ([], "@left.invalid")
    assert reminders("person", "nobody@x.example", "export").code == 1
    assert reminders("log", "--verify").code == 0


def test_a_copy_that_cannot_be_deleted_is_told(reminders: Runner, message_id: str) -> None:
    """Exit 1, and the tables are purged all the same."""
    assert message_id
    Path("var/mail/2025-12-01").rename("away")
    Path("var/mail/2025-12-01").touch()
    ran = reminders("purge", "--at", "2026-06-01T09:00")
    assert (ran.code, ran.out) == (1, "The octets of 38 mails were deleted; 0 addresses were hashed.\n")
    assert "a copy in the mail folder cannot be deleted: var/mail/2025-12-01: Not a directory\n" in ran.err


def test_what_a_command_writes_is_its_users_alone(reminders: Runner, tmp_path: Path) -> None:
    """Database, key, mails and their folders, a backup: whatever the shell's umask lets others do."""
    reminders("tick", "--at", FIRST)
    reminders("backup", "all.backup")
    found = {one: one.stat().st_mode & 0o777 for one in tmp_path.rglob("*")}
    assert len(found) > MAILS
    assert {Path("var"), Path("var/mail"), Path("var/secret_key"), Path("all.backup")} <= {
        one.relative_to(tmp_path) for one in found
    }
    assert {one: mode for one, mode in found.items() if mode & 0o077} == {}


def test_backup_and_restore(reminders: Runner, tmp_path: Path, message_id: str) -> None:
    """Into a new database, not into one that holds anything, unless told so."""
    made = reminders("backup", "all.jsonl")
    assert "readable by you only" in made.out
    assert "secret_key" in made.out
    other = ("--database", "sqlite:///other.db")
    shutil.copy("var/secret_key", "secret_key")  # beside the database, as the first one's is
    made = reminders("restore", "all.jsonl", *other)
    assert ("restored" in made.out, made.err) == (True, "")
    assert reminders("log", "--json", *other).document[2]["message_id"] == message_id
    again = reminders("restore", "all.jsonl", *other)
    assert (again.code, again.err) == (
        1,
        "reminders: the database is not empty; --force replaces everything in it\n",
    )
    assert reminders("restore", "all.jsonl", "--force", *other).code == 0
    assert reminders("restore", "none.jsonl", *other).code == 1
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("UPDATE delivery_event SET text = 'x' WHERE id = 5")
    connection.close()
    reminders("backup", "changed.jsonl", *other)
    told = reminders("restore", "changed.jsonl", "--force", *other)
    assert (told.code, "changed before: delivery_event 5, hash: expected" in told.err) == (1, True)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("nope/b", "reminders: nope/b: there is no folder {}/nope; make it, or name a file in another one\n"),
        ("here", "reminders: here is a folder; name a file\n"),
        ("one", "reminders: one is there already; --force replaces it\n"),
    ],
)
def test_a_backup_goes_into_a_new_file(reminders: Runner, tmp_path: Path, file: str, line: str) -> None:
    """Nothing is overwritten unless told so, and a folder that is missing is named as it was typed."""
    Path("here").mkdir()
    Path("one").write_text("a backup of last week", encoding="utf-8")
    ran = reminders("backup", file)
    assert (ran.code, ran.out, ran.err) == (1, "", line.format(tmp_path))
    assert Path("one").read_text(encoding="utf-8") == "a backup of last week"
    assert reminders("backup", "one", "--force").code == 0
    assert "reminders-backup-1" in Path("one").read_text(encoding="utf-8")


def test_a_backup_under_another_key_says_so(reminders: Runner, message_id: str) -> None:
    """Restored all the same; the doctor says it too, and the old key, or an order, mends it."""
    assert message_id
    reminders("backup", "all.jsonl")
    other = ("--database", "sqlite:///other.db")
    ran = reminders("restore", "all.jsonl", *other)
    words = "the secret key is not the one that this database began with"
    assert (ran.code, words in ran.err) == (0, True)
    ran = reminders("log", "--verify", *other)
    assert (ran.code, words in ran.err, "outbox" in ran.err) == (1, True, False)
    ran = reminders("doctor", *other)
    assert (ran.code, words in " ".join(ran.out.split())) == (1, True)
    ran = reminders("doctor", "--accept-key", *other)
    assert ran.out.startswith("The record was sealed under today's secret key: ")
    assert reminders("log", "--verify", *other).code == 0


def test_a_head_that_was_printed_is_compared(reminders: Runner, message_id: str) -> None:
    """As the command prints it, or a digest; only together with --verify."""
    assert message_id
    shown = reminders("log", "--verify").out.split()[-1]
    assert reminders("log", "--verify", "--head", shown).code == 0
    ran = reminders("log", "--verify", "--head", f"9{shown}")
    assert (ran.code, "the printed head is not one of this record" in ran.err) == (1, True)
    assert reminders("log", "--head", shown).code == 2
    assert reminders("log", "--verify", "--head", "yesterday").code == 2


def test_the_doctor_may_sound_the_alarm(reminders: Runner) -> None:
    """Without the settings nothing is sent, and cron is not disturbed."""
    ran = reminders("doctor", "--alarm", "--at", "2026-01-12T12:00")
    assert (ran.code, ran.out) == (0, "No alarm sent.\n")


def test_the_log_as_csv(reminders: Runner, message_id: str) -> None:
    """A row for each item; of one action only its own."""
    rows = list(csv.DictReader(io.StringIO(reminders("log", "--csv").out)))
    log = reminders("log", "--json").document
    assert len(rows) == sum(len(one["items"]) for one in log)
    assert message_id in {row["message_id"] for row in rows}
    action = rows[0]["occurrence"].split(":")[1]
    own = list(csv.DictReader(io.StringIO(reminders("log", "--csv", "--action", action).out)))
    assert {row["occurrence"].split(":")[1] for row in own} == {action}


# Each first sign becomes another than it was, whatever it was.
FLIPS = {
    "an event": (
        (
            "UPDATE delivery_event SET text = substr(text, 1, 8) || iif(substr(text, 9, 1) = '0', '1', '0') "
            "|| substr(text, 10) WHERE id = 5"
        ),
        "delivery_event 5, hash: expected",
    ),
    "an event's hash": (
        (
            "UPDATE delivery_event SET hash = iif(substr(hash, 1, 1) = '0', '1', '0') "
            "|| substr(hash, 2) WHERE id = 5"
        ),
        "delivery_event 5, hash: expected",
    ),
    "octets": (
        "UPDATE outbox SET raw = CAST('f' || substr(CAST(raw AS TEXT), 2) AS BLOB) WHERE id = 5",
        "outbox 5, raw: expected",
    ),
    "a mail's hash": (
        (
            "UPDATE outbox SET sha256 = iif(substr(sha256, 1, 1) = '0', '1', '0') "
            "|| substr(sha256, 2) WHERE id = 5"
        ),
        "outbox 5, sha256: expected",
    ),
    "the end": (
        "DELETE FROM delivery_event WHERE id = (SELECT max(id) FROM delivery_event)",
        "evidence_head 1, events: expected",
    ),
}


@pytest.mark.parametrize("flip", FLIPS)
def test_a_flipped_octet_is_found(reminders: Runner, tmp_path: Path, message_id: str, flip: str) -> None:
    """In an event, its hash, a mail's octets or their hash; and that the end of the record is gone."""
    assert message_id
    assert reminders("log", "--verify").code == 0
    statement, words = FLIPS[flip]
    connection = sqlite3.connect(tmp_path / "var/reminders.db")
    with connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()
    ran = reminders("log", "--verify")
    assert (ran.code, ran.out, words in ran.err) == (1, "", True)


def test_the_log_of_an_action(reminders: Runner) -> None:
    """An action of which no mail has spoken yet has an empty log; one that there is not is an error."""
    for shape in ("--json", "--csv"):
        ran = reminders("log", "--action", "nope", shape)
        assert (ran.code, ran.out, ran.err) == (
            1,
            "",
            "reminders: no action 'nope'; reminders occurrences shows the ids\n",
        )
    ran = reminders("log", "--action", "social-cultural-cafe", "--json")
    assert (ran.code, ran.document) == (0, [])


def test_files_that_others_could_read_are_closed_at_the_next_start(reminders: Runner, tmp_path: Path) -> None:
    """Of an older installation, or copied into place: database, key, mails; not the folder that is yours."""
    reminders("tick", "--at", "2025-12-01T09:00")
    var = tmp_path / "var"
    mails = [*(var / "mail").rglob("*"), var / "mail"]
    opened = [var / "reminders.db", var / "secret_key", *mails]
    for one in opened:
        one.chmod(0o755 if one.is_dir() else 0o644)
    var.chmod(0o755)
    assert reminders("findings").code == 0
    assert {one: oct(one.stat().st_mode) for one in opened if one.stat().st_mode & 0o077} == {}
    assert var.stat().st_mode & 0o777 == 0o755
