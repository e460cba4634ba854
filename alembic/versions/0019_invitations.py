"""What an invitation makes of who accepts it. No other column of a proof says what it leads to."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("proofs") as proofs:
        proofs.add_column(sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=True))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0019. Restore the backup that was made before the upgrade."
    )
