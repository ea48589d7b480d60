"""A mail has a section for each programme; what keeps one from being planned; short feed addresses."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the revision; mails of before are given the sections that their items tell of."""
    op.create_table(
        "mail_section",
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("is_digest", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text_at", sa.Integer(), nullable=False),
        sa.Column("text_length", sa.Integer(), nullable=False),
        sa.Column("html_at", sa.Integer(), nullable=False),
        sa.Column("html_length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_mail_section_digest_id")),
        sa.PrimaryKeyConstraint("digest_id", "programme", name=op.f("pk_mail_section")),
    )
    op.create_index(op.f("ix_mail_section_programme"), "mail_section", ["programme"], unique=False)
    op.create_table(
        "programme_fault",
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.Column("planned_until", sa.Date(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("programme", name=op.f("pk_programme_fault")),
    )
    op.create_table(
        "feed_binding",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("programme", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_feed_binding")),
    )
    _fill()
    op.drop_column("digest", "board")


def _fill() -> None:
    connection = op.get_bind()
    section = sa.table(
        "mail_section",
        *(sa.column(name) for name in ("digest_id", "programme", "is_digest", "left_out", "subject")),
        *(sa.column(name) for name in ("text_at", "text_length", "html_at", "html_length")),
    )
    rows = []
    for digest_id, board, items in connection.execute(sa.text("SELECT id, board, items FROM digest")):
        found = json.loads(items) if isinstance(items, str) else items
        programmes = {item["occurrence"].split(":", 1)[0] for item in found} | ({board} if board else set())
        rows += [
            {
                "digest_id": digest_id,
                "programme": key,
                "is_digest": key == board,
                "left_out": False,
                "subject": "",
                "text_at": 0,
                "text_length": 0,
                "html_at": 0,
                "html_length": 0,
            }
            for key in sorted(programmes)
        ]
    if rows:
        connection.execute(sa.insert(section), rows)


def downgrade() -> None:
    """Take the revision back."""
    op.add_column("digest", sa.Column("board", sa.String(length=100), nullable=False, server_default=""))
    op.execute(
        "UPDATE digest SET board = COALESCE((SELECT MIN(programme) FROM mail_section "
        "WHERE digest_id = digest.id AND is_digest), '')"
    )
    op.drop_table("feed_binding")
    op.drop_table("programme_fault")
    op.drop_index(op.f("ix_mail_section_programme"), table_name="mail_section")
    op.drop_table("mail_section")
