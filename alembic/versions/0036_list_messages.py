"""An index by which people find the gateway's newest messages."""

from collections.abc import Sequence

from alembic import op

revision: str = "0036"
down_revision: str | Sequence[str] | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_webhook_events_created_at_id", "webhook_events", ["created_at", "id"])


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0036. Restore the backup that was made before the upgrade.")
