"""The tables (design: delivery.md, "Tables and keys") and the types they use, by subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Executable,
    ForeignKey,
    Index,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    bindparam,
    false,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


Value = TypeVar("Value", bound="DataclassInstance")
Key = TypeVar("Key")
Item = TypeVar("Item")
_COLUMNS = {"occurrence": "occurrence_id", "order": "ordinal"}
"""Fields whose columns have another name."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC; one without a zone would be read in the machine's."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(f"an instant needs its zone: {value}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def insert_or_ignore(connection: Connection, table: Table, *key: str) -> Insert:
    """Return an INSERT ... ON CONFLICT DO NOTHING of the connection's database, on a key or on any."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=key or None)
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=key or None)


def columns_of(value: DataclassInstance) -> dict[str, Any]:
    """Return a value's fields by the names of their columns; its ``id`` is left to the database."""
    names = (one.name for one in fields(value) if one.name != "id")
    return {_COLUMNS.get(name, name): getattr(value, name) for name in names}


def from_row(kind: type[Value], row: RowMapping | Mapping[str, Any]) -> Value:
    """Return the value whose fields stand in a row."""
    names = (one.name for one in fields(kind))
    return kind(**{name: row[_COLUMNS.get(name, name)] for name in names})


def values_of(connection: Connection, kind: type[Value], query: Executable) -> tuple[Value, ...]:
    """Return what a query of rows finds, as values of a kind."""
    return tuple(from_row(kind, row) for row in connection.execute(query).mappings())


def grouped(pairs: Iterable[tuple[Key, Item]]) -> dict[Key, tuple[Item, ...]]:
    """Return the items of each key, in their order."""
    found: dict[Key, list[Item]] = {}
    for key, item in pairs:
        found.setdefault(key, []).append(item)
    return {key: tuple(items) for key, items in found.items()}


def of_programme(table: Table, key: str, action: str | None = None) -> ColumnElement[bool]:
    """Return the condition that a row's occurrence is one of a programme, or of one action of it."""
    begin = f"{key}:" if action is None else f"{key}:{action}:"
    return table.c.occurrence_id.startswith(begin, autoescape=True)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

KEY, ADDRESS, OCCURRENCE, HASH = String(100), String(320), String(300), String(64)
LINE, NAME, CODE, SHORT = String(200), String(40), String(20), String(10)


def _required(**kinds: TypeEngine[Any] | type[TypeEngine[Any]]) -> list[Column[Any]]:
    """Return columns that are never NULL, by name."""
    return [Column(name, kind, nullable=False) for name, kind in kinds.items()]


def _optional(**kinds: TypeEngine[Any] | type[TypeEngine[Any]]) -> list[Column[Any]]:
    return [Column(name, kind) for name, kind in kinds.items()]


def _key(**kinds: TypeEngine[Any] | type[TypeEngine[Any]]) -> list[Column[Any]]:
    return [Column(name, kind, primary_key=True) for name, kind in kinds.items()]


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _programme(*, index: bool | None = None, primary_key: bool = False) -> Column[str]:
    """Return the column of a row that goes with its programme."""
    key = ForeignKey("programme.key", ondelete="CASCADE")
    return Column("programme", key, nullable=False, index=index, primary_key=primary_key)


def _table(name: str, *parts: SchemaItem, sqlite_with_rowid: bool = True) -> Table:
    return Table(name, metadata, *parts, sqlite_with_rowid=sqlite_with_rowid)


# -- programmes

programme = _table(
    "programme",
    *_key(key=KEY),
    *_required(document=Text, sha256=HASH, built_in=Boolean, held=Boolean),
    *_optional(started_on=Date),
    *_required(loaded_at=Instant),
    # When its data last changed, deletions included; nothing: never since the data's own stamp.
    *_optional(modified=Instant, findings=JSON, closed_on=Date),
)

# What a programme was before its newest version took its place: it can be taken back.
programme_version = _table(
    "programme_version",
    _id(),
    _programme(index=True),
    # ``moves``: the keys that rows got with the version after it: {"actions": …, "organisations": …};
    # ``joined``: the cells that named an organisation which another took in with it.
    *_required(document=Text, findings=JSON, loaded_at=Instant, replaced_at=Instant, moves=JSON),
    *_optional(joined=JSON),
)

# How a person said that a document is to be read, for the next one of the same headings.
reading_choice = _table(
    "reading_choice",
    _id(),
    _programme(index=True),
    *_required(headings=JSON, choices=JSON, chosen_on=Date),
)

correction = _table(
    "correction",
    _id(),
    _programme(index=True),
    *_required(action=KEY, field=CODE, value=Text, by=ADDRESS, on=Date, note=Text),
)

choice = _table(
    "choice",
    _id(),
    _programme(index=True),
    # No value: the programme's default holds again.
    *_required(name=NAME, value=Text, by=ADDRESS, at=Instant),
)

occurrence = _table(
    "occurrence",
    *_key(due=Date, id=OCCURRENCE),
    _programme(),
    *_required(title=JSON, organisations=JSON, status=CODE, basis=JSON),
    *_optional(starts_at=DateTime, ends_at=DateTime, interval_days=Integer, opens=Date, closes=Date),
    *_optional(year=Integer, anchor_on=Date),
    Column("sequence", Integer, nullable=False, default=0),
    *_required(modified=Instant),
    UniqueConstraint("id"),
    Index("ix_occurrence_programme_due", "programme", "due"),
    sqlite_with_rowid=False,
)

stage = _table(
    "stage",
    *_key(send_on=Date, occurrence_id=OCCURRENCE, role=CODE, name=CODE),
    *_required(ordinal=Integer),
    Index("ix_stage_occurrence_id", "occurrence_id"),
    sqlite_with_rowid=False,
)

# Each save is a row of its own; the newest of a name holds, earlier ones are its history. ``act`` is the
# number of the first save that the same act stored.
series = _table(
    "series",
    _id(),
    _programme(),
    *_required(action=KEY, name=NAME, document=Text, by=ADDRESS, at=Instant, note=Text),
    *_optional(act=Integer),
    Index("ix_series_programme_action_name", "programme", "action", "name"),
)

# -- people

contact = _table(
    "contact",
    _id(),
    _programme(index=True),
    *_required(organisation=KEY, role=CODE, name=LINE, email=ADDRESS, language=SHORT),
    *_optional(valid_from=Date, valid_until=Date),
    *_required(deputy_of=ADDRESS),
)

preference = _table(
    "preference",
    _programme(primary_key=True),
    *_key(address=ADDRESS),
    *_optional(weekday=Integer),
    *_required(rhythm=CODE, digest=CODE, language=SHORT, format=CODE, off=JSON, at=Instant),
)

dead_address = _table(
    "dead_address", *_key(address=ADDRESS), *_required(since=Instant, code=Integer, text=Text)
)

# A link that signs in; without an address it is of an earlier release, which said of nobody whose it was.
sign_in = _table(
    "sign_in",
    *_key(token_hash=HASH),
    *_required(expires_at=Instant),
    *_optional(used_at=Instant),
    Column("address", ADDRESS, nullable=False, server_default=""),
    Column("how", CODE, nullable=False, server_default="link"),
)

# ``identity`` is the one form of all spellings of ``address``; ``how`` is the way by which it was opened.
session = _table(
    "session",
    _id(),
    Column("token_hash", HASH, nullable=False, unique=True),
    Column("identity", ADDRESS, nullable=False, index=True),
    *_required(address=ADDRESS, how=CODE, opened_at=Instant, seen_at=Instant),
    *_optional(ended_at=Instant),
    *_required(browser=LINE, origin=LINE),
)

# An account of the city's sign-in service; ``address`` is the one form of all spellings of the address that
# it is bound to, ``refused_at`` when another account of the issuer last came with that address.
sign_in_account = _table(
    "sign_in_account",
    *_key(issuer=Text, address=ADDRESS),
    *_required(subject=Text, bound_at=Instant),
    *_optional(refused_at=Instant),
)

# -- answers

answer = _table(
    "answer",
    _id(),
    Column("occurrence_id", OCCURRENCE, nullable=False, index=True),
    *_required(organisation=KEY, answer=CODE, note=Text),
    *_optional(new_date=Date),
    *_required(by=ADDRESS, at=Instant),
    # Whose it is, of one that is not ours: an organisation's key or free words.
    Column("whose", Text, nullable=False, default="", server_default=""),
    # The SEQUENCE of the occurrence that was answered; nothing: given before this was kept.
    *_optional(sequence=Integer),
    # The newest is part of what tells that a feed may have changed.
    Column("undone_at", Instant, index=True),
    *_optional(undone_by=ADDRESS),
    # Done, of a review: whether the unit proposes that the action itself has ended.
    Column("ended", Boolean, nullable=False, default=False, server_default=false()),
)

pause = _table(
    "pause",
    _id(),
    Column("occurrence_id", OCCURRENCE, nullable=False, index=True),
    # ``due`` is the date as it was then: an earlier one breaks the pause.
    *_required(organisation=KEY, until=Date, reason=Text, by=ADDRESS, at=Instant, due=Date),
    *_optional(ended_at=Instant, ended_by=ADDRESS),
)

proposal_decision = _table(
    "proposal_decision",
    _id(),
    # The answer that proposed the date: it is decided once.
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), nullable=False, unique=True),
    *_required(approved=Boolean, by=ADDRESS, at=Instant, note=Text),
)

