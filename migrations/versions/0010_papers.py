"""Papers numbered without gaps, and how cooperatives share their payouts.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON paper FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON paper FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON paper FROM marketplace_app;
END IF; END $$
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('invoice','receipt','credit_note','statement')", name=op.f("ck_paper_kind")),
        sa.CheckConstraint("serial > 0", name=op.f("ck_paper_serial")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_paper_order_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_paper_cooperative_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_paper_buyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("kind", "year", "serial", name=op.f("uq_paper_kind_year_serial")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_paper_kind_subject_id")),
        sa.UniqueConstraint("number", name=op.f("uq_paper_number")),
    )
    op.create_index("ix_paper_cooperative", "paper", ["cooperative_id", "kind", "id"])
    op.create_index(op.f("ix_paper_order_id"), "paper", ["order_id"])
    op.create_index(op.f("ix_paper_buyer_id"), "paper", ["buyer_id"])
    op.create_table(
        "paper_counter",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_paper_counter")),
    )
    op.create_table(
        "sharing_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("members", postgresql.JSONB(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_sharing_rule_cooperative_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["user_account.id"], name=op.f("fk_sharing_rule_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_rule")),
    )
    op.create_index("ix_sharing_rule_newest", "sharing_rule", ["cooperative_id", "entered_at"])
    op.get_bind().connection.driver_connection.execute(GUARD)


def downgrade() -> None:
    """Take back."""
    op.drop_table("sharing_rule")
    op.drop_table("paper_counter")
    op.drop_table("paper")
