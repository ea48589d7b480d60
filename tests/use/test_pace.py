"""MAIL_PER_MINUTE: moments are shared by all workers on a database, by real time."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from reminders.store import Database, outbox
from reminders.use.mail.send_rate import MOST, SendRate, first_free, reserve_in
from reminders.use.tick import tick
from tests.use.office import FIRST, Office, at
from tests.use.post_office import PostOffice

NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        (None, timedelta()),
        (timedelta(seconds=-90), timedelta()),
        (timedelta(0), timedelta()),
        (timedelta(seconds=3), timedelta(seconds=3)),
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(hours=1, seconds=1), timedelta()),
    ],
)
def test_the_first_free_moment(taken: timedelta | None, free: timedelta) -> None:
    """After what is taken; a pause earns nothing, and a clock that was hours ahead stops nobody."""
    assert first_free(NOON, None if taken is None else NOON + taken) == NOON + free


@pytest.mark.parametrize(
    ("per_minute", "batch"), [(1, 1), (20, 1), (59, 1), (60, 1), (600, 10), (3000, MOST), (600_000, MOST)]
)
def test_moments_are_taken_in_batches(per_minute: int, batch: int) -> None:
    """A second's worth at most, and at most 50: 60 / MAIL_PER_MINUTE seconds apart."""
    asked: list[tuple[float, int]] = []

    def reserve(gap: float, count: int) -> float:
        asked.append((gap, count))
        return 7.0

    pace = SendRate(per_minute, lambda _: None, reserve, lambda: 100.0)
    gap = 60 / per_minute
    assert [round(pace.take(), 6) for _ in range(batch)] == [round(7 + n * gap, 6) for n in range(batch)]
    assert asked == [(gap, batch)]
    pace.take()
    assert asked == [(gap, batch)] * 2


def test_moments_that_are_over_are_not_made_up_for() -> None:
    """Up to a second late a moment is used; what is older is lost, and new ones are taken."""
    now = [0.0]
    asked: list[int] = []

    def reserve(_: float, count: int) -> float:
        asked.append(count)
        return 0.0

    pace = SendRate(600, lambda _: None, reserve, lambda: now[0])
    assert pace.take() == 0.0
    now[0] = 1.1  # the second moment was at 0.1
    assert (pace.take(), len(asked)) == (0.0, 1)
    now[0] = 1.21
    assert (pace.take(), len(asked)) == (0.0, 2)


def test_without_a_rate_nothing_is_asked() -> None:
    """A folder has no rate."""
    pace = SendRate(0, lambda _: None, lambda _, __: 1 / 0)
    assert (pace.take(), pace.gap) == (0.0, 0.0)


def test_several_workers_take_different_moments(database: Database) -> None:
    """Forty workers at once, ten seconds apart: each gets its own, and none is left out."""
    waits: list[float] = []
    began = time.monotonic()
    reserve = reserve_in(database)

    def work() -> None:
        waits.append(reserve(10.0, 1) + time.monotonic() - began)

    workers = [Thread(target=work) for _ in range(40)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    assert [round(wait / 10) for wait in sorted(waits)] == list(range(40))


@SQLITE
def test_leases_are_renewed_while_a_moment_is_far_away(office: Office) -> None:
    """One mail a minute among ten workers: nobody else may take what a worker waits with."""
    with PostOffice() as server:
        server.serve(office, mail_per_minute=1)
        now, swept = [at(FIRST)], [0]

        def pause(seconds: float) -> None:
            now[0] += timedelta(seconds=seconds)
            with office.database.write() as connection:
                swept[0] += outbox.sweep(connection, now[0])

        reserve_in(office.database)(60.0, 10)  # by the others
        service = replace(office.service(FIRST), pause=pause, clock=lambda: now[0])
        tick(service)
    assert (swept, set(server.copies.values()), len(server.copies) > 10) == ([0], {1}, True)