moved_date = _table(
    "moved_date",
    _id(),
    Column("occurrence_id", OCCURRENCE, nullable=False, index=True),
    *_required(due=Date, by=ADDRESS, on=Date),
    *_optional(answer_id=Integer),
)

ended_action = _table(
    "ended_action", *_key(programme=KEY, action=KEY), *_required(on=Date), *_optional(gone_before=Date)
)

handover = _table(
    "handover",
    _id(),
    _programme(index=True),
    *_required(action=KEY, giver=KEY, taker=KEY, on=Date, by=ADDRESS, at=Instant, note=Text),
)

target_date = _table(
    "target_date",
    _id(),
    _programme(),
    *_required(action=KEY, rule=KEY, organisation=KEY, on=Date, note=Text, by=ADDRESS, at=Instant),
    *_optional(removed_at=Instant),
    Index("ix_target_date_programme_action", "programme", "action"),
)

# -- the annual data collection: values and statuses are appended, the newest holds, so that what a board
# was shown stays provable; a form's draft holds what people typed, as they typed it

indicator_value = _table(
    "indicator_value",
    _id(),
    _programme(),
    # An indicator may count several things: ``place`` tells its first from its second value.
    *_required(action=KEY, organisation=KEY, year=Integer, place=Integer, kind=CODE, text=Text),
    *_required(unit=KEY, note=Text, by=ADDRESS, at=Instant),
    Index("ix_indicator_value_action", "programme", "action", "year"),
)

