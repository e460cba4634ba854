"""Where the seller is, by which GST number, and whether they make handicrafts. The scheme alone does not say to which
States they may sell, nor which kind of tax a sale bears.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0022"
down_revision: str | Sequence[str] | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    words = sqlmodel.sql.sqltypes.AutoString
    with op.batch_alter_table("sellers") as sellers:
        sellers.add_column(sa.Column("state", words(length=2), nullable=False, server_default=""))
        sellers.add_column(sa.Column("gstin", words(length=15), nullable=False, server_default=""))
        sellers.add_column(sa.Column("handicraft", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0022. Restore the backup that was made before the upgrade."
    )
