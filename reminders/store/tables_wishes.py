"""Tables: preferences of readers, dates that count towards a target, letters of a year."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from reminders.store.tables import Instant, metadata

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

# Once a reader and year: the key says so, whichever process writes the letter.
year_letter = Table(
    "year_letter",
    metadata,
    Column("programme", ForeignKey("programme.key", ondelete="CASCADE"), primary_key=True),
    Column("recipient", String(320), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("digest_id", ForeignKey("digest.id"), nullable=False, index=True),
)
