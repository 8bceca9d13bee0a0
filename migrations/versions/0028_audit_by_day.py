"""Entries of the audit log by the time of the change, in the order in which a page shows them.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_audit_event_at", table_name="audit_event")
    op.create_index("ix_audit_event_at", "audit_event", ["at", "seq"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_audit_event_at", table_name="audit_event")
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
