"""The rate of sending: MAIL_PER_MINUTE, over all connections of all workers on a database, by real time.

Moments of sending lie ``gap`` seconds apart. Each is taken from the database by one worker; at a quick rate
several at once, so that a high rate costs next to nothing: at most 50, and at most a second's worth. What a
worker does not use in time is lost, never made up for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from reminders.store import Database, watch

QUICK: Final = 1.0
MOST: Final = 50
AHEAD: Final = timedelta(hours=1)
"""Nobody takes moments that far ahead: they were taken by a clock that was wrong."""
_SECONDS_A_MINUTE: Final = 60.0

Reserve = Callable[[float, int], float]
"""Takes so many moments, so many seconds apart; returns the seconds until the first."""


def reserve_in(database: Database) -> Reserve:
    """Return what takes moments from ``database``, in a transaction of its own."""

    def reserve(gap: float, count: int) -> float:
        with database.write() as connection:
            now, taken = watch.taken_until(connection)
            first = first_free(now, taken)
            watch.take_until(connection, first + count * timedelta(seconds=gap))
        return (first - now).total_seconds()

    return reserve


def first_free(now: datetime, taken: datetime | None) -> datetime:
    """Return the first moment that nobody has taken; a clock that was ahead stops nobody."""
    return taken if taken and now < taken <= now + AHEAD else now


@dataclass
class SendRate:
    """Gives each message its moment, whichever connection sends it; 0 a minute: no waits at all."""

    per_minute: int
    pause: Callable[[float], object]
    reserve: Reserve
    monotonic: Callable[[], float] = time.monotonic
    _lock: Lock = field(default_factory=Lock)
    _next: float = 0.0
    _left: int = 0

    @property
    def gap(self) -> float:
        """The seconds between two messages."""
        return _SECONDS_A_MINUTE / self.per_minute if self.per_minute else 0.0

    @property
    def is_quick(self) -> bool:
        """Tell whether a server may be kept waiting from one message to the next."""
        return self.gap <= QUICK

    def take(self) -> float:
        """Take the next moment; return how many seconds it is away. Never inside a transaction."""
        if not self.per_minute:
            return 0.0
        with self._lock:
            if not self._left or self.monotonic() > self._next + QUICK:
                self._left = max(1, min(MOST, int(QUICK / self.gap)))
                seconds = self.reserve(self.gap, self._left)
                self._next = self.monotonic() + seconds
            moment = self._next
            self._next += self.gap
            self._left -= 1
            return max(0.0, moment - self.monotonic())

    def wait(self, seconds: float) -> None:
        """Wait, if there is anything to wait for."""
        if seconds > 0:
            self.pause(seconds)
