"""Which saves of series were one act: ``act`` is the number of the first of them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision; of saves of before, those of one moment by one hand are one act."""
    op.add_column("series", sa.Column("act", sa.Integer(), nullable=True))
    connection = op.get_bind()
    table = sa.table("series", sa.column("id"), sa.column("act"))
    last: tuple[object, ...] = ()
    act, names = 0, set[str]()
    query = 'SELECT id, programme, action, name, "at", "by", note FROM series ORDER BY programme, action, id'
    for row_id, programme, action, name, *how in connection.execute(sa.text(query)).all():
        own = (programme, action, *how)
        if own != last or name in names:
            last, act, names = own, row_id, set()
        names.add(name)
        connection.execute(sa.update(table).where(table.c.id == row_id).values(act=act))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("series", "act")
