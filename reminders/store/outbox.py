"""The outbox: frozen messages, and the transactions claim, dot, settle and sweep (delivery.md).

A row's ``fence`` rises at every claim; whoever holds an older fence has lost it.
``phase`` of a message in hand: claimed, dot, and ``returned`` when a report of its failure
came back before the server's answer was written down (``bounces``): it fails whatever that was.

Whether a message still says what is true is decided by ``use.mail.still_valid``; here are the
rows that it looks at, and what is written when a message is not to go.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, case, func, literal, select, update

from reminders.letters.delivery_events import DeliveryEvent, without_addresses
from reminders.letters.retry import Fault, Outcome, Phase, RetryDecision
from reminders.planning.addresses import folded
from reminders.planning.policy import ToRole
from reminders.store import tables
from reminders.store.evidence import append
from reminders.store.tables import columns_of, from_row, grouped

LeaseClock = datetime | ColumnElement[datetime]
Stamp = tuple[tuple[object, ...], ...]
MessageItem = tuple[str, str, tuple[str, ...], ToRole]
LEASE = timedelta(minutes=5)
SHARED_WITHIN = timedelta(days=1)
_FINAL = {"sent": "sent", "failed": "failed", "expired": "failed", "uncertain": "uncertain"}
_EVENTS = {"sent": "handed-over", "queued": "deferred", "failed": "refused"}
"""Events that have another name than the state they lead to."""
_FREE = {"phase": "", "owner": "", "lease_until": None}
"""What a message is when nobody has it in hand."""
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
        **_FREE,
        state=case((_RETURNED, "failed"), else_=bindparam("v_state")),
        last_code=case((_RETURNED, tables.outbox.c.last_code), else_=bindparam("v_last_code")),
        last_text=case((_RETURNED, tables.outbox.c.last_text), else_=bindparam("v_last_text")),
        fault=case((_RETURNED, tables.outbox.c.fault), else_=bindparam("v_fault")),
        **{name: bindparam(f"v_{name}") for name in _SETTLED},
    )
    .returning(tables.outbox.c.state)
)
_SETTLE_DIGEST, _SETTLE_REMINDERS = (
    update(column.table).where(column == bindparam("b_id")).values(state=bindparam("v_state"))
    for column in (tables.digest.c.id, tables.reminder.c.digest_id)
)
_UNSEEN = tables.outbox.c.ambiguous == 0
"""What was refused or never tried cannot have arrived; what got no answer after its body may have."""


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


@dataclass(frozen=True, slots=True)
class Contents:
    """What a message speaks of: its civil date, its items.

    An item is its occurrence, its stage, the organisations that answer for it and the role in them that
    is told. ``boards`` are the programmes whose digests stand in it.
    """

    day: date
    boards: frozenset[str]
    programmes: frozenset[str]
    items: tuple[MessageItem, ...]


@dataclass(frozen=True, slots=True)
class BouncedMessage:
    """A message that a report names."""

    id: int
    digest_id: int
    rcpt: str
    state: str
    attempts: int
    day: date


def enqueue(
    connection: Connection, digest_id: int, message: Frozen, now: datetime, expires_at: datetime
) -> int:
    """Put a finished message into the outbox, to be tried until ``expires_at``; return its id.

    Its octets never change again. What replaces messages that were put off in vain shares their patience: it
    is the address that does not take mail.

    The evidence tells of it once the transaction has written all of it (``evidence.note_composed``).

    Returns 0, and puts nothing, where its Message-ID is taken: the address was mailed that day
    before its owner was removed from the record and entered again.
    """
    sha256 = hashlib.sha256(message.raw).hexdigest()
    values = {**columns_of(message), "digest_id": digest_id, "sha256": sha256, "state": "queued", **_FREE}
    values |= {"created_at": now, "next_at": now, "last_text": ""}
    values["expires_at"] = min((expires_at, *_patience_shared(connection, digest_id, now)))
    values |= dict.fromkeys(("fence", "attempts", "ambiguous", "last_code"), 0)
    table = tables.outbox
    fresh = tables.insert_or_ignore(connection, table, "message_id").values(values)
    return connection.execute(fresh.returning(table.c.id)).scalar() or 0


def _patience_shared(connection: Connection, digest_id: int, now: datetime) -> tuple[datetime, ...]:
    """Return until when what was taken back for the same reader within a day was to be tried."""
    outbox, digest = tables.outbox, tables.digest
    reader = select(digest.c.recipient).where(digest.c.id == digest_id).scalar_subquery()
    query = select(outbox.c.expires_at).join(digest, digest.c.id == outbox.c.digest_id)
    query = query.where(digest.c.recipient == reader, digest.c.state == "cancelled")
    tried = (outbox.c.state == "cancelled", outbox.c.attempts > 0, outbox.c.next_at > now - SHARED_WITHIN)
    return tuple(connection.execute(query.where(*tried)).scalars())


def lease_clock(connection: Connection, now: datetime, *, real: bool) -> LeaseClock:
    """Return the clock that leases are measured by.

    PostgreSQL's own, which all workers share, when the run goes by the ``real``
    time; else the run's, and on SQLite, whose workers are on one machine.
    """
    return func.now() if real and connection.dialect.name == "postgresql" else now


def claim(
    connection: Connection,
    owner: str,
    now: datetime,
    limit: int,
    lease_from: LeaseClock | None = None,
    *,
    refused_last: bool = False,
) -> tuple[Claim, ...]:
    """Take up to ``limit`` messages that are due for a try (transaction 3).

    With ``refused_last``, as after a channel was closed, others come before those that were refused for good.

    They are chosen in a WITH: PostgreSQL may run a plain subquery once a row, and take more than ``limit``.
    """
    table = tables.outbox
    order = (table.c.next_at, table.c.id)
    chosen = (
        select(table.c.id)
        .where(tables.OPEN, table.c.state == "queued", table.c.next_at <= now)
        .order_by(*((table.c.last_code >= 500, *order) if refused_last else order))
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
    rows = sorted(connection.execute(statement).mappings(), key=lambda row: row["id"])
    return tuple(from_row(Claim, {**row, "at": now}) for row in rows)


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
    for one in claims:
        connection.execute(_CLAIMED.values(lease_until=_lease(now, lease_from)), _holder(one))


def _holder(one: Claim) -> dict[str, object]:
    return {"b_id": one.id, "b_owner": one.owner, "b_fence": one.fence}


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
        "v_fault": decision.fault,
    }
    state: str | None = connection.execute(_SETTLE, {**_holder(one), **values}).scalar()
    if state is None:
        return "abandoned"
    if state in _FINAL:
        _settle_digest(connection, one.digest_id, _FINAL[state])
    # Last, since on PostgreSQL it makes the other workers wait for the end of this transaction.
    kind = _EVENTS.get(decision.state, decision.state)
    facts = (one.id, one.attempts, now, kind, outcome.phase, outcome.code, outcome.text)
    append(connection, DeliveryEvent(*facts, state=state))
    return state


def _settle_digest(connection: Connection, digest_id: int, state: str) -> None:
    values = {"b_id": digest_id, "v_state": state}
    connection.execute(_SETTLE_DIGEST, values)
    connection.execute(_SETTLE_REMINDERS, values)


def send_shorter(connection: Connection, one: Claim, outcome: Outcome, now: datetime) -> str:
    """Take back a claimed message that is too big: its items are mailed anew, as a short text.

    Returns what became of it, as ``settle_message`` does.
    """
    why = "too big for the mail server; what it says is mailed anew as a short text"
    if not take_back(connection, one.id, now, why, fence=one.fence):
        return "abandoned"
    reply = {"fault": "size", "last_code": outcome.code}
    connection.execute(update(tables.outbox).where(tables.outbox.c.id == one.id).values(reply))
    facts = (one.id, one.attempts, now, "refused", outcome.phase, outcome.code, outcome.text)
    append(connection, DeliveryEvent(*facts))
    return "taken back"


def refusals_before(connection: Connection, one: Claim, phase: Phase) -> tuple[int, bool]:
    """Return how often a message was refused for good in ``phase``, and whether others were taken since."""
    event = tables.delivery_event
    query = select(event.c.id).where(event.c.outbox_id == one.id, event.c.kind == "deferred")
    query = query.where(event.c.phase == phase, event.c.code >= 500).order_by(event.c.id)
    found = list(connection.execute(query).scalars())
    if not found:
        return 0, False
    taken = select(event.c.id).where(event.c.id > found[0], event.c.kind == "handed-over").limit(1)
    return len(found), connection.execute(taken).first() is not None


def is_second_form(connection: Connection, one: Claim) -> bool:
    """Tell whether a message is the short text in the place of one that was too big."""
    own, first = tables.digest.alias("own"), tables.digest.alias("first")
    query = (
        select(tables.outbox.c.id)
        .join(first, first.c.id == tables.outbox.c.digest_id)
        .join(own, (own.c.recipient == first.c.recipient) & (own.c.local_date == first.c.local_date))
        .where(own.c.id == one.digest_id, first.c.version < own.c.version, tables.outbox.c.fault == "size")
    )
    return connection.execute(query.limit(1)).first() is not None


def too_big_for(connection: Connection, day: date) -> frozenset[str]:
    """Return the addresses whose mail of ``day`` was too big, so that they get a short text."""
    table, digest = tables.outbox, tables.digest
    query = select(digest.c.recipient).join(table, table.c.digest_id == digest.c.id)
    return frozenset(
        connection.execute(query.where(digest.c.local_date == day, table.c.fault == "size")).scalars()
    )


def other_addresses(connection: Connection, limit: int = 50) -> tuple[str, ...]:
    """Return who gets the messages that wait, then who got the latest ones."""
    table = tables.outbox
    waiting = select(table.c.rcpt).where(tables.OPEN).order_by(table.c.id).limit(limit)
    sent = select(table.c.rcpt).where(table.c.state == "sent").order_by(table.c.id.desc()).limit(limit)
    rows = (*connection.execute(waiting).scalars(), *connection.execute(sent).scalars())
    return tuple(dict.fromkeys(rows))


def hurry(connection: Connection, ids: Collection[int], now: datetime) -> None:
    """Let messages that wait be tried at once."""
    table = tables.outbox
    mine = (table.c.id.in_(list(ids)), table.c.state == "queued")
    connection.execute(update(table).where(*mine).values(next_at=now))


def refused_on(connection: Connection, address: str, before: date = date.max) -> date | None:
    """Return the day of an address's newest settled mail (before a day) if it was refused, else None."""
    table, digest = tables.outbox, tables.digest
    query = (
        select(table.c.fault, digest.c.local_date)
        .join(digest, digest.c.id == table.c.digest_id)
        .where(digest.c.recipient == folded(address), table.c.state.in_(("sent", "failed")))
        .where(digest.c.local_date < before)
    )
    newest = query.order_by(digest.c.local_date.desc(), digest.c.version.desc()).limit(1)
    found = connection.execute(newest).first()
    return found[1] if found and found[0] == "address" else None


