"""The outbox: frozen messages, and the transactions claim, dot, settle and sweep (delivery.md).

A row's ``fence`` rises at every claim; whoever holds an older fence has lost it.
``phase`` of a message in hand: claimed, dot, and ``returned`` when a report of its failure
came back before the server's answer was written down (``bounces``): it fails whatever that was.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)

from reminders.retry import Decision, Outcome
from reminders.store import tables
from reminders.store.delivery_log import DeliveryEvent, append

LeaseClock = datetime | ColumnElement[datetime]
LEASE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(days=5)
_FINAL = {"sent": "sent", "failed": "failed", "expired": "failed", "uncertain": "uncertain"}
_EVENTS = {
    "sent": "handed-over",
    "queued": "deferred",
    "failed": "refused",
    "uncertain": "uncertain",
    "expired": "expired",
}

# What is written for each message is built once: building a statement takes as long as running it.
_MINE = (
    tables.outbox.c.id == bindparam("b_id"),
    tables.outbox.c.owner == bindparam("b_owner"),
    tables.outbox.c.fence == bindparam("b_fence"),
    tables.outbox.c.state == "sending",
)
_CLAIMED = update(tables.outbox).where(*_MINE, tables.outbox.c.phase == "claimed")
_DOT = _CLAIMED.values(phase="dot", lease_until=bindparam("v_lease"))
_SETTLED = ("ambiguous", "next_at", "attempts")
_RETURNED = tables.outbox.c.phase == "returned"
_SETTLE = (
    update(tables.outbox)
    .where(*_MINE)
    .values(
        phase="",
        owner="",
        lease_until=None,
        state=case((_RETURNED, "failed"), else_=bindparam("v_state")),
        last_code=case((_RETURNED, tables.outbox.c.last_code), else_=bindparam("v_last_code")),
        last_text=case((_RETURNED, tables.outbox.c.last_text), else_=bindparam("v_last_text")),
        **{name: bindparam(f"v_{name}") for name in _SETTLED},
    )
    .returning(tables.outbox.c.state)
)
_SETTLE_DIGEST = (
    update(tables.digest).where(tables.digest.c.id == bindparam("b_id")).values(state=bindparam("v_state"))
)
_SETTLE_REMINDERS = (
    update(tables.reminder)
    .where(tables.reminder.c.digest_id == bindparam("b_id"))
    .values(state=bindparam("v_state"))
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process may try now."""

    id: int
    digest_id: int
    rcpt: str
    message_id: str
    raw: bytes
    fence: int
    owner: str
    attempts: int
    ambiguous: int
    created_at: datetime
    expires_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Frozen:
    """A finished message: who gets it and its octets."""

    rcpt: str
    message_id: str
    subject: str
    raw: bytes


def enqueue(connection: Connection, digest_id: int, message: Frozen, now: datetime) -> int:
    """Put a finished message into the outbox; its octets never change again. Return its id.

    Returns 0, and puts nothing, where its Message-ID is taken: the address was mailed that day
    before its owner was removed from the record and entered again.
    """
    sha256 = hashlib.sha256(message.raw).hexdigest()
    values = {
        "digest_id": digest_id,
        "rcpt": message.rcpt,
        "message_id": message.message_id,
        "subject": message.subject,
        "raw": message.raw,
        "sha256": sha256,
        "state": "queued",
        "phase": "",
        "owner": "",
        "fence": 0,
        "attempts": 0,
        "ambiguous": 0,
        "created_at": now,
        "next_at": now,
        "expires_at": now + GIVE_UP_AFTER,
        "last_code": 0,
        "last_text": "",
    }
    table = tables.outbox
    fresh = tables.insert_or_ignore(connection, table, "message_id").values(values)
    outbox_id: int = connection.execute(fresh.returning(table.c.id)).scalar() or 0
    if outbox_id:
        append(connection, DeliveryEvent(outbox_id, 0, now, "composed", text=f"sha256 {sha256}"))
    return outbox_id


def lease_clock(connection: Connection, now: datetime, *, real: bool) -> LeaseClock:
    """Return the clock that leases are measured by.

    PostgreSQL's own, which all workers share, when the run goes by the ``real``
    time; else the run's, and on SQLite, whose workers are on one machine.
    """
    return func.now() if real and connection.dialect.name == "postgresql" else now


