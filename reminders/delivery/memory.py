"""The transport of rehearsals and tests: a list."""

from __future__ import annotations

from typing import Self

from reminders.delivery.transport import Envelope, Name, OnDot
from reminders.letters.retry import Outcome


class MemoryTransport:
    """Keeps every envelope in ``envelopes``, in the order of delivery."""

    name: Name = "memory"
    is_idempotent = True

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    def deliver(self, envelope: Envelope, on_dot: OnDot, ahead: Envelope | None = None) -> Outcome:  # noqa: ARG002 - nothing is sent ahead
        """Keep ``envelope``, unless the claim was lost."""
        if not on_dot():
            return Outcome("claim-lost", "data")
        self.envelopes.append(envelope)
        return Outcome("accepted", "dot", 250, f"2.0.0 kept as number {len(self.envelopes)}")

    def is_ready(self) -> bool:
        """Return False: nothing is said ahead."""
        return False

    def another(self) -> Self:
        """Return this one: several may use it at once."""
        return self

    def close(self) -> None:
        """Do nothing: there is no connection."""
