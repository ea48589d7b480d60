"""Planned reminders, the watermark of civil dates, and the day's digests (transactions 1 and 2).

A failed reminder's ``superseded_by`` names the one that went on from a dead address; its own id
says that nobody is left in the chain. Letters of a year and invitations that were sent are noted
with their digest: the key says once a reader, programme and year; once a meeting, address and
SEQUENCE. A digest that was taken back, or could not be made, leaves them free.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    String,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from reminders.letters.sections import SectionPlace
from reminders.planning.due import DueReminder
from reminders.planning.invitations import Invitation, SentInvitations, key_of
from reminders.planning.mails import Mail
from reminders.planning.policy import FIRST_START
from reminders.planning.year_list import SentYearList, YearShare
from reminders.store import evidence, tables
from reminders.store.stamps import acts_stamp
from reminders.store.tables import columns_of, from_row, grouped, insert_or_ignore, of_programme

_KEY = tuple(tables.reminder.c[name] for name in ("occurrence_id", "sequence", "stage", "recipient"))
_LEFT = ("sent", "uncertain")
_MAILED = ("in_digest", *_LEFT)
_GOES_ON = ("address", "slow")
"""Faults of messages whose items go on to the next in the chain."""
_UNDONE = ("cancelled", "failed")
_AT_ONCE = 500
_LONGEST_WAIT: Final = timedelta(days=70)
"""No mail waits for longer, however long the quiet periods are."""


_NOWHERE: Final = {
    "left_out": False,
    "subject": "",
    **dict.fromkeys(("text_at", "text_length", "html_at", "html_length"), 0),
}


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """A reminder that waits to be mailed, with its row."""

    id: int
    reminder: DueReminder


def watermark(connection: Connection) -> date | None:
    """Return the last planned civil date."""
    return connection.execute(select(func.max(tables.planned_day.c.local_date))).scalar()


def planned_at(connection: Connection) -> datetime | None:
    """Return when the last planned civil date was planned."""
    table = tables.planned_day
    query = select(table.c.planned_at).order_by(table.c.local_date.desc()).limit(1)
    return connection.execute(query).scalar()


def set_planned(connection: Connection, day: date, now: datetime, rule_version: str) -> None:
    """Note that ``day`` is planned."""
    values = {"local_date": day, "planned_at": now, "rule_version": rule_version}
    connection.execute(insert_or_ignore(connection, tables.planned_day).values(values))


def planned_since(connection: Connection, since: date) -> Mapping[date, datetime]:
    """Return the planned civil dates from ``since`` on, with the instant at which each was planned."""
    table = tables.planned_day
    query = select(table.c.local_date, table.c.planned_at).where(table.c.local_date >= since)
    return {row[0]: row[1] for row in connection.execute(query.order_by(table.c.local_date))}


def add_planned(connection: Connection, reminders: Iterable[DueReminder], now: datetime) -> int:
    """Insert reminders; one that stands already (see ``DueReminder.key``) is left alone. Return how many.

    One that was cancelled is planned again: an answer was undone, a pause is over. Each is an event of the
    evidence.
    """
    by_key: dict[object, DueReminder] = {}
    for one in reminders:
        by_key.setdefault(one.key, one)
    rows = [{**columns_of(one), "state": "planned"} for one in by_key.values()]
    if not rows:
        return 0
    table = tables.reminder
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement: sqlite.Insert | postgresql.Insert = dialect.insert(table)
    key = [column.name for column in _KEY]
    names = [column.name for column in table.c if column.name not in {"id", *key}]
    fresh = {name: statement.excluded[name] for name in names}
    revived = table.c.state == "cancelled"
    written = statement.on_conflict_do_update(index_elements=key, set_=fresh, where=revived)
    ids = connection.execute(written.returning(table.c.id), rows).scalars().all()
    evidence.note_planned(connection, ids, now)
    return len(ids)


def planned(connection: Connection) -> tuple[PlannedReminder, ...]:
    """Return what waits to be mailed."""
    table = tables.reminder
    query = select(table).where(table.c.state == "planned").order_by(table.c.due_on, table.c.id)
    return _waiting(connection, query)


def _waiting(connection: Connection, query: Select[Any]) -> tuple[PlannedReminder, ...]:
    return tuple(PlannedReminder(row["id"], _reminder(row)) for row in connection.execute(query).mappings())


def _reminder(row: RowMapping) -> DueReminder:
    lists = {name: tuple(row[name]) for name in ("organisations", "without_contact")}
    return from_row(DueReminder, {**row, **lists})


def mailed_on(connection: Connection, day: date) -> tuple[PlannedReminder, ...]:
    """Return the reminders that stand in the mails of ``day``."""
    table, digest = tables.reminder, tables.digest
    query = (
        select(table)
        .join(digest, table.c.digest_id == digest.c.id)
        .where(digest.c.local_date == day, table.c.state.in_(_MAILED))
        .order_by(table.c.due_on, table.c.id)
    )
    return _waiting(connection, query)


def supersede(connection: Connection, old: Mapping[int, int]) -> None:
    """Mark planned reminders as superseded: id to the id of the newer one."""
    table = tables.reminder
    for row_id, newer in old.items():
        values = {"state": "superseded", "superseded_by": newer}
        waits = (table.c.id == row_id, table.c.state == "planned")
        connection.execute(update(table).where(*waits).values(values))


def cancel_planned(connection: Connection, ids: Iterable[int]) -> None:
    """Mark planned reminders as cancelled: answered or no longer true."""
    table = tables.reminder
    gone = list(ids)
    if gone:
        waits = (table.c.id.in_(gone), table.c.state == "planned")
        connection.execute(update(table).where(*waits).values(state="cancelled"))


def known_keys(
    connection: Connection, occurrences: Collection[str] | None = None
) -> frozenset[tuple[str, int, str, str]]:
    """Return (occurrence, sequence, stage, recipient) of what is not cancelled, or of some occurrences."""
    query = select(*_KEY).where(tables.reminder.c.state != "cancelled")
    found = _of_occurrences(connection, query, occurrences)
    return frozenset((row[0], row[1], row[2], row[3]) for row in found)


def failed_keys(connection: Connection) -> frozenset[tuple[str, int, str, str]]:
    """Return the keys of the reminders that failed."""
    rows = connection.execute(select(*_KEY).where(tables.reminder.c.state == "failed"))
    return frozenset((row[0], row[1], row[2], row[3]) for row in rows)


def sent_counts(
    connection: Connection,
    before: date | None = None,
    occurrences: Collection[str] | None = None,
    without: Collection[str] = (),
    *,
    only_left: bool = False,
) -> Mapping[tuple[str, str], int]:
    """Count what was mailed (before a day), by (occurrence, address), or of ``occurrences`` only.

    Stages ``without`` which to count are news, and asked for nothing. What waits to be sent counts too,
    unless ``only_left``.
    """
    table, digest = tables.reminder, tables.digest
    states = _LEFT if only_left else _MAILED
    query = select(table.c.occurrence_id, table.c.recipient, func.count()).where(table.c.state.in_(states))
    if without:
        query = query.where(table.c.stage.not_in(without))
    if before is not None:
        query = query.join(digest, table.c.digest_id == digest.c.id).where(digest.c.local_date < before)
    query = query.group_by(table.c.occurrence_id, table.c.recipient)
    return Counter({(row[0], row[1]): row[2] for row in _of_occurrences(connection, query, occurrences)})


def _of_occurrences(
    connection: Connection, query: Select[Any], occurrences: Collection[str] | None
) -> Iterator[Sequence[Any]]:
    """Yield what a query finds of some occurrences: few enough at a time for every database."""
    if occurrences is None:
        yield from connection.execute(query)
        return
    ids = sorted(occurrences)
    for start in range(0, len(ids), _AT_ONCE):
        mine = tables.reminder.c.occurrence_id.in_(ids[start : start + _AT_ONCE])
        yield from connection.execute(query.where(mine))


def open_digest(connection: Connection, draft: Mail) -> int | None:
    """Insert the digest of a draft; None when the recipient has had the day's mail."""
    values = {name: getattr(draft, name) for name in ("recipient", "kind", "version", "language")}
    values |= {"local_date": draft.day, "state": "composed"}
    values["items"] = [
        {"occurrence": item.occurrence, "stage": item.stage, "reason": item.reason} for item in draft.items
    ]
    table = tables.digest
    statement = insert_or_ignore(connection, table).values(values).returning(table.c.id)
    digest_id: int | None = connection.execute(statement).scalar()
    rows = [{**_NOWHERE, "programme": one.programme, "is_digest": one.is_digest} for one in draft.sections]
    if digest_id is not None and rows:
        connection.execute(insert(tables.mail_section), [{**row, "digest_id": digest_id} for row in rows])
    return digest_id


