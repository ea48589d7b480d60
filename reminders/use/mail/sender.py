"""Transactions 3 to 6: put back what got stuck, then deliver over one lane a connection.

What a lane does with each message stands in ``lane``; here is what the lanes of
one process share: their name in claims, the window, the pace, the breaker.

One connection's work: claim, announce, dot, settle, message by message.

1. Keep a few messages claimed, each checked when it is claimed: still true, nothing held?
2. Hand one over; where the server takes commands in one write, the next one is announced with it.
3. Before its body leaves: settle the one before, check it once more, note the dot. One durable
   commit a message, and none a message where handing over twice leaves one (a folder).
4. Settle; a closed channel stops the lane, gives the rest back and blames no message.

Over SMTP that one commit is the price of the promise. It tells that a message was accepted before
the body of the next one leaves, so that a kill leaves one message a connection of which nobody
knows. One commit for k messages would leave k: each of them sent twice, by a kill at the next
one's RCPT or DATA too, where no copy may come of it (delivery.md); and dots noted ahead would use
up the one retry of messages that never left. What loses nothing is done: claims in one commit for
ten messages, and each settlement with the next dot.

A lease (5 minutes) cannot be outlived: it is begun anew in the first transaction
after a minute, and between two transactions lies at most one message (240 seconds).
"""

from __future__ import annotations

import os
import secrets
import socket
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final

from structlog import get_logger

from reminders.clock import civil_time
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
from reminders.settings import Settings
from reminders.store import Connection, Database, outbox, people, watch
from reminders.store.outbox import Claim, LeaseClock
from reminders.use.mail.send_rate import SendRate, reserve_in
from reminders.use.mail.still_valid import StillValid, Verdict

# -- One connection's work: claim, announce, dot, settle, message by message

