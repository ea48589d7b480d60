"""How often something may be asked for from outside, before anybody is known: by one network, about one.

Counted is in memory, for one process, and only what was let through: who is refused is not refused for
longer by asking on. No more is remembered than ``most``, the newest: a flood keeps nobody else out.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Lock
from typing import Final

WITHIN: Final = 15 * 60
"""Seconds for which a request counts."""
FROM_ONE: Final = 20
"""Requests from one network address within that time: a whole town hall may come from one."""


@dataclass
class AskingLimit:
    """So many requests of one name within ``seconds``."""

    of_one: int
    seconds: float = WITHIN
    most: int = 10_000
    monotonic: Callable[[], float] = time.monotonic
    _asked: deque[tuple[float, str]] = field(default_factory=deque, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def lets_pass(self, name: str) -> bool:
        """Count a request and tell whether it is within bounds; one that is not is not counted."""
        now = self.monotonic()
        with self._lock:
            while self._asked and now - self._asked[0][0] >= self.seconds:
                self._asked.popleft()
            if sum(one[1] == name for one in self._asked) >= self.of_one:
                return False
            if len(self._asked) >= self.most:
                self._asked.popleft()
            self._asked.append((now, name))
        return True


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