def refusals_of_others(connection: Connection, address: str, since: date) -> tuple[Outcome, ...]:
    """Return the words with which mails to other addresses were refused, those of days from ``since`` on."""
    table, digest = tables.outbox, tables.digest
    query = select(table.c.last_code, table.c.last_text).join(digest, digest.c.id == table.c.digest_id)
    query = query.where(digest.c.local_date >= since, digest.c.recipient != folded(address))
    rows = connection.execute(query.where(table.c.state == "failed", table.c.fault == "address"))
    return tuple(Outcome("refused", "rcpt", code, text) for code, text in rows)


def withdraw(connection: Connection, one: Claim, now: datetime, why: str) -> bool:
    """Cancel a claimed message that became untrue before its first attempt."""
    statement = update(tables.outbox).where(*_MINE).values({**_FREE, "state": "cancelled", "last_text": why})
    if connection.execute(statement, _holder(one)).rowcount != 1:
        return False
    append(connection, DeliveryEvent(one.id, one.attempts, now, "cancelled", text=why))
    _settle_digest(connection, one.digest_id, "cancelled")
    return True


def release_claim(connection: Connection, claims: Iterable[Claim], until: datetime) -> None:
    """Give claimed messages back untried, as when the channel closed; the attempt does not count."""
    for one in claims:
        values = {**_FREE, "state": "queued", "attempts": one.attempts - 1, "next_at": until}
        connection.execute(update(tables.outbox).where(*_MINE).values(values), _holder(one))


