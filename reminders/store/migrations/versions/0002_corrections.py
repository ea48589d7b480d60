"""Corrections, findings of an import, dead addresses, and when a programme's feeds last changed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    # Added, not rebuilt: SQLite would empty what refers to a table that is dropped and made anew.
    op.add_column("programme", sa.Column("modified", sa.DateTime(timezone=True), nullable=True))
    op.add_column("programme", sa.Column("findings", sa.JSON(), nullable=True))
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.key"], name=op.f("fk_correction_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_programme"), "correction", ["programme"], unique=False)
    op.create_table(
        "dead_address",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_dead_address")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("dead_address")
    op.drop_index(op.f("ix_correction_programme"), table_name="correction")
    op.drop_table("correction")
    op.drop_column("programme", "findings")
    op.drop_column("programme", "modified")
