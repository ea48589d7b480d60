"""Tables: invitations to meetings that were sent, private calendars that were asked for by mail."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Text

from reminders.store.tables import metadata

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

# Once a day an address; the mail that answers it, when there is one.
feed_request = Table(
    "feed_request",
    metadata,
    Column("address", String(320), primary_key=True),
    Column("asked_on", Date, primary_key=True),
    Column("digest_id", ForeignKey("digest.id"), index=True),
)