def sweep(connection: Connection, now: datetime, lease_now: LeaseClock | None = None) -> int:
    """Put back what got stuck (transaction 6): claimed is free to retry, dot is ambiguous, returned failed.

    A free retry counts no attempt. An ambiguous message is tried once more, with the same octets; then a
    person decides.
    """
    table = tables.outbox
    lease_over = table.c.lease_until < (now if lease_now is None else lease_now)
    over = select(table).where(tables.OPEN, table.c.state == "sending", lease_over)
    if connection.dialect.name == "postgresql":
        over = over.with_for_update(skip_locked=True)
    return _put_back(connection, connection.execute(over).mappings(), now)


def abandon(connection: Connection, owners: Collection[str], now: datetime) -> int:
    """Put back what these owners have in hand, as ``sweep`` does once leases are over; return how many.

    For a process that ends while a server keeps it waiting.
    """
    table = tables.outbox
    held = select(table).where(tables.OPEN, table.c.state == "sending", table.c.owner.in_(owners))
    if connection.dialect.name == "postgresql":
        held = held.with_for_update()
    return _put_back(connection, connection.execute(held).mappings(), now)


def _put_back(connection: Connection, found: Iterable[RowMapping], now: datetime) -> int:
    table = tables.outbox
    # Sorted here: an ORDER BY on the key would have SQLite read all that was ever sent.
    rows = sorted(found, key=lambda row: int(row["id"]))
    for row in rows:
        ambiguous = row["ambiguous"] + (row["phase"] == "dot")
        state = "uncertain" if ambiguous > 1 else "queued"
        state = "failed" if row["phase"] == "returned" else state
        attempts = row["attempts"] - (row["phase"] == "claimed")
        values = {**_FREE, "state": state, "ambiguous": ambiguous, "attempts": attempts, "next_at": now}
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))
        kind = "uncertain" if state == "uncertain" else "lease-over"
        append(connection, DeliveryEvent(row["id"], row["attempts"], now, kind, row["phase"]))
        if state in _FINAL:
            _settle_digest(connection, row["digest_id"], state)
    return len(rows)


