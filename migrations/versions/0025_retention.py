"""What the audit log forgot by itself, class by class.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON retention_erasure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON retention_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON retention_erasure FROM marketplace_app;
END IF; END $$;
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "retention_erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("retention_class", sa.String(), nullable=False),
        sa.Column("before", TIME, nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("disclosures", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", TIME, nullable=False),
        sa.CheckConstraint("entries > 0 AND disclosures > 0", name=op.f("ck_retention_erasure_something")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_erasure")),
    )
    op.create_index("ix_retention_erasure_erased_at", "retention_erasure", ["erased_at"])
    op.get_bind().connection.driver_connection.execute(GUARD)


def downgrade() -> None:
    """Take back."""
    op.drop_table("retention_erasure")
