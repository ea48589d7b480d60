"""Transactions 3 to 6: put back what got stuck, then deliver over one lane a connection.

What a lane does with each message stands in ``lane``; here is what the lanes of
one process share: their name in claims, the window, the pace, the breaker.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr

from structlog import get_logger

from reminders.delivery.transport import Envelope, Transport
from reminders.dispatch.lane import Lane
from reminders.dispatch.pace import Pace, reserve_in
from reminders.dispatch.truth import Truth
from reminders.dispatch.worlds import local
from reminders.retry import Breaker, Decision
from reminders.settings import Settings
from reminders.store import Connection, Database, channel, outbox
from reminders.store.outbox import Claim, LeaseClock
from reminders.verp import return_path

log = get_logger()


@dataclass
class Sender:
    """One process's way of delivering: its name in claims, its transport, its pace.

    ``clock`` gives the run's instant, ``pause`` waits real seconds between messages
    over SMTP (MAIL_PER_MINUTE); both are handed in at the door, and whether the
    clock shows the ``real_time``. ``alarm`` is why the channel closed in this run,
    ``failing`` whether it had failed before.
    """

    database: Database
    settings: Settings
    transport: Transport
    clock: Callable[[], datetime]
    pause: Callable[[float], None]
    secret: str = ""
    real_time: bool = False
    alarm: str = ""
    failing: bool = False
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")

    def run(self) -> Counter[str]:
        """Sweep, then try every message that is due, inside the mail window; count the outcomes."""
        done: Counter[str] = Counter()
        with self.database.write() as connection:
            now = self.clock()
            done["swept"] = outbox.sweep(connection, now, self._lease_clock(connection, now))
        if self._may_send():
            for counted in self._run_lanes():
                done += counted
        return done

    def _run_lanes(self) -> list[Counter[str]]:
        """Run a lane for each of MAIL_CONNECTIONS (one without SMTP): in this thread if it is alone."""
        by_smtp = self.transport.name == "smtp"
        per_minute = self.settings.mail_per_minute if by_smtp else 0
        pace = Pace(per_minute, self.pause, reserve_in(self.database))
        more = self.settings.mail_connections - 1 if by_smtp else 0
        transports = [self.transport, *(self.transport.another() for _ in range(more))]
        lanes = [self._lane(transport, pace, n) for n, transport in enumerate(transports)]
        if not more:
            lanes[0].run()
            return [lanes[0].done]
        with ThreadPoolExecutor(len(lanes)) as threads:
            for ended in [threads.submit(lane.run) for lane in lanes]:
                ended.result()
        return [lane.done for lane in lanes]

    def _lane(self, transport: Transport, pace: Pace, number: int) -> Lane:
        return Lane(
            database=self.database,
            transport=transport,
            truth=Truth(self.settings),
            pace=pace,
            owner=f"{self.owner}:{number}",
            clock=self.clock,
            lease_clock=self._lease_clock,
            envelope=self._envelope,
            may_send=self._may_send,
            lets_pass=self._lets_pass,
            note_channel=self._note_channel,
        )

    def _may_send(self) -> bool:
        """Tell whether the window is open and no lane has found the channel closed."""
        return not self.alarm and local(self.settings, self.clock()).may_send

    def _lets_pass(self, connection: Connection, now: datetime) -> bool:
        """Tell whether the breaker lets messages pass."""
        failures, closed_until = channel.breaker(connection, self.transport.name)
        self.failing = failures > 0
        return Breaker(failures, closed_until).lets_pass(now)

    def _lease_clock(self, connection: Connection, now: datetime) -> LeaseClock:
        return outbox.lease_clock(connection, now, real=self.real_time)

    def _envelope(self, one: Claim) -> Envelope:
        return Envelope(
            sender=self._return_path(one),
            recipient=one.rcpt,
            message_id=one.message_id,
            raw=one.raw,
            local_date=one.created_at.astimezone(self.settings.zone).date(),
            at=self.clock(),
        )

    def _return_path(self, one: Claim) -> str:
        """Return where an undeliverable message comes back to: signed, if BOUNCE_ADDRESS is set."""
        if not (self.secret and self.settings.bounce_address):
            return parseaddr(self.settings.mail_from)[1]
        return return_path(self.settings.bounce_address, one.id, self.secret)

    def _note_channel(self, connection: Connection, decision: Decision, now: datetime) -> None:
        """Open the breaker, for longer at each failure in a row, or close it after a success."""
        if decision.breaker:
            failures, closed_until = channel.breaker(connection, self.transport.name)
            tripped = Breaker(failures, closed_until).tripped(now, decision.reason)
            channel.set_breaker(
                connection, self.transport.name, tripped.failures, tripped.closed_until, tripped.reason
            )
            self.alarm = decision.reason
            log.error("mail channel closed", until=str(tripped.closed_until), reason=decision.reason)
        elif decision.state == "sent" and self.failing:
            channel.set_breaker(connection, self.transport.name, 0, None, "")
            self.failing = False
