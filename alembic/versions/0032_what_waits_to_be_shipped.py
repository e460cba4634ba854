"""Indexes of the orders that wait to be shipped and of those whose money went back, which the back office lists."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | Sequence[str] | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    to_ship = sa.text(
        "payment_status IN ('paid', 'partially_refunded') AND fulfilment_status IN ('unfulfilled', 'partly_shipped')"
        " AND ships_to IS NOT NULL"
    )
    op.create_index("ix_orders_id_to_ship", "orders", ["id"], sqlite_where=to_ship, postgresql_where=to_ship)
    refunded = sa.text("payment_status IN ('partially_refunded', 'refunded')")
    op.create_index("ix_orders_id_refunded", "orders", ["id"], sqlite_where=refunded, postgresql_where=refunded)


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0032. Restore the backup that was made before the upgrade.")