def note_sections(
    connection: Connection, digest_id: int, places: Mapping[str, SectionPlace], left_out: Iterable[str]
) -> None:
    """Note where the sections of a mail stand in it, and which programmes' could not be made."""
    table = tables.mail_section
    for key, place in places.items():
        own = update(table).where(table.c.digest_id == digest_id, table.c.programme == key)
        connection.execute(own.values(columns_of(place)))
    for key in left_out:
        row = {**_NOWHERE, "digest_id": digest_id, "programme": key, "is_digest": False, "left_out": True}
        connection.execute(insert(table), row)


def sections_left_out(connection: Connection, programme: str = "") -> tuple[tuple[str, str, date], ...]:
    """Return (programme, address, day) of what could not be made, of one programme where it is named.

    Sections that were left out, and those of letters of which nothing could be made.
    """
    section, digest = tables.mail_section, tables.digest
    query = (
        select(section.c.programme, digest.c.recipient, digest.c.local_date)
        .join(digest, digest.c.id == section.c.digest_id)
        .where(section.c.left_out | _was_never_made())
        .order_by(digest.c.id, section.c.programme)
    )
    if programme:
        query = query.where(section.c.programme == programme)
    return tuple((row[0], row[1], row[2]) for row in connection.execute(query))


@dataclass(frozen=True, slots=True)
class MailedReminder:
    """A reminder with the day of its mail (None: it waits), and the day that its letter ``promised``.

    That is the day that the letter named for what happens next. ``has_left``: a server took the mail, or may
    have.
    """

    reminder: DueReminder
    mailed_on: date | None
    promised: date | None
    has_left: bool


