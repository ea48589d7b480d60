"""Whose fault it was that a message was not sent, and why a way of sending is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision; of what ended before nothing is known, and nothing of it goes on."""
    op.add_column("outbox", sa.Column("fault", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("channel", sa.Column("cause", sa.String(length=20), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("channel", "cause")
    op.drop_column("outbox", "fault")
