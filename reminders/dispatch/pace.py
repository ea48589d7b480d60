"""MAIL_PER_MINUTE, over all connections of a process, by real time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

QUICK = 1.0
_SECONDS_A_MINUTE = 60.0


@dataclass
class Pace:
    """Gives each message its moment: one every ``gap`` seconds, whoever sends it; 0: no waits at all."""

    per_minute: int
    pause: Callable[[float], None]
    _lock: Lock = field(default_factory=Lock)
    _next: float = 0.0

    @property
    def gap(self) -> float:
        """The seconds between two messages."""
        return _SECONDS_A_MINUTE / self.per_minute if self.per_minute else 0.0

    @property
    def is_quick(self) -> bool:
        """Tell whether a server may be kept waiting from one message to the next."""
        return self.gap <= QUICK

    def take(self) -> float:
        """Take the next moment; return how many seconds it is away."""
        with self._lock:
            now = time.monotonic()
            moment = max(now, self._next)
            self._next = moment + self.gap
        return moment - now

    def wait(self, seconds: float) -> None:
        """Wait, if there is anything to wait for."""
        if seconds > 0:
            self.pause(seconds)
