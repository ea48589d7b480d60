"""An action or an organisation gets another key: every row that names it follows.

``KEYS`` says where rows name them, table by table; a test lists every column that could and asks for a place
here. What is proved stays as it left the house: the octets of messages and the delivery log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    String,
    Table,
    func,
    literal,
    select,
    update,
)

from reminders.store import tables
from reminders.store.tables import of_programme
from schedule_rules.occurrence import OccurrenceID

Kind = Literal[
    "occurrence",  # programme:action:kind:instance
    "action",
    "organisation",
    "organisations",  # a list of keys
    "parties",  # a correction's value: keys with blanks between, where its field is of parties
    "whose",  # an organisation's key, or free words
    "feed",  # the name of a feed, which may be an organisation's key
    "items",  # the items of a mail, each with its occurrence
    "form",  # what was typed into a form, by action
    "series",  # the document of a series
]

KEYS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "correction": {"action": "action", "value": "parties"},
    "occurrence": {"id": "occurrence", "organisations": "organisations"},
    "stage": {"occurrence_id": "occurrence"},
    "series": {"action": "action", "document": "series"},
    "contact": {"organisation": "organisation"},
    "answer": {"occurrence_id": "occurrence", "organisation": "organisation", "whose": "whose"},
    "pause": {"occurrence_id": "occurrence", "organisation": "organisation"},
    "moved_date": {"occurrence_id": "occurrence"},
    "ended_action": {"action": "action"},
    "handover": {"action": "action", "giver": "organisation", "taker": "organisation"},
    "target_date": {"action": "action", "organisation": "organisation"},
    "indicator_value": {"action": "action", "organisation": "organisation"},
    "collection_status": {"occurrence_id": "occurrence", "organisation": "organisation", "action": "action"},
    "collection_form": {
        "occurrence_id": "occurrence",
        "organisation": "organisation",
        "draft": "form",
        "sent": "form",
    },
    "collection_round": {"occurrence_id": "occurrence"},
    "collection_nudge": {"occurrence_id": "occurrence"},
    "reminder": {
        "occurrence_id": "occurrence",
        "organisations": "organisations",
        "without_contact": "organisations",
    },
    "digest": {"items": "items"},
    "calendar_feed": {"name": "feed"},
}
"""The columns that name actions or organisations, and how."""

_WORKED_OUT: Final = frozenset(("occurrence", "stage", "ended_action", "calendar_feed"))
"""Tables whose rows follow from the programme: that they name somebody keeps nobody."""
_ANSWERS: Final = ("answer", "indicator_value", "collection_status", "target_date")
_MOVING: Final = "~{}"
"""What a key is while it moves, so that two may change places: no programme has such a key."""


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """The actions and organisations that rows of a programme name; ``answered``: actions with answers."""

    actions: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()


def stored_keys(connection: Connection, key: str) -> StoredKeys:
    """Return whom the rows of a programme name: what people entered, and what was mailed."""
    actions, organisations, answered = set[str](), set[str](), set[str]()
    for table, column, kind in _columns():
        if table.name in _WORKED_OUT:
            continue
        about = {"occurrence": actions, "action": actions}.get(kind, organisations)
        if kind in {"items", "form", "series"}:  # the same actions stand in rows of their own
            continue
        query = select(column).where(_of(table, key)).distinct()
        if kind == "parties":
            query = query.where(table.c.field.in_(("leads", "partners")))
        if kind == "organisations":
            query = select(column).where(_of(table, key))
        found = {one for value in connection.execute(query).scalars() for one in _named(kind, value)}
        about |= found
        if table.name in _ANSWERS and about is actions:
            answered |= found
    return StoredKeys(frozenset(actions), frozenset(organisations), frozenset(answered))


def _named(kind: Kind, value: Any) -> Iterable[str]:  # noqa: ANN401 - a column's value
    match kind:
        case "occurrence":
            return (OccurrenceID.parse(value).action,)
        case "organisations":
            return tuple(value)
        case "parties":
            return tuple(value.split())
        case _:
            return (value,)


def rename_keys(
    connection: Connection, key: str, actions: Mapping[str, str], organisations: Mapping[str, str]
) -> None:
    """Give actions and organisations of a programme their new keys in every row, all at once.

    Two may change places. Where two organisations become one and both have a row that there can be only one
    of, the second keeps its own: nothing is lost.
    """
    if not (actions or organisations):
        return
    for table, column, kind in _columns():
        where = _of(table, key)
        if kind == "occurrence":
            _in_steps(actions, partial(_rename_ids, connection, column, key))
        elif kind == "action":
            _in_steps(actions, partial(_rename, connection, column, where))
        elif kind in {"organisation", "feed", "whose"}:
            _in_steps(organisations, partial(_rename, connection, column, where))
        else:
            _rewrite(connection, column, where, _reader(kind, key, actions, organisations))


def rename_in_corrections(
    connection: Connection, key: str, actions: Mapping[str, str], organisations: Mapping[str, str]
) -> None:
    """Give actions and organisations their new keys in what people decided about places and parties.

    ``rename_keys`` leaves those as they are: that one party is another is said of its key.
    """
    table = tables.correction
    of_actions = ("new-action", "second-action", "part-of")
    query = select(table.c.id, table.c.field, table.c.value).where(table.c.programme == key)
    named = query.where(table.c.field.in_((*of_actions, "party", "organisation")))
    for row_id, field, value in connection.execute(named).all():
        if field in of_actions:
            fresh = actions.get(value, value)
        elif field == "party":
            fresh = " ".join(organisations.get(one, one) for one in value.split(" "))
        else:
            own, space, rest = value.partition(" ")
            fresh = f"{organisations.get(own, own)}{space}{rest}"
        if fresh != value:
            connection.execute(update(table).where(table.c.id == row_id).values(value=fresh))


Joined = Mapping[str, str]
"""Organisations that another took in, and which: of several that become one all but its successor."""
MovedCells = list[list[Any]]
"""Cells that named an organisation which another took in: table, column, primary key, old and new value."""
_PARTING: Final = "~~"
"""What a key begins with while its rows are parted from those of the organisation that had taken it in."""


def cells_naming(connection: Connection, key: str, joined: Joined) -> MovedCells:
    """Return the cells of a programme's rows that name organisations which are about to be taken in."""
    found: MovedCells = []
    for table, column, kind in _party_columns():
        query = select(*table.primary_key, column).where(_of(table, key))
        if table.name == "correction":
            query = query.where(table.c.field.in_(("leads", "partners")))
        for row in connection.execute(query):
            *ids, value = row
            if value is not None and not joined.keys().isdisjoint(_named(kind, value)):
                found.append([table.name, column.name, ids, value, None])
    return found


