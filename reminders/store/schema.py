"""All tables, whichever file they stand in: what migrations, backup and tests go through."""

from __future__ import annotations

from reminders.store import (
    tables,
    tables_answering,
    tables_invitations,
    tables_links,
    tables_rounds,
    tables_series,
    tables_settings,
    tables_wishes,
)

metadata = tables.metadata

AREAS = (
    tables_answering,
    tables_wishes,
    tables_links,
    tables_rounds,
    tables_series,
    tables_settings,
    tables_invitations,
)
"""The files that add tables to those of ``tables``, in the order of their revisions."""
