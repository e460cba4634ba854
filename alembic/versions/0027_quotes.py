"""What somebody was told that a purchase comes to, and by which of that an order was placed.

No table could hold it: most of what is told is never ordered, a cart says what is wanted and not at which figures, and
who asks may have neither a cart nor an account.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0027"
down_revision: str | Sequence[str] | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    moment, words = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "quotes",
        sa.Column("created_at", moment, nullable=False),
        sa.Column("id", words(length=32), nullable=False),
        sa.Column("asker", words(length=64), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("coupon", words(length=24), nullable=True),
        sa.Column("pin", words(length=6), nullable=True),
        sa.Column("state", words(length=2), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("currency", words(length=3), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
    )
    op.create_index(op.f("ix_quotes_asker"), "quotes", ["asker"])
    op.create_index(op.f("ix_quotes_expires_at"), "quotes", ["expires_at"])
    # Without a batch: SQLite would copy every order.
    op.add_column("orders", sa.Column("quote_id", words(length=32), nullable=True))
    by_one = sa.text("quote_id IS NOT NULL")
    op.create_index("ix_orders_quote_id", "orders", ["quote_id"], sqlite_where=by_one, postgresql_where=by_one)


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0027. Restore the backup that was made before the upgrade.")
