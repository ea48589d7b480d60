"""The copies of mails in the folder that mails are written to, and how those of erased mails are deleted.

Only files that ``transport`` wrote are touched: named after the mail, and with its octets by their hash. What
else lies in the folder is somebody else's and stays.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from reminders.delivery.transport import name_mark
from reminders.letters.delivery_events import without_addresses

_COPY: Final = re.compile(r"[^/]*--([0-9a-f]{12})\.eml")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HALF: Final = re.compile(rf"\.{_COPY.pattern}\.part")
SIGN_IN_FOLDER: Final = "sign-in"
"""Where in the folder of mails those with sign-in links lie."""


@dataclass(frozen=True, slots=True)
class ErasedMail:
    """A mail whose octets are gone from the tables: its civil date, and what its copy is known by."""

    local_date: date
    message_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DeletedCopies:
    """How many files went, and what stood in the way of others, without addresses."""

    files: int = 0
    faults: tuple[str, ...] = ()


def delete_copies(folder: Path, mails: Iterable[ErasedMail]) -> DeletedCopies:
    """Delete the copies of ``mails`` below ``folder``, and the folders of days that are empty then.

    A file or folder that cannot be read or deleted raises nothing: it is named in ``faults``, the rest goes.
    """
    days: dict[date, list[ErasedMail]] = {}
    for mail in mails:
        days.setdefault(mail.local_date, []).append(mail)
    deleted, faults = 0, list[str]()
    for day, erased in sorted(days.items()):
        own = folder / day.isoformat()
        try:
            files = sorted(own.iterdir())
        except FileNotFoundError:
            continue
        except OSError as error:
            faults.append(_words(own, error))
            continue
        gone = list(_delete(files, erased, faults))
        deleted += len(gone)
        if gone and len(gone) == len(files):
            try:
                own.rmdir()
            except OSError as error:
                faults.append(_words(own, error))
    return DeletedCopies(deleted, tuple(faults))


def delete_sign_in_mails(folder: Path, before: date) -> DeletedCopies:
    """Delete the mails with sign-in links below ``folder`` from before a day: they open nothing any more.

    No table knows them; they lie in a folder of their own, by day.
    """
    deleted, faults = 0, list[str]()
    own = folder / SIGN_IN_FOLDER
    days = sorted(own.iterdir()) if own.is_dir() else []
    for day in days:
        if not _DAY.fullmatch(day.name) or day.name >= before.isoformat():
            continue
        for file in [*day.glob("*.eml"), *day.glob(".*.eml.part")]:
            try:
                file.unlink()
                deleted += 1
            except OSError as error:
                faults.append(_words(file, error))
        with suppress(OSError):  # something of somebody else's lies in it
            day.rmdir()
    return DeletedCopies(deleted, tuple(faults))


def _delete(files: Iterable[Path], erased: Iterable[ErasedMail], faults: list[str]) -> Iterator[Path]:
    """Delete those of a day's files that are copies and yield them; add to ``faults`` what was in the way."""
    by_octets = {one.sha256: one.message_id for one in erased}
    halves = {name_mark(message_id) for message_id in by_octets.values()}
    for file in files:
        try:
            if _is_copy(file, by_octets) or ((half := _HALF.fullmatch(file.name)) and half[1] in halves):
                file.unlink()
                yield file
        except OSError as error:
            faults.append(_words(file, error))


def _is_copy(file: Path, by_octets: dict[str, str]) -> bool:
    named = _COPY.fullmatch(file.name)
    if named is None or file.is_symlink() or not file.is_file():
        return False
    octets = file.read_bytes()
    message_id = by_octets.get(hashlib.sha256(octets).hexdigest())
    return message_id is not None and named[1] in {name_mark(message_id), name_mark(message_id, octets)}


def _words(path: Path, error: OSError) -> str:
    name = without_addresses(f"/{path.name.lstrip('.')}")
    return f"{path.parent}{name}: {error.strerror or type(error).__name__}"
