"""A short storm in every run; the long one is `make storm`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.storm.scene import Storm

SHORT = Storm(count=140, every=0.6, away=0.006, later=0.03, drop=0.02, speed=800, limit=60, asked=0.4)
# Slower: a lease lasts ten seconds there, which no worker outlives on a busy machine.
STOPS = replace(SHORT, count=120, later=0.01, drop=0.0, speed=30, limit=150, asked=1.0)


def test_in_a_storm_nothing_is_lost_and_no_copy_is_unexplained(
    new_url: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two workers one ends every 0.6 s, killed or asked to; 4xx, drops: the ledger is the server's log."""
    report = SHORT.blow(new_url("started"))
    with capsys.disabled():
        print(f"\nstorm: {report.told}")
    assert report.wrong == {}
    assert (report.kills > 1, report.stops > 0, report.fates > 5) == (True, True, True)
    assert sum(report.states.values()) == SHORT.count
    assert set(report.copies) <= {0, 1, 2}
    # What never arrived stands as that: on a slow machine the storm may end before all is settled.
    assert report.copies.get(0, 0) <= SHORT.count - report.states.get("sent", 0)


def test_workers_that_are_only_asked_to_stop_double_nothing(
    new_url: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every 0.6 s one of two gets SIGTERM: one copy of each message, nothing left in hand, ended soon."""
    report = STOPS.blow(new_url("started"))
    with capsys.disabled():
        print(f"\nstorm of stops: {report.told}")
    assert report.wrong == {}
    assert (report.states, report.copies) == ({"sent": STOPS.count}, {1: STOPS.count})
    assert (report.kills, report.stops > 0, report.slowest < STOPS.limit) == (0, True, True)
