"""Two people take a transfer of the provider's back.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLE = "provider_transfer"
PEOPLE = ("reversal_proposed_by", "reversal_agreed_by")
CHECKS = {
    "reversal_two_people": "reversal_agreed_by <> reversal_proposed_by",
    "reversal_proposed": "reversal_agreed_by IS NULL OR reversal_proposed_by IS NOT NULL",
    "reversal_reason": "(reversal_proposed_by IS NULL) = (reversal_reason IS NULL)",
}


def upgrade() -> None:
    """Apply."""
    for person in PEOPLE:
        op.add_column(TABLE, sa.Column(person, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{TABLE}_{person}"), TABLE, "user_account", [person], ["id"])
    op.add_column(TABLE, sa.Column("reversal_reason", sa.String(), nullable=True))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule)


def downgrade() -> None:
    """Take back."""
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
    for column in ("reversal_reason", *PEOPLE):
        op.drop_column(TABLE, column)
