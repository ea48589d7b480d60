"""Tables: pauses, decisions about proposed dates, moved dates, hand-overs; answers are in ``tables``."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text

from reminders.store.tables import Instant, metadata

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
