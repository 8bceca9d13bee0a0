"""Limits of buyers, force majeure, alarms about long holds, and compliance holds.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)

# No money leaves for a cooperative while compliance looks at it. The cooperative's row is locked on both sides: who
# sets a hold waits for a payout that is being sent, and who sends one sees every hold that was set before.
NO_PAYOUT = """
CREATE FUNCTION payout_not_under_hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM cooperative WHERE id = NEW.cooperative_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM compliance_hold AS hold WHERE hold.lifted_at IS NULL
        AND (hold.order_id = NEW.order_id OR (hold.stops_cooperative AND hold.cooperative_id = NEW.cooperative_id))
    ) THEN
        RAISE EXCEPTION 'payout % is under a compliance hold', NEW.reference USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_under_hold BEFORE INSERT OR UPDATE ON payout FOR EACH ROW
    WHEN (NEW.state = 'sent') EXECUTE FUNCTION payout_not_under_hold();
"""


def person(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def people(table: str, *names: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_{table}_{name}")) for name in names]


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    """Apply."""
    op.add_column("buyer", sa.Column("limit_asked_at", TIME, nullable=True))
    _buyers()
    _regions()
    _holds()
    op.get_bind().connection.driver_connection.execute(NO_PAYOUT)


def _buyers() -> None:
    op.create_table(
        "buyer_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        person("entered_by"),
        sa.Column("entered_at", TIME, nullable=False),
        check("buyer_mark", "kind", "kind IN ('registration','payment')"),
        check("buyer_mark", "value", "value <> ''"),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_buyer_mark_buyer_id")),
        *people("buyer_mark", "entered_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_mark")),
        sa.UniqueConstraint("buyer_id", "kind", "value", name=op.f("uq_buyer_mark_buyer_id_kind_value")),
    )
    op.create_index("ix_buyer_mark_value", "buyer_mark", ["kind", "value"])
    op.create_table(
        "limit_clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("up_to_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        person("proposed_by", nullable=False),
        sa.Column("proposed_at", TIME, nullable=False),
        person("confirmed_by"),
        sa.Column("confirmed_at", TIME, nullable=True),
        person("ended_by"),
        sa.Column("ended_at", TIME, nullable=True),
        check("limit_clearance", "up_to", "up_to_minor > 0"),
        check("limit_clearance", "two_people", "confirmed_by <> proposed_by"),
        check("limit_clearance", "confirmed_by_somebody", "(confirmed_by IS NULL) = (confirmed_at IS NULL)"),
        check("limit_clearance", "ended_by_somebody", "(ended_by IS NULL) = (ended_at IS NULL)"),
        check("limit_clearance", "expires", "expires_at > proposed_at"),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_limit_clearance_buyer_id")),
        *people("limit_clearance", "proposed_by", "confirmed_by", "ended_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_clearance")),
    )
    op.create_index("ix_limit_clearance_buyer", "limit_clearance", ["buyer_id", "expires_at"])
    op.create_index(
        "uq_limit_clearance_waiting",
        "limit_clearance",
        ["buyer_id"],
        unique=True,
        postgresql_where="confirmed_at IS NULL AND ended_at IS NULL",
    )


def _regions() -> None:
    op.create_table(
        "force_majeure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        person("declared_by", nullable=False),
        sa.Column("declared_at", TIME, nullable=False),
        person("confirmed_by"),
        sa.Column("confirmed_at", TIME, nullable=True),
        person("ended_by"),
        sa.Column("ended_at", TIME, nullable=True),
        check("force_majeure", "period", "ends_at > starts_at"),
        check("force_majeure", "two_people", "confirmed_by <> declared_by"),
        check("force_majeure", "confirmed_by_somebody", "(confirmed_by IS NULL) = (confirmed_at IS NULL)"),
        check("force_majeure", "ended_by_somebody", "(ended_by IS NULL) = (ended_at IS NULL)"),
        *people("force_majeure", "declared_by", "confirmed_by", "ended_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_force_majeure")),
    )
    op.create_index("ix_force_majeure_country", "force_majeure", ["country", "ends_at"])
    op.create_table(
        "deadline_pause",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("state_since", TIME, nullable=False),
        sa.Column("given", sa.Interval(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        check("deadline_pause", "given", "given >= interval '0'"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_deadline_pause_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_deadline_pause")),
    )


def _holds() -> None:
    op.create_table(
        "hold_alarm",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("sent_at", TIME, nullable=False),
        check("hold_alarm", "stage", "stage IN (1, 2)"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_hold_alarm_order_id")),
        sa.PrimaryKeyConstraint("order_id", "stage", name=op.f("pk_hold_alarm")),
    )
    op.create_table(
        "compliance_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("stops_cooperative", sa.Boolean(), nullable=False),
        person("set_by", nullable=False),
        sa.Column("set_at", TIME, nullable=False),
        person("lifted_by"),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.Column("lifted_reason", sa.String(), nullable=True),
        check("compliance_hold", "ground", "ground IN ('screening','papers','other')"),
        check("compliance_hold", "two_people", "lifted_by <> set_by"),
        check("compliance_hold", "lifted_by_somebody", "(lifted_by IS NULL) = (lifted_at IS NULL)"),
        check("compliance_hold", "lifted_with_reason", "(lifted_at IS NULL) = (lifted_reason IS NULL)"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_compliance_hold_order_id")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_compliance_hold_cooperative_id")
        ),
        *people("compliance_hold", "set_by", "lifted_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_hold")),
    )
    op.create_index(op.f("ix_compliance_hold_order_id"), "compliance_hold", ["order_id"])
    op.create_index(
        "uq_compliance_hold_open", "compliance_hold", ["order_id"], unique=True, postgresql_where="lifted_at IS NULL"
    )
    op.create_index(
        "ix_compliance_hold_cooperative", "compliance_hold", ["cooperative_id"], postgresql_where="lifted_at IS NULL"
    )


def downgrade() -> None:
    """Take back."""
    op.get_bind().connection.driver_connection.execute("DROP FUNCTION payout_not_under_hold() CASCADE")
    for table in ("compliance_hold", "hold_alarm", "deadline_pause", "force_majeure", "limit_clearance", "buyer_mark"):
        op.drop_table(table)
    op.drop_column("buyer", "limit_asked_at")
