"""The long storm, by `make storm`: 600 messages on each database; it prints its counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.storm.scene import Storm


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_long_storm(
    new_url: Callable[[str], str], backend: str, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """600 messages, two workers killed every 0.3 s: none lost, at most two copies, each of them explained."""
    storm = Storm(seed=seed, connections=1 + seed % 2)
    report = storm.blow(new_url("started"))
    with capsys.disabled():
        print(f"\n{backend}, seed {seed}: {report.told}")
    assert report.wrong == {}
    assert sum(report.states.values()) == storm.count
