"""When a run is missing: an hour after TICK_AT on a working day, and until one finishes."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from reminders.use.watch.alarm import missed_run
from schedule_rules.workdays import standard_workdays
from tests.conftest import HELSINKI

NINE = time(9)
FRIDAY, MONDAY = date(2026, 1, 9), date(2026, 1, 12)


def at(text: str) -> datetime:
    """An instant of Helsinki's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("last", "now", "missed"),
    [
        ("2026-01-12T09:00", "2026-01-12T10:00", None),
        ("2026-01-12T08:59", "2026-01-12T09:59", None),
        ("2026-01-12T08:59", "2026-01-12T10:00", MONDAY),
        ("2026-01-12T08:59", "2026-01-13T03:00", MONDAY),
        ("2026-01-09T09:05", "2026-01-12T09:59", None),
        ("2026-01-09T08:00", "2026-01-11T12:00", FRIDAY),
        ("2026-01-12T10:30", "2026-01-12T10:31", None),
        (None, "2026-01-12T10:00", MONDAY),
        (None, "2026-01-12T09:59", FRIDAY),
        ("2025-12-30T09:05", "2026-01-01T12:00", date(2025, 12, 31)),
        ("2025-12-31T09:05", "2026-01-01T12:00", None),
        ("2026-03-27T09:05", "2026-03-30T10:00", date(2026, 3, 30)),
    ],
)
def test_a_run_is_missing(last: str | None, now: str, missed: date | None) -> None:
    """Weekends, holidays and the change to summer time raise no alarm; a quiet period does: mail may wait."""
    working = standard_workdays().is_working_day
    found = missed_run(at(last) if last else None, at(now), HELSINKI, NINE, working)
    assert found == missed
