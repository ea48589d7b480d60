"""Which of its units a reminder went to nobody of: their head or the secretary got it in their place."""

import json
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from reminders.planning.addresses import folded

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OWN = frozenset({"contact", "deputy", "mailbox"})


def upgrade() -> None:
    """Apply the revision; of reminders of before, today's contact lists tell it."""
    column = sa.Column("without_contact", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("reminder", column)
    connection = op.get_bind()
    own, others = defaultdict[str, set[tuple[str, str]]](set), set[tuple[str, str]]()
    for programme, organisation, role, email in connection.execute(
        sa.text("SELECT programme, organisation, role, email FROM contact")
    ):
        if role in _OWN:
            own[programme].add((organisation, folded(email)))
        else:
            others.add((programme, folded(email)))
    table = sa.table("reminder", sa.column("id"), sa.column("without_contact", sa.JSON()))
    reminders = sa.text(
        "SELECT id, occurrence_id, recipient, organisations FROM reminder WHERE role = 'unit'"
    )
    for row_id, occurrence, recipient, organisations in connection.execute(reminders).all():
        programme = occurrence.split(":", 1)[0]
        if (programme, folded(recipient)) not in others:
            continue
        keys = json.loads(organisations) if isinstance(organisations, str) else organisations
        without = [one for one in keys if (one, folded(recipient)) not in own[programme]]
        if without:
            connection.execute(sa.update(table).where(table.c.id == row_id).values(without_contact=without))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("reminder", "without_contact")
