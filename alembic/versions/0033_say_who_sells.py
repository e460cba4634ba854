"""Who sells, as the law knows them, where they are, who answers buyers, and the grievance officer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | Sequence[str] | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LENGTHS = {
    "legal_name": 120,
    "address_line1": 120,
    "address_line2": 120,
    "town": 60,
    "pin": 6,
    "care_email": 254,
    "care_phone": 20,
    "grievance_name": 80,
    "grievance_designation": 80,
    "grievance_email": 254,
    "grievance_phone": 20,
}


def upgrade() -> None:
    with op.batch_alter_table("sellers") as sellers:  # the defaults are for a program that does not know the columns yet
        for name, length in _LENGTHS.items():
            sellers.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0033. Restore the backup that was made before the upgrade.")
