"""Where somebody writes to who has found a weakness of the shop."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("sellers") as sellers:  # the default is for a program that does not know the column yet
        words = sqlmodel.sql.sqltypes.AutoString(length=200)
        sellers.add_column(sa.Column("security_contact", words, nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0014. Restore the backup that was made before the upgrade."
    )
