"""The texts of policies, each of which stays, and the answers that they are made from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0035"
down_revision: str | Sequence[str] | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "policies",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_policies_kind_version")),
    )
    op.create_table(
        "policy_answers",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=6), nullable=False),
        sa.Column("story", sa.String(length=1000), nullable=False),
        sa.Column("makes", sa.String(length=200), nullable=False),
        sa.Column("ships_to", sa.String(length=200), nullable=False),
        sa.Column("dispatch_days", sa.Integer(), nullable=False),
        sa.Column("transit_days", sa.Integer(), nullable=False),
        sa.Column("cancels", sa.Boolean(), nullable=False),
        sa.Column("return_days", sa.Integer(), nullable=False),
        sa.Column("return_paid_by", sa.String(length=6), nullable=False),
        sa.Column("not_returned", sa.String(length=200), nullable=False),
        sa.Column("refund_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_answers")),
    )


def downgrade() -> None:
    raise RuntimeError("There is no way down from revision 0035. Restore the backup that was made before the upgrade.")