def reminders_of(
    connection: Connection, key: str, only: Collection[str] | None = None
) -> tuple[MailedReminder, ...]:
    """Return what was mailed or waits to be in a programme, or of ``only`` some occurrences of it."""
    table, digest = tables.reminder, tables.digest
    joined = table.outerjoin(digest, table.c.digest_id == digest.c.id)
    query = select(table, digest.c.local_date).select_from(joined)
    query = query.where(of_programme(table, key), table.c.state.not_in(_UNDONE))
    if only is not None:
        query = query.where(table.c.occurrence_id.in_(only))
    return tuple(
        MailedReminder(_reminder(row), row["local_date"], row["promised"], row["state"] in _LEFT)
        for row in connection.execute(query.order_by(table.c.id)).mappings()
    )


def units_without_contact(connection: Connection, key: str) -> frozenset[str]:
    """Return the organisations of a programme of which only others were told of something last."""
    table = tables.reminder
    own = (of_programme(table, key), table.c.role == "unit", table.c.state.not_in(_UNDONE))
    missing = select(table.c.occurrence_id).where(*own, cast(table.c.without_contact, String) != "[]")
    query = select(table.c.occurrence_id, table.c.organisations, table.c.without_contact)
    last: dict[tuple[str, str], bool] = {}
    for occurrence, keys, without in connection.execute(
        query.where(*own, table.c.occurrence_id.in_(missing)).order_by(table.c.id)
    ):
        last |= {(occurrence, one): one in without for one in keys}
    return frozenset(one for (_, one), is_others in last.items() if is_others)


