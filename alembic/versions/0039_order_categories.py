"""The order of the categories, a line for each, as the shopkeeper wants it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | Sequence[str] | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("sellers") as sellers:  # the default is for a program that does not know the column yet
        sellers.add_column(sa.Column("categories", sa.String(length=4_100), nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0039. Restore the backup that was made before the upgrade.")
