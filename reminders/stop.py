"""A request to stop, by a signal or a person: asked once, seen by all that works or waits.

What is under way may finish for ``FINISH_WITHIN`` seconds, so that the process can end within ten.
"""

from __future__ import annotations

import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Final

FINISH_WITHIN: Final = 8.0


class StopRequest:
    """Whether the process is to end; a signal's handler may ask in the middle of anything."""

    def __init__(self) -> None:
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._asked_at: float | None = None

    @property
    def is_made(self) -> bool:
        """Tell whether somebody has asked."""
        return self._asked_at is not None

    def ask(self) -> None:
        """Ask; who waits wakes up."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
        self._bell.put(None)  # takes no lock: the handler may have interrupted a `get` of its own thread

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for so many seconds, or until asked; return whether it was."""
        with suppress(Empty):
            if not self.is_made:
                self._bell.get(timeout=seconds)
                self._bell.put(None)  # for the next who waits
        return self.is_made

    def is_over(self) -> bool:
        """Tell whether what was under way when it was asked has had its time."""
        return self._asked_at is not None and time.monotonic() - self._asked_at >= FINISH_WITHIN
