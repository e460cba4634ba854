"""The files of digital products, the newest of each being what its buyers get.

`products` could not hold it: a file that takes another's place must not take that one's name and content away from a
backup, and when it came says what was sold until then.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0025"
down_revision: str | Sequence[str] | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    words = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "product_files",
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("id", words(length=26), nullable=False),
        sa.Column("product_id", words(length=26), nullable=False),
        sa.Column("name", words(length=100), nullable=False),
        sa.Column("media_type", words(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", words(length=64), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_product_files_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_files")),
    )
    op.create_index("ix_product_files_product_id_id", "product_files", ["product_id", "id"])


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0025. Restore the backup that was made before the upgrade.")
