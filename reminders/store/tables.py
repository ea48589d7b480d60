"""The tables (design: delivery.md, "Tables and keys") and the types they use, by subject."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
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
)
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


Value = TypeVar("Value", bound="DataclassInstance")
_COLUMNS = {"occurrence": "occurrence_id"}
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


def from_row(kind: type[Value], row: RowMapping) -> Value:
    """Return the value whose fields stand in a row."""
    names = (one.name for one in fields(kind))
    return kind(**{name: row[_COLUMNS.get(name, name)] for name in names})


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# -- programmes

programme = Table(
    "programme",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("document", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("built_in", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("started_on", Date),
    Column("loaded_at", Instant, nullable=False),
    # When its data last changed, deletions included; nothing: never since the data's own stamp.
    Column("modified", Instant),
    Column("findings", JSON),
)

correction = Table(
    "correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("action", String(100), nullable=False),
    Column("field", String(20), nullable=False),
    Column("value", Text, nullable=False),
    Column("by", String(320), nullable=False),
    Column("on", Date, nullable=False),
    Column("note", Text, nullable=False),
)

choice = Table(
    "choice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(40), nullable=False),
    # Nothing: the programme's default holds again.
    Column("value", Text, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("due", Date, primary_key=True),
    Column("id", String(300), primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False),
    Column("title", JSON, nullable=False),
    Column("organisations", JSON, nullable=False),
    Column("status", String(20), nullable=False),
    Column("basis", JSON, nullable=False),
    Column("starts_at", DateTime),
    Column("ends_at", DateTime),
    Column("interval_days", Integer),
    Column("opens", Date),
    Column("closes", Date),
    Column("year", Integer),
    Column("anchor_on", Date),
    Column("sequence", Integer, nullable=False, default=0),
    Column("modified", Instant, nullable=False),
    UniqueConstraint("id"),
    Index("ix_occurrence_programme_due", "programme", "due"),
    sqlite_with_rowid=False,
)

stage = Table(
    "stage",
    metadata,
    Column("send_on", Date, primary_key=True),
    Column("occurrence_id", String(300), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Index("ix_stage_occurrence_id", "occurrence_id"),
    sqlite_with_rowid=False,
)

# Each save is a row of its own; the newest of a name holds, earlier ones are its history.
series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False),
    Column("action", String(100), nullable=False),
    Column("name", String(40), nullable=False),
    Column("document", Text, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_series_programme_action_name", "programme", "action", "name"),
)

# -- people

contact = Table(
    "contact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("organisation", String(100), nullable=False),
    Column("role", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(320), nullable=False),
    Column("language", String(10), nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("deputy_of", String(320), nullable=False),
)

preference = Table(
    "preference",
    metadata,
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("weekday", Integer),
    Column("rhythm", String(20), nullable=False),
    Column("digest", String(20), nullable=False),
    Column("language", String(10), nullable=False),
    Column("format", String(20), nullable=False),
    Column("off", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

dead_address = Table(
    "dead_address",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("code", Integer, nullable=False),
    Column("text", Text, nullable=False),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

# -- answers

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", String(300), nullable=False, index=True),
    Column("organisation", String(100), nullable=False),
    Column("answer", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("new_date", Date),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    # Whose it is, of one that is not ours: an organisation's key or free words.
    Column("whose", Text, nullable=False, default="", server_default=""),
    # The SEQUENCE of the occurrence that was answered; nothing: given before this was kept.
    Column("sequence", Integer),
    # The newest is part of what tells that a feed may have changed.
    Column("undone_at", Instant, index=True),
    Column("undone_by", String(320)),
)

pause = Table(
    "pause",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", String(300), nullable=False, index=True),
    Column("organisation", String(100), nullable=False),
    Column("until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    # The date as it was then: an earlier one breaks the pause.
    Column("due", Date, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(320)),
)

proposal_decision = Table(
    "proposal_decision",
    metadata,
    Column("id", Integer, primary_key=True),
    # The answer that proposed the date: it is decided once.
    Column("answer_id", ForeignKey("answer.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("approved", Boolean, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Text, nullable=False),
)

moved_date = Table(
    "moved_date",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", String(300), nullable=False, index=True),
    Column("due", Date, nullable=False),
    Column("by", String(320), nullable=False),
    Column("on", Date, nullable=False),
    Column("answer_id", Integer),
)

handover = Table(
    "handover",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("action", String(100), nullable=False),
    Column("giver", String(100), nullable=False),
    Column("taker", String(100), nullable=False),
    Column("on", Date, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Text, nullable=False),
)

target_date = Table(
    "target_date",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False),
    Column("action", String(100), nullable=False),
    Column("rule", String(100), nullable=False),
    Column("organisation", String(100), nullable=False),
    Column("on", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index("ix_target_date_programme_action", "programme", "action"),
)

# -- the annual data collection: values and statuses are appended, the newest holds, so that what a board
# was shown stays provable; a form's draft holds what people typed, as they typed it

indicator_value = Table(
    "indicator_value",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False),
    Column("action", String(100), nullable=False),
    Column("organisation", String(100), nullable=False),
    Column("year", Integer, nullable=False),
    # An indicator may count several things: its first, its second value.
    Column("place", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("unit", String(100), nullable=False),
    Column("note", Text, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_indicator_value_action", "programme", "action", "year"),
)

collection_status = Table(
    "collection_status",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", String(300), nullable=False, index=True),
    Column("organisation", String(100), nullable=False),
    Column("action", String(100), nullable=False),
    Column("status", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
)

collection_form = Table(
    "collection_form",
    metadata,
    Column("occurrence_id", String(300), primary_key=True),
    Column("organisation", String(100), primary_key=True),
    # Rises with each save: two people who write at once are told of each other.
    Column("version", Integer, nullable=False),
    Column("draft", JSON, nullable=False),
    # What was typed when it was sent: it holds while somebody changes the draft.
    Column("sent", JSON),
    Column("editing", Boolean, nullable=False),
    Column("saved_by", String(320), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("submitted_by", String(320), nullable=False),
    Column("submitted_at", Instant),
)

collection_round = Table(
    "collection_round",
    metadata,
    Column("occurrence_id", String(300), primary_key=True),
    Column("is_open", Boolean, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
)

collection_nudge = Table(
    "collection_nudge",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", String(300), nullable=False, index=True),
    Column("on", Date, nullable=False),
    Column("by", String(320), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reminders", Integer, nullable=False),
)

# -- planned mail and what became of it

planned_day = Table(
    "planned_day",
    metadata,
    Column("local_date", Date, primary_key=True),
    Column("planned_at", Instant, nullable=False),
    Column("rule_version", String(64), nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant, index=True),
    Column("result", JSON, nullable=False),
)

reminder = Table(
    "reminder",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", String(300), nullable=False),
    # The occurrence's SEQUENCE: after its date has moved the same stage is a new reminder.
    Column("sequence", Integer, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("organisations", JSON, nullable=False),
    Column("role", String(20), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("superseded_by", Integer),
    Column("digest_id", ForeignKey("digest.id"), index=True),
    UniqueConstraint("occurrence_id", "sequence", "stage", "recipient"),
)
Index(
    "ix_reminder_planned",
    reminder.c.state,
    reminder.c.recipient,
    sqlite_where=reminder.c.state == "planned",
    postgresql_where=reminder.c.state == "planned",
)

digest = Table(
    "digest",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("recipient", String(320), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("language", String(10), nullable=False),
    Column("board", String(100), nullable=False),
    Column("items", JSON, nullable=False),
    UniqueConstraint("recipient", "local_date", "version"),
)

# Once a reader and year: the key says so, whichever process writes the letter.
year_letter = Table(
    "year_letter",
    metadata,
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), primary_key=True),
    Column("recipient", String(320), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("digest_id", ForeignKey("digest.id"), nullable=False, index=True),
)

# Once a meeting, address and SEQUENCE: the key says so, whichever process writes the mail.
invitation = Table(
    "invitation",
    metadata,
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("recipient", String(320), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("method", String(10), nullable=False),
    # Local begin and end as 13:00-15:00; nothing: all day.
    Column("hours", String(11), nullable=False),
    Column("place", Text, nullable=False),
    Column("language", String(10), nullable=False),
    Column("digest_id", ForeignKey("digest.id"), nullable=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest_id", ForeignKey("digest.id"), nullable=False, unique=True),
    Column("rcpt", String(320), nullable=False),
    Column("message_id", String(200), nullable=False, unique=True),
    Column("subject", String(200), nullable=False),
    Column("raw", LargeBinary),
    Column("sha256", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("phase", String(20), nullable=False),
    Column("owner", String(100), nullable=False),
    Column("lease_until", Instant),
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("ambiguous", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("last_code", Integer, nullable=False),
    Column("last_text", Text, nullable=False),
)

# Written out, not bound: SQLite uses a partial index only for a query that holds the index's own words.
OPEN = outbox.c.state.in_(bindparam("open", ("queued", "sending"), expanding=True, literal_execute=True))

_OPEN = outbox.c.state.in_(("queued", "sending"))
Index("ix_outbox_open", outbox.c.next_at, sqlite_where=_OPEN, postgresql_where=_OPEN)

delivery_event = Table(
    "delivery_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("phase", String(20), nullable=False),
    Column("code", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

channel = Table(
    "channel",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("open_until", Instant),
    Column("reason", Text, nullable=False),
)

# -- calendars

# One row a UID: SEQUENCE and LAST-MODIFIED, and digests of what they were given for.
calendar_entry = Table(
    "calendar_entry",
    metadata,
    Column("uid", String(36), primary_key=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False, index=True),
    # Empty once the entry has gone: should it come back, its SEQUENCE goes on.
    Column("timing", String(64), nullable=False),
    Column("content", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("modified", Instant, nullable=False),
)

# One row a feed: what it holds and when that last changed, deletions included.
calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("content", String(64), nullable=False),
    Column("modified", Instant, nullable=False),
)

private_feed = Table(
    "private_feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), nullable=False),
    Column("address", String(320), nullable=False, index=True),
    Column("feed", String(20), nullable=False),
    Column("alarm", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("client", String(100), nullable=False),
    Column("revoked_at", Instant),
)

# Once a day an address; the mail that answers it, when there is one.
feed_request = Table(
    "feed_request",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("asked_on", Date, primary_key=True),
    Column("digest_id", ForeignKey("digest.id"), index=True),
)
