"""What a payment counts of its order, where an offer or a fee at Razorpay made another sum of what was paid."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("payments", sa.Column("toward_order", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0010. Restore the backup that was made before the upgrade."
    )
