"""The day that a reminder's letter names for what happens next."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("reminder", sa.Column("promised", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take the revision back."""
    op.drop_column("reminder", "promised")