def asked_anew_since(connection: Connection, key: str, since: date) -> bool:
    """Tell whether a unit of a programme was asked anew after a day, as at a first start."""
    table = tables.reminder
    anew = (table.c.stage == FIRST_START, table.c.sequence > since.toordinal())
    query = select(table.c.id).where(of_programme(table, key), *anew)
    return connection.execute(query.limit(1)).scalar() is not None


def names_day(connection: Connection, key: str, after: date, until: date) -> bool:
    """Tell whether a mail of a programme named a day in (``after``, ``until``] for what happens next."""
    table = tables.reminder
    days = (table.c.promised > after, table.c.promised <= until)
    return (
        connection.execute(select(table.c.id).where(of_programme(table, key), *days).limit(1)).scalar()
        is not None
    )


def attach(
    connection: Connection,
    digest_id: int,
    ids: Collection[int],
    promised: Mapping[int, date] = MappingProxyType({}),
) -> bool:
    """Attach planned reminders to their digest; False when another process has attached one meanwhile.

    ``promised`` is the day that the letter names for what happens next, by reminder.
    """
    table = tables.reminder
    for row_id, day in promised.items():
        waiting = (table.c.id == row_id, table.c.state == "planned")
        connection.execute(update(table).where(*waiting).values(promised=day))
    values = {"state": "in_digest", "digest_id": digest_id}
    waits = (table.c.id.in_(list(ids)), table.c.state == "planned")
    return connection.execute(update(table).where(*waits).values(values)).rowcount == len(set(ids))


def fail_digest(connection: Connection, digest_id: int) -> None:
    """Note that a letter could not be made: only this digest fails, its reminders wait for the next day."""
    connection.execute(update(tables.digest).where(tables.digest.c.id == digest_id).values(state="failed"))
    table = tables.reminder
    again = update(table).where(table.c.digest_id == digest_id)
    connection.execute(again.values(state="planned", digest_id=None))


def unmade(connection: Connection, day: date) -> frozenset[str]:
    """Return the addresses whose letter of ``day`` could not be made: it is tried again the next day."""
    table = tables.digest
    query = select(table.c.recipient).where(table.c.local_date == day, _was_never_made())
    return frozenset(connection.execute(query).scalars())


def mailed_recipients(connection: Connection, day: date) -> frozenset[str]:
    """Return the addresses that have had their mail of ``day``; one taken back untried was none."""
    table = tables.digest
    query = select(table.c.recipient).where(table.c.local_date == day, table.c.state != "cancelled")
    return frozenset(connection.execute(query).scalars())


def in_doubt(connection: Connection, day: date) -> frozenset[str]:
    """Return the addresses whose mail of an earlier day may have arrived, or is under way at this moment.

    Those too that got it on ``day``, after its composing: they have had their mail.
    """
    outbox, digest, planned_day = tables.outbox, tables.digest, tables.planned_day
    earlier = (digest.c.local_date < day, digest.c.local_date >= day - _LONGEST_WAIT)
    readers = select(digest.c.recipient).join(outbox, outbox.c.digest_id == digest.c.id).where(*earlier)
    doubted = (outbox.c.state == "sending") | (outbox.c.ambiguous > 0)
    found = set(connection.execute(readers.where(tables.OPEN, doubted)).scalars())
    planned_on = select(planned_day.c.planned_at).where(planned_day.c.local_date == day)
    if composed_at := connection.execute(planned_on).scalar():
        went = (digest.c.state == "sent", outbox.c.ambiguous > 0, outbox.c.next_at >= composed_at)
        found |= set(connection.execute(readers.where(*went)).scalars())
    return frozenset(found)


