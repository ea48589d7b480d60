"""A short storm in every run; the long one is `make storm`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.storm.scene import Storm

SHORT = Storm(count=180, away=0.006, later=0.03, drop=0.02, speed=800, limit=60)


def test_in_a_storm_nothing_is_lost_and_no_copy_is_unexplained(
    new_url: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Two workers killed every 0.3 s, 4xx and drops at each stage: the ledger is the log of the server."""
    report = SHORT.blow(new_url("started"))
    with capsys.disabled():
        print(f"\nstorm: {report.told}")
    assert report.wrong == {}
    assert (report.kills > 2, report.fates > 5) == (True, True)
    assert sum(report.states.values()) == SHORT.count
    assert set(report.copies) <= {0, 1, 2}
    # What never arrived stands as that: on a slow machine the storm may end before all is settled.
    assert report.copies.get(0, 0) <= SHORT.count - report.states.get("sent", 0)
