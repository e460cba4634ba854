"""How the shop presents itself: its name, its words, its sign, and the links below every page."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LENGTHS = {"name": 60, "sentence": 120, "description": 300, "logo": 120, "accent": 7, "links": 1000}


def upgrade() -> None:
    with op.batch_alter_table("sellers") as sellers:  # the defaults are for a program that does not know the columns yet
        for name, length in _LENGTHS.items():
            words = sqlmodel.sql.sqltypes.AutoString(length=length)
            sellers.add_column(sa.Column(name, words, nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0012. Restore the backup that was made before the upgrade."
    )
