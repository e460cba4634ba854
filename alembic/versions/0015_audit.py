"""A way to read who did what without reading what happened to every order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AUDITED = "subject = 'account' OR subject = 'refund' OR subject = 'seller' OR actor = 'merchant' OR actor = 'operator'"


def upgrade() -> None:
    op.create_index(
        "ix_events_id_audited",
        "events",
        ["id"],
        sqlite_where=sa.text(_AUDITED),
        postgresql_where=sa.text(_AUDITED),
    )


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0015. Restore the backup that was made before the upgrade."
    )