def note_taken_in(connection: Connection, key: str, joined: Joined, parties: Mapping[str, str]) -> MovedCells:
    """Note of reminders that nobody of the organisations heard which are about to take others in.

    ``parties`` are all that get another key; what both were told of is left as it is. Returns the cells that
    changed, as they are once ``rename_keys`` has moved them.
    """
    table, found = tables.reminder, MovedCells()
    query = select(table.c.id, table.c.organisations, table.c.without_contact).where(of_programme(table, key))
    for row_id, organisations, without in connection.execute(query).all() if joined else ():
        stay = {parties.get(one, one) for one in organisations if one not in joined}
        taken = [one for one in organisations if one in joined and joined[one] not in stay]
        if fresh := [one for one in taken if one not in without]:
            marked = [*without, *fresh]
            connection.execute(update(table).where(table.c.id == row_id).values(without_contact=marked))
            moved = list(dict.fromkeys(parties.get(one, one) for one in marked))
            found.append([table.name, table.c.without_contact.name, [row_id], without, moved])
    return found


def moved_cells(
    connection: Connection,
    found: MovedCells,
    key: str,
    actions: Mapping[str, str],
    parties: Mapping[str, str],
) -> MovedCells:
    """Return cells (``cells_naming``) as they are once ``rename_keys`` has moved them.

    A row that stayed where it was, for there can be one of it only, is left out.
    """
    moved: MovedCells = []
    for name, column_name, ids, old, _ in found:
        table = tables.metadata.tables[name]
        kind = KEYS[name][column_name]
        if column_name in table.primary_key.columns and _row(connection, table, ids) is not None:
            continue
        fresh = [
            _as_renamed(KEYS[name].get(one.name), value, key, actions, parties)
            for one, value in zip(table.primary_key, ids, strict=True)
        ]
        moved.append([name, column_name, fresh, old, _as_renamed(kind, old, key, actions, parties)])
    return moved


def part_cells(connection: Connection, cells: MovedCells) -> None:
    """Take cells apart from what is about to be renamed, where they are still what ``rename_keys`` left.

    ``join_parts`` gives them their old values.
    """
    for name, column_name, ids, old, new in cells:
        table = tables.metadata.tables[name]
        row, column = _row(connection, table, ids), table.c[column_name]
        if row is not None and row[column_name] == new:
            this = [one == value for one, value in zip(table.primary_key, ids, strict=True)]
            marked = _each(KEYS[name][column_name], old, lambda one: f"{_PARTING}{one}")
            connection.execute(update(table).where(*this).values({column.name: marked}))


def join_parts(connection: Connection, key: str) -> None:
    """Give the cells that ``part_cells`` took apart their own keys."""

    def plain(one: str) -> str:
        return one.removeprefix(_PARTING)

    for table, column, kind in _party_columns():
        _rewrite(connection, column, _of(table, key), partial(_each, kind, change=plain))


