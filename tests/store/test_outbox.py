"""Transactions 3 to 6: claim, dot, settle, sweep; what each writes and whom it keeps out."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from reminders.letters.retry import Outcome
from reminders.store import Database, delivery_log, outbox, tables, watch
from reminders.store.outbox import LEASE, Claim, Contents, MessageItem
from tests.store.builders import (
    ACCEPTED,
    NOW,
    OCCURRENCE,
    PATIENCE,
    TODAY,
    claimed,
    decision,
    events,
    frozen,
    look,
    queue,
    states,
)

ANNA, BERIT, CALLE = (f"{name}@vaasa.example" for name in ("anna", "berit", "calle"))
OVER = NOW + LEASE + timedelta(microseconds=1)
CLAIM = ("state", "phase", "owner", "lease_until", "fence", "attempts", "ambiguous", "next_at")


def with_queue(database: Database, *recipients: str) -> list[int]:
    """Queue messages in a transaction of its own."""
    with database.write() as connection:
        return queue(connection, *recipients)


def swept(database: Database, at: object = OVER) -> int:
    """Sweep in a transaction of its own."""
    with database.write() as connection:
        return outbox.sweep(connection, at)  # type: ignore[arg-type]


def dotted(database: Database, one: Claim) -> bool:
    """Mark the dot in a transaction of its own."""
    with database.write() as connection:
        return outbox.mark_dot(connection, one, NOW)


def settled(database: Database, one: Claim, state: str = "sent", outcome: Outcome = ACCEPTED) -> str:
    """Settle in a transaction of its own."""
    with database.write() as connection:
        return outbox.settle_message(connection, one, outcome, decision(state), NOW)


def test_a_queued_message_is_frozen_with_its_hash(database: Database) -> None:
    """Octets, their hash in the row and in the ledger, and the day on which it is given up."""
    (one,) = with_queue(database, ANNA)
    raw = frozen(ANNA).raw
    sha256 = hashlib.sha256(raw).hexdigest()
    names = ("id", "rcpt", "raw", "sha256", "created_at", "next_at", "expires_at", "last_code", "last_text")
    assert look(database, tables.outbox, *names) == [
        (one, ANNA, raw, sha256, NOW, NOW, NOW + PATIENCE, 0, "")
    ]
    assert look(database, tables.outbox, *CLAIM) == [("queued", "", "", None, 0, 0, 0, NOW)]
    ledger = look(database, tables.delivery_event, "outbox_id", "attempt", "at", "kind", "state")
    assert ledger == [(None, 0, NOW, "planned", ""), (one, 0, NOW, "composed", "queued")]
    assert json.loads(look(database, tables.delivery_event, "text")[1])["sha256"] == sha256


def test_a_claim_is_written_down_before_it_is_used(database: Database) -> None:
    """Owner, lease, fence and attempt stand in the row as they do in the claim."""
    (first, second) = with_queue(database, ANNA, BERIT)
    one, two = claimed(database)
    (digest_id, _) = look(database, tables.digest, "id")
    raw = frozen(ANNA).raw
    assert one == Claim(first, digest_id, ANNA, f"<{ANNA}>", raw, 1, "me", 1, 0, NOW, NOW + PATIENCE, NOW)
    assert (two.id, two.rcpt) == (second, BERIT)
    row = ("sending", "claimed", "me", NOW + LEASE, 1, 1, 0, NOW)
    assert look(database, tables.outbox, *CLAIM) == [row, row]


def test_nothing_is_claimed_before_its_time(database: Database) -> None:
    """A message is due from its instant on, not a microsecond earlier; the earliest go first."""
    with database.write() as connection:
        late, early = queue(connection, ANNA, at=NOW + timedelta(minutes=1)) + queue(connection, BERIT)
    assert claimed(database, at=NOW - timedelta(microseconds=1)) == ()
    with database.read() as connection:
        assert [outbox.waiting_messages(connection, NOW + timedelta(minutes=n)) for n in (-1, 0, 1)] == [
            0,
            1,
            2,
        ]
    assert [one.id for one in claimed(database, at=NOW + timedelta(hours=1), limit=1)] == [early]
    assert [one.id for one in claimed(database, at=NOW + timedelta(hours=1), limit=1)] == [late]


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_a_batch_is_as_large_as_asked(database: Database, limit: int) -> None:
    """However many wait, a claim takes its number, until none are left."""
    with_queue(database, *(f"r{n}@vaasa.example" for n in range(7)))
    sizes = [len(claimed(database, limit=limit)) for _ in range(8)]
    assert sizes == {1: [1] * 7 + [0], 3: [3, 3, 1, 0, 0, 0, 0, 0], 7: [7, 0, 0, 0, 0, 0, 0, 0]}[limit]


def test_a_claim_excludes_every_other(database: Database) -> None:
    """Workers that claim at the same moment share the messages out; none has one twice, none is left."""
    with_queue(database, *(f"r{n}@vaasa.example" for n in range(30)))
    taken: list[Claim] = []
    barrier = Barrier(4)

    def work(name: str) -> None:
        barrier.wait()
        while batch := claimed(database, name, limit=2):
            taken.extend(batch)

    workers = [Thread(target=work, args=(str(n),)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len({one.id for one in taken}) == len(taken) == 30
    assert {one.fence for one in taken} == {1}


@pytest.mark.postgres
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_an_open_claim_keeps_nobody_waiting(database: Database) -> None:
    """While one worker's claim is not committed another takes the next message at once."""
    with_queue(database, ANNA, BERIT)
    with database.write() as one, database.write() as two:
        first = outbox.claim(one, "one", NOW, 1)
        second = outbox.claim(two, "two", NOW, 1)
    assert [claim.rcpt for claim in (*first, *second)] == [ANNA, BERIT]


