"""Indexes: one for every question, of what is nearly always done with only the rest, and none that no question uses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DUE = ("follow_ups", "orders", "refunds", "sweeps", "webhook_events")
"""Tables of work: nearly all of their rows are done with."""
_UNUSED = {
    "disputes": "payment_id",
    "order_lines": "variant_id",
    "refunds": "status",
    "sessions": "user_id",
    "users": "email",
}


def upgrade() -> None:
    for table, column in _UNUSED.items():
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    for table in _DUE:
        op.drop_index(op.f(f"ix_{table}_due_at"), table)
        _create_partial(op.f(f"ix_{table}_due_at"), table, "due_at", "due_at IS NOT NULL")
    _create_partial("ix_issues_id_open", "issues", "id", "resolved_at IS NULL")
    _create_partial("ix_orders_id_held", "orders", "id", "stock = 'held'")
    _create_partial("ix_payments_captured_at_unannounced", "payments", "captured_at", "announced_at IS NULL")
    for table in ("orders", "payments"):
        op.create_index(op.f(f"ix_{table}_updated_at"), table, ["updated_at"])


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0004. Restore the backup that was made before the upgrade."
    )


def _create_partial(name: str, table: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
