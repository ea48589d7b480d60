"""Transactions 3 to 6: put back what got stuck, then deliver what is due, over one or several connections.

What the connections of one process share stands in ``Sender``: their name in claims, the window, the rate,
the breaker. One connection's work (``_Lane``) is claim, announce, dot, settle, message by message:

1. Keep a few messages claimed, each checked when it is claimed: still true, nothing held?
2. Hand one over; where the server takes commands in one write, the next one is announced with it.
3. Before its body leaves: settle the one before, check it once more, note the dot. One durable
   commit a message, and none a message where handing over twice leaves one (a folder).
4. Settle; a closed channel stops the lane, gives the rest back and blames no message.

Over SMTP that one commit is the price of the promise. It tells that a message was accepted before the body of
the next one leaves, so that a kill leaves one message a connection of which nobody knows. One commit for k
messages would leave k: each of them sent twice, by a kill at the next one's RCPT or DATA too, where no copy
may come of it (delivery.md); and dots noted ahead would use up the one retry of messages that never left.
What loses nothing is done: claims in one commit for ten messages, and each settlement with the next dot.

A lease (5 minutes) cannot be outlived: it is begun anew in the first transaction after a minute, and between
two transactions lies at most one message (240 seconds).

MAIL_PER_MINUTE, over all connections of all workers on a database, by real time.

Moments of sending lie ``gap`` seconds apart. Each is taken from the database by one worker; at a quick rate
several at once, so that a high rate costs next to nothing: at most 50, and at most a second's worth. What a
worker does not use in time is lost, never made up for.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cached_property
from threading import Lock
from typing import Final

from structlog import get_logger

from reminders.delivery import Envelope, Transport
from reminders.letters.message import return_path
from reminders.letters.retry import (
    GIVE_UP,
    Breaker,
    Outcome,
    RetryDecision,
    State,
    decide_retry,
    is_dead_address,
)
from reminders.planning.addresses import in_ascii
from reminders.settings import Settings
from reminders.store import Connection, Database, installation, outbox, people, watch
from reminders.store.outbox import Claim, LeaseClock
from reminders.use.mail.still_valid import StillValid, Verdict
from reminders.use.planning.sending_times import SendingTimes, sending_times

log = get_logger()
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
    pause: Callable[[float], None]
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


BATCH: Final = 10
BATCH_AT_ONCE: Final = 50
RENEW_AFTER: Final = timedelta(seconds=60)
HELD_PAUSE: Final = timedelta(minutes=5)
_COUNTED_AS: Final[dict[Verdict, str]] = {
    "held": "held",
    "early": "held",
    "untrue": "cancelled",
    "partly": "taken back",
    "over": "expired",
}


@dataclass
class Sender:
    """One process's way of delivering: its name in claims, its transport, its rate.

    ``clock`` gives the run's instant, ``pause`` waits real seconds between messages over SMTP
    (MAIL_PER_MINUTE); both are handed in at the door, and whether the clock shows the ``real_time``.
    ``alarm`` is why the channel closed in this run, ``failing`` whether it had failed before.
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
        """Sweep, then try every message that is due, inside the mail window; count the outcomes.

        It goes over MAIL_CONNECTIONS connections (one without SMTP), each of several in a thread of its own.
        """
        done: Counter[str] = Counter()
        with self.database.write() as connection:
            now = self.clock()
            done["swept"] = outbox.sweep(connection, now, self.lease_clock(connection, now))
        if not self.may_send():
            return done
        by_smtp = self.transport.name == "smtp"
        per_minute = self.settings.mail_per_minute if by_smtp else 0
        rate = SendRate(per_minute, self.pause, reserve_in(self.database))
        more = self.settings.mail_connections - 1 if by_smtp else 0
        transports = [self.transport, *(self.transport.another() for _ in range(more))]
        lanes = [_Lane(self, one, rate, f"{self.owner}:{n}") for n, one in enumerate(transports)]
        if not more:
            lanes[0].run()
        else:
            with ThreadPoolExecutor(len(lanes)) as threads:
                for ended in [threads.submit(lane.run) for lane in lanes]:
                    ended.result()
        for lane in lanes:
            done += lane.done
        return done

    def may_send(self) -> bool:
        """Tell whether any programme's window is open and no lane has found the channel closed."""
        return not self.alarm and self.times.may_send(self.clock())

    @cached_property
    def times(self) -> SendingTimes:
        """The programmes' sending days and windows, as they are when the run begins."""
        with self.database.read() as connection:
            return sending_times(connection, self.settings)

    @cached_property
    def epoch(self) -> str:
        """The epoch that return addresses carry: the newest."""
        with self.database.read() as connection:
            return installation.epoch(connection)

    def lets_pass(self, connection: Connection, now: datetime) -> bool:
        """Tell whether the breaker lets messages pass."""
        failures, closed_until = watch.breaker(connection, self.transport.name)
        self.failing = failures > 0
        return Breaker(failures, closed_until).lets_pass(now)

    def note_channel(self, connection: Connection, decision: RetryDecision, now: datetime) -> None:
        """Open the breaker, for longer at each failure in a row, or close it after a success."""
        if decision.breaker:
            failures, closed_until = watch.breaker(connection, self.transport.name)
            one = Breaker(failures, closed_until).tripped(now, decision.reason)
            watch.set_breaker(connection, self.transport.name, one.failures, one.closed_until, one.reason)
            self.alarm = decision.reason
            log.error("mail channel closed", until=str(one.closed_until), reason=decision.reason)
        elif decision.state == "sent" and self.failing:
            watch.set_breaker(connection, self.transport.name, 0, None, "")
            self.failing = False

    def lease_clock(self, connection: Connection, now: datetime) -> LeaseClock:
        """Return the clock of leases: the database's own, unless the run's clock decides everything."""
        return outbox.lease_clock(connection, now, real=self.real_time)

    def envelope(self, one: Claim) -> Envelope:
        """Return a claimed message in its envelope; undeliverable it comes back signed, to BOUNCE_ADDRESS."""
        sender = parseaddr(self.settings.mail_from)[1]
        if self.secret and self.settings.bounce_address:
            sender = return_path(self.settings.bounce_address, one.id, self.secret, self.epoch)
        return Envelope(
            sender=sender,
            recipient=in_ascii(one.rcpt),
            message_id=one.message_id,
            raw=one.raw,
            local_date=one.created_at.astimezone(self.settings.zone).date(),
            at=self.clock(),
        )