def test_the_fence_rises_with_every_claim(database: Database) -> None:
    """Claimed, lost, claimed again: one, two, three."""
    with_queue(database, ANNA)
    fences = []
    for turn in range(3):
        at = NOW + turn * timedelta(hours=1)
        fences += [one.fence for one in claimed(database, at=at)]
        assert swept(database, at + timedelta(minutes=30)) == 1
    assert fences == [1, 2, 3]


def test_a_lost_claim_can_do_nothing(database: Database) -> None:
    """Who was swept and overtaken neither marks the dot, nor settles, nor withdraws, nor gives back."""
    with_queue(database, ANNA)
    (stale,) = claimed(database, "one")
    swept(database)
    (mine,) = claimed(database, "two", OVER)
    before = look(database, tables.outbox, *CLAIM)
    with database.write() as connection:
        outbox.release_claim(connection, [stale], NOW)
        assert outbox.withdraw(connection, stale, NOW, "answered") is False
    assert (dotted(database, stale), settled(database, stale)) == (False, "abandoned")
    assert look(database, tables.outbox, *CLAIM) == before
    assert (dotted(database, mine), settled(database, mine)) == (True, "sent")
    assert [row[2] for row in events(database)] == ["lease-over", "handed-over"]


def test_the_same_owner_cannot_use_its_older_claim(database: Database) -> None:
    """The fence decides, not the name."""
    with_queue(database, ANNA)
    (stale,) = claimed(database)
    swept(database)
    claimed(database, at=OVER)
    assert (dotted(database, stale), settled(database, stale)) == (False, "abandoned")


def test_the_dot_is_marked_once(database: Database) -> None:
    """It prolongs the lease; a second mark on the same claim is refused."""
    with_queue(database, ANNA)
    (one,) = claimed(database)
    later = NOW + timedelta(minutes=2)
    with database.write() as connection:
        assert outbox.mark_dot(connection, one, later) is True
        assert outbox.mark_dot(connection, one, later) is False
    assert look(database, tables.outbox, "phase", "lease_until") == [("dot", later + LEASE)]


def test_a_lease_holds_to_its_last_instant(database: Database) -> None:
    """At its end it still holds; a microsecond later it is over."""
    with_queue(database, ANNA)
    claimed(database)
    assert (swept(database, NOW + LEASE), swept(database, OVER), swept(database, OVER)) == (0, 1, 0)


def test_what_stuck_while_claimed_is_tried_again_for_free(database: Database) -> None:
    """It cannot have been accepted: no attempt is counted, nothing is ambiguous."""
    (one,) = with_queue(database, ANNA)
    claimed(database)
    swept(database)
    assert look(database, tables.outbox, *CLAIM) == [("queued", "", "", None, 1, 0, 0, OVER)]
    assert events(database) == [(one, 1, "lease-over", "claimed", 0, "")]
    assert states(database) == (["queued"], ["composed"], ["in_digest"])


