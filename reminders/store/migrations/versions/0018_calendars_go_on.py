"""What calendars show of dates that their programme has no more, and in whose feeds past dates have been."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision; the single dates themselves are written when calendars are next noted."""
    op.add_column("calendar_entry", sa.Column("also_in", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "calendar_entry", sa.Column("is_left", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("calendar_entry", sa.Column("shown", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    for name in ("shown", "is_left", "also_in"):
        op.drop_column("calendar_entry", name)
