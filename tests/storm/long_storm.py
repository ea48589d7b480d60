"""The long storm, by `make storm`: 600 messages on each database, then a crowd of four; it prints counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.storm.scene import Storm
from tests.storm.test_crowd import deliver_all

PROMISE = 10.0
"""Seconds within which a worker ends that was asked to stop."""


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_long_storm(
    new_url: Callable[[str], str], backend: str, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """600 messages, two workers, every 0.3 s one is killed or asked to stop: none lost, copies explained."""
    storm = Storm(seed=seed, connections=1 + seed % 2, asked=0.5)
    report = storm.blow(new_url("started"))
    with capsys.disabled():
        print(f"\n{backend}, seed {seed}: {report.told}")
    assert report.wrong == {}
    assert sum(report.states.values()) == storm.count
    assert (report.kills > 0, report.stops > 0, report.slowest < PROMISE) == (True, True, True)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_long_storm_of_stops(
    new_url: Callable[[str], str], backend: str, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """600 messages, a server that says 4xx, workers that are only asked to stop: one copy of each."""
    storm = Storm(seed=seed, connections=1 + seed % 2, asked=1.0, later=0.005, drop=0.0, speed=40)
    report = storm.blow(new_url("started"))
    with capsys.disabled():
        print(f"\n{backend}, seed {seed}, stops alone: {report.told}")
    assert report.wrong == {}
    assert (report.states, report.copies) == ({"sent": storm.count}, {1: storm.count})
    assert (report.kills, report.stops > 0, report.slowest < PROMISE) == (0, True, True)


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_four_workers(new_url: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """2 000 messages, a server 10 ms away, one connection each: 2.5 times as fast, with the same ledger."""
    alone, one, copies = deliver_all(new_url("started"), 2000, 1, away=0.01)
    together, four, more = deliver_all(new_url("started"), 2000, 4, away=0.01)
    with capsys.disabled():
        print(f"\n2 000 messages: one {alone:.1f} s, four {together:.1f} s, {alone / together:.2f} x as fast")
    assert (one, copies) == (four, more)
    assert set(copies.values()) == {1}
    assert alone / together >= 2.5