def test_what_stuck_after_the_dot_is_tried_once_more(database: Database) -> None:
    """It is ambiguous from then on, and its reminders stay in the digest."""
    (one,) = with_queue(database, ANNA)
    dotted(database, claimed(database)[0])
    swept(database)
    assert look(database, tables.outbox, *CLAIM) == [("queued", "", "", None, 1, 1, 1, OVER)]
    assert events(database) == [(one, 1, "lease-over", "dot", 0, "")]
    assert states(database) == (["queued"], ["composed"], ["in_digest"])


def test_what_stuck_after_the_dot_twice_is_left_to_a_person(database: Database) -> None:
    """It is uncertain with its digest and reminders, and nobody claims it again."""
    (one,) = with_queue(database, ANNA)
    dotted(database, claimed(database)[0])
    swept(database)
    (again,) = claimed(database, at=OVER)
    with database.write() as connection:
        outbox.mark_dot(connection, again, OVER)
    end = OVER + timedelta(hours=1)
    assert (again.ambiguous, swept(database, end)) == (1, 1)
    assert states(database) == (["uncertain"], ["uncertain"], ["uncertain"])
    assert events(database) == [(one, 1, "lease-over", "dot", 0, ""), (one, 2, "uncertain", "dot", 0, "")]
    assert claimed(database, at=end) == ()


def test_a_sweep_leaves_everybody_else_alone(database: Database) -> None:
    """Queued, sent and freshly claimed messages stay as they are."""
    with_queue(database, ANNA, BERIT, CALLE)
    settled(database, claimed(database, limit=1)[0])
    claimed(database, at=OVER, limit=1)
    assert swept(database, OVER) == 0
    assert look(database, tables.outbox, "state") == ["sent", "sending", "queued"]


@pytest.mark.parametrize(
    ("state", "event", "of_reminders"),
    [
        ("sent", "handed-over", "sent"),
        ("failed", "refused", "failed"),
        ("expired", "expired", "failed"),
        ("uncertain", "uncertain", "uncertain"),
        ("queued", "deferred", "in_digest"),
    ],
)
def test_an_attempt_is_settled_in_one_go(
    database: Database, state: str, event: str, of_reminders: str
) -> None:
    """Message, digest, reminders and ledger say the same; the server's words are kept."""
    (one,) = with_queue(database, ANNA)
    (claim,) = claimed(database)
    outcome = Outcome("refused", "rcpt", 550, "5.1.1 no such user")
    then = NOW + timedelta(minutes=1)
    with database.write() as connection:
        given = decision(state, next_at=then if state == "queued" else None, ambiguous=1)
        assert outbox.settle_message(connection, claim, outcome, given, NOW) == given.state
    of_digest = "composed" if state == "queued" else of_reminders
    assert states(database) == ([state], [of_digest], [of_reminders])
    next_at = then if state == "queued" else NOW
    assert look(database, tables.outbox, *CLAIM) == [(state, "", "", None, 1, 1, 1, next_at)]
    assert look(database, tables.outbox, "last_code", "last_text") == [(550, "5.1.1 no such user")]
    assert events(database) == [(one, 1, event, "rcpt", 550, "5.1.1 no such user")]


def test_a_closed_channel_costs_no_attempt(database: Database) -> None:
    """An attempt that does not count is taken back, in the ledger it stands."""
    with_queue(database, ANNA)
    (claim,) = claimed(database)
    outcome = Outcome("no-answer", "connect", 0, "refused")
    with database.write() as connection:
        later = NOW + timedelta(minutes=5)
        outbox.settle_message(
            connection, claim, outcome, decision("queued", next_at=later, counts_attempt=False), NOW
        )
    assert look(database, tables.outbox, *CLAIM) == [("queued", "", "", None, 1, 0, 0, later)]
    assert [row[1:3] for row in events(database)] == [(1, "deferred")]


def test_an_abandoned_attempt_writes_nothing(database: Database) -> None:
    """A claim that was found lost at the dot belongs to another."""
    with_queue(database, ANNA)
    (claim,) = claimed(database)
    before = look(database, tables.outbox, *CLAIM)
    assert settled(database, claim, "abandoned") == "abandoned"
    assert (look(database, tables.outbox, *CLAIM), events(database)) == (before, [])