def claim(
    connection: Connection, owner: str, now: datetime, limit: int, lease_from: LeaseClock | None = None
) -> tuple[Claim, ...]:
    """Take up to ``limit`` messages that are due for a try (transaction 3).

    They are chosen in a WITH: PostgreSQL may run a plain subquery once a row, and take more than ``limit``.
    """
    table = tables.outbox
    chosen = (
        select(table.c.id)
        .where(tables.OPEN, table.c.state == "queued", table.c.next_at <= now)
        .order_by(table.c.next_at, table.c.id)
        .limit(limit)
    )
    if connection.dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    statement = (
        update(table)
        .where(table.c.id.in_(select(chosen.cte("chosen").c.id)), table.c.state == "queued")
        .values(
            state="sending",
            phase="claimed",
            owner=owner,
            lease_until=_lease(now, lease_from),
            fence=table.c.fence + 1,
            attempts=table.c.attempts + 1,
        )
        .returning(*table.c)
    )
    rows = connection.execute(statement).mappings().all()
    return tuple(_claim(row, now) for row in sorted(rows, key=lambda row: row["id"]))


def _claim(row: RowMapping, now: datetime) -> Claim:
    return Claim(**{one.name: row[one.name] for one in fields(Claim) if one.name != "at"}, at=now)


def _lease(now: datetime, lease_from: LeaseClock | None) -> ColumnElement[datetime]:
    """Return the end of a lease that begins now, as PostgreSQL's clock or the run's has it."""
    if lease_from is None or isinstance(lease_from, datetime):
        return literal((lease_from or now) + LEASE, tables.Instant())
    return lease_from + literal(LEASE)


def mark_dot(connection: Connection, one: Claim, now: datetime, lease_from: LeaseClock | None = None) -> bool:
    """Note that the body is about to go (transaction 4); False: the claim was lost."""
    if lease_from is None or isinstance(lease_from, datetime):
        values = {**_holder(one), "v_lease": (lease_from or now) + LEASE}
        return connection.execute(_DOT, values).rowcount == 1
    until = {"lease_until": _lease(now, lease_from)}
    return connection.execute(_CLAIMED.values(phase="dot", **until), _holder(one)).rowcount == 1


def renew(
    connection: Connection, claims: Collection[Claim], now: datetime, lease_from: LeaseClock | None = None
) -> None:
    """Begin the leases of claimed messages anew; what another holds by now is left alone."""
    table = tables.outbox
    for one in claims:
        claimed = (*_held(one), table.c.phase == "claimed")
        connection.execute(update(table).where(*claimed).values(lease_until=_lease(now, lease_from)))


def _holder(one: Claim) -> dict[str, object]:
    return {"b_id": one.id, "b_owner": one.owner, "b_fence": one.fence}


def _held(one: Claim) -> tuple[ColumnElement[bool], ...]:
    table = tables.outbox
    return (
        table.c.id == one.id,
        table.c.owner == one.owner,
        table.c.fence == one.fence,
        table.c.state == "sending",
    )


def settle(connection: Connection, one: Claim, outcome: Outcome, decision: Decision, now: datetime) -> str:
    """Write an attempt's outcome, the reminders of its digest and the event (transaction 5).

    Returns the state that was written: the decision's, or failed when a report said so meanwhile.
    Returns abandoned, and writes nothing, when the claim has passed to another.
    """
    if decision.state == "abandoned":
        return decision.state
    values = {
        "v_state": decision.state,
        "v_ambiguous": decision.ambiguous,
        "v_next_at": decision.next_at or now,
        "v_attempts": one.attempts if decision.counts_attempt else one.attempts - 1,
        "v_last_code": outcome.code,
        "v_last_text": outcome.text,
    }
    state: str | None = connection.execute(_SETTLE, {**_holder(one), **values}).scalar()
    if state is None:
        return "abandoned"
    if state in _FINAL:
        _settle_digest(connection, one.digest_id, _FINAL[state])
    # Last, since on PostgreSQL it makes the other workers wait for the end of this transaction.
    kind = _EVENTS[decision.state]
    append(
        connection, DeliveryEvent(one.id, one.attempts, now, kind, outcome.phase, outcome.code, outcome.text)
    )
    return state


def _settle_digest(connection: Connection, digest_id: int, state: str) -> None:
    values = {"b_id": digest_id, "v_state": state}
    connection.execute(_SETTLE_DIGEST, values)
    connection.execute(_SETTLE_REMINDERS, values)