def versions(connection: Connection, day: date) -> Mapping[str, int]:
    """Return the latest version of each address's mail of ``day``, cancelled ones included."""
    table = tables.digest
    query = select(table.c.recipient, func.max(table.c.version)).where(table.c.local_date == day)
    return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.recipient))}


def last_digests(connection: Connection, before: date | None = None) -> dict[str, date]:
    """Return the day of each programme's latest secretary's digest (before a day) that was made."""
    table, section = tables.digest, tables.mail_section
    query = select(section.c.programme, func.max(table.c.local_date)).join(
        table, table.c.id == section.c.digest_id
    )
    query = query.where(
        section.c.is_digest, ~section.c.left_out, table.c.state.not_in(("cancelled", "failed"))
    )
    if before is not None:
        query = query.where(table.c.local_date < before)
    return {row[0]: row[1] for row in connection.execute(query.group_by(section.c.programme))}


def summary_instants(connection: Connection, before: date) -> dict[str, datetime]:
    """Return when each programme's latest digest before a day was written: of several copies the first."""
    days = last_digests(connection, before)
    digest, section, out = tables.digest, tables.mail_section, tables.outbox
    query = (
        select(section.c.programme, digest.c.local_date, func.min(out.c.created_at))
        .join(digest, digest.c.id == section.c.digest_id)
        .join(out, out.c.digest_id == digest.c.id)
        .where(section.c.is_digest, ~section.c.left_out, digest.c.state.not_in(("cancelled", "failed")))
        .where(digest.c.local_date.in_(set(days.values())))
        .group_by(section.c.programme, digest.c.local_date)
    )
    return {row[0]: row[2] for row in connection.execute(query) if days[row[0]] == row[1]}


def first_message_ids(connection: Connection, escalated: Iterable[DueReminder]) -> tuple[str, ...]:
    """Return the Message-IDs of the first mail to each reminder's own unit (References of an escalation)."""
    table = tables.reminder
    found = []
    for one in escalated:
        query = (
            select(tables.outbox.c.message_id, table.c.organisations)
            .join(table, table.c.digest_id == tables.outbox.c.digest_id)
            .where(table.c.occurrence_id == one.occurrence)
            .order_by(tables.outbox.c.id)
        )
        mine = (row[0] for row in connection.execute(query) if set(row[1]).intersection(one.organisations))
        found.append(next(mine, None))
    return tuple(dict.fromkeys(message_id for message_id in found if message_id))


def stranded(connection: Connection) -> tuple[PlannedReminder, ...]:
    """Return the reminders that their address did not take, and that have not gone on yet.

    It is dead, or it was refused or too slow, whether or not it is flagged for that.
    """
    reminder, dead, outbox = tables.reminder, tables.dead_address, tables.outbox
    query = (
        select(reminder)
        .outerjoin(dead, dead.c.address == reminder.c.recipient)
        .outerjoin(outbox, outbox.c.digest_id == reminder.c.digest_id)
        .where(reminder.c.state == "failed", reminder.c.superseded_by.is_(None))
        .where(dead.c.address.is_not(None) | outbox.c.fault.in_(_GOES_ON))
        .order_by(reminder.c.id)
    )
    return _waiting(connection, query)


def refused_items(connection: Connection, key: str) -> Mapping[tuple[str, str], Mapping[str, date]]:
    """Return who did not take which item of a programme, (occurrence, stage), and the day of the mail."""
    reminder, outbox, digest = tables.reminder, tables.outbox, tables.digest
    query = (
        select(reminder.c.occurrence_id, reminder.c.stage, reminder.c.recipient, digest.c.local_date)
        .join(digest, digest.c.id == reminder.c.digest_id)
        .join(outbox, outbox.c.digest_id == digest.c.id)
        .where(of_programme(reminder, key), reminder.c.state == "failed", outbox.c.fault.in_(_GOES_ON))
    )
    found: dict[tuple[str, str], dict[str, date]] = {}
    for occurrence, stage, recipient, day in connection.execute(query):
        found.setdefault((occurrence, stage), {})[recipient] = day
    return found


