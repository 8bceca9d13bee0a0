"""Indexes for the filters of the audit log, and the subscriptions to its news.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WORDS = """jsonb_to_tsvector('simple'::regconfig, details, '["string", "numeric", "boolean"]'::jsonb)"""

GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON audit_delivery FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_delivery FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON audit_delivery FROM marketplace_app;
END IF; END $$;
"""


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_audit_event_action", "audit_event")
    op.create_index(
        "ix_audit_event_action", "audit_event", ["action", "seq"], postgresql_ops={"action": "text_pattern_ops"}
    )
    op.create_index(
        "ix_audit_event_outcome", "audit_event", ["outcome", "seq"], postgresql_where=sa.text("outcome <> 'ok'")
    )
    op.create_index("ix_audit_search_name", "audit_search", ["actor_name", "seq"])
    op.create_index("ix_audit_search_address", "audit_search", ["address", "seq"])
    op.create_index("ix_audit_search_words", "audit_search", [sa.text(WORDS)], postgresql_using="gin")
    _subscriptions()


def _subscriptions() -> None:
    op.create_table(
        "audit_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        check("audit_subscription", "kind", "kind IN ('staff','cooperative','buyer')"),
        check("audit_subscription", "party", "(kind = 'staff') = (party_id IS NULL)"),
        check("audit_subscription", "state", "state IN ('active','paused','disabled','deleted')"),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_audit_subscription_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_subscription")),
    )
    op.create_index("ix_audit_subscription_party", "audit_subscription", ["kind", "party_id"])
    op.create_table(
        "audit_progress",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("next_idx", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", TIME, nullable=True),
        sa.Column("next_try_at", TIME, nullable=False),
        check("audit_progress", "counts", "next_idx >= 0 AND failures >= 0"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["audit_subscription.id"], name=op.f("fk_audit_progress_subscription_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_audit_progress")),
    )
    op.create_index("ix_audit_progress_due", "audit_progress", ["next_try_at"])
    op.create_table(
        "audit_delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("is_delivered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["audit_subscription.id"], name=op.f("fk_audit_delivery_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_delivery")),
    )
    op.create_index("ix_audit_delivery_newest", "audit_delivery", ["subscription_id", "id"])
    op.get_bind().connection.driver_connection.execute(GUARD)


def downgrade() -> None:
    """Take back."""
    op.drop_table("audit_delivery")
    op.drop_table("audit_progress")
    op.drop_table("audit_subscription")
    for name in ("ix_audit_search_words", "ix_audit_search_address", "ix_audit_search_name"):
        op.drop_index(name, "audit_search")
    op.drop_index("ix_audit_event_outcome", "audit_event")
    op.drop_index("ix_audit_event_action", "audit_event")
    op.create_index("ix_audit_event_action", "audit_event", ["action"])
