"""What every way of handing over a message offers: one envelope in, one outcome back.

How a message is made is left to `message`, what an outcome means to `retry`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from reminders.retry import Outcome

OnDot = Callable[[], bool]
Name = Literal["smtp", "folder", "memory"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One frozen message and its two addresses (RFC 5321 section 2.3.1).

    ``local_date`` is the civil date it was composed for, ``at`` the run's instant.
    """

    sender: str
    recipient: str
    message_id: str
    raw: bytes
    local_date: date
    at: datetime


class Transport(Protocol):
    """A way of handing over messages; the server's doings are outcomes, never exceptions."""

    name: Name

    def deliver(self, envelope: Envelope, on_dot: OnDot) -> Outcome:
        """Hand over ``envelope`` and return how far it got.

        ``on_dot`` is called once, before the first octet of the body leaves;
        False means that the claim was lost, and nothing is handed over.
        """
        ...

    def close(self) -> None:
        """End the connection, if there is one; the next message opens another."""
        ...
