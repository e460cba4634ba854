"""What tells the variants of a product apart, and whether one of them can be chosen.

Names and values stand on their rows, in order, as everything does that is read with a product and never asked for by
itself; a line of an order keeps those it was bought with. What there was has one variant each and no options, which is what the program of before goes on writing.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | Sequence[str] | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("products", sa.Column("options", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("variants", sa.Column("option_values", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("order_lines", sa.Column("option_values", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("variants", sa.Column("on_sale", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0034. Restore the backup that was made before the upgrade.")
