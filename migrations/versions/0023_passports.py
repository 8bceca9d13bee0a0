"""Passports of lots, their revocations, and the keys that sign them.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
TABLES = ("passport", "passport_revocation", "passport_key")
GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$;
"""


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SEQUENCE passport_status_index MINVALUE 0 START 0")
    op.create_table(
        "passport",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record_sha256", sa.String(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("status_index", sa.BigInteger(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("credential_sha256", sa.String(), nullable=False),
        sa.Column("issued_at", TIME, nullable=False),
        sa.Column("valid_until", TIME, nullable=False),
        sa.CheckConstraint("number > 0 AND status_index >= 0 AND last_seq >= 0", name=op.f("ck_passport_numbers")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_passport_lot_id")),
        sa.ForeignKeyConstraint(["version_id"], ["lot_version.id"], name=op.f("fk_passport_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_passport_lot_id_number")),
        sa.UniqueConstraint("status_index", name=op.f("uq_passport_status_index")),
    )
    op.create_table(
        "passport_revocation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("up_to_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", TIME, nullable=False),
        sa.CheckConstraint("up_to_number > 0", name=op.f("ck_passport_revocation_number")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_passport_revocation_lot_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["user_account.id"], name=op.f("fk_passport_revocation_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_revocation")),
        sa.UniqueConstraint("lot_id", "up_to_number", name=op.f("uq_passport_revocation_lot_id_up_to_number")),
    )
    op.create_table(
        "passport_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("multikey", sa.String(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_key")),
        sa.UniqueConstraint("multikey", name=op.f("uq_passport_key_multikey")),
    )
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    for table in TABLES:
        run(GUARD.replace("{table}", table))


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP SEQUENCE passport_status_index")
