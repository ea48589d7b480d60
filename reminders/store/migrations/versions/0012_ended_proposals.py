"""An answer may propose that the action itself has ended."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("answer", sa.Column("ended", sa.Boolean(), server_default=sa.false(), nullable=False))
