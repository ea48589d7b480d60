"""Folders of the service: made where they are missing; one that cannot be written is named with its user.

What is written into them is left to the rooms that own it.
"""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from reminders.errors import FolderError


def own_name() -> str:
    """Return the user of this process as a person looks it up: name and number, or the number alone."""
    number = os.geteuid()
    try:
        return f"{pwd.getpwuid(number).pw_name} ({number})"
    except KeyError:
        return f"with the number {number}"


def check_folder(setting: str, folder: Path) -> None:
    """Raise ``FolderError`` unless files can be written into ``folder``, or it can be made; change nothing.

    ``setting`` is the setting that names it, or that it follows from.
    """
    there = folder
    while not os.path.lexists(there) and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise FolderError(setting, folder, own_name(), f"{there} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        is_fixed = os.statvfs(there).f_flag & os.ST_RDONLY
        raise FolderError(setting, folder, own_name(), "read-only file system" if is_fixed else "no right to")


def make_folder(setting: str, folder: Path) -> None:
    """Make ``folder`` where it is missing; raise ``FolderError`` unless files can be written into it."""
    check_folder(setting, folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failed:
        raise FolderError(setting, folder, own_name(), str(failed.strerror)) from failed
