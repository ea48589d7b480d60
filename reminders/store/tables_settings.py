"""Tables: what a programme's people chose over its defaults."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from reminders.store.tables import Instant, metadata

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
