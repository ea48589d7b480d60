"""Transactions 3 to 6: put back what got stuck, then deliver what is due, over one or several connections.

What the connections of one process share stands in ``Sender``: their name in claims, the window, the rate,
the breaker. One connection's work (``_Lane``) is claim, announce, dot, settle, message by message:

1. Keep a few messages claimed, ten in one commit, each checked when it is claimed: still true, nothing held?
2. Hand one over: MAIL, RCPT, DATA. Before its body leaves, check it once more and note the dot.
3. Settle it as soon as its answer is read, before a word of the next one leaves.
4. A closed channel stops the lane, gives the rest back and blames no message.

Two durable commits a message over SMTP are the price of the promise. The first tells that a body may have
left; without it a crash would have to be taken for a loss. The second tells that it arrived: were it put off
to the next dot, or the next one's commands sent along with this one's body, a kill at the next MAIL, RCPT or
DATA would double a message whose 250 was there. What stays open is the moment between reading a 250 and that
commit (RFC 1047). Where handing over twice leaves one message (a folder), there is no dot, and settlements
share a commit.

A stop that somebody asked for ends a lane between two messages: the one whose body is under way is finished
and settled, all others are given back as they were. Where the server keeps it waiting for longer than
``FINISH_WITHIN`` it is left, in the state that a crash would leave.

A lease (5 minutes) cannot be outlived: it is begun anew in the first transaction after a minute, and between
two transactions lies at most one message (240 seconds).
"""

from __future__ import annotations

import os
import secrets
import socket
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cached_property
from threading import Thread
from typing import Final

from structlog import get_logger

from reminders.clock import civil_time
from reminders.delivery import Envelope, Transport
from reminders.letters.channel_causes import MANY, cause_of
from reminders.letters.delivery_events import without_addresses
from reminders.letters.message import return_path
from reminders.letters.retry import (
    GIVEN_UP,
    Breaker,
    Outcome,
    RetryDecision,
    State,
    Verdict as Judgement,
    decide_retry,
    is_crowd,
)
from reminders.planning.addresses import in_ascii
from reminders.settings import Settings
from reminders.stop import StopRequest
from reminders.store import Connection, Database, installation, outbox, watch
from reminders.store.outbox import Claim, LeaseClock
from reminders.use.mail.send_rate import SendRate, reserve_in
from reminders.use.mail.still_valid import StillValid, Verdict
from reminders.use.mail.suspects import Suspects
from reminders.use.people.dead_addresses import note_refusal
from reminders.use.planning.sending_times import SendingTimes, sending_times

