"""The copies of erased mails in the folder: which go, which stay, and what stands in the way."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from reminders.delivery import Envelope, FolderTransport
from reminders.delivery.copies import (
    SIGN_IN_FOLDER,
    DeletedCopies,
    ErasedMail,
    delete_copies,
    delete_sign_in_mails,
)
from tests.delivery.test_transports import ENVELOPE, NAME, files

DAY = NAME.partition("/")[0]
OTHER = replace(ENVELOPE, message_id="<2@x>", raw=b"Subject: y\r\n\r\nother\r\n")


def erased(envelope: Envelope) -> ErasedMail:
    """What the tables still know of a mail."""
    digest = hashlib.sha256(envelope.raw).hexdigest()
    return ErasedMail(envelope.local_date, envelope.message_id, digest)


def write(folder: Path, *envelopes: Envelope) -> list[str]:
    """Deliver; return the files' names."""
    return [FolderTransport(folder).deliver(one, lambda: True).text for one in envelopes]


def test_a_copy_goes_and_its_day_with_the_last(tmp_path: Path) -> None:
    """Another mail of the day stays; the folder goes when nothing is left; a second time does nothing."""
    _, other = write(tmp_path, ENVELOPE, OTHER)
    assert delete_copies(tmp_path, [erased(ENVELOPE)]) == DeletedCopies(1)
    assert files(tmp_path) == {other: OTHER.raw}
    assert delete_copies(tmp_path, [erased(ENVELOPE), erased(OTHER)]) == DeletedCopies(1)
    assert list(tmp_path.iterdir()) == []
    assert delete_copies(tmp_path / "none", [erased(ENVELOPE)]) == DeletedCopies()


def test_mails_with_sign_in_links_go_after_their_day(tmp_path: Path) -> None:
    """Those of the day stay, and so does what is somebody else's; a second time does nothing."""
    own = tmp_path / SIGN_IN_FOLDER
    later = replace(ENVELOPE, local_date=ENVELOPE.local_date + timedelta(days=1), message_id="<3@x>")
    write(own, ENVELOPE, OTHER, later)
    (own / DAY / ".x--0123456789ab.eml.part").write_bytes(b"Subj")
    (own / "kept").mkdir()
    (own / "kept" / "a.eml").write_bytes(b"x")
    write(tmp_path, ENVELOPE)
    assert delete_sign_in_mails(tmp_path, later.local_date) == DeletedCopies(3)
    assert {one.name for one in own.iterdir()} == {"kept", later.local_date.isoformat()}
    assert list(files(tmp_path / DAY)) == [Path(NAME).name]
    assert delete_sign_in_mails(tmp_path, later.local_date) == DeletedCopies()
    assert delete_sign_in_mails(tmp_path, date.max) == DeletedCopies(1)
    assert delete_sign_in_mails(tmp_path / "none", date.max) == DeletedCopies()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    """Other octets under the mail's name, its octets under another: somebody else's; a copy beside goes."""
    (tmp_path / DAY).mkdir()
    (tmp_path / NAME).write_bytes(b"something else")
    (tmp_path / DAY / "kept.eml").write_bytes(ENVELOPE.raw)
    (tmp_path / DAY / "kept--0123456789ab.eml").write_bytes(ENVELOPE.raw)
    before = files(tmp_path)
    write(tmp_path, ENVELOPE)
    assert len(files(tmp_path)) == 4
    assert delete_copies(tmp_path, [erased(ENVELOPE)]) == DeletedCopies(1)
    assert files(tmp_path) == before


def test_a_half_written_copy_goes(tmp_path: Path) -> None:
    """What a crash left of that mail, not of another."""
    (tmp_path / DAY).mkdir()
    (tmp_path / DAY / f".{Path(NAME).name}.part").write_bytes(b"Subj")
    (tmp_path / DAY / ".x--0123456789ab.eml.part").write_bytes(b"Subj")
    assert delete_copies(tmp_path, [erased(ENVELOPE)]) == DeletedCopies(1)
    assert list(files(tmp_path)) == [f"{DAY}/.x--0123456789ab.eml.part"]


def test_what_stands_in_the_way_is_named_without_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file instead of a day's folder, a file that cannot be deleted: the rest goes."""
    early = replace(ENVELOPE, local_date=ENVELOPE.local_date.replace(day=9))
    (tmp_path / "2026-01-09").write_text("in the way")
    write(tmp_path, ENVELOPE, OTHER)
    unlink = Path.unlink

    def refuse(self: Path, *, missing_ok: bool = False) -> None:
        if self == tmp_path / NAME:
            raise PermissionError(13, "Permission denied", str(self))
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    found = delete_copies(tmp_path, [erased(early), erased(ENVELOPE), erased(OTHER)])
    assert found == DeletedCopies(
        1,
        (
            f"{tmp_path}/2026-01-09: Not a directory",
            f"{tmp_path}/{DAY}/…--3c13d06da6c4.eml: Permission denied",
        ),
    )


def test_a_copy_is_its_users_alone(tmp_path: Path) -> None:
    """Also where the door set no umask."""
    before = os.umask(0o022)
    try:
        write(tmp_path / "mail", ENVELOPE)
    finally:
        os.umask(before)
    modes = [(tmp_path / "mail" / one).stat().st_mode & 0o777 for one in (".", DAY, NAME)]
    assert modes == [0o700, 0o700, 0o600]
