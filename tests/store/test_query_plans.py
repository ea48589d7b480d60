"""Growth: what every tick asks is answered from an index, however much has been sent before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from reminders.store import Database, outbox, planned as store, programmes as repository
from tests.store.builders import NOW, TODAY, plans

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

BY_KEY = "SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)"
OPEN = "SEARCH outbox USING INDEX ix_outbox_open (next_at<?)"
CASES: dict[str, tuple[Callable[[Connection], object], list[str]]] = {
    "claim": (
        lambda connection: outbox.claim(connection, "me", NOW, 10),
        [f"{BY_KEY}; LIST SUBQUERY 2; CO-ROUTINE chosen; {OPEN}; SCAN chosen"],
    ),
    "sweep": (lambda connection: outbox.sweep(connection, NOW), ["SCAN outbox USING INDEX ix_outbox_open"]),
    "waiting": (lambda connection: outbox.waiting_messages(connection, NOW), [OPEN]),
    "stages of a day": (
        lambda connection: repository.stages_of_day(connection, TODAY),
        ["SEARCH stage USING PRIMARY KEY (send_on=?); USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"],
    ),
    "planned": (
        store.planned,
        ["SEARCH reminder USING INDEX ix_reminder_planned (state=?); USE TEMP B-TREE FOR ORDER BY"],
    ),
    "watermark": (
        store.watermark,
        ["SEARCH planned_day USING COVERING INDEX sqlite_autoindex_planned_day_1"],
    ),
    "occurrences": (
        lambda connection: repository.stored_occurrences(connection, "town"),
        ["SEARCH occurrence USING INDEX ix_occurrence_programme_due (programme=?)"],
    ),
}


@pytest.mark.parametrize("asked", CASES)
def test_a_question_uses_its_index(database: Database, asked: str) -> None:
    """No question of a tick reads a whole table."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, given: object, *_: object) -> None:
        seen.append((sql, given))

    ask, plan = CASES[asked]
    with database.write() as connection:
        event.listen(database.engine, "before_cursor_execute", note)
        ask(connection)
        event.remove(database.engine, "before_cursor_execute", note)
    assert plans(database, [one for one in seen if not one[0].startswith("BEGIN")]) == plan
