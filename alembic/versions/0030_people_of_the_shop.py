"""An index of the people of the shop, who are mailed of each sale: that of all accounts has every buyer with one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | Sequence[str] | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    people = sa.text("role <> 'guest' AND role <> 'customer'")
    op.create_index("ix_users_email_of_the_shop", "users", ["email"], sqlite_where=people, postgresql_where=people)


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0030. Restore the backup that was made before the upgrade.")
