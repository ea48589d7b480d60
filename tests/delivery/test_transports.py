"""The folder, the list, and which transport the settings name."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reminders.delivery import (
    Envelope,
    FolderTransport,
    MemoryTransport,
    SmtpTransport,
    Transport,
    transport_for,
)
from reminders.delivery.smtp import hello_name
from reminders.errors import ConfigurationError
from reminders.letters.delivery_events import was_written
from reminders.letters.retry import Outcome
from reminders.settings import Settings
from tests.delivery.faulty_server import CERTIFICATE

ENVELOPE = Envelope(
    "service@vaasa.example",
    "Änne.Öst+x@vaasa.example",
    "<1@x>",
    b"Subject: x\r\n\r\nhello\r\n",
    date(2026, 1, 12),
    datetime(2026, 1, 12, 7, tzinfo=UTC),
)
NAME = "2026-01-12/anne-ost-x-vaasa-example--3c13d06da6c4.eml"


def files(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` and what is in it."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_message_becomes_one_file_however_often_it_is_delivered(tmp_path: Path) -> None:
    """The name follows from the message; the answer names the file."""
    transport = FolderTransport(tmp_path / "new" / "mail")
    outcomes = [transport.deliver(ENVELOPE, lambda: True) for _ in range(2)]
    transport.close()
    assert outcomes == [Outcome("accepted", "dot", 250, NAME)] * 2
    assert files(tmp_path / "new" / "mail") == {NAME: ENVELOPE.raw}


def test_what_is_found_written_is_settled(tmp_path: Path) -> None:
    """Killed between the file and the commit: the next run takes it as sent, and touches nothing."""
    FolderTransport(tmp_path).deliver(ENVELOPE, lambda: True)
    before = (tmp_path / NAME).stat()
    assert FolderTransport(tmp_path).deliver(ENVELOPE, lambda: True).kind == "accepted"
    after = (tmp_path / NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert FolderTransport(tmp_path).deliver(ENVELOPE, lambda: False).kind == "claim-lost"


def test_a_file_that_holds_something_else_is_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message is written beside it, always under one name, and the log says so without an address."""
    file = tmp_path / NAME
    file.parent.mkdir()
    file.write_bytes(b"something else")
    outcomes = [FolderTransport(tmp_path).deliver(ENVELOPE, lambda: True) for _ in range(2)]
    assert [one.kind for one in outcomes] == ["accepted"] * 2
    (beside,) = {one.text for one in outcomes}
    assert files(tmp_path) == {NAME: b"something else", beside: ENVELOPE.raw}
    assert was_written(beside)
    said = capsys.readouterr().out
    assert "file of a message holds something else" in said
    assert "anne" not in said


def test_what_a_crash_left_behind_is_replaced(tmp_path: Path) -> None:
    """A half-written file of an earlier run neither stays nor shows."""
    half = tmp_path / "2026-01-12" / f".{Path(NAME).name}.part"
    half.parent.mkdir()
    half.write_bytes(b"Subj")
    assert FolderTransport(tmp_path).deliver(ENVELOPE, lambda: True).kind == "accepted"
    assert files(tmp_path) == {NAME: ENVELOPE.raw}


def test_a_lost_claim_writes_nothing(tmp_path: Path) -> None:
    """Neither the folder nor the list takes a message that another worker has."""
    memory = MemoryTransport()
    assert FolderTransport(tmp_path).deliver(ENVELOPE, lambda: False) == Outcome("claim-lost", "data")
    assert memory.deliver(ENVELOPE, lambda: False) == Outcome("claim-lost", "data")
    assert (files(tmp_path), memory.envelopes) == ({}, [])


def test_a_folder_that_cannot_be_made_is_a_channel_that_is_down(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "mail").write_text("in the way")
    outcome = FolderTransport(tmp_path / "mail").deliver(ENVELOPE, lambda: True)
    assert (outcome.kind, outcome.phase) == ("no-answer", "connect")


def test_a_full_disk_is_a_refusal_for_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message waits, and no file shows."""

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    outcome = FolderTransport(tmp_path).deliver(ENVELOPE, lambda: True)
    assert outcome == Outcome("refused", "dot", 452, "4.3.1 [Errno 28] No space left on device")
    assert [name for name in files(tmp_path) if name.endswith(".eml")] == []


def test_the_list_keeps_the_order() -> None:
    """The answer tells the message's number."""
    memory: Transport = MemoryTransport()
    assert memory.deliver(ENVELOPE, lambda: True) == Outcome("accepted", "dot", 250, "2.0.0 kept as number 1")
    memory.close()
    assert isinstance(memory, MemoryTransport)
    assert memory.envelopes == [ENVELOPE]


def test_the_settings_name_the_transport(tmp_path: Path) -> None:
    """SMTP_URL's server, else the folder."""
    folder = transport_for(Settings(mail_folder=tmp_path))
    smtp = transport_for(Settings(smtp_url=f"smtp+starttls://mail.example?ca={CERTIFICATE}"))
    assert isinstance(folder, FolderTransport)
    assert isinstance(smtp, SmtpTransport)
    assert (folder.name, folder.path, smtp.name) == ("folder", tmp_path, "smtp")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "smtps://mail.example?verify=no",
            "SMTP_URL: expected no parameter but ca=FILE; found verify",
        ),
        (
            "smtps://mail.example?ca=/no/such.pem",
            "SMTP_URL: expected a file of certificates in ca=; found /no/such.pem",
        ),
    ],
)
def test_a_mistaken_parameter_is_named(url: str, message: str) -> None:
    """There is no way to switch verification off."""
    with pytest.raises(ConfigurationError) as caught:
        transport_for(Settings(smtp_url=url))
    assert str(caught.value) == message


def test_the_name_for_ehlo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's own name, else this machine's, else an address literal."""
    monkeypatch.setattr("socket.gethostname", lambda: "box")
    assert hello_name("https://reminders.vaasa.example/x") == "reminders.vaasa.example"
    assert hello_name("http://127.0.0.1:8000") == "[127.0.0.1]"
    monkeypatch.setattr("socket.gethostname", lambda: "box.vaasa.example")
    assert hello_name("http://localhost") == "box.vaasa.example"
