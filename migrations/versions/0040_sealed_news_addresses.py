"""Seal the addresses to which news of the log goes: what stands in one opens the receiver's door.

Revision ID: 0040
Revises: 0037
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from flask import current_app

from marketplace.core.crypto import seal, unseal

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = "audit_subscription"


def purpose(subscription_id: UUID) -> str:
    # As history/addresses.py has it.
    return f"audit_subscription.address:{subscription_id.hex}"


def key() -> bytes:
    return current_app.extensions["settings"].field_key


def upgrade() -> None:
    """Apply."""
    op.add_column(TABLE, sa.Column("address_sealed", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, address, state FROM audit_subscription")).all()
    for row_id, address, state in rows:
        # Of one that has ended nothing is kept, as of its secret.
        sealed = b"" if state == "deleted" else seal(address.encode(), key=key(), purpose=purpose(row_id))
        connection.execute(
            sa.text("UPDATE audit_subscription SET address_sealed = :sealed WHERE id = :id"),
            {"sealed": sealed, "id": row_id},
        )
    op.alter_column(TABLE, "address_sealed", nullable=False)
    op.drop_column(TABLE, "address")


def downgrade() -> None:
    """Take back."""
    op.add_column(TABLE, sa.Column("address", sa.String(), nullable=True))
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, host, address_sealed FROM audit_subscription")).all()
    for row_id, host, sealed in rows:
        opened = unseal(bytes(sealed), key=key(), purpose=purpose(row_id)).decode() if sealed else f"https://{host}/"
        connection.execute(
            sa.text("UPDATE audit_subscription SET address = :address WHERE id = :id"),
            {"address": opened, "id": row_id},
        )
    op.alter_column(TABLE, "address", nullable=False)
    op.drop_column(TABLE, "address_sealed")