def undelivered_before(connection: Connection, today: date) -> tuple[int, ...]:
    """Return the messages of earlier days that wait, and that nobody can have seen."""
    outbox, digest = tables.outbox, tables.digest
    query = (
        select(outbox.c.id)
        .join(digest, digest.c.id == outbox.c.digest_id)
        .where(tables.OPEN, _UNSEEN, outbox.c.state == "queued", digest.c.local_date < today)
    )
    return tuple(sorted(connection.execute(query).scalars()))


def take_back(connection: Connection, outbox_id: int, now: datetime, why: str, *, fence: int = -1) -> bool:
    """Cancel a message that nobody has seen, and let its reminders be mailed anew.

    With ``fence`` it is one that is claimed by its holder, else one that waits;
    False, and nothing written, when it is neither any more.
    """
    outbox, digest, reminder = tables.outbox, tables.digest, tables.reminder
    mine = (outbox.c.state == "sending", outbox.c.fence == fence)
    waiting = (outbox.c.state == "queued", _UNSEEN)
    values = {**_FREE, "state": "cancelled", "last_text": why, "next_at": now}
    statement = update(outbox).where(outbox.c.id == outbox_id, *(waiting if fence < 0 else mine))
    done = connection.execute(statement.values(values).returning(outbox.c.digest_id)).scalar()
    if done is None:
        return False
    connection.execute(update(digest).where(digest.c.id == done).values(state="cancelled"))
    again = update(reminder).where(reminder.c.digest_id == done)
    connection.execute(again.values(state="planned", digest_id=None))
    append(connection, DeliveryEvent(outbox_id, 0, now, "cancelled", text=why))
    return True


def message_stamp(connection: Connection) -> Stamp:
    """Return what differs after an answer, pause, correction, hand-over, hold, import, a closed round."""
    programme, answer, correction = tables.programme, tables.answer, tables.correction
    pause = tables.pause
    newest = (answer.c.id, tables.collection_round.c.at, pause.c.id, correction.c.id)
    query = select(
        *(programme.c.key, programme.c.held, programme.c.sha256, programme.c.modified),
        *(select(func.max(column)).scalar_subquery() for column in newest),
        *(
            select(func.count(column)).scalar_subquery()
            for column in (answer.c.undone_at, pause.c.ended_at, correction.c.id)
        ),
    ).order_by(programme.c.key)
    return tuple(tuple(row) for row in connection.execute(query))


def message_contents(connection: Connection, digest_ids: Collection[int]) -> Mapping[int, Contents]:
    """Return what the messages of digests speak of."""
    digest, reminder = tables.digest, tables.reminder
    columns = (digest.c.id, digest.c.local_date)
    rows = connection.execute(select(*columns).where(digest.c.id.in_(digest_ids))).all()
    section = tables.mail_section
    query = select(section.c.digest_id, section.c.programme, section.c.is_digest)
    query = query.where(section.c.digest_id.in_(digest_ids), ~section.c.left_out)
    sections = grouped((row[0], (row[1], row[2])) for row in connection.execute(query))
    parts = (reminder.c.occurrence_id, reminder.c.stage, reminder.c.organisations, reminder.c.role)
    query = select(reminder.c.digest_id, *parts).where(reminder.c.digest_id.in_(digest_ids))
    found_items = connection.execute(query.order_by(reminder.c.id))
    items: Mapping[int, tuple[MessageItem, ...]] = grouped(
        (row[0], (row[1], row[2], tuple(row[3]), row[4])) for row in found_items
    )
    found = {}
    for digest_id, day in rows:
        own = sections.get(digest_id, ())
        boards, programmes = frozenset(key for key, board in own if board), frozenset(key for key, _ in own)
        found[digest_id] = Contents(day, boards, programmes, items.get(digest_id, ()))
    return found


