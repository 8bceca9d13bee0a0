"""What happened to the goods: custody events and the lots they name; tags of bags as stock.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WRITE_ONCE = ("custody_event", "custody_amount", "tag_range")
KINDS = (
    "produced", "tagged", "purchased", "combined", "split", "processed", "assayed", "valued", "inspected", "moved",
    "stored", "exported", "imported", "delivered", "accepted", "returned",
)  # fmt: skip
MODELS = ("identity_preserved", "segregated", "controlled_blending", "mass_balance")

GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$;
"""
# A tag that left the stock never goes back into it.
KEPT = """
CREATE TRIGGER no_delete BEFORE DELETE ON tag FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON tag FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE DELETE, TRUNCATE ON tag FROM marketplace_app;
END IF; END $$;
"""
# A model may only weaken: no event of a lot has a stronger one than an earlier event of it.
MODEL = """
CREATE FUNCTION custody_model_only_weakens() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE
    models constant text[] := ARRAY['identity_preserved','segregated','controlled_blending','mass_balance'];
BEGIN
    IF EXISTS (SELECT 1 FROM custody_event WHERE lot_id = NEW.lot_id
               AND array_position(models, model::text) > array_position(models, NEW.model::text)) THEN
        RAISE EXCEPTION 'custody_event: the model of a lot may only weaken' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER model_only_weakens BEFORE INSERT ON custody_event FOR EACH ROW
    EXECUTE FUNCTION custody_model_only_weakens();
"""


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))


def upgrade() -> None:
    """Apply."""
    _events()
    _amounts()
    _ranges()
    _tags()
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    for table in WRITE_ONCE:
        run(GUARD.replace("{table}", table))
    run(KEPT)
    run(MODEL)


def _events() -> None:
    table = "custody_event"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_at", TIME, nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("entered_for", sa.Boolean(), nullable=False),
        sa.Column("weight_before_mg", sa.BigInteger(), nullable=True),
        sa.Column("weight_after_mg", sa.BigInteger(), nullable=True),
        sa.Column("loss_mg", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kept", postgresql.JSONB(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        check(table, "kind", f"kind IN {KINDS}"),
        check(table, "model", f"model IN {MODELS}"),
        check(table, "not_in_the_future", "happened_at <= recorded_at"),
        check(table, "loss", "loss_mg >= 0"),
        check(table, "weights", "weight_before_mg > 0 AND weight_after_mg > 0"),
        check(table, "corrects_another", "corrects_id <> id"),
        foreign(table, "lot_id", "lot"),
        foreign(table, "recorded_by", "user_account"),
        foreign(table, "corrects_id", "custody_event"),
        foreign(table, "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_event")),
        sa.UniqueConstraint("seq", name=op.f("uq_custody_event_seq")),
    )
    op.create_index("ix_custody_event_lot", table, ["lot_id", "seq"])
    op.create_index("ix_custody_event_order", table, ["order_id"], postgresql_where="order_id IS NOT NULL")
    op.create_index(
        "uq_custody_event_corrects", table, ["corrects_id"], unique=True, postgresql_where="corrects_id IS NOT NULL"
    )


def _amounts() -> None:
    table = "custody_amount"
    op.create_table(
        table,
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("lot_reference", sa.String(), nullable=False),
        sa.Column("weight_mg", sa.BigInteger(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("tag_number", sa.String(), nullable=False),
        check(table, "direction", "direction IN ('in','out')"),
        check(table, "amount", "weight_mg > 0 AND pieces >= 0"),
        foreign(table, "event_id", "custody_event"),
        foreign(table, "lot_id", "lot"),
        sa.PrimaryKeyConstraint("event_id", "direction", "position", name=op.f("pk_custody_amount")),
    )
    op.create_index("ix_custody_amount_lot", table, ["lot_id"], postgresql_where="lot_id IS NOT NULL")


def _ranges() -> None:
    table = "tag_range"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", TIME, nullable=False),
        check(table, "numbers", "first >= 0 AND last >= first AND last - first < 10000"),
        check(table, "width", "width BETWEEN 1 AND 12"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "issued_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_range")),
    )
    op.create_index("ix_tag_range_numbers", table, ["prefix", "width", "first"])
    op.create_index("ix_tag_range_cooperative", table, ["cooperative_id", "issued_at"])


def _tags() -> None:
    table = "tag"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("range_id", sa.Uuid(), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", TIME, nullable=False),
        check(table, "state", "state IN ('used','void','lost')"),
        check(table, "reason", "state = 'used' OR reason <> ''"),
        check(table, "used_by_a_lot", "state <> 'used' OR lot_id IS NOT NULL"),
        foreign(table, "range_id", "tag_range"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "lot_id", "lot"),
        foreign(table, "changed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("number", name=op.f("uq_tag_number")),
    )
    op.create_index("ix_tag_range", table, ["range_id", "number"])
    op.create_index("ix_tag_lot", table, ["lot_id"])


def downgrade() -> None:
    """Take back."""
    for table in ("tag", "tag_range", "custody_amount", "custody_event"):
        op.drop_table(table)
    op.get_bind().connection.driver_connection.execute("DROP FUNCTION custody_model_only_weakens()")