collection_status = _table(
    "collection_status",
    _id(),
    Column("occurrence_id", OCCURRENCE, nullable=False, index=True),
    *_required(organisation=KEY, action=KEY, status=CODE, note=Text, by=ADDRESS, at=Instant),
)

collection_form = _table(
    "collection_form",
    *_key(occurrence_id=OCCURRENCE, organisation=KEY),
    # Rises with each save: two people who write at once are told of each other.
    *_required(version=Integer, draft=JSON),
    # What was typed when it was sent: it holds while somebody changes the draft.
    *_optional(sent=JSON),
    *_required(editing=Boolean, saved_by=ADDRESS, saved_at=Instant, submitted_by=ADDRESS),
    *_optional(submitted_at=Instant),
)

collection_round = _table(
    "collection_round", *_key(occurrence_id=OCCURRENCE), *_required(is_open=Boolean, by=ADDRESS, at=Instant)
)

collection_nudge = _table(
    "collection_nudge",
    _id(),
    Column("occurrence_id", OCCURRENCE, nullable=False, index=True),
    *_required(on=Date, by=ADDRESS, at=Instant, reminders=Integer),
)

# -- planned mail and what became of it

planned_day = _table("planned_day", *_key(local_date=Date), *_required(planned_at=Instant, rule_version=HASH))

