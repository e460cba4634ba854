"""Proofs that a mailbox is somebody's, when somebody gave one last, and ways to find whose mailbox and sign-ins."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    moment, words = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString
    with op.batch_alter_table("users") as users:
        users.add_column(sa.Column("verified_at", moment, nullable=True))
    guest = sa.text("role = 'guest'")
    op.create_index("ix_users_email_guest", "users", ["email"], sqlite_where=guest, postgresql_where=guest)
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "proofs",
        sa.Column("created_at", moment, nullable=False),
        sa.Column("id", words(length=26), nullable=False),
        sa.Column("user_id", words(), nullable=False),
        sa.Column("purpose", words(length=10), nullable=False),
        sa.Column("email", words(length=254), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_proofs_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )
    op.create_index("ix_proofs_user_id_id", "proofs", ["user_id", "id"])
    op.create_index("ix_proofs_email_id", "proofs", ["email", "id"])


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0017. Restore the backup that was made before the upgrade."
    )
