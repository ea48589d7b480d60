"""How the cost of a day grows with the number of programmes: ``python -m benchmarks.programmes [1 15 …]``.

Each count is a database of synthetic cities. A row is a run of the scheduler: CPU milliseconds, statements,
mails, and its cost beside that of the first count in the same run (goals: nothing due at most 1.3 times that
of one programme and at most 10 statements; 7 January linear in mails).
"""

# ruff: noqa: T201 - it prints what it measures

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.cities import ACTIONS, fill
from reminders.delivery import MemoryTransport
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Database
from reminders.use.tick import tick

COUNTS = (1, 15)
RUNS = {
    "first tick": "2025-12-01T09:00",
    "the same day again": "2025-12-01T09:10",
    "in the night": "2025-12-01T22:00",
    "an ordinary day": "2025-12-10T09:00",
    "7 January": "2026-01-07T09:00",
    "nothing due": "2026-01-07T09:20",
}
_ZONE = ZoneInfo("Europe/Helsinki")


@dataclass
class Statements:
    """How many statements a piece of work sent to the database."""

    count: int = 0


@contextmanager
def counted_statements() -> Iterator[Statements]:
    """Count the statements of every database while it runs."""
    found = Statements()

    def note(*_: Any) -> None:  # noqa: ANN401 - the event of SQLAlchemy has six arguments
        found.count += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Cost:
    """What a run of the scheduler took: seconds of the processor, statements, and the mails that it made."""

    seconds: float
    statements: int
    mails: int


def run(service: Service) -> Cost:
    """Run the scheduler once."""
    with counted_statements() as statements:
        began = time.process_time()
        result = tick(service, accept_clock=True, accept_count=True)
        return Cost(time.process_time() - began, statements.count, result.composed)


def days(database: Database) -> Iterator[tuple[str, Cost]]:
    """Live through the days of ``RUNS`` with what a database holds."""
    sink = MemoryTransport()
    for name, when in RUNS.items():
        now = datetime.fromisoformat(when).replace(tzinfo=_ZONE)
        yield name, run(_service(database, sink, now))


def _service(database: Database, sink: MemoryTransport, now: datetime) -> Service:
    return Service(Settings(), database, lambda: sink, "k" * 32, lambda: now, lambda _: None)


def main() -> None:
    """Print a table a count of programmes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    first: dict[str, Cost] = {}
    for count in map(int, sys.argv[1:] or COUNTS):
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{Path(folder) / 'cities.sqlite3'}")
            database.migrate()
            fill(database, 0, count)
            print(f"{count} programmes of {ACTIONS} actions")
            for name, cost in days(database):
                one = first.setdefault(name, cost)
                ratio = cost.seconds / one.seconds
                print(
                    f"  {name:20} {cost.seconds * 1000:8.0f} ms {cost.statements:7} statements"
                    f" {cost.mails:6} mails {ratio:7.1f} x"
                )
            database.close()


if __name__ == "__main__":
    main()
