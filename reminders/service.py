"""The service: what every use case is handed, put together once at a door.

Doors import ``Connection``, the type of a transaction, from here: they open one and hand it on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from reminders.delivery import Transport
from reminders.settings import Settings
from reminders.stop import StopRequest
from reminders.store import Connection, Database

__all__ = ["Actor", "Connection", "Service"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where.

    ``address``: of the person who is signed in or named with ``--by``; nothing where nobody is.
    ``origin``: the network address of the browser; *command*, with the operator's account, on the service's
    own machine; *schedule* for what happens by itself.
    """

    address: str = ""
    origin: str = "schedule"


@dataclass(frozen=True)
class Service:
    """What every use case is handed: settings, database, transport, secret, and the clock of the door.

    ``transport`` gives the way that mail leaves, the same one each time, to whoever sends something.
    ``real_time`` tells that the clock shows the time that it is, not that of ``--at``; ``rehearses``
    that it stands at the latter while pages are served, which each page says. ``stop`` is how a run learns
    that the process is to end; ``pause`` returns at once then.
    """

    settings: Settings
    database: Database
    transport: Callable[[], Transport]
    secret: str
    clock: Callable[[], datetime]
    pause: Callable[[float], object]
    real_time: bool = False
    rehearses: bool = False
    stop: StopRequest = field(default_factory=StopRequest)
    actor: Actor = Actor()

    def acting(self, actor: Actor) -> Service:
        """Return the service as ``actor`` uses it: what happens is recorded under that name."""
        return replace(self, actor=actor)

    def __post_init__(self) -> None:
        """Let the database write the evidence under the service's secret."""
        self.database.use_secret(self.secret)
