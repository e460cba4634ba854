"""Coupons, and which order has used which. How often one was used can't be counted by orders: a limit is kept by a
number that two orders at once can't both raise. That somebody had one already is said by a key that only one can have,
which no order's row has. The order itself says by which coupon it is cheaper.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0026"
down_revision: str | Sequence[str] | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    moment, words = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "coupons",
        sa.Column("created_at", moment, nullable=False),
        sa.Column("code", words(length=24), nullable=False),
        sa.Column("kind", words(length=15), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("currency", words(length=3), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_coupons_used_not_negative")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_coupons")),
    )
    # Without a batch: SQLite would copy every order.
    op.add_column("orders", sa.Column("coupon", words(length=24), nullable=True))
    op.create_table(
        "coupon_uses",
        sa.Column("created_at", moment, nullable=False),
        sa.Column("id", words(length=26), nullable=False),
        sa.Column("coupon", words(length=24), nullable=False),
        sa.Column("order_id", words(), nullable=False),
        sa.Column("person", words(length=32), nullable=True),
        sa.ForeignKeyConstraint(["coupon"], ["coupons.code"], name=op.f("fk_coupon_uses_coupon_coupons")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_coupon_uses_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_uses")),
        sa.UniqueConstraint("order_id", "coupon", name=op.f("uq_coupon_uses_order_id_coupon")),
        sa.UniqueConstraint("coupon", "person", name=op.f("uq_coupon_uses_coupon_person")),
    )


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0026. Restore the backup that was made before the upgrade."
    )
