"""A programme's settings are changed, and its mail is let out or stopped.

A change is checked, recorded with name and moment, and worked into rules and dates at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reminders.clock import civil_time
from reminders.errors import NoSecretaryError, UsageError
from reminders.planning import programme_settings
from reminders.planning.programme_settings import (
    Setting,
    SettingError,
    SettingRecord,
    check_settings,
    settings_of,
)
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import Connection, planned, programmes
from reminders.use.planning.load_state import load_state
from reminders.use.programme.store_programme import rework
from reminders.use.watch.audit import record_act

_PERSONAL: Final = frozenset(("secretary_phone",))
"""Settings whose values are somebody's data: of these the audit trail holds the name alone."""


@dataclass(frozen=True, slots=True)
class SettingChange:
    """What shall hold in a programme; no ``text``: its default again."""

    programme: str
    name: str
    text: str
    by: str


def settings_of_programme(connection: Connection, key: str) -> tuple[Setting, ...]:
    """Return every setting of a programme as it stands."""
    return tuple(one for one, _ in settings_with_choices(connection, key))


def settings_with_choices(
    connection: Connection, key: str
) -> tuple[tuple[Setting, SettingRecord | None], ...]:
    """Return every setting of a programme as it stands, each with the choice that holds, if any."""
    printed = programmes.stored_programme(connection, key).printed
    newest = {one.name: one for one in programmes.setting_history(connection, key)}
    found = settings_of(printed, {name: one.value for name, one in newest.items()})
    return tuple((one, newest[one.name] if one.chosen else None) for one in found)


def change_setting(service: Service, change: SettingChange) -> None:
    """Record what shall hold; dates, stages and feeds follow at once. What was mailed stays.

    Raises ``NotFoundError`` for an unknown programme, ``UsageError`` for a value that cannot be read.
    """
    with service.database.write() as connection:
        before = programmes.setting_texts(connection, change.programme)
        enter_setting(connection, service, change)
        after = programmes.setting_texts(connection, change.programme)
        was, now = (one.get(change.name, "-") for one in (before, after))
        about = change.name if change.name in _PERSONAL else f"{change.name}: {was} → {now}"
        record_act(connection, service, "setting", change.programme, about, by=change.by)


def enter_setting(connection: Connection, service: Service, change: SettingChange) -> None:
    """Do what ``change_setting`` does, inside the caller's transaction."""
    row, now = programmes.stored_programme(connection, change.programme), service.clock()
    try:
        check_change(row, programmes.setting_texts(connection, change.programme), change)
    except SettingError as error:
        raise UsageError(f"{error}; found {change.text!r}") from error
    text = programme_settings.canonical_setting(row.printed, change.name, change.text)
    programmes.add_setting(connection, change.programme, SettingRecord(change.name, text, change.by, now))
    programmes.touch_programme(connection, change.programme, now)
    rework(connection, change.programme, now)


def check_change(row: ProgrammeRow, chosen: dict[str, str], change: SettingChange) -> None:
    """Raise ``SettingError`` for a value that its setting cannot take, alone or beside the others."""
    if change.text.strip():
        programme_settings.read_setting(change.name, change.text)
    elif change.name not in {one.name for one in settings_of(row.printed, {})}:
        raise SettingError(change.name, "name")
    check_settings(row.printed, {**chosen, change.name: change.text.strip()})


def hold_programme(service: Service, key: str) -> None:
    """Stop a programme's mail; raise ``NotFoundError`` when there is none of this key."""
    with service.database.write() as connection:
        programmes.check_programme(connection, key)
        programmes.set_held(connection, key, held=True)
        record_act(connection, service, "hold", key)


def release_programme(service: Service, key: str) -> None:
    """Start sending a programme's mail.

    Raises ``NoSecretaryError`` while nobody is its secretary: an item could resolve
    to nobody, and its first start would be lost.
    """
    today = civil_time(service.settings, service.clock()).day
    with service.database.write() as connection:
        people = load_state(connection, programmes.stored_programme(connection, key)).people
        if not people.present_secretary(today):
            raise NoSecretaryError(key)
        programmes.set_held(connection, key, held=False)
        record_act(connection, service, "release", key)


def close_programme(service: Service, key: str) -> date:
    """End a programme; return the day from which its last summary is due.

    From now on nobody is asked and the links of its mails open nothing; pages, feeds and the record stay.
    On a day that has had its summary the last one follows the next day. Raises ``NotFoundError`` for no
    such programme, ``UsageError`` for one that was closed before.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        row = programmes.stored_programme(connection, key)
        if row.closed_on is not None:
            raise UsageError(f"{key} was closed on {row.closed_on}; what it holds stays as it is")
        is_told = planned.last_digests(connection).get(key) == today
        day = today + timedelta(days=1) if is_told else today
        programmes.set_closed(connection, key, day)
        programmes.touch_programme(connection, key, now)
        record_act(connection, service, "close", key)
    return day
