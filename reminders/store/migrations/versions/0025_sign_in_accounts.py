"""Which account of the city's sign-in service an address is bound to; how a sign-in link reaches people."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision; links of before were printed by the service."""
    op.add_column("sign_in", sa.Column("how", sa.String(length=20), nullable=False, server_default="link"))
    op.create_table(
        "sign_in_account",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("issuer", "address", name=op.f("pk_sign_in_account")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("sign_in_account")
    op.drop_column("sign_in", "how")
