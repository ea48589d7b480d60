"""Questions that only pages ask: revisions, one mail with its octets, the mails of a stretch of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from reminders.store import tables, tables_answering
from reminders.store.tables_series import series


@dataclass(frozen=True, slots=True)
class Revision:
    """What tells one state of a programme from another: cheap to ask, equal when nothing changed."""

    programme: str
    sha256: str
    held: bool
    started_on: date | None
    modified: datetime | None
    rows: int
    touched: datetime | None = None
    series: int | None = None


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail as a list shows it."""

    id: int
    day: date
    at: datetime
    to: str
    subject: str
    language: str
    kind: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class MailCount:
    """The mails of one day: how many, and how many in which state."""

    day: date
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.states.values())


def revisions(connection: Connection) -> tuple[Revision, ...]:
    """Return the revision of each programme, by key."""
    programme, row = tables.programme, tables.occurrence
    counted = (
        select(row.c.programme, func.max(row.c.modified).label("modified"), func.count().label("rows"))
        .group_by(row.c.programme)
        .subquery()
    )
    query = (
        select(
            programme.c.key,
            programme.c.sha256,
            programme.c.held,
            programme.c.started_on,
            counted.c.modified,
            counted.c.rows,
            programme.c.modified,
            select(func.max(series.c.id)).scalar_subquery(),
        )
        .join(counted, counted.c.programme == programme.c.key, isouter=True)
        .order_by(programme.c.key)
    )
    return tuple(
        Revision(found[0], found[1], found[2], found[3], found[4], found[5] or 0, found[6], found[7])
        for found in connection.execute(query)
    )


def mails(connection: Connection, last: int | None = None) -> tuple[MailRow, ...]:
    """Return the newest mails first, ``last`` of them at most."""
    digest, outbox = tables.digest, tables.outbox
    query = (
        select(
            outbox.c.id,
            digest.c.local_date,
            outbox.c.created_at,
            outbox.c.rcpt,
            outbox.c.subject,
            digest.c.language,
            digest.c.kind,
            outbox.c.state,
            outbox.c.last_text,
        )
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .order_by(digest.c.local_date.desc(), outbox.c.id)
        .limit(last)
    )
    return tuple(MailRow(*found) for found in connection.execute(query))


def mail_counts(connection: Connection, last: int = 1) -> tuple[MailCount, ...]:
    """Count the mails of the newest ``last`` days with any, by state."""
    digest, outbox = tables.digest, tables.outbox
    days = (
        select(digest.c.local_date)
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .distinct()
        .order_by(digest.c.local_date.desc())
        .limit(last)
    )
    query = (
        select(digest.c.local_date, outbox.c.state, func.count())
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .where(digest.c.local_date.in_(days.scalar_subquery()))
        .group_by(digest.c.local_date, outbox.c.state)
    )
    found: dict[date, dict[str, int]] = {}
    for day, state, count in connection.execute(query):
        found.setdefault(day, {})[state] = count
    return tuple(MailCount(day, found[day]) for day in sorted(found, reverse=True))


def mail_raw(connection: Connection, outbox_id: int) -> tuple[bytes | None, str] | None:
    """Return a mail's octets (None: deleted) and state; None when there is no such mail."""
    table = tables.outbox
    row = connection.execute(select(table.c.raw, table.c.state).where(table.c.id == outbox_id)).first()
    return (row[0], row[1]) if row else None


def state(connection: Connection) -> tuple[object, ...]:
    """Return what changes whenever the mails to come may change."""
    newest = [
        connection.execute(select(func.max(table.c.id), func.count())).first()
        for table in (tables.answer, tables.contact, tables.digest, tables_answering.pause)
    ]
    ended = (tables.answer.c.undone_at, tables_answering.pause.c.ended_at)
    newest += [connection.execute(select(func.max(column), func.count(column))).first() for column in ended]
    run = connection.execute(select(func.max(tables.run.c.finished_at))).scalar()
    return (revisions(connection), tuple(tuple(row or ()) for row in newest), run)
