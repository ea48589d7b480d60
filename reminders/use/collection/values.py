"""Indicator values: what a unit says of an action's indicator for a year. The newest of each holds.

The form of the annual data collection and the answer page both write through here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reminders.collection.measures import Kind, NotAValueError, stored_value
from reminders.collection.round import LONGEST_UNIT, PLACES
from reminders.errors import NotFoundError, UsageError
from reminders.service import Service
from reminders.store import Connection
from reminders.store import collection as store
from reminders.store import programmes as repository
from reminders.store.collection import ValueRow
from schedule_rules.programme import Lang, Programme


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it was written: ``text`` in the writer's language ``lang`` (``2,5``; ``2.5``).

    ``by`` is an address, nothing: the secretary. Empty ``text`` takes an earlier value back.
    """

    programme: str
    action: str
    organisation: str
    year: int
    text: str
    unit: str = ""
    note: str = ""
    by: str = ""
    kind: Kind = "number"
    place: int = 1
    lang: Lang = "fi"


def save_value(service: Service, value: Value) -> ValueRow | None:
    """Record a value in a transaction of its own; None when it says what held already.

    Raises ``NotFoundError`` for an unknown programme, action or organisation, and
    ``UsageError`` (its text names what was expected) for what is no value of its kind.
    """
    now = service.clock()
    with service.database.write() as connection:
        programme = repository.stored_programme(connection, value.programme).programme
        return put_value(connection, programme, value, now)


def put_value(connection: Connection, programme: Programme, value: Value, now: datetime) -> ValueRow | None:
    """Record a value inside the caller's transaction (see ``save_value``)."""
    row = checked_value(programme, value, now)
    earlier = store.value_rows(connection, programme.key, [value.action], value.organisation)
    held = next((one for one in earlier if one.key == row.key), None)
    if (held is None and not row.text) or (held is not None and _said(held) == _said(row)):
        return None
    store.add_value(connection, row)
    return row


def _said(row: ValueRow) -> tuple[str, str, str, str]:
    return (row.kind, row.text, row.unit, row.note)


def checked_value(programme: Programme, value: Value, now: datetime) -> ValueRow:
    """Return a value as it is stored; raise as ``save_value`` does."""
    _check_place(programme, value)
    try:
        text = stored_value(value.text, value.kind, value.lang)
    except NotAValueError as error:
        raise UsageError(f"value: expected {value.kind}; found {value.text!r} ({error})") from error
    return ValueRow(
        programme=programme.key,
        action=value.action,
        organisation=value.organisation,
        year=value.year,
        kind=value.kind,
        text=text,
        by=value.by,
        at=now,
        place=value.place,
        unit=" ".join(value.unit.split()),
        note=value.note.strip(),
    )


def _check_place(programme: Programme, value: Value) -> None:
    if value.action not in programme.action_by_id:
        raise NotFoundError(f"no action {value.action!r} in {programme.key!r}")
    if value.organisation not in programme.organisation_by_key:
        raise NotFoundError(f"no organisation {value.organisation!r} in {programme.key!r}")
    if not 1 <= value.place <= PLACES or not 1 < value.year < 9999:
        found = f"{value.place} of {value.year}"
        raise UsageError(f"value: expected place 1 to {PLACES} of a year; found {found}")
    if len(value.unit) > LONGEST_UNIT:
        raise UsageError(f"unit: expected at most {LONGEST_UNIT} characters; found {len(value.unit)}")


def indicator_values(
    service: Service, programme: str, actions: Iterable[str] | None = None, organisation: str | None = None
) -> tuple[ValueRow, ...]:
    """Return the values that hold, by action, organisation, year and place."""
    with service.database.read() as connection:
        return store.value_rows(connection, programme, actions, organisation)
