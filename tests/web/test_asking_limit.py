"""How often may be asked by one network or about one address, and what counts as one network."""

from __future__ import annotations

import time

import pytest

from reminders.web.asking_limit import AskingLimit, network_of


def test_the_bound_holds_and_ends() -> None:
    """What is over it is refused and not counted; after the time it passes again."""
    now = [0.0]
    limit = AskingLimit(2, seconds=900, monotonic=lambda: now[0])
    assert [limit.lets_pass(one) for one in "aabaab"] == [True, True, True, False, False, True]
    now[0] = 899.9
    assert limit.lets_pass("a") is False
    now[0] = 900.0
    assert limit.lets_pass("a") is True


def test_a_flood_keeps_nobody_else_out() -> None:
    """However many ask: no more is remembered than the bound, and who comes next is let through."""
    limit = AskingLimit(1, most=20, monotonic=lambda: 0.0)
    assert all(limit.lets_pass(str(n)) for n in range(2000))
    assert len(limit._asked) == 20


def test_the_wait_ends_also_where_the_clock_stands() -> None:
    """``--at`` stops the service's clock: how often is asked counts in the time that passes."""
    assert AskingLimit(1).monotonic is time.monotonic
    limit = AskingLimit(1, seconds=0.05)
    assert limit.lets_pass("a")
    time.sleep(0.06)
    assert limit.lets_pass("a")


@pytest.mark.parametrize(
    ("origin", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::9", "2001:0db8:0001:0002"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_what_counts_as_one_network(origin: str, network: str) -> None:
    """Of IPv6 the half that a household or an office gets."""
    assert network_of(origin) == network