class _Lane:
    """One connection, and the messages that are claimed for it under the name ``owner``."""

    def __init__(self, sender: Sender, transport: Transport, rate: SendRate, owner: str) -> None:
        self.sender, self.database = sender, sender.database
        self.transport, self.rate, self.owner = transport, rate, owner
        self.validity = StillValid(sender.settings, sender.times)
        self.done: Counter[str] = Counter()
        self.queue: deque[Claim] = deque()
        self.unsettled: list[tuple[Claim, Outcome, RetryDecision]] = []
        self.renewed_at: datetime | None = None

    def run(self) -> None:
        """Deliver until nothing is due, the window ends or the channel closes.

        In the end what was tried is settled, and what was not is given back.
        """
        try:
            while self._fill() and self._has_its_turn():
                if not self._try(self.queue.popleft()):
                    break
        finally:
            with self.database.write() as connection:
                now = self._settle_all(connection)
                outbox.release_claim(connection, self.queue, now)
            self.unsettled.clear()
            self.queue.clear()
            self.transport.close()

    def _fill(self) -> bool:
        """Have a message, and the one after it where there is one; False when there is nothing to do."""
        while len(self.queue) < 2 and self.sender.may_send():
            if not self._claim():
                break
        return bool(self.queue) and self.sender.may_send()

    def _has_its_turn(self) -> bool:
        """At a slow rate wait for the next moment, and tell whether messages may still go then.

        Many workers at a low rate wait for long: the leases are begun anew meanwhile.
        """
        seconds = 0.0 if self.rate.is_quick else self.rate.take()
        while seconds > 0:
            self.rate.wait(min(seconds, RENEW_AFTER.total_seconds() / 2))
            seconds -= RENEW_AFTER.total_seconds() / 2
            if seconds > 0:
                self._settle_now()
        return self.sender.may_send()

    def _claim(self) -> bool:
        """Claim a batch and keep back what is not to go; False when nothing is due."""
        limit = BATCH_AT_ONCE if self.transport.is_idempotent else BATCH
        with self.database.write() as connection:
            now = self._settle_all(connection)
            lease = self.sender.lease_clock(connection, now)
            passes = self.sender.lets_pass(connection, now)
            claims = outbox.claim(connection, self.owner, now, limit, lease) if passes else ()
            self.validity.learn(connection, claims)
            ready = [one for one in claims if not self._keep_back(connection, one)]
        self.unsettled.clear()
        self.queue.extend(ready)
        self.renewed_at = now
        return bool(claims)

    def _keep_back(self, connection: Connection, one: Claim) -> bool:
        """Keep a message back that is held, early, untrue or over; tell whether it is."""
        verdict = self.validity.verdict(one)
        if verdict == "true":
            return False
        self.done[_COUNTED_AS[verdict]] += 1
        self.validity.forget(one)
        match verdict:
            case "held" | "early":
                outbox.release_claim(connection, [one], one.at + HELD_PAUSE)
            case "untrue":
                outbox.withdraw(connection, one, one.at, "answered before it was sent")
            case "partly":
                why = "partly answered before it was sent; the rest is mailed anew"
                outbox.take_back(connection, one.id, one.at, why, fence=one.fence)
            case "over":  # it was tried and waited for too long; in doubt a person decides
                outcome = Outcome("no-answer", "connect", 0, f"given up after {GIVE_UP.days} days")
                state: State = "uncertain" if one.ambiguous else "expired"
                decision = RetryDecision(state, None, False, one.ambiguous, False, outcome.text)  # noqa: FBT003
                outbox.settle_message(connection, one, outcome, decision, one.at)
        return True

    def _try(self, one: Claim) -> bool:
        """Hand one message over and settle it, at once or with the next; False when the channel closed."""
        follows = None
        if self.queue and self.rate.is_quick and not self.transport.is_idempotent:
            # It is announced with this one; at a slow rate the server is not kept waiting.
            follows = self.queue[0]
        kept_back: list[bool] = []
        outcome = self._hand_over(one, follows, kept_back)
        self.validity.forget(one)
        if kept_back:
            return True
        decision = decide_retry(
            outcome,
            attempts=one.attempts,
            ambiguous=one.ambiguous,
            first_at=one.created_at,
            now=self.sender.clock(),
            seed=one.message_id,
        )
        facts = {"state": decision.state, "phase": outcome.phase, "code": outcome.code}
        log.debug("message", message_id=one.message_id, **facts)
        self.unsettled.append((one, outcome, decision))
        if not self._may_wait(decision, follows):
            self._settle_now()
        return not decision.breaker

    def _may_wait(self, decision: RetryDecision, follows: Claim | None) -> bool:
        """Tell whether a settlement may wait for the next transaction, which then follows at once."""
        if decision.breaker or decision.state != "sent":
            return False
        if self.transport.is_idempotent:
            return bool(self.queue)
        return follows is not None and self.transport.is_ready()

    def _hand_over(self, one: Claim, follows: Claim | None, kept_back: list[bool]) -> Outcome:
        marked: list[bool] = []

        def on_dot() -> bool:
            return self._before_body(one, marked, kept_back)

        envelope = self.sender.envelope
        try:
            if follows is None:
                return self.transport.deliver(envelope(one), on_dot)
            return self.transport.deliver(envelope(one), on_dot, envelope(follows))
        except Exception as error:  # noqa: BLE001 - a poisoned message must keep no other back
            # What no transport foresees is settled like silence. Its words may hold an address or a
            # body, so the log gets its kind only.
            log.error("transport failed", message_id=one.message_id, reason=type(error).__name__)  # noqa: TRY400
            return Outcome("no-answer", "dot" if marked else "data", 0, type(error).__name__)

    def _before_body(self, one: Claim, marked: list[bool], kept_back: list[bool]) -> bool:
        """Settle the one before, check this one once more and note its dot, in one transaction."""
        if self.transport.is_idempotent:
            return True
        if self.rate.is_quick and (seconds := self.rate.take()) > 0:
            self._settle_now()
            self.rate.wait(seconds)
        with self.database.write() as connection:
            now = self.sender.clock()
            lease = self.sender.lease_clock(connection, now)
            asked = replace(one, at=now)
            if self.validity.still_stands(connection, one) or not self._keep_back(connection, asked):
                marked += [True] * outbox.mark_dot(connection, one, now, lease)
            else:
                kept_back.append(True)
            self._settle_all(connection)
        self.unsettled.clear()
        return bool(marked)

    def _settle_now(self) -> None:
        with self.database.write() as connection:
            self._settle_all(connection)
        self.unsettled.clear()

    def _settle_all(self, connection: Connection) -> datetime:
        """Write down what the messages tried came to, and renew the leases of the rest; return the instant.

        The list is emptied by the caller after the commit.
        """
        now = self.sender.clock()
        for one, outcome, decision in self.unsettled:
            self.done[outbox.settle_message(connection, one, outcome, decision, now)] += 1
            if is_dead_address(outcome):
                people.flag_address(connection, one.rcpt, now, outcome.code, outcome.text)
            self.sender.note_channel(connection, decision, now)
        if self.renewed_at and now - self.renewed_at > RENEW_AFTER:
            outbox.renew(connection, self.queue, now, self.sender.lease_clock(connection, now))
            self.renewed_at = now
        return now
