"""Documents of cooperatives, sites, lots and orders, with their review and their versions.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
TABLE = "document"
STATES = ("pending", "accepted", "rejected", "expired")
OWNERS = ("cooperative", "site", "lot", "order")
# A version that was replaced stays: nobody deletes one.
GUARD = """
CREATE TRIGGER no_delete BEFORE DELETE ON document FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON document FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE DELETE, TRUNCATE ON document FROM marketplace_app;
END IF; END $$;
"""


def check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}"))


def foreign(name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{name}"))


def some(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    """Apply."""
    op.create_table(TABLE, *_columns(), *_rules())
    op.create_index("ix_document_cooperative", TABLE, ["cooperative_id", "uploaded_at"])
    op.create_index("ix_document_uploaded_at", TABLE, ["uploaded_at", "id"])
    op.create_index("ix_document_number", TABLE, ["kind", "number_key"])
    op.create_index("ix_document_sent", TABLE, ["sent_sha256"])
    op.create_index("ix_document_order", TABLE, ["order_id"], postgresql_where="order_id IS NOT NULL")
    op.create_index("ix_document_expires_on", TABLE, ["expires_on"], postgresql_where="replaced_at IS NULL")
    op.get_bind().connection.driver_connection.execute(GUARD)


def _columns() -> list[sa.Column]:
    text = sa.String()
    return [
        some("id", sa.Uuid()),
        *(some(name, text) for name in ("reference", "kind", "owner")),
        some("cooperative_id", sa.Uuid()),
        *(some(name, sa.Uuid(), nullable=True) for name in ("site_id", "lot_id", "order_id")),
        some("version", sa.Integer()),
        *(some(name, text) for name in ("number", "number_key", "issuer")),
        some("issued_on", sa.Date()),
        some("expires_on", sa.Date(), nullable=True),
        some("minerals", ARRAY(text)),
        *(some(name, text) for name in ("sha256", "sent_sha256", "content_type")),
        some("size", sa.Integer()),
        some("state", text),
        some("uploaded_by", sa.Uuid()),
        some("uploaded_at", TIME),
        some("reviewed_by", sa.Uuid(), nullable=True),
        some("reviewed_at", TIME, nullable=True),
        some("reason", text),
        some("warned_days", sa.Integer(), nullable=True),
        some("replaced_by", sa.Uuid(), nullable=True),
        some("replaced_at", TIME, nullable=True),
    ]


def _rules() -> list[sa.Constraint]:
    return [
        check("state", f"state IN {STATES}"),
        check("owner", f"owner IN {OWNERS}"),
        check("of_site", "(owner = 'site') = (site_id IS NOT NULL)"),
        check("of_lot", "(owner = 'lot') = (lot_id IS NOT NULL)"),
        check("of_order", "(owner = 'order') = (order_id IS NOT NULL)"),
        check("two_people", "reviewed_by <> uploaded_by"),
        check("reviewed_by_somebody", "(reviewed_by IS NULL) = (reviewed_at IS NULL)"),
        check("decided_by_somebody", "state NOT IN ('accepted','rejected') OR reviewed_by IS NOT NULL"),
        check("rejected_for_a_reason", "state <> 'rejected' OR reason <> ''"),
        check("days", "expires_on >= issued_on"),
        check("replaced_by_one", "(replaced_by IS NULL) = (replaced_at IS NULL)"),
        check("warned_days", "warned_days IN (30, 7)"),
        foreign("cooperative_id", "cooperative"),
        foreign("site_id", "mine_site"),
        foreign("lot_id", "lot"),
        foreign("order_id", "orders"),
        foreign("uploaded_by", "user_account"),
        foreign("reviewed_by", "user_account"),
        foreign("replaced_by", TABLE),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{TABLE}_reference")),
    ]


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
