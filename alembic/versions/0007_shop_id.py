"""The database knows which shop it is of."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

from checkout_app.core import clock, shop_id
from checkout_app.core.settings import settings

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


_SELLERS = sa.table(
    "sellers",
    sa.column("id"),
    sa.column("created_at", sqlmodel.sql.sqltypes.UTCDateTime()),
    sa.column("tax_scheme"),
    sa.column("shop_id"),
)


def upgrade() -> None:
    with op.batch_alter_table("sellers") as sellers:  # the default is for a program that does not know the column yet
        its_id = sqlmodel.sql.sqltypes.AutoString(length=32)
        sellers.add_column(sa.Column("shop_id", its_id, nullable=False, server_default=""))
    named = {"shop_id": settings().shop_id or shop_id.new()}
    if op.get_bind().execute(sa.update(_SELLERS).values(named)).rowcount == 0:
        row = {"id": "seller", "created_at": clock.now(), "tax_scheme": "regular", **named}
        op.execute(sa.insert(_SELLERS).values(row))


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0007. Restore the backup that was made before the upgrade."
    )
