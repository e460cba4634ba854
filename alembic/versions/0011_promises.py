"""What the shop promises of shipping and returns."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("sellers") as sellers:  # the defaults are for a program that does not know the columns yet
        for name in ("shipping_promise", "returns_promise"):
            words = sqlmodel.sql.sqltypes.AutoString(length=200)
            sellers.add_column(sa.Column(name, words, nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0011. Restore the backup that was made before the upgrade."
    )
