"""A programme's settings are changed: checked, recorded with name and moment, worked into rules and dates.

Letting a programme's mail out, and stopping it.
"""

from __future__ import annotations

from dataclasses import dataclass

from reminders.clock import civil_time
from reminders.errors import GuardError, NotFoundError, UsageError
from reminders.planning.programme_settings import (
    Setting,
    SettingError,
    canonical_setting,
    check_settings,
    read_setting,
    settings_of,
)
from reminders.service import Service
from reminders.store import Connection, programmes
from reminders.store import programmes as repository
from reminders.store import programmes as store
from reminders.store.programmes import ProgrammeRow, SettingRecord
from reminders.use.planning.load_state import load_state
from reminders.use.programme.store_programme import rework

# -- A programme's settings are changed: checked, recorded with name and moment, worked into ru


@dataclass(frozen=True, slots=True)
class SettingChange:
    """What shall hold in a programme; no ``text``: its default again."""

    programme: str
    name: str
    text: str
    by: str


def settings_of_programme(connection: Connection, key: str) -> tuple[Setting, ...]:
    """Return every setting of a programme as it stands."""
    return settings_of(
        repository.stored_programme(connection, key).printed, store.setting_texts(connection, key)
    )


def change_setting(service: Service, wish: SettingChange) -> None:
    """Record what shall hold; dates, stages and feeds follow at once. What was mailed stays.

    Raises ``NotFoundError`` for an unknown programme, ``UsageError`` for a value that cannot be read.
    """
    with service.database.write() as connection:
        enter_setting(connection, service, wish)


def enter_setting(connection: Connection, service: Service, wish: SettingChange) -> None:
    """Do what ``choose`` does, inside the caller's transaction."""
    row, now = repository.stored_programme(connection, wish.programme), service.clock()
    try:
        check_change(row, store.setting_texts(connection, wish.programme), wish)
    except SettingError as error:
        raise UsageError(f"{error}; found {wish.text!r}") from error
    store.add_setting(
        connection,
        wish.programme,
        SettingRecord(wish.name, canonical_setting(row.printed, wish.name, wish.text), wish.by, now),
    )
    programmes.touch_programme(connection, wish.programme, now)
    rework(connection, wish.programme, now)


def check_change(row: ProgrammeRow, chosen: dict[str, str], wish: SettingChange) -> None:
    """Raise ``ChoiceError`` for a value that its setting cannot take, alone or beside the others."""
    if wish.text.strip():
        read_setting(wish.name, wish.text)
    elif wish.name not in {one.name for one in settings_of(row.printed, {})}:
        raise SettingError(wish.name, "name")
    check_settings(row.printed, {**chosen, wish.name: wish.text.strip()})


# -- Letting a programme's mail out, and stopping it


def hold_programme(service: Service, key: str) -> None:
    """Stop a programme's mail; raise ``NotFoundError`` when there is none of this key."""
    with service.database.write() as connection:
        if not repository.set_held(connection, key, held=True):
            raise NotFoundError(f"no programme {key!r}; reminders programmes lists them")


def release_programme(service: Service, key: str) -> None:
    """Let a programme's mail out.

    Raises ``GuardError`` while nobody is its secretary: an item could resolve
    to nobody, and its first start would be lost.
    """
    today = civil_time(service.settings, service.clock()).day
    with service.database.write() as connection:
        if not load_state(connection, repository.stored_programme(connection, key)).people.secretary(today):
            raise GuardError(
                f"{key} has no secretary: nobody would get what falls to nobody else. "
                f"Name one with: reminders contacts import FILE.csv --programme {key}"
            )
        repository.set_held(connection, key, held=False)
