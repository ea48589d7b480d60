"""Cancelled dates leave the calendars sixty days after they would have been: a stored change, by the tick."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from reminders.dispatch.load import rework
from reminders.store import Database, corrections
from reminders.store import series as store
from schedule_rules.kept import over_since

SHOWN_FOR: Final = timedelta(days=60)
"""How long a cancelled date is still shown after its day (design: calendar.md, point 10)."""


def take_out_over(database: Database, today: date, now: datetime) -> int:
    """Take out what was cancelled and is over for sixty days; return how many series changed."""
    with database.read() as connection:
        if not any(over_since(one, today - SHOWN_FOR) != one for _, one in store.with_cancelled(connection)):
            return 0
    with database.write() as connection:
        found = [
            (key, over)
            for key, one in store.with_cancelled(connection)
            if (over := over_since(one, today - SHOWN_FOR)) != one
        ]
        for key, over in found:
            store.add_series(connection, key, over, now, "cancelled dates taken out")
        for key in dict.fromkeys(key for key, _ in found):
            corrections.touch(connection, key, now)
            rework(connection, key, now)
    return len(found)
