"""When an order's present state stood still, and chargebacks that two people give up.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PEOPLE = ("loss_proposed_by", "loss_accepted_by")


def upgrade() -> None:
    """Apply."""
    op.add_column("orders", sa.Column("stopped_times", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("orders", "stopped_times", server_default=None)
    for person in PEOPLE:
        op.add_column("chargeback", sa.Column(person, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_chargeback_{person}"), "chargeback", "user_account", [person], ["id"])
    op.add_column("chargeback", sa.Column("loss_reason", sa.String(), nullable=True))
    op.create_check_constraint(op.f("ck_chargeback_two_people"), "chargeback", "loss_accepted_by <> loss_proposed_by")
    op.create_check_constraint(
        op.f("ck_chargeback_loss_proposed"), "chargeback", "loss_accepted_by IS NULL OR loss_proposed_by IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_chargeback_loss_reason"), "chargeback", "(loss_proposed_by IS NULL) = (loss_reason IS NULL)"
    )


def downgrade() -> None:
    """Take back."""
    for name in ("loss_reason", "loss_proposed", "two_people"):
        op.drop_constraint(op.f(f"ck_chargeback_{name}"), "chargeback")
    for column in ("loss_reason", *PEOPLE):
        op.drop_column("chargeback", column)
    op.drop_column("orders", "stopped_times")
