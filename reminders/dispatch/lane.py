"""One connection's work: claim, announce, dot, settle, message by message.

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

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from structlog import get_logger

from reminders.delivery.transport import Envelope, Transport
from reminders.dispatch.pace import Pace
from reminders.dispatch.truth import Truth, Verdict
from reminders.retry import GIVE_UP, Decision, Outcome, State, decide, is_dead_address
from reminders.store import Connection, Database, addresses, outbox, withdrawals
from reminders.store.outbox import Claim, LeaseClock

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
    decision: Decision


@dataclass
class Lane:
    """One transport, and the messages that are claimed for it."""

    database: Database
    transport: Transport
    truth: Truth
    pace: Pace
    owner: str
    clock: Callable[[], datetime]
    lease_clock: Callable[[Connection, datetime], LeaseClock]
    envelope: Callable[[Claim], Envelope]
    may_send: Callable[[], bool]
    lets_pass: Callable[[Connection, datetime], bool]
    note_channel: Callable[[Connection, Decision, datetime], None]
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
            outbox.release(connection, self._queue, now)
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
                outbox.release(connection, [one], one.at + HELD_PAUSE)
            case "untrue":
                outbox.withdraw(connection, one, one.at, "answered before it was sent")
            case "partly":
                why = "partly answered before it was sent; the rest is mailed anew"
                withdrawals.take_back(connection, one.id, one.at, why, fence=one.fence)
            case "over":
                self._give_up(connection, one)
        return True

    def _give_up(self, connection: Connection, one: Claim) -> None:
        """End a message that was tried and waited for too long; in doubt a person decides."""
        outcome = Outcome("no-answer", "connect", 0, f"given up after {GIVE_UP.days} days")
        state: State = "uncertain" if one.ambiguous else "expired"
        decision = Decision(state, None, False, one.ambiguous, False, outcome.text)  # noqa: FBT003
        outbox.settle(connection, one, outcome, decision, one.at)

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

    def _decide(self, one: Claim, outcome: Outcome) -> Decision:
        decision = decide(
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
            self.done[outbox.settle(connection, one, outcome, decision, now)] += 1
            if is_dead_address(outcome):
                addresses.flag(connection, one.rcpt, now, outcome.code, outcome.text)
            self.note_channel(connection, decision, now)
        if self._renewed_at and now - self._renewed_at > RENEW_AFTER:
            outbox.renew(connection, self._queue, now, self.lease_clock(connection, now))
            self._renewed_at = now
        return now
