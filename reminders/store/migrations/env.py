"""Alembic's environment: it is always handed a connection inside a transaction."""

from alembic import context

from reminders.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
)
context.run_migrations()
