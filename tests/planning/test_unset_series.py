"""A series without dates: its unit is asked at the first start and each January, and nowhere shown a date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminders.planning.policy import DEFAULT_POLICY, asks_for_dates, asks_for_year, stages
from reminders.planning.unset_series import unset_series
from reminders.use.programme.store_programme import FIRST_PROGRAMME, read_built_in
from schedule_rules.occurrence import occurrences
from schedule_rules.programme import EditedSeries, Programme

SCHOOL = "children-family-school"


@pytest.fixture(scope="module")
def vaasa() -> Programme:
    """The built-in programme: of its series the family school alone is weekly."""
    return read_built_in(FIRST_PROGRAMME)[0]


def test_one_row_a_year(vaasa: Programme) -> None:
    """Four years, four rows, none of which is an occurrence."""
    rows = unset_series(vaasa)
    assert [(row.id.action, row.year, row.due) for row in rows.values()] == [
        (SCHOOL, year, date(year, 12, 31)) for year in range(2023, 2027)
    ]
    assert all(asks_for_year(row) for row in rows.values())
    assert rows.keys().isdisjoint(str(row.id) for row in occurrences(vaasa))
    assert not any(asks_for_year(row) for row in occurrences(vaasa))


@pytest.mark.parametrize(
    ("year", "asked"), [(2024, date(2024, 1, 8)), (2025, date(2025, 1, 7)), (2026, date(2026, 1, 7))]
)
def test_asked_on_the_first_sending_day(vaasa: Programme, year: int, asked: date) -> None:
    """After Epiphany, once a year; 6 and 7 January 2024 are a weekend."""
    rows = unset_series(vaasa)
    row = next(one for one in rows.values() if one.year == year)
    (stage,) = stages(row, DEFAULT_POLICY.workdays, DEFAULT_POLICY)
    assert (stage.role, stage.send_on) == ("unit", asked)
    assert asks_for_dates(tuple(rows.values())) == rows.keys()


def test_no_row_once_dates_are_set(vaasa: Programme) -> None:
    """Whoever has set days is asked no more; the tentative rest of a family still is."""
    kept = EditedSeries(SCHOOL, "week", date(2025, 1, 8), date(2025, 12, 31), dates=(date(2025, 1, 8),))
    rest = EditedSeries(
        SCHOOL, "week-2", date(2026, 1, 1), date(2026, 12, 31), "FREQ=WEEKLY;BYDAY=WE", state="tentative"
    )
    rows = unset_series(replace(vaasa, series=(kept, rest)))
    assert [(row.id.series, row.year) for row in rows.values()] == [("week-2", 2026)]
    assert unset_series(replace(vaasa, series=(kept,))) == {}
