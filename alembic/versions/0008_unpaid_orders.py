"""What a buyer has ordered and not paid is found at once, however much they have bought."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    unpaid = sa.text("state = 'open' AND payment_status = 'unpaid'")
    op.create_index(
        "ix_orders_buyer_id_unpaid", "orders", ["buyer_id"], sqlite_where=unpaid, postgresql_where=unpaid
    )


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0008. Restore the backup that was made before the upgrade."
    )
