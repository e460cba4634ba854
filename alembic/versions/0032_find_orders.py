"""Indexes by which the shop's people find orders: those to ship, and those of which money went back.

Nearly all orders are sent, and of few anything is refunded: both stay small. Without the first a shop that has sent
everything would read all its orders to see it; an order is in it from when it is paid until it is sent.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | Sequence[str] | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WHICH = {
    "unsent": (
        "(payment_status = 'paid' OR payment_status = 'partially_refunded')"
        " AND (fulfilment_status = 'unfulfilled' OR fulfilment_status = 'partly_shipped')"
    ),
    "refunded": "payment_status = 'refunded' OR payment_status = 'partially_refunded'",
}


def upgrade() -> None:
    for name, condition in _WHICH.items():
        where = sa.text(condition)
        op.create_index(f"ix_orders_id_{name}", "orders", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0032. Restore the backup that was made before the upgrade.")
