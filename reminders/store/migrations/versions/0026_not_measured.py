"""Room for the kind of a value that was not measured: PostgreSQL refused the twelve letters of its code."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    with op.batch_alter_table("indicator_value") as table:
        table.alter_column("kind", existing_type=sa.String(length=10), type_=sa.String(length=20))


def downgrade() -> None:
    """Take it back; a kind that does not fit stays out."""
    op.execute("DELETE FROM indicator_value WHERE length(kind) > 10")
    with op.batch_alter_table("indicator_value") as table:
        table.alter_column("kind", existing_type=sa.String(length=20), type_=sa.String(length=10))
