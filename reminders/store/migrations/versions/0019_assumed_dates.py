"""Assumed dates of events keep off closed days: no column, they are worked out anew."""

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table: what follows a revision works the dates out (``make_ready``)."""


def downgrade() -> None:
    """Change no table."""
