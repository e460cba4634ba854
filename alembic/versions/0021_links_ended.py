"""How often the buyer has ended the links to an order. No other column changes what a link has to say to open it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | Sequence[str] | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The default is for a program that does not know the column yet. Without a batch: SQLite would copy every order.
    op.add_column("orders", sa.Column("links_ended", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0021. Restore the backup that was made before the upgrade."
    )
