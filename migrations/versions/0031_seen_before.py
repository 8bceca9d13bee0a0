"""What tells goods that appear twice: the pattern of a photo, and quick ways to a seal's and a report's number.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BIT

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; photos that are here already have no pattern, and are compared by their digest alone."""
    op.add_column("lot_photo", sa.Column("likeness", BIT(256), nullable=True))
    for name in ("tag_number", "report_number"):
        op.create_index(f"ix_lot_version_{name}", "lot_version", [sa.text(f"upper(content ->> '{name}')")])


def downgrade() -> None:
    """Take back."""
    for name in ("report_number", "tag_number"):
        op.drop_index(f"ix_lot_version_{name}", "lot_version")
    op.drop_column("lot_photo", "likeness")
