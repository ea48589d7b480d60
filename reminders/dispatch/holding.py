"""Letting a programme's mail out, and stopping it."""

from __future__ import annotations

from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local, world_of
from reminders.errors import GuardError, NotFoundError
from reminders.store import programmes as repository


def hold(service: Service, key: str) -> None:
    """Stop a programme's mail; raise ``NotFoundError`` when there is none of this key."""
    with service.database.write() as connection:
        if not repository.set_held(connection, key, held=True):
            raise NotFoundError(f"no programme {key!r}; reminders programmes lists them")


def release(service: Service, key: str) -> None:
    """Let a programme's mail out.

    Raises ``GuardError`` while nobody is its secretary: an item could resolve
    to nobody, and its first start would be lost.
    """
    today = local(service.settings, service.clock()).day
    with service.database.write() as connection:
        rows = {row.programme.key: row for row in repository.all_programmes(connection)}
        if key not in rows:
            raise NotFoundError(f"no programme {key!r}; reminders programmes lists them")
        if not world_of(connection, rows[key]).people.secretary(today):
            raise GuardError(
                f"{key} has no secretary: nobody would get what falls to nobody else. "
                f"Name one with: reminders contacts import FILE.csv --programme {key}"
            )
        repository.set_held(connection, key, held=False)
