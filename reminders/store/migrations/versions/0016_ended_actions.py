"""The actions that people ended; the rows of organisations that became one with a version."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision; which actions have ended already the next run notes."""
    op.create_table(
        "ended_action",
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("gone_before", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("programme", "action", name=op.f("pk_ended_action")),
    )
    op.add_column("programme_version", sa.Column("joined", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("programme_version", "joined")
    op.drop_table("ended_action")
