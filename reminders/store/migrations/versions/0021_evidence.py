"""The keyed evidence: events of reminders too, the state after each, the chain's head; what a database is."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision; the chain of before is sealed at the first start, which has the key."""
    with op.batch_alter_table("delivery_event") as table:
        table.alter_column("outbox_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("reminder_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("state", sa.String(length=20), server_default="", nullable=False))
    op.create_table(
        "evidence_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_head")),
    )
    op.create_table(
        "installation",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )


def downgrade() -> None:
    """Take it back; events of no mail go."""
    op.drop_table("installation")
    op.drop_table("evidence_head")
    op.execute("DELETE FROM delivery_event WHERE outbox_id IS NULL")
    with op.batch_alter_table("delivery_event") as table:
        table.drop_column("state")
        table.drop_column("reminder_id")
        table.alter_column("outbox_id", existing_type=sa.Integer(), nullable=False)
