"""Carts, and of which one an order was made."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0024"
down_revision: str | Sequence[str] | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    moment, words = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "carts",
        sa.Column("created_at", moment, nullable=False),
        sa.Column("id", words(length=26), nullable=False),
        sa.Column("user_id", words(), nullable=True),
        sa.Column("browser", words(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (browser IS NULL)", name=op.f("ck_carts_is_somebodys")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_carts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
        sa.UniqueConstraint("browser", name=op.f("uq_carts_browser")),
        sa.UniqueConstraint("user_id", name=op.f("uq_carts_user_id")),
    )
    of_a_browser = sa.text("browser IS NOT NULL")
    op.create_index(
        "ix_carts_updated_at_browser",
        "carts",
        ["updated_at"],
        sqlite_where=of_a_browser,
        postgresql_where=of_a_browser,
    )
    op.create_table(
        "cart_lines",
        sa.Column("created_at", moment, nullable=False),
        sa.Column("id", words(length=26), nullable=False),
        sa.Column("cart_id", words(), nullable=False),
        sa.Column("variant_id", words(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_amount", sa.Integer(), nullable=False),
        sa.Column("merged", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_cart_lines_quantity_positive")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_cart_lines_cart_id_carts")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_cart_lines_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_lines")),
        sa.UniqueConstraint("cart_id", "variant_id", name=op.f("uq_cart_lines_cart_id_variant_id")),
    )
    # Without a batch: SQLite would copy every order.
    op.add_column("orders", sa.Column("cart_id", words(length=26), nullable=True))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0024. Restore the backup that was made before the upgrade."
    )
