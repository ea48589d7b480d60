"""Faults of a database that its operator mends: what the driver says becomes one line, and what to do.

A password is never part of it. What is no such fault (a broken rule of a table, a wrong query) stays the
driver's error: it is the program's.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from reminders.errors import DatabaseFault
from reminders.folders import own_name

_SQLITE: Final = {
    "BUSY": ("another program holds it locked", "stop that program, or try again"),
    "LOCKED": ("another program holds it locked", "stop that program, or try again"),
    "READONLY": ("user {user} cannot write it", "give file and folder to this user"),
    "PERM": ("user {user} cannot open it", "give file and folder to this user"),
    "CANTOPEN": ("user {user} cannot open it", "give file and folder to this user, or name another file"),
    "NOTADB": ("this is no SQLite database", "name another file, or restore a backup into a new one"),
    "CORRUPT": ("the file is damaged", "restore a backup into a new one: reminders restore"),
    "FULL": ("the disk is full", "make room and try again"),
    "IOERR": ("the disk cannot be read or written", "look at the disk, and whether it is full"),
}
"""What a code of SQLite means to its operator, and what to do; codes end after these words."""
_POSTGRESQL: Final = (
    (r"password authentication failed|no password supplied", "user or password is wrong", "correct it"),
    (r"database .* does not exist", "the server has no such database", "create it, or name another"),
    (r"role .* does not exist", "the server has no such user", "create it, or name another"),
    (r"pg_hba", "the server lets this user not in from here", "allow it in pg_hba.conf"),
    (
        r"too many (clients|connections)|remaining connection slots",
        "it takes no more connections",
        "try again",
    ),
    (r"starting up|shutting down", "the server is starting or stopping", "try again"),
    (r"resolve|Name or service|not known", "no machine has this name", "correct it"),
    (r"disk|space left", "the disk of the server is full", "make room and try again"),
    (r"permission denied|read-only", "this user may not write there", "give it the right"),
)
"""What a server says when it takes no connection or no change, in the order in which it is looked for."""


def address_of(url: URL) -> str:
    """Return the address as its operator knows it, without the password: of SQLite the file alone."""
    if url.get_backend_name() == "sqlite":
        return url.database or "a database in memory"
    return url.set(drivername="postgresql").render_as_string()


def file_fault(url: URL) -> DatabaseFault | None:
    """Return what keeps an SQLite file from being opened or written, before it is touched."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    file = Path(url.database)
    if file.is_dir():
        return DatabaseFault(address_of(url), "this is a folder", "name a file in it")
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        what, remedy = _SQLITE["READONLY"]
        return DatabaseFault(address_of(url), what.format(user=own_name()), remedy)
    return None


def fault_of(error: DBAPIError, url: URL) -> DatabaseFault | None:
    """Return the fault behind a driver's error; None where it is no fault of the surroundings."""
    if isinstance(error.orig, sqlite3.Error):
        code = (getattr(error.orig, "sqlite_errorname", None) or "").removeprefix("SQLITE_")
        if not (found := _SQLITE.get(code.partition("_")[0])):
            return None
        return DatabaseFault(address_of(url), found[0].format(user=own_name()), found[1])
    words = " ".join(str(error.orig).split())
    if not (
        error.connection_invalidated
        or type(error.orig).__name__
        in {"OperationalError", "ReadOnlySqlTransaction", "DiskFull", "InsufficientPrivilege"}
    ):
        return None
    for pattern, what, remedy in _POSTGRESQL:
        if re.search(pattern, words, re.IGNORECASE):
            return DatabaseFault(address_of(url), what, remedy)
    reason = words.rpartition("failed: ")[2].partition(" Is the server running")[0]
    if url.password:
        reason = reason.replace(url.password, "***")
    return DatabaseFault(
        address_of(url),
        f"it cannot be reached ({reason[:_MOST]})",
        "is it running, and is the address right?",
    )


_MOST: Final = 200
"""Characters of a server's words that are shown."""


def newer_fault(url: URL, found: str, known: str) -> DatabaseFault:
    """Return what is wrong with a database of a newer program: the version found, the newest one known."""
    return DatabaseFault(
        address_of(url),
        f"it has version {found}, and this program knows versions up to {known}",
        "update the program, or restore a backup of this version into a new database",
    )


def half_fault(url: URL, found: Collection[str], known: str, missing: Collection[str] = ()) -> DatabaseFault:
    """Return what is wrong with a database whose tables are not those of the version that it names."""
    version = " and ".join(sorted(found)) or "none"
    lacks = f", but lacks the table {min(missing)}" if missing else ""
    return DatabaseFault(
        address_of(url),
        f"it is half-migrated: it names version {version}{lacks}; this program knows versions up to {known}",
        "restore a backup into a new database",
    )


def missing_fault(url: URL) -> DatabaseFault:
    """Return what is wrong with a database that the service has not begun, or not brought up to date."""
    return DatabaseFault(
        address_of(url), "it is not there, or not up to date", "start the service, or reminders db upgrade"
    )


def foreign_fault(url: URL, tables: Collection[str]) -> DatabaseFault:
    """Return what is wrong with a database that holds tables of something else."""
    return DatabaseFault(
        address_of(url), f"it belongs to another program (table {min(tables)})", "name another database"
    )