def unreachable(connection: Connection) -> tuple[PlannedReminder, ...]:
    """Return the reminders that failed at a dead address when nobody was left in the chain."""
    reminder = tables.reminder
    query = select(reminder).where(reminder.c.state == "failed", reminder.c.superseded_by == reminder.c.id)
    return _waiting(connection, query.order_by(reminder.c.id))


def take_up_again(connection: Connection, new: Iterable[DueReminder]) -> None:
    """Let reminders that failed be planned again: their addresses live, as somebody says."""
    table = tables.reminder
    for one in new:
        again = update(table).where(*_key(one), table.c.state == "failed")
        connection.execute(again.values(state="cancelled"))


def hand_on(connection: Connection, old: PlannedReminder, new: Iterable[DueReminder]) -> None:
    """Note that ``old`` went on as ``new``, which are planned; without any, that it ends here."""
    table = tables.reminder
    found = [connection.execute(select(table.c.id).where(*_key(one))).scalar() for one in new]
    successor = next((one for one in found if one is not None), old.id)
    over = update(table).where(table.c.id == old.id, table.c.state == "failed")
    connection.execute(over.values(superseded_by=successor))


def _key(one: DueReminder) -> tuple[ColumnElement[bool], ...]:
    return tuple(column == value for column, value in zip(_KEY, one.key, strict=True))


def keys_of_readdressed(connection: Connection) -> frozenset[tuple[str, int, str, str]]:
    """Return the keys of planned reminders that took the place of one at a dead address."""
    old, new = tables.reminder.alias("old"), tables.reminder
    query = select(*_KEY).join(old, old.c.superseded_by == new.c.id)
    query = query.where(new.c.state == "planned", old.c.state == "failed", old.c.id != new.c.id)
    return frozenset((row[0], row[1], row[2], row[3]) for row in connection.execute(query))


