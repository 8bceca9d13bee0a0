"""The Merkle tree over the audit events: nodes, signed checkpoints, keys, witnesses, and what was verified.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WRITE_ONCE = ("audit_node", "audit_checkpoint", "audit_cosignature", "audit_verification")

# A key never changes but for its end, which is told once.
KEY = """
CREATE FUNCTION audit_key_only_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR (to_jsonb(OLD) - 'ended_at' - 'end_reason') IS DISTINCT FROM (to_jsonb(NEW) - 'ended_at' - 'end_reason') THEN
        RAISE EXCEPTION 'audit_key: a key may only be ended, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_end BEFORE UPDATE ON audit_key FOR EACH ROW EXECUTE FUNCTION audit_key_only_end();
CREATE TRIGGER no_delete BEFORE DELETE ON audit_key FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON audit_key FROM marketplace_app;
    GRANT UPDATE (ended_at, end_reason) ON audit_key TO marketplace_app;
END IF; END $$;
"""
GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$;
"""


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    """Apply."""
    _tree()
    _keys()
    _verification()
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    run(KEY)
    for table in WRITE_ONCE:
        run(GUARD.replace("{table}", table))


def _tree() -> None:
    op.create_table(
        "audit_node",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        check("audit_node", "place", "level BETWEEN 0 AND 62 AND idx >= 0"),
        check("audit_node", "hash", "octet_length(hash) = 32"),
        sa.PrimaryKeyConstraint("level", "idx", name=op.f("pk_audit_node")),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("signed_at", TIME, nullable=False),
        check("audit_checkpoint", "size", "size > 0"),
        check("audit_checkpoint", "root", "octet_length(root) = 32"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checkpoint")),
        sa.UniqueConstraint("origin", "size", name=op.f("uq_audit_checkpoint_origin_size")),
    )
    op.create_table(
        "audit_cosignature",
        sa.Column("checkpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["audit_checkpoint.id"], name=op.f("fk_audit_cosignature_checkpoint_id")
        ),
        sa.PrimaryKeyConstraint("checkpoint_id", "witness", "key_id", name=op.f("pk_audit_cosignature")),
    )


def _keys() -> None:
    op.create_table(
        "audit_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        check("audit_key", "end_reason", "end_reason IN ('rotated','compromised')"),
        check("audit_key", "ended_with_reason", "(ended_at IS NULL) = (end_reason IS NULL)"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_key")),
        sa.UniqueConstraint("vkey", name=op.f("uq_audit_key_vkey")),
    )


def _verification() -> None:
    op.create_table(
        "audit_verification",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint_size", sa.BigInteger(), nullable=True),
        sa.Column("is_sound", sa.Boolean(), nullable=False),
        sa.Column("findings", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_verification")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("audit_verification", "audit_cosignature", "audit_checkpoint", "audit_key", "audit_node"):
        op.drop_table(table)
    op.get_bind().connection.driver_connection.execute("DROP FUNCTION audit_key_only_end()")