def _party_columns() -> Iterator[tuple[Table, Column[Any], Kind]]:
    kinds = {"organisation", "organisations", "parties", "whose"}
    return (one for one in _columns() if one[2] in kinds and one[0].name not in _WORKED_OUT)


def _row(connection: Connection, table: Table, ids: Iterable[Any]) -> RowMapping | None:
    this = [one == value for one, value in zip(table.primary_key, ids, strict=True)]
    return connection.execute(select(table).where(*this)).mappings().one_or_none()


def _each(kind: Kind, value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - a column's value
    """Return a column's value with each key that it names changed."""
    match kind:
        case "organisations":
            return list(map(change, value))
        case "parties":
            return " ".join(map(change, value.split()))
        case _:
            return change(value)


def _as_renamed(
    kind: Kind | None,
    value: Any,  # noqa: ANN401 - a column's value
    key: str,
    actions: Mapping[str, str],
    parties: Mapping[str, str],
) -> Any:  # noqa: ANN401
    match kind:
        case "occurrence":
            own = OccurrenceID.parse(value)
            return str(OccurrenceID(key, actions.get(own.action, own.action), own.kind, own.instance))
        case "organisation" | "whose":
            return parties.get(value, value)
        case "organisations" | "parties":
            return _reader(kind, key, actions, parties)(value)
        case _:
            return value


def _columns() -> Iterator[tuple[Table, Column[Any], Kind]]:
    for name, columns in KEYS.items():
        table = tables.metadata.tables[name]
        for column, kind in columns.items():
            yield table, table.c[column], kind


def _of(table: Table, key: str) -> ColumnElement[bool]:
    """Return the condition that a row is of a programme; of a mail, which may be of several, none."""
    if "programme" in table.c:
        return table.c.programme == key
    return of_programme(table, key) if "occurrence_id" in table.c else table.c.id.is_not(None)


def _in_steps(keys: Mapping[str, str], rename: Callable[[str, str], None]) -> None:
    for old in keys:
        rename(old, _MOVING.format(old))
    for old, new in keys.items():
        rename(_MOVING.format(old), new)
        rename(_MOVING.format(old), old)  # what there can be only one of


def _rename(
    connection: Connection, column: Column[Any], where: ColumnElement[bool], old: str, new: str
) -> None:
    table = column.table
    statement = update(table).where(where, column == old).values({column.name: new})
    if column.primary_key:
        other = table.alias()
        same = [other.c[one.name] == one for one in table.primary_key if one is not column]
        taken = select(func.count()).select_from(other).where(*same, other.c[column.name] == new)
        statement = statement.where(taken.correlate(table).scalar_subquery() == 0)
    connection.execute(statement)


def _rename_ids(connection: Connection, column: Column[Any], key: str, old: str, new: str) -> None:
    before, after = f"{key}:{old}:", f"{key}:{new}:"
    fresh = literal(after, String) + func.substr(column, len(before) + 1, type_=String)
    ours = column.startswith(before, autoescape=True)
    connection.execute(update(column.table).where(ours).values({column.name: fresh}))


def _rewrite(
    connection: Connection, column: Column[Any], where: ColumnElement[bool], renamed: Callable[[Any], Any]
) -> None:
    """Write the values of a column anew where ``renamed`` changes them."""
    table = column.table
    own = list(table.primary_key)
    query = select(*own, column).where(where, column.is_not(None))
    if table.name == "correction":
        query = query.where(table.c.field.in_(("leads", "partners")))
    for row in connection.execute(query).all():
        *ids, value = row
        if value is not None and (fresh := renamed(value)) != value:
            this = [one == value for one, value in zip(own, ids, strict=True)]
            connection.execute(update(table).where(*this).values({column.name: fresh}))


def _reader(
    kind: Kind, key: str, actions: Mapping[str, str], organisations: Mapping[str, str]
) -> Callable[[Any], Any]:
    """Return what gives a value of a column its new keys."""

    def occurrence(text: str) -> str:
        found = OccurrenceID.parse(text)
        if found.programme != key or found.action not in actions:
            return text
        return str(OccurrenceID(key, actions[found.action], found.kind, found.instance))

    def keys(value: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(organisations.get(one, one) for one in value))

    def series(document: str) -> str:
        value = json.loads(document)
        if value["action"] not in actions:
            return document
        return json.dumps({**value, "action": actions[value["action"]]}, ensure_ascii=False)

    match kind:
        case "organisations":
            return keys
        case "parties":
            return lambda value: " ".join(keys(value.split()))
        case "items":
            return lambda items: [{**one, "occurrence": occurrence(one["occurrence"])} for one in items]
        case "form":
            return lambda typed: {
                **typed,
                "actions": {actions.get(one, one): part for one, part in typed["actions"].items()},
            }
        case _:
            return series
