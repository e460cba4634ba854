"""Which units of an order a refund gives back. A refund's row has one amount, and the same unit must not go back twice:
how many have is counted over the refunds of a line, which a column of the one or the other could not say.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0029"
down_revision: str | Sequence[str] | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    words = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "refund_parts",
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("id", words(length=26), nullable=False),
        sa.Column("refund_id", words(), nullable=False),
        sa.Column("line_id", words(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("units >= 0 AND amount >= 0", name=op.f("ck_refund_parts_not_negative")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_refund_parts_line_id_order_lines")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_refund_parts_refund_id_refunds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_parts")),
        sa.UniqueConstraint("refund_id", "line_id", name=op.f("uq_refund_parts_refund_id_line_id")),
    )


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0029. Restore the backup that was made before the upgrade.")
