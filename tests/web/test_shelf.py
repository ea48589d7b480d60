"""Kept octets: given back for equal facts only, never more of them than the limit."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, strategies as st

from calendars.feed import Feed
from reminders.web.feeds.feeds import FeedCache


def made(size: int) -> Feed:
    """A feed of some octets."""
    return Feed("all", "fi", b"x" * size, '"1"', datetime(2025, 1, 1, tzinfo=UTC), "all-fi.ics")


def weight(feed: Feed) -> int:
    """The octets of a feed, plain and compressed."""
    return len(feed.body) + len(feed.gzipped)


def test_equal_facts_only() -> None:
    """What other facts decided is not given back, and a later put takes its place."""
    shelf, old, new = FeedCache(), made(10), made(20)
    shelf.put(("a",), (1,), old)
    assert (shelf.get(("a",), (1,)), shelf.get(("a",), (2,)), shelf.get(("b",), (1,))) == (old, None, None)
    shelf.put(("a",), (2,), new)
    assert (shelf.get(("a",), (1,)), shelf.get(("a",), (2,)), shelf.size) == (None, new, weight(new))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 900)), max_size=30))
def test_bounded(puts: list[tuple[int, int]]) -> None:
    """Its size is that of what it holds, never over the limit; the last put that fits is there."""
    shelf = FeedCache(limit=1500)
    for place, size in puts:
        shelf.put((place,), (), made(size))
        held = [found for n in range(6) if (found := shelf.get((n,), ()))]
        assert shelf.size == sum(map(weight, held)) <= shelf.limit
        assert shelf.get((place,), ()) == made(size)


def test_the_longest_unused_goes() -> None:
    """What was asked for stays before what was not."""
    shelf = FeedCache(limit=3 * weight(made(100)))
    for place in range(3):
        shelf.put((place,), (), made(100))
    assert shelf.get((0,), ()) is not None
    shelf.put((3,), (), made(100))
    assert [shelf.get((place,), ()) is not None for place in range(4)] == [True, False, True, True]


def test_too_large_is_not_kept() -> None:
    """A feed over the limit takes nothing else's place for long and is not kept."""
    shelf = FeedCache(limit=50)
    shelf.put(("a",), (), made(100))
    assert (shelf.get(("a",), ()), shelf.size) == (None, 0)