log = get_logger()
BATCH: Final = 10
BATCH_AT_ONCE: Final = 50
RENEW_AFTER: Final = timedelta(seconds=60)
HELD_PAUSE: Final = timedelta(minutes=5)
_LOOK_EVERY: Final = 0.25
"""Seconds between two looks at whether a lane that is to stop has had its time."""
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
    (MAIL_PER_MINUTE) or until ``stop``; all are handed in at the door, and whether the clock shows the
    ``real_time``.
    ``alarm`` is why the channel closed in this run, ``failing`` whether it had failed before, and nothing was
    taken since; ``began_failing`` whether that was so when the run began.
    """

    database: Database
    settings: Settings
    transport: Transport
    clock: Callable[[], datetime]
    pause: Callable[[float], object]
    secret: str = ""
    real_time: bool = False
    stop: StopRequest = field(default_factory=StopRequest)
    alarm: str = ""
    failing: bool = False
    began_failing: bool = False
    _refused_many: bool = False
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")

    def run(self) -> Counter[str]:
        """Sweep, then try every message that is due, inside the mail window; count the outcomes.

        It goes over MAIL_CONNECTIONS connections (one without SMTP), each in a thread of its own.
        """
        done: Counter[str] = Counter()
        with self.database.write() as connection:
            now = self.clock()
            done["swept"] = outbox.sweep(connection, now, self.lease_clock(connection, now))
            self.began_failing = watch.breaker(connection, self.transport.name)[0] > 0
            self.suspects.messages = outbox.waiting_messages(connection, now)
            self._refused_many = watch.refuses_many(connection, self.transport.name)
        if not self.may_send():
            return done
        by_smtp = self.transport.name == "smtp"
        per_minute = self.settings.mail_per_minute if by_smtp else 0
        rate = SendRate(per_minute, self.pause, reserve_in(self.database))
        more = self.settings.mail_connections - 1 if by_smtp else 0
        transports = [self.transport, *(self.transport.another() for _ in range(more))]
        lanes = [_Lane(self, one, rate, f"{self.owner}:{n}") for n, one in enumerate(transports)]
        self._run_all(lanes)
        many = self._many_refused()
        first = sum((lane.done for lane in lanes), Counter[str]())
        if not many and self.may_send() and (again := self.suspects.to_try_again()):
            with self.database.write() as connection:
                outbox.hurry(connection, again, self.clock())
            self._run_all(lanes)
            tried = sum(lane.done.total() for lane in lanes) - first.total()
            done["queued"] -= min(len(again), tried, first["queued"])  # they count as what they came to
        words = self.suspects.stall()
        if many and not self.alarm:
            self._note_many(many)
        elif words and not self.alarm:
            self._note_stall(words)
        for lane in lanes:
            done.update(lane.done)
        return done

    def _many_refused(self) -> tuple[Outcome, ...]:
        """Return the refusals of the messages that wait, where they are too many to be believed of each."""
        if not (self.suspects.has_doubts or self._refused_many):
            return ()
        with self.database.read() as connection:
            found = outbox.waiting_refusals(connection)
        return found if is_crowd(len(found), self.suspects.messages) else ()

    def _note_many(self, refused: Sequence[Outcome]) -> None:
        """Note that the server refuses many messages and takes others; what it takes goes on being sent."""
        with self.database.write() as connection:
            failures, _ = watch.breaker(connection, self.transport.name)
            words = f"{refused[-1].code} {without_addresses(refused[-1].text)}"
            reason = f"{len(refused)} messages were refused while others were taken: {words}"
            watch.set_breaker(connection, self.transport.name, failures + 1, None, reason, MANY)
        log.error("many messages are refused", messages=len(refused), code=refused[-1].code)

    def _note_stall(self, words: Outcome) -> None:
        """Note that the server put off every message; the way of sending does not rest, each message does."""
        with self.database.write() as connection:
            failures, _ = watch.breaker(connection, self.transport.name)
            facts = (failures + 1, None, _server_words(words), cause_of(words))
            watch.set_breaker(connection, self.transport.name, *facts)
        log.warning("every message is put off", phase=words.phase, code=words.code)

    @cached_property
    def suspects(self) -> Suspects:
        """What the connections of this run share about refusals that may be anybody's fault."""
        return Suspects(self.database, civil_time(self.settings, self.clock()).day)

    def _run_all(self, lanes: Sequence[_Lane]) -> None:
        """Run the lanes, each in a thread where a server may keep it waiting; leave those that it keeps."""
        if self.transport.is_idempotent:
            for lane in lanes:
                lane.run()
            return
        threads = [Thread(target=lane.run_apart, daemon=True) for lane in lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive() and not self.stop.is_over():
                thread.join(_LOOK_EVERY)
        if late := [lane.owner for lane, thread in zip(lanes, threads, strict=True) if thread.is_alive()]:
            with self.database.write() as connection:
                left = outbox.abandon(connection, late, self.clock())
            log.warning("asked to stop while the mail server is silent", messages=left)
        for lane in lanes:
            if lane.error:
                raise lane.error

    def may_send(self) -> bool:
        """Tell whether any programme's window is open, no channel was found closed, nobody asked to stop."""
        return not self.alarm and not self.stop.is_made and self.times.may_send(self.clock())

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

    def note_channel(
        self, connection: Connection, outcome: Outcome, decision: RetryDecision, now: datetime
    ) -> None:
        """Open the breaker, for longer at each failure in a row, or close it after a success."""
        if decision.breaker:
            failures, closed_until = watch.breaker(connection, self.transport.name)
            one = Breaker(failures, closed_until).tripped(now, decision.reason, is_brief=decision.is_brief)
            facts = (one.failures, one.closed_until, _server_words(outcome), cause_of(outcome))
            watch.set_breaker(connection, self.transport.name, *facts)
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


def _server_words(outcome: Outcome) -> str:
    """Return where a channel failed and what the server said there, without the addresses in it."""
    code = (str(outcome.code),) if outcome.code else ()
    return f"{' '.join((outcome.phase, *code))}: {without_addresses(outcome.text) or 'no answer'}"


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
        self.error: BaseException | None = None

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

    def run_apart(self) -> None:
        """Run in a thread of its own; what goes wrong is for who waits for it."""
        try:
            self.run()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self.error = error

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
        while seconds > 0 and not self.sender.stop.is_made:
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
            claims = (
                outbox.claim(connection, self.owner, now, limit, lease, refused_last=self.sender.failing)
                if passes
                else ()
            )
            self.validity.learn(connection, claims)
            ready = [one for one in claims if not self._keep_back(connection, one)]
        self.unsettled.clear()
        self.queue.extend(ready)
        self.renewed_at = now
        return bool(claims)

    def _keep_back(self, connection: Connection, one: Claim) -> bool:
        """Keep a message back that is held, early, untrue or over; tell whether it is."""
        verdict = self.validity.verdict(one, gives_up=not self.sender.began_failing)
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
                outcome = Outcome("no-answer", "connect", 0, GIVEN_UP)
                state: State = "uncertain" if one.ambiguous else "expired"
                decision = RetryDecision(
                    state,
                    None,
                    breaker=False,
                    ambiguous=one.ambiguous,
                    counts_attempt=False,
                    reason=outcome.text,
                    fault="" if one.ambiguous else "slow",
                )
                outbox.settle_message(connection, one, outcome, decision, one.at)
        return True

    def _try(self, one: Claim) -> bool:
        """Hand one message over and settle it; False when the channel closed."""
        kept_back: list[bool] = []
        about = self.validity.programmes_of(one)
        outcome = self._hand_over(one, kept_back)
        self.validity.forget(one)
        if kept_back:
            return True
        verdict = self._whose_fault(one, outcome, about)
        decision = decide_retry(
            outcome,
            attempts=one.attempts,
            ambiguous=one.ambiguous,
            # While nothing is taken from anybody, no address is given up.
            expires_at=None if self.sender.failing else one.expires_at,
            now=self.sender.clock(),
            seed=one.message_id,
            verdict=verdict,
        )
        self.unsettled.append((one, outcome, decision))
        if not (self.transport.is_idempotent and self.queue and decision.state == "sent"):
            self._settle_now()
        facts = {"state": decision.state, "phase": outcome.phase, "code": outcome.code}
        log.debug("message", message_id=one.message_id, **facts)
        return not decision.breaker

    def _whose_fault(self, one: Claim, outcome: Outcome, about: frozenset[str]) -> Judgement | None:
        """Judge a refusal by what was taken before and what others are answered."""
        if outcome.kind == "refused" and self.unsettled:
            self._settle_now()
        sender = self.sender.envelope(one).sender
        return self.sender.suspects.verdict(
            self.transport, one, outcome, sender, about, failing=self.sender.failing
        )

    def _hand_over(self, one: Claim, kept_back: list[bool]) -> Outcome:
        marked: list[bool] = []
        try:
            return self.transport.deliver(
                self.sender.envelope(one), lambda: self._before_body(one, marked, kept_back)
            )
        except Exception as error:  # noqa: BLE001 - a poisoned message must keep no other back
            # What no transport foresees is settled like silence. Its words may hold an address or a
            # body, so the log gets its kind only.
            log.error("transport failed", message_id=one.message_id, reason=type(error).__name__)  # noqa: TRY400
            return Outcome("no-answer", "dot" if marked else "data", 0, type(error).__name__)

    def _before_body(self, one: Claim, marked: list[bool], kept_back: list[bool]) -> bool:
        """Check the message once more and note its dot, in one transaction; asked to stop, give it back."""
        if self.transport.is_idempotent:
            return True
        if self.rate.is_quick:
            self.rate.wait(self.rate.take())
        with self.database.write() as connection:
            now = self.sender.clock()
            lease = self.sender.lease_clock(connection, now)
            asked = replace(one, at=now)
            if self.sender.stop.is_made:
                outbox.release_claim(connection, [one], now)
                kept_back.append(True)
            elif self.validity.still_stands(connection, one) or not self._keep_back(connection, asked):
                marked += [True] * outbox.mark_dot(connection, one, now, lease)
            else:
                kept_back.append(True)
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
            self.done[self._settle(connection, one, outcome, decision, now)] += 1
            self.sender.note_channel(connection, outcome, decision, now)
        if self.renewed_at and now - self.renewed_at > RENEW_AFTER:
            outbox.renew(connection, self.queue, now, self.sender.lease_clock(connection, now))
            self.renewed_at = now
        return now

    def _settle(
        self, connection: Connection, one: Claim, outcome: Outcome, decision: RetryDecision, now: datetime
    ) -> str:
        """Write down what one message came to, and what that says of its address; return its state."""
        if decision.fault == "size":
            return outbox.send_shorter(connection, one, outcome, now)
        state = outbox.settle_message(connection, one, outcome, decision, now)
        if state == "failed" and decision.fault == "address":
            day = civil_time(self.sender.settings, one.created_at).day
            note_refusal(connection, one.rcpt, now, day, outcome.code, outcome.text)
        return state
