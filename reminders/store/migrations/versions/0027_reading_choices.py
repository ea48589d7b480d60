"""How people said that a programme's documents are to be read, for the next version of each."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "reading_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.key"], name=op.f("fk_reading_choice_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_choice")),
    )
    op.create_index(op.f("ix_reading_choice_programme"), "reading_choice", ["programme"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_reading_choice_programme"), table_name="reading_choice")
    op.drop_table("reading_choice")
