"""What the provider counted to our balance in another currency than the one a buyer paid.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "provider_settlement",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_currency", sa.String(length=3), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("worth_minor", sa.BigInteger(), nullable=False),
        sa.Column("provider_rate", sa.Numeric(), nullable=True),
        sa.Column("rate_ids", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("paid_currency <> currency", name=op.f("ck_provider_settlement_two_currencies")),
        sa.CheckConstraint(
            "paid_minor > 0 AND gross_minor > 0 AND worth_minor > 0 AND fee_minor >= 0",
            name=op.f("ck_provider_settlement_amounts"),
        ),
        sa.CheckConstraint("cardinality(rate_ids) > 0", name=op.f("ck_provider_settlement_rates")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_provider_settlement_payment_id")),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_provider_settlement")),
    )
    op.get_bind().connection.driver_connection.execute(GUARD.replace("{table}", "provider_settlement"))
    op.add_column("daily_report", sa.Column("on_the_way_minor", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column("daily_report", "on_the_way_minor", server_default=None)
    op.add_column("refund", sa.Column("booked_minor", sa.BigInteger(), nullable=True))
    op.add_column("refund", sa.Column("returned_minor", sa.BigInteger(), nullable=True))
    op.add_column("refund", sa.Column("booked_currency", sa.String(length=3), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("daily_report", "on_the_way_minor")
    for column in ("booked_currency", "returned_minor", "booked_minor"):
        op.drop_column("refund", column)
    op.drop_table("provider_settlement")
