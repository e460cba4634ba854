"""Rounds: what comes round for the whole shop, of which the sweep is one; each keeps how far it came, what it found."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reached", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    due = sa.text("due_at IS NOT NULL")
    op.create_index(op.f("ix_rounds_due_at"), "rounds", ["due_at"], sqlite_where=due, postgresql_where=due)
    op.execute(
        "INSERT INTO rounds (created_at, due_at, attempts, id, reached, found)"
        " SELECT created_at, due_at, attempts, 'sweep', swept_to, '[]' FROM sweeps"
    )
    op.drop_table("sweeps")


def downgrade() -> None:
    raise RuntimeError(
        "There is no way down from revision 0005. Restore the backup that was made before the upgrade."
    )
