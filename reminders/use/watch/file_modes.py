"""The files that hold personal data and secrets belong to the service's user alone, whatever made them.

What the service makes itself is so from the first (``cli.main`` sets the umask); here files of older
installations, and those that somebody copied into place, are closed at each start.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from structlog import get_logger

from reminders.settings import Settings

log = get_logger()
_OTHERS: Final = 0o077


def private_files(settings: Settings) -> tuple[Path, ...]:
    """Return those that there are of: secret key, database with its journal, folders of mails and uploads."""
    database = settings.database_file
    files = (
        settings.secret_key_file,
        *((Path(f"{database}{ending}") for ending in ("", "-wal", "-shm")) if database else ()),
        settings.mail_folder,
        settings.uploads_folder,
    )
    return tuple(one for one in files if one.exists())


def is_open_to_others(path: Path) -> bool:
    """Tell whether others on the machine may reach a file or folder."""
    return bool(path.stat().st_mode & _OTHERS)


def close_files(settings: Settings) -> None:
    """Close to others what is open to them, with all that lies in an open folder; the doctor says what stays.

    In a folder that is closed already nothing is looked at.
    """
    for one in private_files(settings):
        if is_open_to_others(one):
            for path in (*_below(one), one):
                _close(path)


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        yield from (Path(root) / name for name in (*folders, *files))


def _close(path: Path) -> None:
    if path.is_symlink():
        return
    with suppress(FileNotFoundError):
        try:
            path.chmod(path.stat().st_mode & 0o700)
        except PermissionError:
            log.warning("file stays open to others on this machine", path=str(path))
