"""Rows follow an action or organisation that gets another key, in every table there is."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Final

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Text,
    insert,
    select,
)

from reminders.store import Database, programmes as repository, tables
from reminders.store.renaming import KEYS, rename_keys, stored_keys
from schedule_rules.programme import Programme
from tests.store.builders import NOW
from tests.use.town import action, programme

FREE: Final = {
    "answer": {"note"},
    "audit": {"origin", "programme", "subject", "counts"},  # what was done stays as it was called then
    # What calendars were told, by first ids of actions and keys of then: read by origins and successors.
    "calendar_entry": {"programme", "uid", "also_in", "shown"},
    "calendar_feed": {"programme"},
    "channel": {"reason"},
    "feed_binding": {"name", "programme"},  # a short address goes on under the old key
    "mail_section": {"programme"},
    "programme_fault": {"programme"},
    "choice": {"programme", "value"},
    "collection_status": {"note"},
    "contact": {"programme"},
    "correction": {"programme", "note"},
    "dead_address": {"text"},
    "delivery_event": {"text"},  # proof stays as it left the house
    "digest": {"board"},  # a programme
    "ended_action": {"programme"},
    "handover": {"programme", "note"},
    "indicator_value": {"programme", "text", "unit", "note"},
    "installation": {"value"},
    "invitation": {"programme", "place"},
    "occurrence": {"programme", "title", "basis"},
    "outbox": {"owner", "last_text"},
    "pause": {"reason"},
    "preference": {"programme", "off"},  # names of stages
    "private_feed": {"programme", "client"},
    "programme": {"key", "document", "findings"},  # written anew with each import
    "programme_version": {"programme", "document", "findings", "moves", "joined"},  # as it was
    "proposal_decision": {"note"},
    "reading_choice": {"programme", "headings", "choices"},  # headings of a document
    "sign_in_account": {"issuer", "subject"},  # an account at the city's sign-in service
    "run": {"result"},
    "series": {"programme", "note"},
    "target_date": {"programme", "rule", "note"},
    "year_letter": {"programme"},
}
"""Columns that could hold a key and hold none."""
WIDE: Final = {str(tables.KEY), str(tables.OCCURRENCE), "TEXT", "JSON"}


def test_every_column_that_could_name_an_action_or_organisation_has_its_place() -> None:
    """A new table or column is named here: as one that names nobody, or in ``KEYS``."""
    wide = {
        table.name: {column.name for column in table.c if str(column.type) in WIDE}
        for table in tables.metadata.sorted_tables
    }
    known = {name: {*KEYS.get(name, ()), *FREE.get(name, ())} for name in wide}
    assert {name: columns - known[name] for name, columns in wide.items() if columns - known[name]} == {}
    assert {
        name: set(columns) - set(tables.metadata.tables[name].c.keys()) for name, columns in KEYS.items()
    } == {name: set() for name in KEYS}


def filled(table: str, column: Column[Any], act: str, unit: str, number: int) -> object:
    """A value for a column: what names an action or organisation names these, the rest is anything."""
    occurrence = f"town:{act}:milestone:end"
    match KEYS.get(table, {}).get(column.name):
        case "occurrence":
            return occurrence
        case "action":
            return act
        case "organisation" | "whose" | "feed":
            return unit
        case "organisations":
            return [unit, "museum"]
        case "parties":
            return f"{unit} museum"
        case "items":
            return [{"occurrence": occurrence, "stage": "P7D", "reason": "due"}]
        case "form":
            return {"lang": "fi", "actions": {act: {"status": "done", "values": [], "note": ""}}}
        case "series":
            return json.dumps({"action": act, "name": "weekly"})
    if column.name == "programme":
        return "town"
    if column.name == "field":
        return "leads"
    kinds = {Boolean: True, Integer: number, Date: date(2026, 1, number), LargeBinary: b"", JSON: {}}
    for kind, value in kinds.items():
        if isinstance(column.type, kind):
            return value
    if isinstance(column.type, tables.Instant):
        return NOW
    if isinstance(column.type, DateTime):
        return datetime(2026, 1, 1)
    assert isinstance(column.type, (String, Text))
    return f"x{number}"


def fill(connection: Connection, act: str, unit: str, number: int) -> None:
    """One row of every table that names somebody."""
    for name in KEYS:
        table = tables.metadata.tables[name]
        row = {
            column.name: filled(name, column, act, unit, number)
            for column in table.c
            if column.name != "digest_id" and not (column.name == "id" and isinstance(column.type, Integer))
        }
        connection.execute(insert(table).values(row))


def everything(connection: Connection) -> dict[str, list[str]]:
    """Each table that names somebody, as text."""
    found = {}
    for name in KEYS:
        table = tables.metadata.tables[name]
        named = [table.c[column] for column in KEYS[name]]
        found[name] = sorted(str(tuple(row)) for row in connection.execute(select(*named)))
    return found


@pytest.fixture
def town(database: Database) -> Database:
    """A database with an empty programme of the town."""
    with database.write() as connection:
        made: Programme = programme(action("fair", "2025", "spring"))
        repository.save_programme(connection, made, built_in=False, held=False, now=NOW)
    return database


def test_every_row_follows(town: Database) -> None:
    """Nothing that named the old keys names them still, and everything names the new ones."""
    with town.write() as connection:
        fill(connection, "act-old", "unit-old", 1)
        before = everything(connection)
        rename_keys(connection, "town", {"act-old": "act-new"}, {"unit-old": "unit-new"})
        after = everything(connection)
    swapped = {
        name: [row.replace("act-old", "act-new").replace("unit-old", "unit-new") for row in rows]
        for name, rows in before.items()
    }
    assert after == swapped
    assert before != swapped


def test_two_actions_change_places(town: Database) -> None:
    """A renumbering is done at once: no row takes the place of another on the way."""
    with town.write() as connection:
        fill(connection, "1-1", "spring", 1)
        fill(connection, "1-2", "library", 2)
        moves = {"1-1": "1-2", "1-2": "1-1"}
        rename_keys(connection, "town", moves, {})
        answers = connection.execute(
            select(tables.answer.c.occurrence_id, tables.answer.c.organisation).order_by(tables.answer.c.id)
        ).all()
        rename_keys(connection, "town", moves, {})
        back = everything(connection)
    assert [tuple(row) for row in answers] == [
        ("town:1-2:milestone:end", "spring"),
        ("town:1-1:milestone:end", "library"),
    ]
    assert back["reminder"] == [
        "('town:1-1:milestone:end', ['spring', 'museum'], ['spring', 'museum'])",
        "('town:1-2:milestone:end', ['library', 'museum'], ['library', 'museum'])",
    ]


def test_of_units_that_become_one_the_second_form_stays_where_it_is(town: Database) -> None:
    """There can be one form of a unit in a round: none is written over."""
    with town.write() as connection:
        fill(connection, "fair", "spring", 1)
        table = tables.collection_form
        row = dict(connection.execute(select(table)).mappings().one())
        connection.execute(insert(table).values({**row, "organisation": "library", "version": 7}))
        rename_keys(connection, "town", {}, {"spring": "culture", "library": "culture"})
        forms = connection.execute(select(table.c.organisation, table.c.version).order_by(table.c.version))
        found = [tuple(one) for one in forms]
        named = stored_keys(connection, "town")
    assert found == [("culture", 1), ("library", 7)]
    assert "library" in named.organisations


def test_another_programme_keeps_its_own(town: Database) -> None:
    """Only rows of the programme that was imported follow."""
    with town.write() as connection:
        fill(connection, "fair", "spring", 1)
        before = everything(connection)
        rename_keys(connection, "tow", {"fair": "feast"}, {})
        rename_keys(connection, "town-2", {"fair": "feast"}, {"spring": "autumn"})
        assert everything(connection) == before


def test_who_is_named_and_who_has_answered(town: Database) -> None:
    """What was entered and mailed names somebody; what follows from the programme names nobody."""
    with town.write() as connection:
        fill(connection, "fair", "spring", 1)
        named = stored_keys(connection, "town")
        assert named.actions == {"fair"}
        assert named.answered == {"fair"}
        assert named.organisations == {"spring", "museum"}
        for name in set(KEYS) - {"occurrence", "stage", "calendar_feed"}:
            connection.execute(tables.metadata.tables[name].delete())
        assert stored_keys(connection, "town").organisations == frozenset()
