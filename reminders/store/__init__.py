"""The only SQL: tables, repositories, outbox, delivery log, migrations.

Every function takes a ``Connection`` inside a transaction that the caller opened with ``Database.read`` or
``Database.write``. Decisions are left to the pure files; transports to ``delivery``.
"""

from sqlalchemy import Connection

from reminders.store.engine import Database

__all__ = ["Connection", "Database"]
