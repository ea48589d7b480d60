"""How often may be asked: in all, by one network, about one subject, and what counts as one network."""

from __future__ import annotations

import time

import pytest

from reminders.web.asking_limit import AskingLimit, network_of


def test_each_bound_holds_and_ends() -> None:
    """What is over a bound is refused and not counted; after the time it passes again."""
    now = [0.0]
    limit = AskingLimit(900, in_all=5, from_one=3, about_one=2, monotonic=lambda: now[0])
    asked = [("a", "x"), ("a", "x"), ("b", "x"), ("a", "y"), ("a", "z"), ("b", "y"), ("c", "z"), ("d", "w")]
    assert [limit.lets_pass(*one) for one in asked] == [True, True, False, True, False, True, True, False]
    now[0] = 899.9
    assert limit.lets_pass("d", "w") is False
    now[0] = 900.0
    assert limit.lets_pass("d", "w") is True


def test_no_more_is_remembered_than_is_let_through() -> None:
    """However many ask, and about whom."""
    limit = AskingLimit(900, in_all=20, from_one=20, about_one=20, monotonic=lambda: 0.0)
    assert sum(limit.lets_pass(f"10.0.{n // 256}.{n % 256}", str(n)) for n in range(2000)) == 20
    assert len(limit._asked) == 20


def test_the_wait_ends_also_where_the_clock_stands() -> None:
    """``--at`` stops the service's clock: how often is asked counts in the time that passes."""
    assert AskingLimit(900, in_all=1, from_one=1, about_one=1).monotonic is time.monotonic
    limit = AskingLimit(0.05, in_all=1, from_one=1, about_one=1)
    assert limit.lets_pass("a", "x")
    time.sleep(0.06)
    assert limit.lets_pass("a", "x")


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
