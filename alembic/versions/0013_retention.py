"""For how long the shop keeps what it does not need any more, and a way to find the messages that are still whole."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DAYS = {"keep_sign_ins": 365, "keep_guests": 30, "keep_messages": 180}


def upgrade() -> None:
    with op.batch_alter_table("sellers") as sellers:  # the defaults are for a program that does not know the columns yet
        for name, days in _DAYS.items():
            sellers.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=str(days)))
    op.create_index(
        "ix_webhook_events_handled_at_whole",
        "webhook_events",
        ["handled_at"],
        sqlite_where=sa.text("body <> ''"),
        postgresql_where=sa.text("body <> ''"),
    )


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0013. Restore the backup that was made before the upgrade."
    )