run = _table(
    "run",
    _id(),
    *_required(started_at=Instant),
    Column("finished_at", Instant, index=True),
    *_required(result=JSON),
)

reminder = _table(
    "reminder",
    _id(),
    # ``sequence`` is the occurrence's: after its date has moved the same stage is a new reminder.
    *_required(occurrence_id=OCCURRENCE, sequence=Integer, stage=CODE, recipient=ADDRESS),
    *_required(organisations=JSON, role=CODE, due_on=Date, ordinal=Integer, reason=CODE, waits=Boolean),
    *_required(state=CODE),
    *_optional(superseded_by=Integer),
    Column("digest_id", ForeignKey("digest.id"), index=True),
    # ``promised`` is the day that its letter names for what happens next.
    *_optional(promised=Date),
    Column("without_contact", JSON, nullable=False, server_default="[]"),
    UniqueConstraint("occurrence_id", "sequence", "stage", "recipient"),
)
Index(
    "ix_reminder_planned",
    reminder.c.state,
    reminder.c.recipient,
    sqlite_where=reminder.c.state == "planned",
    postgresql_where=reminder.c.state == "planned",
)

digest = _table(
    "digest",
    _id(),
    *_required(recipient=ADDRESS, local_date=Date, kind=CODE, version=Integer, state=CODE, language=SHORT),
    *_required(items=JSON),
    UniqueConstraint("recipient", "local_date", "version"),
)

# A mail has one a programme. Of several in one mail: the subject that each would have alone, and
# where it stands in the text and the html; one that could not be made was ``left_out``.
mail_section = _table(
    "mail_section",
    Column("digest_id", ForeignKey("digest.id"), primary_key=True),
    Column("programme", KEY, primary_key=True),
    *_required(is_digest=Boolean, left_out=Boolean, subject=LINE),
    *_required(text_at=Integer, text_length=Integer, html_at=Integer, html_length=Integer),
)
Index("ix_mail_section_programme", mail_section.c.programme)

# Once a reader and year: the key says so, whichever process writes the letter.
year_letter = _table(
    "year_letter",
    _programme(primary_key=True),
    *_key(recipient=ADDRESS, year=Integer),
    Column("digest_id", ForeignKey("digest.id"), nullable=False, index=True),
)

# Once a meeting, address and SEQUENCE: the key says so, whichever process writes the mail.
invitation = _table(
    "invitation",
    _programme(primary_key=True),
    *_key(on=Date, recipient=ADDRESS),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    # ``hours`` are local begin and end as 13:00-15:00; nothing: all day.
    *_required(method=SHORT, hours=String(11), place=Text, language=SHORT),
    Column("digest_id", ForeignKey("digest.id"), nullable=False, index=True),
)

outbox = _table(
    "outbox",
    _id(),
    Column("digest_id", ForeignKey("digest.id"), nullable=False, unique=True),
    *_required(rcpt=ADDRESS),
    Column("message_id", LINE, nullable=False, unique=True),
    *_required(subject=LINE),
    *_optional(raw=LargeBinary),
    *_required(sha256=HASH, state=CODE, phase=CODE, owner=KEY),
    *_optional(lease_until=Instant),
    *_required(fence=Integer, attempts=Integer, ambiguous=Integer, created_at=Instant, next_at=Instant),
    *_required(expires_at=Instant, last_code=Integer, last_text=Text),
    # Whose fault it was that it was not sent: the address's, its own, or a server that was too slow.
    Column("fault", CODE, nullable=False, server_default=""),
)

