"""Instants in and out of both databases: always UTC, always comparable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from reminders.store import Database, tables
from tests.conftest import HELSINKI

FIRST_HALF_PAST_THREE = datetime(2026, 10, 25, 3, 30, tzinfo=HELSINKI)
SECOND_HALF_PAST_THREE = FIRST_HALF_PAST_THREE.replace(fold=1)


def stored(database: Database, *instants: datetime | None) -> list[datetime | None]:
    """The instants as they come back, in order of time."""
    started = datetime(2026, 1, 1, tzinfo=UTC)
    with database.write() as connection:
        for instant in instants:
            values: dict[str, object] = {"started_at": started, "finished_at": instant, "result": {}}
            connection.execute(insert(tables.run).values(values))
        return list(connection.scalars(select(tables.run.c.finished_at).order_by(tables.run.c.finished_at)))


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 1, 12, 9, 0, tzinfo=HELSINKI),
        datetime(2026, 7, 1, 0, 0, 0, 123456, tzinfo=HELSINKI),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        None,
    ],
)
def test_an_instant_comes_back_as_it_was(database: Database, instant: datetime | None) -> None:
    """The same instant, in UTC, to the microsecond; nothing stays nothing."""
    (found,) = stored(database, instant)
    assert found == instant
    assert instant is None or (found is not None and found.tzinfo is UTC)


def test_the_hour_that_comes_twice_keeps_its_order(database: Database) -> None:
    """The two half past threes of the night in October are an hour apart and sort so."""
    first, second = stored(database, SECOND_HALF_PAST_THREE, FIRST_HALF_PAST_THREE)
    assert first is not None
    assert second is not None
    assert (first, second - first) == (FIRST_HALF_PAST_THREE.astimezone(UTC), timedelta(hours=1))


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    """It would be read in the zone of the machine, which is nobody's."""
    with pytest.raises(StatementError) as raised:
        stored(database, datetime(2026, 1, 12, 9, 0))
    assert str(raised.value.orig) == "an instant needs its zone: 2026-01-12 09:00:00"
