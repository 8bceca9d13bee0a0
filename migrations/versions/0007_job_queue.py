"""The job queue's own tables and functions, as procrastinate 3.10 defines them.

Revision ID: 0007
Revises: 0006
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DROP = """
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'procrastinate_%' LOOP
        EXECUTE format('DROP TABLE %I CASCADE', found.tablename);
    END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate_%' LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', found.name);
    END LOOP;
    FOR found IN SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
        AND typname LIKE 'procrastinate_%' AND typtype IN ('e', 'c') LOOP
        EXECUTE format('DROP TYPE %I CASCADE', found.typname);
    END LOOP;
END $$
"""


def upgrade() -> None:
    """Apply."""
    op.get_bind().connection.driver_connection.execute(SchemaManager.get_schema())


def downgrade() -> None:
    """Take back."""
    op.get_bind().connection.driver_connection.execute(DROP)
