"""Seal the bands of the price book: they are written once.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute(
        "CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON price_band FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON price_band FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Undo."""
    op.execute("DROP TRIGGER no_truncate ON price_band")
    op.execute("DROP TRIGGER no_change ON price_band")
