"""Transactions 3 to 6 around a transport: claim, dot, settle, sweep.

1. Put back what got stuck.
2. Claim a batch of due messages, durably, before the first byte.
3. Each is checked once more: still true, and nothing of it held?
4. Hand it over; before its body leaves, note that it does.
5. Settle the outcome; a closed channel ends the run and blames no message.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr

from structlog import get_logger

from reminders.delivery.transport import Envelope, Transport
from reminders.dispatch.worlds import local, world_of
from reminders.due import unanswered
from reminders.retry import Breaker, Decision, Outcome, decide
from reminders.settings import Settings
from reminders.store import Connection, Database, outbox
from reminders.store import programmes as repository
from reminders.store.outbox import Claim
from reminders.verp import return_path
from schedule_rules.occurrence import OccurrenceID

log = get_logger()
BATCH = 10
HELD_PAUSE = timedelta(minutes=5)
_SECONDS_A_MINUTE = 60.0


@dataclass
class Sender:
    """One process's way of delivering: its name in claims, its transport, its pace.

    ``clock`` gives the run's instant, ``pause`` waits real seconds between
    messages over SMTP (MAIL_PER_MINUTE); both are handed in at the door.
    """

    database: Database
    settings: Settings
    transport: Transport
    clock: Callable[[], datetime]
    pause: Callable[[float], None]
    secret: str = ""
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}")

    def run(self) -> Counter[str]:
        """Sweep, then try every message that is due, inside the mail window; count the outcomes."""
        done: Counter[str] = Counter()
        with self.database.write() as connection:
            done["swept"] = outbox.sweep(connection, self.clock())
        while self._may_send():
            claims = self._claim()
            if not claims:
                break
            if not self._deliver_batch(claims, done):
                break
        self.transport.close()
        return done

    def _may_send(self) -> bool:
        now = self.clock()
        with self.database.read() as connection:
            _, closed_until = outbox.breaker(connection, self.transport.name)
        return local(self.settings, now).may_send and (closed_until is None or now >= closed_until)

    def _claim(self) -> tuple[Claim, ...]:
        with self.database.write() as connection:
            return outbox.claim(connection, self.owner, self.clock(), BATCH)

    def _deliver_batch(self, claims: tuple[Claim, ...], done: Counter[str]) -> bool:
        """Deliver a batch; False when the channel closed and the rest was given back."""
        for place, one in enumerate(claims):
            if kept_back := self._kept_back(one):
                done[kept_back] += 1
                continue
            outcome = self._hand_over(one)
            decision = self._settle(one, outcome)
            done[decision.state] += 1
            if decision.breaker:
                with self.database.write() as connection:
                    outbox.release(connection, claims[place + 1 :], self.clock())
                return False
            self._keep_pace()
        return True

    def _keep_pace(self) -> None:
        if self.transport.name == "smtp":
            self.pause(_SECONDS_A_MINUTE / self.settings.mail_per_minute)

    def _kept_back(self, one: Claim) -> str:
        """Keep a message back whose programme is held, cancel one whose items are all answered.

        One that may have arrived already is not cancelled: the evidence would deny it.
        """
        with self.database.write() as connection:
            if is_held(connection, one):
                outbox.release(connection, [one], self.clock() + HELD_PAUSE)
                return "held"
            if one.ambiguous or is_still_due(connection, one, self.settings):
                return ""
            outbox.withdraw(connection, one, self.clock(), "answered before it was sent")
        return "cancelled"

    def _hand_over(self, one: Claim) -> Outcome:
        envelope = Envelope(
            sender=self._return_path(one),
            recipient=one.rcpt,
            message_id=one.message_id,
            raw=one.raw,
            local_date=one.created_at.astimezone(self.settings.zone).date(),
            at=self.clock(),
        )
        marked: list[bool] = []
        try:
            return self.transport.deliver(envelope, lambda: self._mark_dot(one, marked))
        except Exception as error:
            # What no transport foresees is settled like silence, so that it keeps no other message back.
            log.exception("transport failed", message_id=one.message_id)
            return Outcome("no-answer", "dot" if marked else "data", 0, type(error).__name__)

    def _return_path(self, one: Claim) -> str:
        """Return where an undeliverable message comes back to: signed, if BOUNCE_ADDRESS is set."""
        if not (self.secret and self.settings.bounce_address):
            return parseaddr(self.settings.mail_from)[1]
        return return_path(self.settings.bounce_address, one.id, self.secret)

    def _mark_dot(self, one: Claim, marked: list[bool]) -> bool:
        with self.database.write() as connection:
            held = outbox.mark_dot(connection, one, self.clock())
        marked += [True] * held
        return held

    def _settle(self, one: Claim, outcome: Outcome) -> Decision:
        now = self.clock()
        decision = decide(
            outcome,
            attempts=one.attempts,
            ambiguous=one.ambiguous,
            first_at=one.created_at,
            now=now,
            seed=one.message_id,
        )
        with self.database.write() as connection:
            outbox.settle(connection, one, outcome, decision, now)
            self._note_channel(connection, decision, now)
        log.debug(
            "message", message_id=one.message_id, state=decision.state, phase=outcome.phase, code=outcome.code
        )
        return decision

    def _note_channel(self, connection: Connection, decision: Decision, now: datetime) -> None:
        failures, closed_until = outbox.breaker(connection, self.transport.name)
        if decision.breaker:
            tripped = Breaker(failures, closed_until).tripped(now, decision.reason)
            outbox.set_breaker(
                connection, self.transport.name, tripped.failures, tripped.closed_until, tripped.reason
            )
            log.error("mail channel closed", until=str(tripped.closed_until), reason=decision.reason)
        elif failures and decision.state == "sent":
            outbox.set_breaker(connection, self.transport.name, 0, None, "")


def is_held(connection: Connection, one: Claim) -> bool:
    """Tell whether a programme that a message speaks of is held."""
    held = {row.programme.key for row in repository.all_programmes(connection) if row.held}
    return not held.isdisjoint(outbox.programmes_of(connection, one.digest_id))


def is_still_due(connection: Connection, one: Claim, settings: Settings) -> bool:
    """Tell whether any item of a message still waits for an answer; a digest or notice always goes."""
    items = outbox.reminders_of(connection, one.digest_id)
    today = local(settings, one.at).day
    rows = {row.programme.key: row for row in repository.all_programmes(connection)}
    if not items or outbox.is_board(connection, one.digest_id):
        return True
    for occurrence_id, organisations in items:
        row = rows.get(OccurrenceID.parse(occurrence_id).programme)
        if row is None:
            continue
        world = world_of(connection, row, [occurrence_id])
        occurrence = world.occurrences.get(occurrence_id)
        if occurrence and set(unanswered(world, occurrence, today)).intersection(organisations):
            return True
    return False