def withdraw(connection: Connection, one: Claim, now: datetime, why: str) -> bool:
    """Cancel a claimed message that became untrue before its first attempt."""
    table = tables.outbox
    values = {"state": "cancelled", "phase": "", "owner": "", "lease_until": None, "last_text": why}
    if connection.execute(update(table).where(*_held(one)).values(values)).rowcount != 1:
        return False
    append(connection, DeliveryEvent(one.id, one.attempts, now, "cancelled", text=why))
    _settle_digest(connection, one.digest_id, "cancelled")
    return True


def sweep(connection: Connection, now: datetime, lease_now: LeaseClock | None = None) -> int:
    """Put back what got stuck (transaction 6): claimed is free to retry, dot is ambiguous, returned failed.

    A free retry counts no attempt. An ambiguous message is tried once more, with the same octets; then a
    person decides.
    """
    table = tables.outbox
    stuck = (
        tables.OPEN,
        table.c.state == "sending",
        table.c.lease_until < (now if lease_now is None else lease_now),
    )
    over = select(table).where(*stuck)
    if connection.dialect.name == "postgresql":
        over = over.with_for_update(skip_locked=True)
    # Sorted here: an ORDER BY on the key would have SQLite read all that was ever sent.
    rows = sorted(connection.execute(over).mappings(), key=lambda row: row["id"])
    for row in rows:
        _put_back(connection, row, now)
    return len(rows)


def _put_back(connection: Connection, row: RowMapping, now: datetime) -> None:
    table = tables.outbox
    ambiguous = row["ambiguous"] + (row["phase"] == "dot")
    state = "uncertain" if ambiguous > 1 else "queued"
    state = "failed" if row["phase"] == "returned" else state
    values = {
        "state": state,
        "phase": "",
        "owner": "",
        "lease_until": None,
        "ambiguous": ambiguous,
        "attempts": row["attempts"] - (row["phase"] == "claimed"),
        "next_at": now,
    }
    connection.execute(update(table).where(table.c.id == row["id"]).values(values))
    kind = "uncertain" if state == "uncertain" else "lease-over"
    append(connection, DeliveryEvent(row["id"], row["attempts"], now, kind, row["phase"]))
    if state in _FINAL:
        _settle_digest(connection, row["digest_id"], state)


def release(connection: Connection, claims: Iterable[Claim], until: datetime) -> None:
    """Give claimed messages back untried, as when the channel closed; the attempt does not count."""
    table = tables.outbox
    for one in claims:
        values = {
            "state": "queued",
            "phase": "",
            "owner": "",
            "lease_until": None,
            "attempts": one.attempts - 1,
            "next_at": until,
        }
        connection.execute(update(table).where(*_held(one)).values(values))


def counts(connection: Connection) -> Mapping[str, int]:
    """Count the outbox by state."""
    table = tables.outbox
    rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return Counter({row[0]: row[1] for row in rows})


def waiting(connection: Connection, now: datetime) -> int:
    """Count the messages that are due for a try."""
    table = tables.outbox
    query = select(func.count()).where(tables.OPEN, table.c.state == "queued", table.c.next_at <= now)
    return connection.execute(query).scalar_one()


def raw_of(connection: Connection, outbox_id: int) -> bytes | None:
    """Return the octets of a message, None when there is none or they were deleted."""
    table = tables.outbox
    return connection.execute(select(table.c.raw).where(table.c.id == outbox_id)).scalar()


def failures_since(connection: Connection, since: datetime | None) -> tuple[RowMapping, ...]:
    """Return the messages that failed or are uncertain, with address, state and the server's words.

    ``next_at`` of a message that is over is when it was settled, or returned.
    """
    table = tables.outbox
    columns = (table.c.rcpt, table.c.state, table.c.last_text, table.c.subject, table.c.next_at)
    query = select(table.c.digest_id, *columns).where(table.c.state.in_(("failed", "expired", "uncertain")))
    if since is not None:
        query = query.where(table.c.next_at >= since)
    return tuple(connection.execute(query.order_by(table.c.id)).mappings())


def oldest_unsent(connection: Connection) -> datetime | None:
    """Return when the oldest message that waits was composed."""
    table = tables.outbox
    query = select(func.min(table.c.created_at)).where(tables.OPEN)
    return connection.execute(query).scalar()
