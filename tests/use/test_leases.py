"""Leases: begun anew before they are over, and on PostgreSQL measured by the database's clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reminders.delivery import MemoryTransport
from reminders.letters.retry import Outcome
from reminders.store import outbox
from reminders.use.tick import tick
from tests.use.office import FIRST, MAILS, Office, at

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


class Slow(MemoryTransport):
    """A channel on which every message takes its time, by a clock that it moves."""

    is_idempotent = False

    def __init__(self, seconds: int, beside: Callable[[datetime], Any]) -> None:
        super().__init__()
        self.now, self.seconds, self.beside = at(FIRST), timedelta(seconds=seconds), beside

    def deliver(self, envelope: Any, on_dot: Any) -> Outcome:
        """Take the message after a while; meanwhile another process sweeps."""
        held = on_dot()
        self.now += self.seconds
        self.beside(self.now)
        if not held:
            return Outcome("claim-lost", "data")
        self.envelopes.append(envelope)
        return Outcome("accepted", "dot", 250, "2.0.0 ok")


@SQLITE
@pytest.mark.parametrize("seconds", [61, 200, 240])
def test_no_lease_is_outlived_at_a_slow_server(office: Office, seconds: int) -> None:
    """Ten messages of four minutes each: another process that sweeps after each finds none to put back."""
    swept: list[int] = []

    def sweep(now: datetime) -> None:
        with office.database.write() as connection:
            swept.append(outbox.sweep(connection, now))

    office.transport = slow = Slow(seconds, sweep)
    service = replace(office.service(FIRST), clock=lambda: slow.now)
    assert tick(service).outcomes == {"sent": MAILS}
    assert (len(swept), set(swept)) == (MAILS, {0})
    assert set(office.look("outbox", "state", "attempts", "ambiguous")) == {("sent", 1, 0)}


@SQLITE
def test_a_lease_that_was_lost_all_the_same_leaves_two_copies_at_most(office: Office) -> None:
    """Longer than any message may take: what was swept meanwhile is in doubt, and goes once more at most."""

    def sweep(now: datetime) -> None:
        with office.database.write() as connection:
            outbox.sweep(connection, now)

    office.transport = slow = Slow(301, sweep)
    service = replace(office.service(FIRST), clock=lambda: slow.now)
    tick(service)
    office.transport = MemoryTransport()
    office.tick("2025-12-02T09:00")
    assert set(office.look("outbox", "state")) <= {"sent", "uncertain", "cancelled"}
    copies = Counter(one.message_id for one in (*slow.envelopes, *office.envelopes))
    assert max(copies.values()) == 2
    doubled = {message_id for message_id, number in copies.items() if number == 2}
    assert doubled <= {row[0] for row in office.look("outbox", "message_id", "ambiguous") if row[1]}


@pytest.mark.parametrize(("real", "by_the_database"), [(True, True), (False, False)])
def test_on_postgresql_a_lease_is_the_databases(
    loaded_database: Any, backend: str, real: bool, by_the_database: bool
) -> None:
    """By real time all workers share its clock, whatever theirs show; with --at the run's clock decides."""
    office = Office(loaded_database)
    office.tick("2025-12-01T09:00")
    now = at("2025-12-01T09:00")
    with office.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'queued'")
        lease = outbox.lease_clock(connection, now, real=real)
        outbox.claim(connection, "me", now, 1, lease)
    (until,) = office.look("outbox", "lease_until", state="sending")
    shared = backend == "postgresql" and by_the_database
    expected = datetime.now(UTC) if shared else now
    assert abs(until - expected - outbox.LEASE) < timedelta(minutes=1)
    with office.database.write() as connection:
        assert outbox.sweep(connection, now, outbox.lease_clock(connection, now, real=real)) == 0
        later = now + timedelta(minutes=6)
        swept = outbox.sweep(connection, later, outbox.lease_clock(connection, later, real=real))
    assert swept == (0 if shared else 1)
