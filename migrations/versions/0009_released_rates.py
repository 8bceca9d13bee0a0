"""Keep quarantined reference rates outside the chain of those in force; seal the bands of the price book.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("reference_rate", sa.Column("releases_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_reference_rate_releases_id"), "reference_rate", "reference_rate", ["releases_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_reference_rate_releases_id"), "reference_rate", ["releases_id"])
    op.create_check_constraint(
        op.f("ck_reference_rate_outside_chain"),
        "reference_rate",
        "NOT quarantined OR (supersedes_id IS NULL AND releases_id IS NULL)",
    )
    _first_rate_index("supersedes_id IS NULL AND NOT quarantined")
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
    _first_rate_index("supersedes_id IS NULL")
    op.drop_constraint(op.f("ck_reference_rate_outside_chain"), "reference_rate", type_="check")
    op.drop_constraint(op.f("uq_reference_rate_releases_id"), "reference_rate", type_="unique")
    op.drop_constraint(op.f("fk_reference_rate_releases_id"), "reference_rate", type_="foreignkey")
    op.drop_column("reference_rate", "releases_id")


def _first_rate_index(condition: str) -> None:
    op.drop_index("uq_reference_rate_first", table_name="reference_rate")
    op.create_index(
        "uq_reference_rate_first",
        "reference_rate",
        ["series", "observed_on"],
        unique=True,
        postgresql_where=sa.text(condition),
    )
