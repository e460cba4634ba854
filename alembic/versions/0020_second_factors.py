"""Second factors, when one was shown in a sign-in, and how much goes back without it.

A factor is nobody's sign-in and no proof of a mailbox: it stays for years, and remembers what of it was used.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0020"
down_revision: str | Sequence[str] | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    moment, words = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "factors",
        sa.Column("created_at", moment, nullable=False),
        sa.Column("id", words(length=26), nullable=False),
        sa.Column("user_id", words(), nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("used_codes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_factors_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factors")),
    )
    op.create_index("ix_factors_user_id", "factors", ["user_id"])
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("factor_at", moment, nullable=True))
    with op.batch_alter_table("sellers") as sellers:
        sellers.add_column(sa.Column("refund_limit", sa.Integer(), nullable=False, server_default="500000"))


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0020. Restore the backup that was made before the upgrade.")
