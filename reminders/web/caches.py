"""Feeds as octets between requests, each with the facts that decided it; bounded by octets.

What counts as facts is left to ``feeds``: equal facts, equal octets.

What pages keep of costly work: once for each service and state of its database.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from calendars.feed import Feed
from reminders.web.site import Site

# -- Feeds as octets between requests, each with the facts that decided it; bounded by octets

Place = tuple[object, ...]
Facts = tuple[object, ...]
_LIMIT: Final = 32 << 20
"""The most octets that are kept: some hundred feeds of a programme, or two of ten thousand entries."""


@dataclass
class FeedCache:
    """Keeps a feed a place, plain and compressed; the longest unused go. Safe to share between threads."""

    limit: int = _LIMIT
    size: int = 0
    _kept: OrderedDict[Place, tuple[Facts, Feed]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, place: Place, facts: Facts) -> Feed | None:
        """Return the feed at ``place``; None when there is none, or one of other facts."""
        with self._lock:
            kept = self._kept.get(place)
            if kept is None or kept[0] != facts:
                return None
            self._kept.move_to_end(place)
        return kept[1]

    def put(self, place: Place, facts: Facts, feed: Feed) -> None:
        """Keep a feed instead of what was at its place; one larger than the limit is not kept."""
        weight = _weight(feed)  # compresses: outside the lock
        with self._lock:
            old = self._kept.pop(place, None)
            self.size += weight - (_weight(old[1]) if old else 0)
            self._kept[place] = (facts, feed)
            while self.size > self.limit:
                self.size -= _weight(self._kept.popitem(last=False)[1][1])


def _weight(feed: Feed) -> int:
    return len(feed.body) + len(feed.gzipped)


# -- What pages keep of costly work: once for each service and state of its database


@dataclass(frozen=True, eq=False)
class CacheKeySite:
    """A site that is equal to another of the same service, so that it can be a key."""

    site: Site

    def __hash__(self) -> int:
        """Hash by the service."""
        return id(self.site.service)

    def __eq__(self, other: object) -> bool:
        """Compare by the service."""
        return isinstance(other, CacheKeySite) and other.site.service is self.site.service
