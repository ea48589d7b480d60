"""What every way of handing over a message offers: one envelope in, one outcome back; the simplest is a list.

How a message is made is left to `message`, what an outcome means to `retry`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, Self

from reminders.letters.retry import Outcome

OnDot = Callable[[], bool]
Name = Literal["smtp", "folder", "memory"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One frozen message, its two addresses (RFC 5321 2.3.1), its civil date; ``at`` is its run's instant."""

    sender: str
    recipient: str
    message_id: str
    raw: bytes
    local_date: date
    at: datetime


class Transport(Protocol):
    """A way of handing over messages; the server's doings are outcomes, never exceptions.

    ``is_idempotent``: handing a message over twice leaves one, so that no note of the dot is needed.
    """

    name: Name
    is_idempotent: bool

    def deliver(self, envelope: Envelope, on_dot: OnDot, ahead: Envelope | None = None) -> Outcome:
        """Hand over ``envelope`` and return how far it got.

        ``on_dot`` is called once, before the first octet of the body leaves;
        False means that the claim was lost, and nothing is handed over. ``ahead``
        is the message that comes next: what can be said of it may leave with this one.
        """

    def is_ready(self) -> bool:
        """Tell whether the server has answered what was said ahead, so that the next dot comes at once."""

    def another(self) -> Self:
        """Return a transport to the same place that works beside this one."""

    def close(self) -> None:
        """End the connection, if there is one; the next message opens another."""


class Unconnected:
    """A transport without a connection: nothing is said ahead, and several may use it at once."""

    is_idempotent = True

    def is_ready(self) -> bool:
        """Return False."""
        return False

    def another(self) -> Self:
        """Return this one."""
        return self

    def close(self) -> None:
        """Do nothing."""


class MemoryTransport(Unconnected):
    """Keeps every envelope in ``envelopes``, in the order of delivery: for rehearsals and tests."""

    name: Name = "memory"

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    def deliver(self, envelope: Envelope, on_dot: OnDot, ahead: Envelope | None = None) -> Outcome:  # noqa: ARG002 - nothing is sent ahead
        """Keep ``envelope``, unless the claim was lost."""
        if not on_dot():
            return Outcome("claim-lost", "data")
        self.envelopes.append(envelope)
        return Outcome("accepted", "dot", 250, f"2.0.0 kept as number {len(self.envelopes)}")