def successors(connection: Connection, digest_ids: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the addresses that the reminders of failed digests went on to, by digest."""
    old, new = tables.reminder.alias("old"), tables.reminder
    query = (
        select(old.c.digest_id, new.c.recipient)
        .join(new, new.c.id == old.c.superseded_by)
        .where(old.c.digest_id.in_(list(digest_ids)), old.c.id != new.c.id)
        .order_by(new.c.recipient)
        .distinct()
    )
    return grouped((row[0], row[1]) for row in connection.execute(query))


def year_lists_sent(connection: Connection, year: int) -> frozenset[SentYearList]:
    """Return the letters of a year that went out or are under way."""
    table, digest = tables.year_letter, tables.digest
    query = select(table.c.programme, table.c.recipient).join(digest, digest.c.id == table.c.digest_id)
    rows = connection.execute(query.where(table.c.year == year, digest.c.state.not_in(_UNDONE)))
    return frozenset((row[0], row[1], year) for row in rows)


def claim_year_list(
    connection: Connection, digest_id: int, recipient: str, shares: Iterable[YearShare]
) -> bool:
    """Note that a mail holds a reader's letters; False when another process's mail does.

    A mail that was taken back, or could not be made, has left its letters free.
    """
    table, digest = tables.year_letter, tables.digest
    undone = select(digest.c.id).where(digest.c.recipient == recipient, digest.c.state.in_(_UNDONE))
    connection.execute(delete(table).where(table.c.recipient == recipient, table.c.digest_id.in_(undone)))
    rows = [
        {"programme": one.programme, "recipient": recipient, "year": one.year, "digest_id": digest_id}
        for one in shares
    ]
    if not rows:
        return True
    statement = insert_or_ignore(connection, table).values(rows).returning(table.c.programme)
    return len(connection.execute(statement).all()) == len(rows)


def invitations_sent(connection: Connection) -> SentInvitations:
    """Return the newest that each address was told of each meeting; what was refused counts as told."""
    table, digest = tables.invitation, tables.digest
    query = select(table).join(digest, digest.c.id == table.c.digest_id).where(~undo_invitations())
    rows = connection.execute(query.order_by(table.c.sequence)).mappings()
    found = {}
    for row in rows:
        hours = None
        if row["hours"]:
            begin, end = map(time.fromisoformat, row["hours"].split("-"))
            hours = begin, end
        one = from_row(Invitation, {**row, "hours": hours})
        found[key_of(one)] = one
    return found


def undo_invitations() -> ColumnElement[bool]:
    """Tell of a digest whether nobody got its mail or ever will: taken back, or never made."""
    return or_(tables.digest.c.state == "cancelled", _was_never_made())


def _was_never_made() -> ColumnElement[bool]:
    digest, outbox = tables.digest, tables.outbox
    made = select(outbox.c.id).where(outbox.c.digest_id == digest.c.id).exists()
    return (digest.c.state == "failed") & ~made


def claim_invitation(connection: Connection, digest_id: int, invitations: Iterable[Invitation]) -> bool:
    """Note that a mail holds invitations; False when another process's mail does.

    A mail that was taken back, or could not be made, has left them free.
    """
    rows: list[dict[str, object]] = []
    for one in invitations:
        hours = "-".join(each.isoformat("minutes") for each in one.hours or ())
        rows.append({**columns_of(one), "hours": hours, "digest_id": digest_id})
    if not rows:
        return True
    table, digest = tables.invitation, tables.digest
    gone = select(digest.c.id).where(undo_invitations(), digest.c.recipient == rows[0]["recipient"])
    connection.execute(delete(table).where(table.c.digest_id.in_(gone)))
    statement = insert_or_ignore(connection, table).values(rows).returning(table.c.sequence)
    return len(connection.execute(statement).all()) == len(rows)


def add_run(connection: Connection, started_at: datetime) -> int:
    """Note that a run began."""
    statement = insert(tables.run).values(started_at=started_at, result={}).returning(tables.run.c.id)
    return int(connection.execute(statement).scalar_one())


def finish_run(connection: Connection, run_id: int, at: datetime, result: Mapping[str, object]) -> None:
    """Note that a run ended, and what it did."""
    table = tables.run
    values = {"finished_at": at, "result": dict(result)}
    connection.execute(update(table).where(table.c.id == run_id).values(values))


def last_run(connection: Connection) -> tuple[datetime, Mapping[str, object]] | None:
    """Return when the last finished run ended, and what it did."""
    table = tables.run
    query = select(table.c.finished_at, table.c.result).where(table.c.finished_at.is_not(None))
    row = connection.execute(query.order_by(table.c.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def alarms(connection: Connection) -> tuple[tuple[datetime, str], ...]:
    """Return when and why runs found the mail channel closed, oldest first."""
    table = tables.run
    rows = connection.execute(select(table.c.started_at, table.c.result).order_by(table.c.id))
    return tuple((row[0], str(row[1]["alarm"])) for row in rows if "alarm" in row[1])


def forecast_stamp(connection: Connection) -> tuple[object, ...]:
    """Return what changes whenever the mails to come may change: by acts, runs, addresses that take no mail.

    Of rows that are replaced the content is looked at: SQLite gives their numbers to the new ones.
    """
    digest, dead = tables.digest, tables.dead_address
    mails = connection.execute(select(func.max(digest.c.id), func.count())).one()
    run = connection.execute(select(func.max(tables.run.c.finished_at))).scalar()
    returned = connection.execute(select(dead.c.address).order_by(dead.c.address)).scalars()
    return (acts_stamp(connection), tuple(mails), run, tuple(returned))
