"""How often something may be asked for from outside, before anybody is known: in all, by whom, about whom.

Counted is in memory, for one process, and only what was let through: who is refused is not refused for
longer by asking on. So no more is remembered than ``in_all`` lets through, whoever asks and however often.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Lock


@dataclass
class AskingLimit:
    """So many requests within ``seconds``: ``in_all``, from one network address, about one subject."""

    seconds: float
    in_all: int
    from_one: int
    about_one: int
    monotonic: Callable[[], float] = time.monotonic
    _asked: deque[tuple[float, str, str]] = field(default_factory=deque, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def lets_pass(self, origin: str, subject: str) -> bool:
        """Count a request and tell whether it is within bounds; one that is not is not counted."""
        network, now = network_of(origin), self.monotonic()
        with self._lock:
            while self._asked and now - self._asked[0][0] >= self.seconds:
                self._asked.popleft()
            passes = (
                len(self._asked) < self.in_all
                and sum(one[1] == network for one in self._asked) < self.from_one
                and sum(one[2] == subject for one in self._asked) < self.about_one
            )
            if passes:
                self._asked.append((now, network, subject))
        return passes


def network_of(origin: str) -> str:
    """Return what counts as one network address: of IPv6 the first half, of which people get a whole."""
    try:
        found = ip_address(origin)
    except ValueError:
        return origin
    if found.version == 4:
        return origin
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else found.exploded[:19]
