"""Everything into one file, and back into an empty database."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from reminders.service import Service
from reminders.store import Database, delivery_log
from reminders.store.backup import Backup, restore_backup, write_backup
from reminders.use.programme.store_programme import note_calendars


def back_up(service: Service, file: Path) -> Backup:
    """Write everything that is stored into ``file``; the service may run meanwhile."""
    return write_backup(service.database, file, service.clock())


def restore(url: str, file: Path, now: datetime, *, force: bool) -> tuple[Backup, tuple[int, ...]]:
    """Fill the database of an address from a backup; return it, and where the evidence chain breaks."""
    with closing(Database(url)) as database:
        database.migrate()
        found = restore_backup(database, file, lambda one: note_calendars(one, now), force=force)
        with database.read() as connection:
            return found, delivery_log.broken_links(connection)