log = get_logger()
BATCH: Final = 10
BATCH_AT_ONCE: Final = 50
RENEW_AFTER: Final = timedelta(seconds=60)
HELD_PAUSE: Final = timedelta(minutes=5)
_SAYS: Final[dict[Verdict, str]] = {
    "held": "held",
    "early": "held",
    "untrue": "cancelled",
    "partly": "taken back",
    "over": "expired",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message that was tried, and what becomes of it."""

    one: Claim
    outcome: Outcome
    decision: RetryDecision


@dataclass
class Lane:
    """One transport, and the messages that are claimed for it."""

    database: Database
    transport: Transport
    truth: StillValid
    pace: SendRate
    owner: str
    clock: Callable[[], datetime]
    lease_clock: Callable[[Connection, datetime], LeaseClock]
    envelope: Callable[[Claim], Envelope]
    may_send: Callable[[], bool]
    lets_pass: Callable[[Connection, datetime], bool]
    note_channel: Callable[[Connection, RetryDecision, datetime], None]
    done: Counter[str] = field(default_factory=Counter)
    _queue: deque[Claim] = field(default_factory=deque)
    _unsettled: list[Attempt] = field(default_factory=list)
    _renewed_at: datetime | None = None

    def run(self) -> None:
        """Deliver until nothing is due, the window ends or the channel closes."""
        try:
            while self._fill() and self._has_its_turn():
                if not self._try(self._queue.popleft()):
                    break
        finally:
            self._leave()

    def _leave(self) -> None:
        """Settle what was tried and give back what was not."""
        with self.database.write() as connection:
            now = self._settle_all(connection)
            outbox.release_claim(connection, self._queue, now)
        self._unsettled.clear()
        self._queue.clear()
        self.transport.close()

    # -- claiming -----------------------------------------------------------------

    def _fill(self) -> bool:
        """Have a message, and the one after it where there is one; False when there is nothing to do."""
        while len(self._queue) < 2 and self.may_send():
            if not self._claim():
                break
        return bool(self._queue) and self.may_send()

    def _has_its_turn(self) -> bool:
        """At a slow pace wait for the next moment, and tell whether messages may still go then.

        Many workers at a low rate wait for long: the leases are begun anew meanwhile.
        """
        seconds = 0.0 if self.pace.is_quick else self.pace.take()
        while seconds > 0:
            self.pace.wait(min(seconds, RENEW_AFTER.total_seconds() / 2))
            seconds -= RENEW_AFTER.total_seconds() / 2
            if seconds > 0:
                self._settle_now()
        return self.may_send()

    def _claim(self) -> bool:
        """Claim a batch and keep back what is not to go; False when nothing is due."""
        limit = BATCH_AT_ONCE if self.transport.is_idempotent else BATCH
        with self.database.write() as connection:
            now = self._settle_all(connection)
            lease = self.lease_clock(connection, now)
            passes = self.lets_pass(connection, now)
            claims = outbox.claim(connection, self.owner, now, limit, lease) if passes else ()
            self.truth.learn(connection, claims)
            kept = [one for one in claims if not self._kept_back(connection, one)]
        self._unsettled.clear()
        self._queue.extend(kept)
        self._renewed_at = now
        return bool(claims)

    def _kept_back(self, connection: Connection, one: Claim) -> bool:
        """Keep a message back that is held, early, untrue or over; tell whether it is."""
        verdict = self.truth.verdict(one)
        if verdict == "true":
            return False
        self.done[_SAYS[verdict]] += 1
        self.truth.forget(one)
        match verdict:
            case "held" | "early":
                outbox.release_claim(connection, [one], one.at + HELD_PAUSE)
            case "untrue":
                outbox.withdraw(connection, one, one.at, "answered before it was sent")
            case "partly":
                why = "partly answered before it was sent; the rest is mailed anew"
                outbox.take_back(connection, one.id, one.at, why, fence=one.fence)
            case "over":
                self._give_up(connection, one)
        return True

    def _give_up(self, connection: Connection, one: Claim) -> None:
        """End a message that was tried and waited for too long; in doubt a person decides."""
        outcome = Outcome("no-answer", "connect", 0, f"given up after {GIVE_UP.days} days")
        state: State = "uncertain" if one.ambiguous else "expired"
        decision = RetryDecision(state, None, False, one.ambiguous, False, outcome.text)  # noqa: FBT003
        outbox.settle_message(connection, one, outcome, decision, one.at)

    # -- one message --------------------------------------------------------------

    def _try(self, one: Claim) -> bool:
        """Hand one message over and settle it, at once or with the next; False when the channel closed."""
        follows = self._follows()
        kept_back: list[bool] = []
        outcome = self._hand_over(one, follows, kept_back)
        self.truth.forget(one)
        if kept_back:
            return True
        attempt = Attempt(one, outcome, self._decide(one, outcome))
        self._unsettled.append(attempt)
        if not self._may_wait(attempt, follows):
            self._settle_now()
        return not attempt.decision.breaker

    def _follows(self) -> Claim | None:
        """Return the message to announce with this one; at a slow pace the server is not kept waiting."""
        if self.transport.is_idempotent or not self.pace.is_quick or not self._queue:
            return None
        return self._queue[0]

    def _may_wait(self, attempt: Attempt, follows: Claim | None) -> bool:
        """Tell whether a settlement may wait for the next transaction, which then follows at once."""
        if attempt.decision.breaker or attempt.decision.state != "sent":
            return False
        if self.transport.is_idempotent:
            return bool(self._queue)
        return follows is not None and self.transport.is_ready()

    def _hand_over(self, one: Claim, follows: Claim | None, kept_back: list[bool]) -> Outcome:
        marked: list[bool] = []

        def on_dot() -> bool:
            return self._before_body(one, marked, kept_back)

        try:
            if follows is None:
                return self.transport.deliver(self.envelope(one), on_dot)
            return self.transport.deliver(self.envelope(one), on_dot, self.envelope(follows))
        except Exception as error:  # noqa: BLE001 - a poisoned message must keep no other back
            # What no transport foresees is settled like silence. Its words may hold an address or a
            # body, so the log gets its kind only.
            log.error("transport failed", message_id=one.message_id, reason=type(error).__name__)  # noqa: TRY400
            return Outcome("no-answer", "dot" if marked else "data", 0, type(error).__name__)

    def _before_body(self, one: Claim, marked: list[bool], kept_back: list[bool]) -> bool:
        """Settle the one before, check this one once more and note its dot, in one transaction."""
        if self.transport.is_idempotent:
            return True
        if self.pace.is_quick and (seconds := self.pace.take()) > 0:
            self._settle_now()
            self.pace.wait(seconds)
        with self.database.write() as connection:
            now = self.clock()
            lease = self.lease_clock(connection, now)
            asked = replace(one, at=now)
            if self.truth.still_stands(connection, one) or not self._kept_back(connection, asked):
                marked += [True] * outbox.mark_dot(connection, one, now, lease)
            else:
                kept_back.append(True)
            self._settle_all(connection)
        self._unsettled.clear()
        return bool(marked)

    # -- settling -----------------------------------------------------------------

    def _decide(self, one: Claim, outcome: Outcome) -> RetryDecision:
        decision = decide_retry(
            outcome,
            attempts=one.attempts,
            ambiguous=one.ambiguous,
            first_at=one.created_at,
            now=self.clock(),
            seed=one.message_id,
        )
        log.debug(
            "message", message_id=one.message_id, state=decision.state, phase=outcome.phase, code=outcome.code
        )
        return decision

    def _settle_now(self) -> None:
        with self.database.write() as connection:
            self._settle_all(connection)
        self._unsettled.clear()

    def _settle_all(self, connection: Connection) -> datetime:
        """Write down what the messages tried came to, and renew the leases of the rest; return the instant.

        The list is emptied by the caller after the commit.
        """
        now = self.clock()
        for attempt in self._unsettled:
            one, outcome, decision = attempt.one, attempt.outcome, attempt.decision
            self.done[outbox.settle_message(connection, one, outcome, decision, now)] += 1
            if is_dead_address(outcome):
                people.flag_address(connection, one.rcpt, now, outcome.code, outcome.text)
            self.note_channel(connection, decision, now)
        if self._renewed_at and now - self._renewed_at > RENEW_AFTER:
            outbox.renew(connection, self._queue, now, self.lease_clock(connection, now))
            self._renewed_at = now
        return now


# -- Transactions 3 to 6: put back what got stuck, then deliver over one lane a connection

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
        pace = SendRate(per_minute, self.pause, reserve_in(self.database))
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

    def _lane(self, transport: Transport, pace: SendRate, number: int) -> Lane:
        return Lane(
            database=self.database,
            transport=transport,
            truth=StillValid(self.settings),
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
        return not self.alarm and civil_time(self.settings, self.clock()).may_send

    def _lets_pass(self, connection: Connection, now: datetime) -> bool:
        """Tell whether the breaker lets messages pass."""
        failures, closed_until = watch.breaker(connection, self.transport.name)
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

    def _note_channel(self, connection: Connection, decision: RetryDecision, now: datetime) -> None:
        """Open the breaker, for longer at each failure in a row, or close it after a success."""
        if decision.breaker:
            failures, closed_until = watch.breaker(connection, self.transport.name)
            tripped = Breaker(failures, closed_until).tripped(now, decision.reason)
            watch.set_breaker(
                connection, self.transport.name, tripped.failures, tripped.closed_until, tripped.reason
            )
            self.alarm = decision.reason
            log.error("mail channel closed", until=str(tripped.closed_until), reason=decision.reason)
        elif decision.state == "sent" and self.failing:
            watch.set_breaker(connection, self.transport.name, 0, None, "")
            self.failing = False
