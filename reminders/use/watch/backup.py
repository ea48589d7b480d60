"""Everything into one file, and back into an empty database."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reminders.errors import GuardError
from reminders.folders import check_folder
from reminders.letters.acts import Act
from reminders.service import Service
from reminders.store import Database, evidence, installation, sessions
from reminders.store.audit import add_act
from reminders.store.backup import Backup, restore_backup, write_backup
from reminders.store.evidence import ChangedRow
from reminders.use.programme.store_programme import note_calendars
from reminders.use.watch.audit import record_reading


def back_up(service: Service, file: Path, *, force: bool = False) -> Backup:
    """Write everything that is stored into ``file``; the service may run meanwhile. The act is in it.

    Raises where the folder is missing or closed, and where the file is there already unless ``force``.
    """
    folder = file.absolute().parent
    if not folder.is_dir():
        raise GuardError(f"{file}: there is no folder {folder}; make it, or name a file in another one")
    check_folder("FILE", folder)
    if file.is_dir():
        raise GuardError(f"{file} is a folder; name a file")
    if file.exists() and not force:
        raise GuardError(f"{file} is there already; --force replaces it")
    record_reading(service, "backup", subject=file.name)
    return write_backup(service.database, file, service.clock())


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that fills the database now, and what in it is not as its record says.

    ``other_key``: it was made under another secret key, and cannot be verified under this one.
    """

    backup: Backup
    other_key: bool
    changed: tuple[ChangedRow, ...]


def restored_from(service: Service) -> datetime | None:
    """Return the moment of the restored backup about which nobody has answered yet, if there is one."""
    with service.database.read() as connection:
        return installation.restored_from(connection)


def restore(
    url: str, file: Path, now: datetime, secret: str, origin: str = "command", *, force: bool
) -> Restored:
    """Fill the database of an address from a backup; ``origin`` is where that is said, for the audit trail.

    Return addresses get a new epoch: the numbers of mails sent since the backup are given once more. Before
    anything is sent again somebody is asked about the days since (``plan.check_restored``). Nobody stays
    signed in: sessions that were ended since the backup would be open again.
    """
    with closing(Database(url, secret)) as database:
        database.migrate()
        found = restore_backup(database, file, lambda one: note_calendars(one, now), force=force)
        with database.write() as connection:
            evidence.begin(connection, now)
            sessions.end_all(connection, now)
            installation.begin_epoch(connection)
            installation.ask_about_restore(connection, datetime.fromisoformat(found.at))
            if not evidence.has_other_key(connection):  # under another key it would break the record
                add_act(connection, Act(0, now, "", origin, "restore", subject=found.at))
        with database.read() as connection:
            is_other = evidence.has_other_key(connection)
            return Restored(found, is_other, () if is_other else evidence.changed_rows(connection))
