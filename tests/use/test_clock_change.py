"""The two nights on which clocks change: each civil date is planned once, at the same time of day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.use.office import Office

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("start", "friday", "planned"),
    [
        # Nothing is sent at a weekend; Monday's nine o'clock is an hour earlier by UTC than Friday's.
        ("2026-03-26T09:00+02:00", date(2026, 3, 27), (7, 6)),
        ("2026-10-22T09:00+03:00", date(2026, 10, 23), (6, 7)),
    ],
)
def test_each_date_is_planned_once(
    office: Office, start: str, friday: date, planned: tuple[int, int]
) -> None:
    """Run every hour from Friday to Monday: nine o'clock in Vaasa plans, no other run does."""
    office.tick(start)
    began = datetime(friday.year, friday.month, friday.day, tzinfo=UTC)
    instants = [began + timedelta(hours=n) for n in range(-1, 4 * 24 - 3)]
    composed = {
        when: result.composed for when in instants if (result := office.tick(when.isoformat())).composed
    }
    on_friday, on_monday = planned
    at_friday = began.replace(hour=on_friday)
    at_monday = began.replace(hour=on_monday) + timedelta(days=3)
    days = [friday - timedelta(days=1) + timedelta(days=n) for n in range(5)]
    rows = office.look("planned_day", "local_date", "planned_at")
    assert [row[0] for row in rows] == days
    assert [row[1] for row in rows[1:]] == [at_friday, at_monday, at_monday, at_monday]
    assert set(composed) <= {at_friday, at_monday}
    keys = office.look("digest", "recipient", "local_date")
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("offset", ["+02:00", "-11:00", "+14:00", "+05:45"])
def test_the_zone_of_the_clock_does_not_matter(office: Office, offset: str) -> None:
    """The same instant by whatever clock composes the same civil date."""
    instant = datetime.fromisoformat("2025-12-01T09:00+02:00")
    zone = datetime.fromisoformat(f"2025-12-01T00:00{offset}").tzinfo
    assert office.tick(instant.astimezone(zone).isoformat()).composed == 38
    assert office.look("planned_day", "local_date") == [date(2025, 12, 1)]
    assert set(office.look("digest", "local_date")) == {date(2025, 12, 1)}
