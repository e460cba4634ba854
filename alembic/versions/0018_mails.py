"""Mails: one row for each, without what it says."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    moment, words = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "mails",
        sa.Column("due_at", moment, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("id", words(length=26), nullable=False),
        sa.Column("event_id", words(), nullable=False),
        sa.Column("kind", words(length=40), nullable=False),
        sa.Column("email", words(length=254), nullable=False),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("failure", words(length=200), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_mails_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("event_id", "kind", "email", name=op.f("uq_mails_event_id_kind_email")),
    )
    op.create_index("ix_mails_email", "mails", ["email"])
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_mails_due_at", "mails", ["due_at"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0018. Restore the backup that was made before the upgrade."
    )
