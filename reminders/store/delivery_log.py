"""Who got what, and its fate: the mails of the record with their events, and the lists that pages show.

The events are written, chained and verified in ``store.evidence``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, case, func, select

from reminders.letters.delivery_events import (
    RECORDED,
    DeliveryEvent,
    LogEntry,
    MailCount,
    MailRow,
)
from reminders.letters.sections import SectionPlace
from reminders.planning.mails import MailItem, MailKind, section_kind
from reminders.store import tables
from reminders.store.tables import from_row, grouped
from schedule_rules.occurrence import OccurrenceID

_OF_MESSAGE = ("id", "rcpt", "created_at", "message_id", "state", "subject", "sha256")
_OF_DIGEST = ("local_date", "language", "kind", "items")


def events_of(connection: Connection, ids: list[int] | None) -> dict[int, tuple[DeliveryEvent, ...]]:
    """Return the events of messages by outbox id; None: of all."""
    table = tables.delivery_event
    query = select(table).where(table.c.outbox_id.is_not(None)).order_by(table.c.id)
    if ids is not None:
        query = query.where(table.c.outbox_id.in_(ids))
    rows = connection.execute(query).mappings()
    return grouped((row["outbox_id"], from_row(DeliveryEvent, row)) for row in rows)


def log_entries(
    connection: Connection,
    action: str = "",
    day: date | None = None,
    outbox_id: int | None = None,
    programme: str | None = None,
) -> tuple[LogEntry, ...]:
    """Return every mail and its fate, oldest first; of one action, of one day, or that of one outbox id.

    With a ``programme`` what is said of it: the others' part of a mail is left out.
    """
    digest, outbox = tables.digest, tables.outbox
    query = (
        select(*(outbox.c[name] for name in _OF_MESSAGE), *(digest.c[name] for name in _OF_DIGEST))
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .order_by(outbox.c.id)
    )
    if day is not None:
        query = query.where(digest.c.local_date == day)
    if outbox_id is not None:
        query = query.where(outbox.c.id == outbox_id)
    if programme:
        section = tables.mail_section
        own = (section.c.digest_id == digest.c.id) & (section.c.programme == programme) & ~section.c.left_out
        query = query.join(section, own).add_columns(
            section.c.subject.label("own_subject"), section.c.is_digest
        )
    rows = [_own_part(row, programme) for row in connection.execute(query).mappings()]
    few = day is not None or outbox_id is not None
    events = events_of(connection, [row["id"] for row in rows] if few else None)
    found = (_entry(row, events.get(row["id"], ())) for row in rows)
    return tuple(entry for entry in found if not action or entry.items_about(action))


def _own_part(row: RowMapping, programme: str | None) -> Mapping[str, Any]:
    """Return a mail as one programme sees it: its items; where it is one of several its subject and kind."""
    columns = dict(row)
    subject, is_digest = columns.pop("own_subject", ""), columns.pop("is_digest", False)
    if programme:
        columns["items"] = _own_items(columns["items"], programme)
    if subject:
        columns |= {"subject": subject, "kind": _own_kind(columns["items"], is_digest=is_digest)}
    return columns


def _own_items(items: Iterable[dict[str, str]], programme: str) -> list[dict[str, str]]:
    return [item for item in items if OccurrenceID.parse(item["occurrence"]).programme == programme]


def _own_kind(items: Iterable[dict[str, str]], *, is_digest: bool) -> MailKind:
    return section_kind((MailItem(**item) for item in items), is_digest=is_digest)


def _entry(row: Mapping[str, Any], events: tuple[DeliveryEvent, ...]) -> LogEntry:
    columns = dict(row)
    own = {"day": columns.pop("local_date"), "to": columns.pop("rcpt"), "items": tuple(columns.pop("items"))}
    composed = columns.pop("created_at")
    at = next((one.at for one in reversed(events) if one.kind not in RECORDED), composed)
    return LogEntry(**columns, **own, at=at, events=events)


def mail_rows(connection: Connection, programme: str, last: int | None = None) -> tuple[MailRow, ...]:
    """Return the newest mails that speak of a programme first, ``last`` of them at most.

    One that speaks of others too has the subject and kind that its section would have alone. What holds the
    programme's summary is one, whatever else stands in it.
    """
    digest, outbox, section = tables.digest, tables.outbox, tables.mail_section
    several = section.c.subject != ""
    own = case((several, section.c.subject), else_=outbox.c.subject)
    query = (
        select(outbox.c.id, digest.c.local_date, outbox.c.created_at, outbox.c.rcpt, own)
        .add_columns(digest.c.language, digest.c.kind, outbox.c.state, outbox.c.last_text)
        .add_columns(section.c.is_digest, case((several, digest.c["items"])))
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .join(section, section.c.digest_id == digest.c.id)
        .where(section.c.programme == programme, ~section.c.left_out)
        .order_by(digest.c.local_date.desc(), outbox.c.id)
        .limit(last)
    )
    found = []
    for *columns, is_digest, items in connection.execute(query):
        row = MailRow(*columns)
        if is_digest:
            row = replace(row, kind="digest")
        elif items is not None:
            row = replace(row, kind=_own_kind(_own_items(items, programme), is_digest=False))
        found.append(row)
    return tuple(found)


def mail_counts(connection: Connection, programme: str, last: int = 1) -> tuple[MailCount, ...]:
    """Count the mails that speak of a programme on the newest ``last`` days with any, by state."""
    digest, outbox, section = tables.digest, tables.outbox, tables.mail_section
    own = (section.c.digest_id == digest.c.id) & (section.c.programme == programme) & ~section.c.left_out
    days = (
        select(digest.c.local_date)
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .join(section, own)
        .distinct()
        .order_by(digest.c.local_date.desc())
        .limit(last)
    )
    query = (
        select(digest.c.local_date, outbox.c.state, func.count())
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .join(section, own)
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


def section_of(connection: Connection, outbox_id: int, programme: str) -> SectionPlace | None:
    """Return where a programme's section stands in a mail; None where that is not known.

    A section without a length is the whole mail, unless it has several: of mails of older releases no places
    are known.
    """
    section, outbox = tables.mail_section, tables.outbox
    columns = (section.c[name] for name in SectionPlace.__dataclass_fields__)
    query = select(section.c.programme, *columns).join(outbox, outbox.c.digest_id == section.c.digest_id)
    query = query.where(outbox.c.id == outbox_id, ~section.c.left_out)
    places = {row[0]: SectionPlace(*row[1:]) for row in connection.execute(query)}
    place = places.get(programme)
    return place if place and (place.text_length or len(places) == 1) else None
