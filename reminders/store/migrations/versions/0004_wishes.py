"""Preferences of readers, dates that count towards a target, letters of a year."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    _preferences()
    _target_dates()
    _year_letters()


def _preferences() -> None:
    op.create_table(
        "preference",
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _programme("preference"),
        sa.PrimaryKeyConstraint("programme", "address", name=op.f("pk_preference")),
    )


def _target_dates() -> None:
    op.create_table(
        "target_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("organisation", sa.String(length=100), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        _programme("target_date"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_date")),
    )
    op.create_index("ix_target_date_programme_action", "target_date", ["programme", "action"], unique=False)


def _year_letters() -> None:
    op.create_table(
        "year_letter",
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        _programme("year_letter"),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_year_letter_digest_id")),
        sa.PrimaryKeyConstraint("programme", "recipient", "year", name=op.f("pk_year_letter")),
    )
    op.create_index(op.f("ix_year_letter_digest_id"), "year_letter", ["digest_id"], unique=False)


def _programme(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["programme"], ["programme.key"], name=op.f(f"fk_{table}_programme"), ondelete="CASCADE"
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_index(op.f("ix_year_letter_digest_id"), table_name="year_letter")
    op.drop_table("year_letter")
    op.drop_index("ix_target_date_programme_action", table_name="target_date")
    op.drop_table("target_date")
    op.drop_table("preference")
