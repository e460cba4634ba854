"""The firm that an order is bought for, and its number with GST. Nothing an order says names it: whose address a parcel
goes to need not be the firm that the tax is credited to.

And the tax rate that a variant has from a day on, which the law says ahead. One is enough: what was before is on the
lines of orders. So it needs no table of its own, which a sale would have to read.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0028"
down_revision: str | Sequence[str] | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    words = sqlmodel.sql.sqltypes.AutoString
    # Without a batch: SQLite would copy every order.
    op.add_column("orders", sa.Column("firm_name", words(length=120), nullable=True))
    op.add_column("orders", sa.Column("firm_gstin", words(length=15), nullable=True))
    op.add_column("variants", sa.Column("next_tax_rate", sa.Integer(), nullable=True))
    op.add_column("variants", sa.Column("next_tax_from", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0028. Restore the backup that was made before the upgrade."
    )