def bounced_message(
    connection: Connection, ids: Collection[int], message_ids: Collection[str]
) -> tuple[BouncedMessage, ...]:
    """Return the messages with one of the ids or Message-IDs; on PostgreSQL held for this transaction."""
    table = tables.outbox
    columns = (table.c.id, table.c.digest_id, table.c.rcpt, table.c.state, table.c.attempts)
    query = select(*columns, tables.digest.c.local_date).join(tables.digest)
    query = query.where(table.c.id.in_(list(ids)) | table.c.message_id.in_(list(message_ids)))
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(of=table)
    return tuple(BouncedMessage(*row) for row in connection.execute(query.order_by(table.c.id)))


def is_known_report(connection: Connection, one: BouncedMessage, kind: str, code: int, text: str) -> bool:
    """Tell whether this very report stands in the record."""
    table = tables.delivery_event
    query = select(table.c.id).where(table.c.outbox_id == one.id, table.c.kind == kind)
    query = query.where(table.c.code == code, table.c.text == without_addresses(text))
    return connection.execute(query.limit(1)).first() is not None


def note_bounce(
    connection: Connection, one: BouncedMessage, now: datetime, kind: str, code: int, text: str
) -> None:
    """Append what a report says of a message."""
    append(connection, DeliveryEvent(one.id, one.attempts, now, kind, "report", code, text))


def fail_bounced(
    connection: Connection, one: BouncedMessage, now: datetime, code: int, text: str, fault: Fault
) -> None:
    """Note that a message which was handed over did not arrive; its reminders with it.

    One that waits for its second try after a doubt is over too: the report says how the first ended.
    One whose body is on its way at this moment is marked, and fails when that try is settled.
    """
    outbox = tables.outbox
    reply = {"last_code": code, "last_text": without_addresses(text), "fault": fault}
    at_dot = (outbox.c.id == one.id, outbox.c.state == "sending", outbox.c.phase == "dot")
    connection.execute(update(outbox).where(*at_dot).values(phase="returned", **reply))
    doubted = outbox.c.state.in_(("queued", "sending")) & (outbox.c.ambiguous > 0)
    over = (
        outbox.c.id == one.id,
        outbox.c.state.in_(("sent", "uncertain")) | doubted,
        outbox.c.phase.in_(("", "claimed")),
    )
    ended = {**_FREE, "state": "failed", "next_at": now, **reply}
    if connection.execute(update(outbox).where(*over).values(ended)).rowcount:
        _settle_digest(connection, one.digest_id, "failed")


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


def waiting_refusals(connection: Connection) -> tuple[Outcome, ...]:
    """Return how the messages that wait were refused for good when they were last tried (5xx)."""
    table = tables.outbox
    query = select(table.c.last_code, table.c.last_text).where(tables.OPEN, table.c.state == "queued")
    rows = connection.execute(query.where(table.c.last_code >= 500).order_by(table.c.id))
    return tuple(Outcome("refused", "rcpt", code, text) for code, text in rows)


def oldest_unsent(connection: Connection) -> datetime | None:
    """Return when the oldest message that waits was composed."""
    query = select(func.min(tables.outbox.c.created_at)).where(tables.OPEN)
    return connection.execute(query).scalar()


def last_refusals(connection: Connection, ids: Collection[int]) -> Mapping[int, Outcome]:
    """Return how messages were last refused or put off (4xx and 5xx), by id; a report of one counts too."""
    event = tables.delivery_event
    query = select(event.c.outbox_id, event.c.code, event.c.text).where(event.c.code >= 400)
    query = query.where(event.c.outbox_id.in_(list(ids))).order_by(event.c.id)
    return {one: Outcome("refused", "rcpt", code, text) for one, code, text in connection.execute(query)}


def failures_of(connection: Connection, programme: str) -> tuple[RowMapping, ...]:
    """Return a programme's messages that failed or are uncertain: address, state, the server's words.

    ``next_at`` of a message that is over is when it was settled, or returned.
    """
    table, section = tables.outbox, tables.mail_section
    columns = (table.c.rcpt, table.c.state, table.c.last_text, table.c.subject, table.c.next_at)
    query = (
        select(table.c.id, table.c.digest_id, table.c.last_code, *columns)
        .join(section, section.c.digest_id == table.c.digest_id)
        .where(section.c.programme == programme, ~section.c.left_out)
        .where(table.c.state.in_(("failed", "expired", "uncertain")))
    )
    return tuple(connection.execute(query.order_by(table.c.id)).mappings())
