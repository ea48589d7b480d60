"""Tables: forms of the annual data collection and indicator values.

Values and statuses are appended, the newest holds: what a board was shown stays provable.
A form's draft holds what people typed, as they typed it.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from reminders.store.tables import Instant, metadata

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