# Written out, not bound: SQLite uses a partial index only for a query that holds the index's own words.
OPEN = outbox.c.state.in_(bindparam("open", ("queued", "sending"), expanding=True, literal_execute=True))

_OPEN = outbox.c.state.in_(("queued", "sending"))
Index("ix_outbox_open", outbox.c.next_at, sqlite_where=_OPEN, postgresql_where=_OPEN)

# An event is about a mail, about a reminder that was planned, or about the record itself.
delivery_event = _table(
    "delivery_event",
    _id(),
    Column("outbox_id", ForeignKey("outbox.id"), index=True),
    *_required(attempt=Integer, at=Instant, kind=String(30), phase=CODE, code=Integer, text=Text),
    *_required(prev_hash=HASH, hash=HASH),
    *_optional(reminder_id=Integer),
    # The state that the mail is in after it.
    Column("state", CODE, nullable=False, server_default=""),
)

# One row: how many events there are, the hash of the last, and both under the key.
evidence_head = _table("evidence_head", _id(), *_required(events=Integer, hash=HASH, seal=HASH))

# Who did what, when, from where; each row is sealed by an event.
audit = _table(
    "audit",
    _id(),
    Column("at", Instant, nullable=False, index=True),
    *_required(
        address=ADDRESS, origin=KEY, act=NAME, programme=KEY, subject=Text, person=ADDRESS, counts=JSON
    ),
)

# What a database knows of itself: its secret key's check value, the epochs of its return addresses,
# the moment of the backup that it was restored from.
installation = _table("installation", *_key(name=CODE), *_required(value=Text))

channel = _table(
    "channel",
    *_key(name=CODE),
    *_required(failures=Integer),
    *_optional(open_until=Instant),
    *_required(reason=Text),
    Column("cause", CODE, nullable=False, server_default=""),
)

# What keeps a programme from being planned, and since when; its own watermark is ``planned_until``.
programme_fault = _table(
    "programme_fault",
    *_key(programme=KEY),
    *_optional(planned_until=Date),
    *_required(since=Instant, reason=LINE),
)

# -- calendars

# Which programme's feed of that name stands under the short address, since it was first asked for.
feed_binding = _table("feed_binding", *_key(name=KEY), *_required(programme=KEY))

# One row a UID: SEQUENCE and LAST-MODIFIED, and digests of what they were given for.
calendar_entry = _table(
    "calendar_entry",
    *_key(uid=String(36)),
    _programme(index=True),
    # Empty once the entry has gone: should it come back, its SEQUENCE goes on.
    *_required(timing=HASH, content=HASH, sequence=Integer, modified=Instant),
    # Keys of feeds that held it before; whether the programme has it no more; a single date as it is shown.
    Column("also_in", Text, nullable=False, server_default=""),
    Column("is_left", Boolean, nullable=False, server_default=false()),
    Column("shown", Text, nullable=False, server_default=""),
)

# One row a feed: what it holds and when that last changed, deletions included.
calendar_feed = _table(
    "calendar_feed", _programme(primary_key=True), *_key(name=KEY), *_required(content=HASH, modified=Instant)
)

private_feed = _table(
    "private_feed",
    _id(),
    Column("token_hash", HASH, nullable=False, unique=True),
    _programme(),
    Column("address", ADDRESS, nullable=False, index=True),
    *_required(feed=CODE, alarm=Boolean, created_at=Instant),
    *_optional(used_at=Instant),
    *_required(client=KEY),
    *_optional(revoked_at=Instant),
)

# Once a day an address; the mail that answers it, when there is one.
feed_request = _table(
    "feed_request",
    *_key(address=ADDRESS, asked_on=Date),
    Column("digest_id", ForeignKey("digest.id"), index=True),
)
