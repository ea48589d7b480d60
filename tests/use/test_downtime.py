"""Days without the service and clocks that jump, by real SMTP: one mail a recipient, within the rate."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reminders.errors import ClockError
from reminders.use.tick import tick
from tests.use.office import FIRST, MAILS, Office, at
from tests.use.post_office import PostOffice

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
A_SECOND = 60


@pytest.fixture
def post(office: Office) -> Iterator[PostOffice]:
    """A server through which the office sends."""
    with PostOffice() as server:
        server.serve(office)
        yield server


@SQLITE
@pytest.mark.parametrize(
    ("last", "back", "kinds"),
    [
        ("2026-01-19", "2026-01-20", {"escalation": 4}),
        ("2026-01-16", "2026-01-19", {}),
        ("2026-01-12", "2026-01-22", {"escalation": 13, "collection": 37}),
        ("2025-12-12", "2026-01-21", {"escalation": 13, "collection": 33, "status-request": 4}),
    ],
)
def test_on_return_each_address_gets_one_mail(
    office: Office, post: PostOffice, last: str, back: str, kinds: dict[str, int]
) -> None:
    """After 1, 3, 10, 40 days: of each item the newest stage, escalations and digest due, never two mails."""
    earlier = (day for day in ("2025-12-01", "2025-12-22", "2026-01-12") if day < last)
    for day in dict.fromkeys((*earlier, last)):
        office.tick(f"{day}T09:00")
    before = len(post.accepted)
    office.tick(f"{back}T09:00")
    copies = Counter(one.recipient for one in post.accepted[before:])
    made = office.look("digest", "kind", local_date=date.fromisoformat(back))
    assert Counter(made) == kinds
    assert (copies.total(), set(copies.values()) <= {1}) == (sum(kinds.values()), True)


@SQLITE
@pytest.mark.parametrize("days", [1, 3, 10, 40])
def test_mail_frozen_before_the_downtime_does_not_go_beside_the_days_own(
    office: Office, post: PostOffice, days: int
) -> None:
    """Composed, then down before anything was tried: on return one mail each, the newest stage of all."""
    post.serve(office, smtp_url="smtp://127.0.0.1:9")
    assert office.tick("2025-12-01T15:59:59").outcomes == {"queued": 1}
    post.serve(office)
    back = date(2025, 12, 1) + timedelta(days=days)
    while not at(f"{back}T09:00").weekday() < 5:
        back += timedelta(days=1)
    result = office.tick(f"{back}T09:00")
    assert (post.copies.total(), set(post.copies.values())) == (len(post.copies), {1})
    assert result.composed == len(post.copies) >= MAILS
    assert office.counts() == {"cancelled": MAILS, "sent": result.composed}
    items = office.look("reminder", "occurrence_id", "recipient", "state")
    assert set(Counter(row[:2] for row in items if row[2] == "sent").values()) == {1}


@SQLITE
def test_the_peak_on_return_is_within_the_rate(office: Office, post: PostOffice) -> None:
    """1 200 a minute over two connections take as long, by real time, as over one."""
    post.serve(office, mail_per_minute=A_SECOND * 20, mail_connections=2)
    service = replace(office.service(FIRST), pause=time.sleep)
    began = time.monotonic()
    assert tick(service).outcomes == {"sent": MAILS}
    took = time.monotonic() - began
    assert took >= (MAILS - 1) / 20
    assert post.connections == 2


@SQLITE
@pytest.mark.parametrize("back", [timedelta(hours=2), timedelta(days=1)])
def test_a_clock_that_goes_back_sends_nothing_twice(
    office: Office, post: PostOffice, back: timedelta
) -> None:
    """Every run until the clock has caught up writes nothing, and the day after goes on as ever."""
    office.tick(FIRST)
    office.tick("2025-12-02T12:00")
    total = post.copies.total()
    ids = [one.raw for one in post.accepted]
    for step in range(5):
        when = at("2025-12-02T12:00") - back + step * back / 4
        assert office.tick(when.isoformat()).composed == 0
    assert post.copies.total() == total == len(set(ids))
    assert office.tick("2025-12-03T09:00").outcomes == {}


@SQLITE
def test_a_clock_400_days_ahead_stops_and_asks(office: Office, post: PostOffice) -> None:
    """Nothing is sent or written; the right clock goes on; when told, one mail each."""
    office.tick(FIRST)
    total, before = post.copies.total(), office.dump()
    with pytest.raises(ClockError) as raised:
        office.tick("2027-01-12T09:00")
    assert str(raised.value) == (
        "the last planned day is 2025-12-01, the clock says 2027-01-12: more than 45 days later. "
        "If the clock is right, run: reminders tick --accept-clock"
    )
    assert (post.copies.total(), office.dump()) == (total, before)
    assert office.tick("2025-12-02T09:00").composed <= 1
    seen = len(post.accepted)
    office.tick("2027-01-12T09:00", accept_clock=True)
    copies = Counter(one.recipient for one in post.accepted[seen:])
    assert set(copies.values()) == {1}


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_each_civil_date_once_over_a_clock_change(started: Office, night: str) -> None:
    """Runs at every offset of the two clocks, each five minutes past and before the hour: each date once."""
    sunday = datetime.fromisoformat(night).replace(tzinfo=UTC)
    first = sunday - timedelta(days=3)
    started.tick((first - timedelta(days=1)).replace(hour=12).isoformat(), accept_clock=True)
    before = started.look("planned_day", "local_date")
    hours = [
        first + timedelta(hours=h, minutes=m)
        for h in range(5, 5 * 24)
        for m in (0, 55)
        if h % 24 in {0, 1, 5, 6, 7, 22}
    ]
    for when in hours:
        started.tick(when.isoformat())
    planned = started.look("planned_day", "local_date")
    last = at(f"{night}T12:00").date() + timedelta(days=1)
    days = (last - before[-1]).days
    assert planned == [*before, *(before[-1] + timedelta(days=n + 1) for n in range(days))]
    keys = started.look("digest", "recipient", "local_date")
    assert len(keys) == len(set(keys))
