"""Uploaded files between the preview of an import and its confirmation.

They lie in a folder beside the mail folder, each draft under a random name
that only its page knows, readable by the service alone. They are deleted when
the draft is stored or dropped, and swept an hour after they came; there are
never more than a dozen drafts. Several machines that serve pages must share
the folder.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from reminders.errors import NotFoundError

KEPT_FOR: Final = timedelta(hours=1)
MOST: Final = 12
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_ODD: Final = re.compile(r"[^\w .()+,&-]")
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file, under the name that its sender gave it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Drafts:
    """The drafts in one folder."""

    folder: Path

    def keep(self, uploads: Sequence[Upload], now: datetime) -> str:
        """Write a draft's files and return its name; old drafts go."""
        self.sweep(now)
        name = secrets.token_hex(16)
        for number, upload in enumerate(uploads):
            own = self.folder / name / str(number)
            own.mkdir(parents=True, mode=0o700)
            (own / safe_name(upload.name)).write_bytes(upload.data)
        (self.folder / name).chmod(0o700)
        (self.folder / name / "at").write_text(now.isoformat(), encoding="utf-8")
        return name

    def files(self, name: str, now: datetime) -> tuple[Path, ...]:
        """Return a draft's files in their order; ``NotFoundError`` when it is gone or too old."""
        self.sweep(now)
        if not _NAME.fullmatch(name) or not (self.folder / name).is_dir():
            raise NotFoundError(f"no draft {name!r}")
        parts = sorted((one for one in (self.folder / name).iterdir() if one.is_dir()), key=_number)
        return tuple(file for part in parts for file in part.iterdir())

    def drop(self, name: str) -> None:
        """Delete a draft, if it is there."""
        if _NAME.fullmatch(name):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def sweep(self, now: datetime) -> None:
        """Delete drafts that are too old, and the oldest of too many."""
        if not self.folder.is_dir():
            return
        found = sorted(((_written(one), one.name) for one in self.folder.iterdir()), reverse=True)
        for number, (written, name) in enumerate(found, start=1):
            fresh = written and timedelta() <= now - datetime.fromisoformat(written) <= KEPT_FOR
            if not fresh or number >= MOST:
                self.drop(name)


def safe_name(name: str) -> str:
    """Return the last part of a file's name, without characters that a folder could misread."""
    last = _ODD.sub("_", re.split(r"[/\\]", name)[-1]).strip(". ")
    stem, dot, ending = last.rpartition(".")
    return f"{(stem or 'file')[:_LONGEST]}{dot}{ending[:10]}" if dot else (last or "file")[:_LONGEST]


def _number(part: Path) -> int:
    return int(part.name)


def _written(draft: Path) -> str:
    """Return when a draft was written; nothing where its writer was killed half-way."""
    stamp = draft / "at"
    return stamp.read_text(encoding="utf-8") if stamp.is_file() else ""
