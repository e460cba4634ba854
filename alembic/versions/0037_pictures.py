"""Photographs of a product, the first of which is what lists and orders show of it: a column of the row that is read
anyway, as its details are, because nobody asks for a picture by itself.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0037"
down_revision: str | Sequence[str] | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("products", sa.Column("pictures", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0037. Restore the backup that was made before the upgrade.")
