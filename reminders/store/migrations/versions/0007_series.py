"""Event series as people keep them, what calendars were told, and private feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _programme(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["programme"], ["programme.key"], name=op.f(f"fk_{name}_programme"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _programme("series"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index("ix_series_programme_action_name", "series", ["programme", "action", "name"])
    op.create_table(
        "calendar_entry",
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("timing", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
        _programme("calendar_entry"),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_calendar_entry")),
    )
    op.create_index(op.f("ix_calendar_entry_programme"), "calendar_entry", ["programme"])
    op.create_table(
        "calendar_feed",
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
        _programme("calendar_feed"),
        sa.PrimaryKeyConstraint("programme", "name", name=op.f("pk_calendar_feed")),
    )
    op.create_table(
        "private_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("feed", sa.String(length=20), nullable=False),
        sa.Column("alarm", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client", sa.String(length=100), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        _programme("private_feed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_private_feed_token_hash")),
    )
    op.create_index(op.f("ix_private_feed_address"), "private_feed", ["address"])
    op.create_index(op.f("ix_answer_undone_at"), "answer", ["undone_at"])


def downgrade() -> None:
    """Take the revision back."""
    op.drop_index(op.f("ix_answer_undone_at"), "answer")
    for name in ("private_feed", "calendar_feed", "calendar_entry", "series"):
        op.drop_table(name)
