"""A programme's settings are changed: checked, recorded with name and moment, worked into rules and dates."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.choices import Choice, ChoiceError, canonical, check, read, standing
from reminders.dispatch.load import rework
from reminders.dispatch.tick import Service
from reminders.errors import NotFoundError, UsageError
from reminders.store import Connection, corrections
from reminders.store import choices as store
from reminders.store import programmes as repository
from reminders.store.choices import Chosen
from reminders.store.programmes import ProgrammeRow


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall hold in a programme; no ``text``: its default again."""

    programme: str
    name: str
    text: str
    by: str


def choices_of(connection: Connection, key: str) -> tuple[Choice, ...]:
    """Return every setting of a programme as it stands."""
    return standing(_row(connection, key).printed, store.texts(connection, key))


def choose(service: Service, wish: Wish) -> None:
    """Record what shall hold; dates, stages and feeds follow at once. What was mailed stays.

    Raises ``NotFoundError`` for an unknown programme, ``UsageError`` for a value that cannot be read.
    """
    with service.database.write() as connection:
        enter(connection, service, wish)


def enter(connection: Connection, service: Service, wish: Wish) -> None:
    """Do what ``choose`` does, inside the caller's transaction."""
    row, now = _row(connection, wish.programme), service.clock()
    try:
        check_wish(row, store.texts(connection, wish.programme), wish)
    except ChoiceError as error:
        raise UsageError(f"{error}; found {wish.text!r}") from error
    store.add(
        connection,
        wish.programme,
        Chosen(wish.name, canonical(row.printed, wish.name, wish.text), wish.by, now),
    )
    corrections.touch(connection, wish.programme, now)
    rework(connection, wish.programme, now)


def check_wish(row: ProgrammeRow, chosen: dict[str, str], wish: Wish) -> None:
    """Raise ``ChoiceError`` for a value that its setting cannot take, alone or beside the others."""
    if wish.text.strip():
        read(wish.name, wish.text)
    elif wish.name not in {one.name for one in standing(row.printed, {})}:
        raise ChoiceError(wish.name, "name")
    check(row.printed, {**chosen, wish.name: wish.text.strip()})


def _row(connection: Connection, key: str) -> ProgrammeRow:
    rows = {row.programme.key: row for row in repository.all_programmes(connection)}
    if key not in rows:
        raise NotFoundError(f"no programme {key!r}; reminders programmes lists them")
    return rows[key]
