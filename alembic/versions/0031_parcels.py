"""Parcels of orders, to their buyers and back, and what is in them. An order has as many as it takes, and of a line some
units may be in one and some in another: no column of the order or of its line could say how many were shipped, with which
tracking number, or came back, and no key of them would tell a request that is repeated from a second parcel.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0031"
down_revision: str | Sequence[str] | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "shipments",
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=26), nullable=False),
        sa.Column("order_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.Column("carrier", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("tracking", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("restock", sa.Boolean(), nullable=False),
        sa.Column("request_key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("request_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("delivered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_shipments_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("order_id", "request_key", name=op.f("uq_shipments_order_id_request_key")),
    )
    op.create_table(
        "shipment_lines",
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=26), nullable=False),
        sa.Column("shipment_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("line_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_shipment_lines_units_positive")),
        sa.ForeignKeyConstraint(["line_id"], ["order_lines.id"], name=op.f("fk_shipment_lines_line_id_order_lines")),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_shipment_lines_shipment_id_shipments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_lines")),
        sa.UniqueConstraint("shipment_id", "line_id", name=op.f("uq_shipment_lines_shipment_id_line_id")),
    )


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0031. Restore the backup that was made before the upgrade.")
