"""One identity per address: keys that are addresses take the one form of all spellings.

Contacts, messages and authors stay as they were written. Where a row of the other spelling stands already,
wishes, flags and requests of this one go, and history (reminders, mails of a day) keeps its spelling.
"""

import sqlalchemy as sa
from alembic import op

from reminders.planning.addresses import folded

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_HISTORY = {
    "reminder": ("recipient", ("occurrence_id", "sequence", "stage")),
    "digest": ("recipient", ("local_date", "version")),
    "year_letter": ("recipient", ("programme", "year")),
    "invitation": ("recipient", ("programme", "on", "sequence")),
}
_WISHES = {
    "preference": ("address", ("programme",)),
    "dead_address": ("address", ()),
    "feed_request": ("address", ("asked_on",)),
}


def upgrade() -> None:
    """Apply the revision."""
    for tables, is_history in ((_HISTORY, True), (_WISHES, False)):
        for name, (column, others) in tables.items():
            _fold(name, column, others, keep=is_history)


def downgrade() -> None:
    """Take the revision back: the folded form is an address too."""


def _fold(name: str, column: str, others: tuple[str, ...], *, keep: bool) -> None:
    bind = op.get_bind()
    table = sa.Table(name, sa.MetaData(), autoload_with=bind)
    address, keys = table.c[column], [table.c[one] for one in others]
    for spelling in bind.execute(sa.select(address).distinct()).scalars().all():
        form = folded(spelling)
        if form == spelling:
            continue
        taken = {tuple(row) for row in bind.execute(sa.select(address, *keys).where(address == form))}
        for row in bind.execute(sa.select(address, *keys).where(address == spelling)).all():
            others_of_row = zip(keys, row[1:], strict=True)
            mine = sa.and_(address == spelling, *(key == value for key, value in others_of_row))
            if (form, *row[1:]) not in taken:
                bind.execute(sa.update(table).where(mine).values({column: form}))
            elif not keep:
                bind.execute(sa.delete(table).where(mine))
            elif name == "reminder":  # the other spelling's waits already
                waits = sa.and_(mine, table.c.state == "planned")
                bind.execute(sa.update(table).where(waits).values(state="cancelled"))
