"""Messages checked against what is stored now, and taken back before their first attempt.

What a message says is true or not by ``dispatch.truth``; here are the rows that
it looks at, and what is written when a message is not to go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from reminders.policy import ToRole
from reminders.store import tables
from reminders.store.delivery_log import DeliveryEvent, append
from reminders.store.tables_answering import pause
from reminders.store.tables_rounds import collection_round

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


def stamp(connection: Connection) -> Stamp:
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


def contents(connection: Connection, digest_ids: Collection[int]) -> Mapping[int, Contents]:
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
    return frozenset({item["occurrence"].partition(":")[0] for item in items} | ({board} if board else set()))


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
