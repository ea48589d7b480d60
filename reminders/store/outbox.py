"""The outbox: frozen messages, and the transactions claim, dot, settle and sweep (delivery.md).

A row's ``fence`` rises at every claim; whoever holds an older fence has lost it.
``phase`` of a message in hand: claimed, dot, and ``returned`` when a report of its failure
came back before the server's answer was written down (``bounces``): it fails whatever that was.

Messages checked against what is stored now, and taken back before their first attempt.

What a message says is true or not by ``dispatch.truth``; here are the rows that
it looks at, and what is written when a message is not to go.

The breaker of a mail channel: its failures in a row, and until when it rests.

Moments of sending, shared by all workers on a database: which are taken, by the database's clock.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta

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

from reminders.letters.retry import Outcome, RetryDecision
from reminders.planning.policy import ToRole
from reminders.store import tables
from reminders.store.delivery_log import DeliveryEvent, append
from reminders.store.tables import collection_round, pause
from reminders.store.watch import PACE
from schedule_rules.occurrence import OccurrenceID

# -- The outbox: frozen messages, and the transactions claim, dot, settle and sweep (delivery.m

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


def settle_message(
    connection: Connection, one: Claim, outcome: Outcome, decision: RetryDecision, now: datetime
) -> str:
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


def release_claim(connection: Connection, claims: Iterable[Claim], until: datetime) -> None:
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


def waiting_messages(connection: Connection, now: datetime) -> int:
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


# -- Messages checked against what is stored now, and taken back before their first attempt

Stamp = tuple[tuple[object, ...], ...]
Said = tuple[str, str, tuple[str, ...], ToRole]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a message speaks of: its civil date, its items.

    An item is its occurrence, its stage, the organisations that answer for it and the role in them that
    is told. ``board`` is the programme whose digest it is, else nothing.
    """

    day: date
    board: str
    programmes: frozenset[str]
    items: tuple[Said, ...]


def message_stamp(connection: Connection) -> Stamp:
    """Return what differs after an answer, pause, correction, hand-over, hold, import, a closed round."""
    programme, answer, correction = tables.programme, tables.answer, tables.correction
    query = select(
        programme.c.key,
        programme.c.held,
        programme.c.sha256,
        programme.c.modified,
        select(func.max(answer.c.id)).scalar_subquery(),
        select(func.count(answer.c.undone_at)).scalar_subquery(),
        select(func.max(collection_round.c.at)).scalar_subquery(),
        select(func.max(pause.c.id)).scalar_subquery(),
        select(func.count(pause.c.ended_at)).scalar_subquery(),
        select(func.max(correction.c.id)).scalar_subquery(),
        select(func.count(correction.c.id)).scalar_subquery(),
    ).order_by(programme.c.key)
    return tuple(tuple(row) for row in connection.execute(query))


def message_contents(connection: Connection, digest_ids: Collection[int]) -> Mapping[int, Contents]:
    """Return what the messages of digests speak of."""
    digest, reminder = tables.digest, tables.reminder
    columns = (digest.c.id, digest.c.local_date, digest.c.board, digest.c["items"])
    rows = connection.execute(select(*columns).where(digest.c.id.in_(digest_ids))).all()
    said = (reminder.c.occurrence_id, reminder.c.stage, reminder.c.organisations, reminder.c.role)
    query = select(reminder.c.digest_id, *said).where(reminder.c.digest_id.in_(digest_ids))
    items: dict[int, list[Said]] = {}
    for row in connection.execute(query.order_by(reminder.c.id)):
        items.setdefault(row[0], []).append((row[1], row[2], tuple(row[3]), row[4]))
    return {
        row[0]: Contents(row[1], row[2], _programmes(row[2], row[3]), tuple(items.get(row[0], ())))
        for row in rows
    }


def _programmes(board: str, items: Iterable[Mapping[str, str]]) -> frozenset[str]:
    return frozenset({OccurrenceID.parse(item["occurrence"]).programme for item in items} | {board} - {""})


def untried_before(connection: Connection, today: date) -> tuple[int, ...]:
    """Return the messages of earlier days that wait for their first attempt."""
    outbox, digest = tables.outbox, tables.digest
    query = (
        select(outbox.c.id)
        .join(digest, digest.c.id == outbox.c.digest_id)
        .where(tables.OPEN, *_untried(), outbox.c.state == "queued", digest.c.local_date < today)
    )
    return tuple(sorted(connection.execute(query).scalars()))


def _untried() -> tuple[ColumnElement[bool], ...]:
    outbox = tables.outbox
    return outbox.c.attempts == 0, outbox.c.ambiguous == 0


def take_back(connection: Connection, outbox_id: int, now: datetime, why: str, *, fence: int = -1) -> bool:
    """Cancel a message that nobody has seen, and let its reminders be mailed anew.

    With ``fence`` it is one that is claimed by its holder, else one that waits
    untried; False, and nothing written, when it is neither any more.
    """
    outbox, digest, reminder = tables.outbox, tables.digest, tables.reminder
    mine = (outbox.c.state == "sending", outbox.c.fence == fence)
    waiting = (outbox.c.state == "queued", *_untried())
    values = {"state": "cancelled", "phase": "", "owner": "", "lease_until": None, "last_text": why}
    statement = update(outbox).where(outbox.c.id == outbox_id, *(waiting if fence < 0 else mine))
    done = connection.execute(statement.values(values).returning(outbox.c.digest_id)).scalar()
    if done is None:
        return False
    connection.execute(update(digest).where(digest.c.id == done).values(state="cancelled"))
    again = update(reminder).where(reminder.c.digest_id == done)
    connection.execute(again.values(state="planned", digest_id=None))
    append(connection, DeliveryEvent(outbox_id, 0, now, "cancelled", text=why))
    return True


# -- The breaker of a mail channel: its failures in a row, and until when it rests


def breaker(connection: Connection, name: str) -> tuple[int, datetime | None]:
    """Return a channel's failures in a row, and until when it stays closed."""
    table = tables.channel
    row = connection.execute(select(table.c.failures, table.c.open_until).where(table.c.name == name)).first()
    return (row[0], row[1]) if row else (0, None)


def set_breaker(
    connection: Connection, name: str, failures: int, until: datetime | None, reason: str
) -> None:
    """Note a channel's failures and until when it stays closed."""
    table = tables.channel
    values = {"failures": failures, "open_until": until, "reason": reason}
    connection.execute(tables.insert_or_ignore(connection, table).values(name=name, **values))
    connection.execute(update(table).where(table.c.name == name).values(values))


# -- Moments of sending, shared by all workers on a database: which are taken, by the database'


def taken_until(connection: Connection) -> tuple[datetime, datetime | None]:
    """Return the instant that it is and the one until which moments are taken; None: none ever were.

    Both by real time. Nobody else takes any until the end of this transaction.
    """
    table = tables.channel
    fresh = {"name": PACE, "failures": 0, "open_until": None, "reason": ""}
    connection.execute(tables.insert_or_ignore(connection, table).values(fresh))
    query = select(table.c.open_until).where(table.c.name == PACE)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    taken = connection.execute(query).scalar()
    return _now(connection), taken


def take_until(connection: Connection, until: datetime) -> None:
    """Note until when moments are taken."""
    table = tables.channel
    connection.execute(update(table).where(table.c.name == PACE).values(open_until=until))


def _now(connection: Connection) -> datetime:
    """Return the instant by the clock that all workers share: the server's, or this machine's."""
    if connection.dialect.name == "postgresql":
        now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now
    text: str = connection.execute(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))).scalar_one()
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
