"""Orders whose money is on its way back are looked at until it is there: those that were given up begin again."""

from collections.abc import Sequence

from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "UPDATE orders SET due_at = updated_at"
        " WHERE due_at IS NULL AND id IN (SELECT order_id FROM refunds WHERE status = 'pending')"
    )


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0006. Restore the backup that was made before the upgrade."
    )
