"""Gold priced by assay: the provisional price of an order, the fineness a verifier found.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("orders", sa.Column("provisional_minor", sa.BigInteger()))
    op.create_check_constraint(
        op.f("ck_orders_provisional_within_price"), "orders", "provisional_minor BETWEEN 1 AND price_minor"
    )
    op.add_column("verification_report", sa.Column("fineness_permille", sa.Numeric()))


def downgrade() -> None:
    """Take back."""
    op.drop_column("verification_report", "fineness_permille")
    op.drop_constraint(op.f("ck_orders_provisional_within_price"), "orders")
    op.drop_column("orders", "provisional_minor")
