"""Answers undone, pauses, proposed dates, moved dates, hand-overs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.add_column("answer", sa.Column("whose", sa.Text(), server_default="", nullable=False))
    op.add_column("answer", sa.Column("sequence", sa.Integer(), nullable=True))
    op.add_column("answer", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("answer", sa.Column("undone_by", sa.String(length=320), nullable=True))
    _create_pause()
    _create_proposal_decision()
    _create_moved_date()
    _create_handover()


def _create_pause() -> None:
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.String(length=300), nullable=False),
        sa.Column("organisation", sa.String(length=100), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=320), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_occurrence_id"), "pause", ["occurrence_id"], unique=False)


def _create_proposal_decision() -> None:
    op.create_table(
        "proposal_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_proposal_decision_answer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_decision")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_proposal_decision_answer_id")),
    )


def _create_moved_date() -> None:
    op.create_table(
        "moved_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.String(length=300), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_date")),
    )
    op.create_index(op.f("ix_moved_date_occurrence_id"), "moved_date", ["occurrence_id"], unique=False)


def _create_handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("giver", sa.String(length=100), nullable=False),
        sa.Column("taker", sa.String(length=100), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.key"], name=op.f("fk_handover_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_programme"), "handover", ["programme"], unique=False)


def downgrade() -> None:
    """Take the revision back."""
    for table in ("handover", "moved_date", "proposal_decision", "pause"):
        op.drop_table(table)
    for column in ("undone_by", "undone_at", "sequence", "whose"):
        op.drop_column("answer", column)
