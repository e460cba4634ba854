"""An unpaid order knows the address that it came from from others, so that none of them holds all of the shelf."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("ordered_from", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True))
    unpaid = sa.text("state = 'open' AND payment_status = 'unpaid'")
    op.create_index(
        "ix_orders_ordered_from_unpaid", "orders", ["ordered_from"], sqlite_where=unpaid, postgresql_where=unpaid
    )


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0009. Restore the backup that was made before the upgrade."
    )
