"""Invitations to meetings that were sent, and private calendars that were asked for by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "invitation",
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("hours", sa.String(length=11), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.key"], name=op.f("fk_invitation_programme"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_invitation_digest_id")),
        sa.PrimaryKeyConstraint("programme", "on", "recipient", "sequence", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_digest_id"), "invitation", ["digest_id"], unique=False)
    op.create_table(
        "feed_request",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_feed_request_digest_id")),
        sa.PrimaryKeyConstraint("address", "asked_on", name=op.f("pk_feed_request")),
    )
    op.create_index(op.f("ix_feed_request_digest_id"), "feed_request", ["digest_id"], unique=False)


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("feed_request")
    op.drop_table("invitation")