def test_an_attempt_is_settled_once(database: Database) -> None:
    """A second settlement of the same claim finds it gone."""
    with_queue(database, ANNA)
    (claim,) = claimed(database)
    assert (settled(database, claim), settled(database, claim, "failed")) == ("sent", "abandoned")
    assert states(database) == (["sent"], ["sent"], ["sent"])


def test_messages_given_back_untried_cost_no_attempt(database: Database) -> None:
    """They are due again at the instant named, with no event."""
    with_queue(database, ANNA, BERIT)
    until = NOW + timedelta(minutes=5)
    with database.write() as connection:
        outbox.release_claim(connection, outbox.claim(connection, "me", NOW, 10), until)
    assert look(database, tables.outbox, *CLAIM) == [("queued", "", "", None, 1, 0, 0, until)] * 2
    assert events(database) == []


def test_a_message_that_became_untrue_is_withdrawn(database: Database) -> None:
    """Cancelled with its digest and reminders, and the ledger says why."""
    (one,) = with_queue(database, ANNA)
    (claim,) = claimed(database)
    with database.write() as connection:
        assert outbox.withdraw(connection, claim, NOW, "answered") is True
    assert states(database) == (["cancelled"], ["cancelled"], ["cancelled"])
    assert events(database) == [(one, 1, "cancelled", "", 0, "answered")]


def test_counts_and_ages_are_told(database: Database) -> None:
    """How many in which state, and since when the oldest waits."""
    with database.read() as connection:
        assert (outbox.counts(connection), outbox.oldest_unsent(connection)) == ({}, None)
    with database.write() as connection:
        queue(connection, ANNA, at=NOW - timedelta(days=1))
        queue(connection, BERIT, CALLE)
    settled(database, claimed(database, limit=1)[0])
    claimed(database, limit=1)
    with database.read() as connection:
        assert outbox.counts(connection) == {"sent": 1, "sending": 1, "queued": 1}
        assert outbox.oldest_unsent(connection) == NOW


def test_one_message_is_looked_at(database: Database) -> None:
    """Its octets, and what stands in it."""
    (one,) = with_queue(database, ANNA)
    (digest_id,) = look(database, tables.digest, "id")
    with database.read() as connection:
        assert (delivery_log.mail_raw(connection, one), delivery_log.mail_raw(connection, one + 1)) == (
            (frozen(ANNA).raw, "queued"),
            None,
        )
        found = outbox.message_contents(connection, [digest_id, digest_id + 1])
    items: tuple[MessageItem, ...] = ((OCCURRENCE, "P7D", ("unit",), "unit"),)
    assert found == {digest_id: Contents(TODAY, frozenset(), frozenset({"town"}), items)}


def test_failures_are_listed_with_the_servers_words(database: Database) -> None:
    """What failed, expired or is uncertain, of one programme."""
    with_queue(database, ANNA, BERIT)
    one, two = claimed(database)
    settled(database, one, "failed", Outcome("refused", "rcpt", 550, "5.1.1 no such user"))
    settled(database, two)
    with database.read() as connection:
        (row,) = outbox.failures_of(connection, "town")
        assert outbox.failures_of(connection, "village") == ()
    assert dict(row) == {
        "id": one.id,
        "digest_id": one.digest_id,
        "rcpt": ANNA,
        "state": "failed",
        "last_code": 550,
        "last_text": "5.1.1 no such user",
        "subject": "Muistutus",
        "next_at": NOW,
    }


def test_a_channels_rest_is_remembered(database: Database) -> None:
    """None at first, then what was noted last; each channel for itself."""
    until = NOW + timedelta(minutes=5)
    with database.write() as connection:
        assert watch.breaker(connection, "smtp") == (0, None)
        watch.set_breaker(connection, "smtp", 1, until, "down")
        watch.set_breaker(connection, "smtp", 2, until, "down still")
        assert watch.breaker(connection, "smtp") == (2, until)
        watch.set_breaker(connection, "smtp", 0, None, "")
        assert (watch.breaker(connection, "smtp"), watch.breaker(connection, "folder")) == (
            (0, None),
            (0, None),
        )
