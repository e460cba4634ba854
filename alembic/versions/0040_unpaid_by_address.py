"""Only orders that know an address are found by it: any index of all that are unpaid might be read whole instead."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | Sequence[str] | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    known = sa.text("ordered_from IS NOT NULL")
    op.create_index("ix_orders_ordered_from", "orders", ["ordered_from"], sqlite_where=known, postgresql_where=known)
    op.drop_index("ix_orders_ordered_from_unpaid", "orders")


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0040. Restore the backup that was made before the upgrade.")
