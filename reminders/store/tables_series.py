"""Tables: event series as people keep them, what calendars were told, and private feeds."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from reminders.store.tables import Instant, metadata

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
