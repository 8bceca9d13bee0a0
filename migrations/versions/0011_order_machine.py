"""The whole machine of an order: verification, adjustments, returns, disputes with evidence, freezes.

An open problem used to hold an order in its state; it is a dispute now, which remembers the state it interrupted.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CLOSED_BEFORE = (
    "state NOT IN ('released','refunded','cancelled','expired')"
    " OR (deadline_at IS NULL AND next_due_at IS NULL AND closed_at IS NOT NULL)"
)
CLOSED_NOW = CLOSED_BEFORE.replace("'refunded',", "'refunded','split_settled',")
ROLES_BEFORE = "role IN ('moderator','curator','finance','auditor','administrator')"
ROLES_NOW = "role IN ('moderator','verifier','curator','finance','auditor','administrator')"
RESOLUTIONS_NOW = "resolution IN ('continue','withdrawn','settled','release','refund','split','return')"
RESOLUTIONS_BEFORE = "resolution IN ('continue','refund','withdrawn')"

REMEMBER_THE_STATE = """
UPDATE problem_report AS report SET
    opened_as = CASE WHEN reported_by IS NULL THEN 'clock' ELSE 'buyer' END,
    came_from = COALESCE((
        SELECT from_state FROM order_step AS step
        WHERE step.order_id = report.order_id AND step.at = report.reported_at
            AND step.action IN ('report_problem', 'report_late')
        ORDER BY step.id LIMIT 1), 'delivered')
"""
OPEN_REPORTS_ARE_DISPUTES = """
UPDATE problem_report AS report SET came_from = orders.state, deadline_was = orders.deadline_at
FROM orders WHERE orders.id = report.order_id AND report.resolved_at IS NULL
"""
HELD_ORDERS_ARE_DISPUTED = """
UPDATE orders SET disputed_from = orders.state, state = 'disputed', disputed_by = report.opened_as,
    state_since = report.reported_at,
    deadline_at = GREATEST(report.reported_at, orders.funded_at + interval '80 days'),
    next_due_at = report.reported_at + interval '5 days', reminded_stage = 0, reminded_at = NULL
FROM problem_report AS report WHERE report.order_id = orders.id AND report.resolved_at IS NULL
"""
BACKSTOP = "UPDATE orders SET backstop_at = funded_at + interval '80 days' WHERE funded_at IS NOT NULL"
DISPUTED_ORDERS_ARE_HELD = """
UPDATE orders SET held_since = orders.state_since, state = orders.disputed_from, deadline_at = report.deadline_was,
    next_due_at = NULL
FROM problem_report AS report
WHERE report.order_id = orders.id AND report.resolved_at IS NULL AND orders.state = 'disputed'
"""


def upgrade() -> None:
    """Apply."""
    _orders()
    _reports()
    op.execute(REMEMBER_THE_STATE)
    op.execute(OPEN_REPORTS_ARE_DISPUTES)
    op.execute(HELD_ORDERS_ARE_DISPUTED)
    op.execute(BACKSTOP)
    op.alter_column("problem_report", "opened_as", nullable=False)
    op.alter_column("problem_report", "came_from", nullable=False)
    op.drop_index("ix_orders_held", table_name="orders")
    op.drop_column("orders", "held_since")
    _shipments()
    _new_tables()
    op.drop_constraint(op.f("ck_staff_grant_role"), "staff_grant")
    op.create_check_constraint(op.f("ck_staff_grant_role"), "staff_grant", ROLES_NOW)


def downgrade() -> None:
    """Take back; orders in a state that did not exist before must have left it."""
    op.execute("DELETE FROM staff_grant WHERE role = 'verifier'")
    op.drop_constraint(op.f("ck_staff_grant_role"), "staff_grant")
    op.create_check_constraint(op.f("ck_staff_grant_role"), "staff_grant", ROLES_BEFORE)
    for table in ("order_freeze", "verification_report", "settlement_offer", "order_evidence"):
        op.drop_table(table)
    op.execute("DELETE FROM shipment WHERE leg <> 'out'")
    op.drop_constraint(op.f("ck_shipment_leg"), "shipment")
    op.drop_constraint(op.f("uq_shipment_order_id_leg"), "shipment")
    op.drop_column("shipment", "leg")
    op.create_unique_constraint(op.f("uq_shipment_order_id"), "shipment", ["order_id"])
    op.add_column("orders", sa.Column("held_since", sa.DateTime(timezone=True)))
    op.execute(DISPUTED_ORDERS_ARE_HELD)
    op.create_index("ix_orders_held", "orders", ["held_since"], postgresql_where="held_since IS NOT NULL")
    op.drop_constraint(op.f("ck_problem_report_resolution"), "problem_report")
    op.create_check_constraint(op.f("ck_problem_report_resolution"), "problem_report", RESOLUTIONS_BEFORE)
    for name in ("opened_as", "came_from", "deadline_was", "refund_minor", "by_rule"):
        op.drop_column("problem_report", name)
    op.drop_index("ix_orders_frozen", table_name="orders")
    for name in ("disputed_from_somewhere", "refund_within_price", "outcome", "closed_has_no_deadline"):
        op.drop_constraint(op.f(f"ck_orders_{name}"), "orders")
    op.create_check_constraint(op.f("ck_orders_closed_has_no_deadline"), "orders", CLOSED_BEFORE)
    for column in ORDER_COLUMNS:
        op.drop_column("orders", column)


ORDER_COLUMNS = (
    "proposed_refund_minor",
    "wants_verification",
    "extensions",
    "frozen_since",
    "disputed_from",
    "disputed_by",
    "settlement_by",
    "outcome",
    "is_appealable",
    "barred_reviewers",
    "refund_minor",
    "settled_split",
    "settled_net_minor",
    "backstop_at",
)


def _orders() -> None:
    for name in ("proposed_refund_minor", "refund_minor", "settled_net_minor"):
        op.add_column("orders", sa.Column(name, sa.BigInteger()))
    for name in ("frozen_since", "backstop_at"):
        op.add_column("orders", sa.Column(name, sa.DateTime(timezone=True)))
    for name in ("disputed_from", "disputed_by", "settlement_by", "outcome"):
        op.add_column("orders", sa.Column(name, sa.String()))
    op.add_column("orders", sa.Column("settled_split", postgresql.JSONB()))
    filled = {
        "wants_verification": sa.Column("wants_verification", sa.Boolean(), nullable=False, server_default="false"),
        "is_appealable": sa.Column("is_appealable", sa.Boolean(), nullable=False, server_default="true"),
        "extensions": sa.Column("extensions", sa.ARRAY(sa.String()), nullable=False, server_default="{}"),
        "barred_reviewers": sa.Column("barred_reviewers", sa.ARRAY(sa.Uuid()), nullable=False, server_default="{}"),
    }
    for name, column in filled.items():
        op.add_column("orders", column)
        op.alter_column("orders", name, server_default=None)
    op.drop_constraint(op.f("ck_orders_closed_has_no_deadline"), "orders")
    op.create_check_constraint(op.f("ck_orders_closed_has_no_deadline"), "orders", CLOSED_NOW)
    op.create_check_constraint(
        op.f("ck_orders_disputed_from_somewhere"), "orders", "state <> 'disputed' OR disputed_from IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_orders_refund_within_price"), "orders", "refund_minor BETWEEN 0 AND price_minor"
    )
    op.create_check_constraint(op.f("ck_orders_outcome"), "orders", "outcome IN ('release','refund','split','return')")
    op.create_index("ix_orders_frozen", "orders", ["frozen_since"], postgresql_where="frozen_since IS NOT NULL")


def _reports() -> None:
    op.add_column("problem_report", sa.Column("opened_as", sa.String()))
    op.add_column("problem_report", sa.Column("came_from", sa.String()))
    op.add_column("problem_report", sa.Column("deadline_was", sa.DateTime(timezone=True)))
    op.add_column("problem_report", sa.Column("refund_minor", sa.BigInteger()))
    op.add_column("problem_report", sa.Column("by_rule", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("problem_report", "by_rule", server_default=None)
    op.drop_constraint(op.f("ck_problem_report_resolution"), "problem_report")
    op.create_check_constraint(op.f("ck_problem_report_resolution"), "problem_report", RESOLUTIONS_NOW)


def _shipments() -> None:
    op.add_column("shipment", sa.Column("leg", sa.String(), nullable=False, server_default="out"))
    op.alter_column("shipment", "leg", server_default=None)
    op.drop_constraint(op.f("uq_shipment_order_id"), "shipment")
    op.create_unique_constraint(op.f("uq_shipment_order_id_leg"), "shipment", ["order_id", "leg"])
    op.create_check_constraint(op.f("ck_shipment_leg"), "shipment", "leg IN ('out','onward','back')")


def _new_tables() -> None:
    _table(
        "order_evidence",
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("photo_sha256", sa.String()),
        sa.Column("photo_width", sa.Integer()),
        *_by("given"),
        sa.CheckConstraint(
            "party IN ('buyer','cooperative','verifier','moderator')", name=op.f("ck_order_evidence_party")
        ),
    )
    _table(
        "settlement_offer",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("refund_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        *_by("made"),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kind IN ('adjustment','settlement')", name=op.f("ck_settlement_offer_kind")),
        sa.CheckConstraint("party IN ('buyer','cooperative')", name=op.f("ck_settlement_offer_party")),
        sa.CheckConstraint(
            "state IN ('open','accepted','declined','replaced','withdrawn','lapsed')",
            name=op.f("ck_settlement_offer_state"),
        ),
        sa.CheckConstraint("refund_minor >= 0", name=op.f("ck_settlement_offer_refund")),
    )
    op.create_index(
        "one_open_settlement", "settlement_offer", ["order_id"], unique=True, postgresql_where="state = 'open'"
    )
    _table(
        "verification_report",
        sa.Column("is_match", sa.Boolean(), nullable=False),
        sa.Column("seal_intact", sa.Boolean(), nullable=False),
        sa.Column("weight_mg", sa.BigInteger(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        *_by("verified"),
    )
    _table(
        "order_freeze",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        *_by("frozen", is_optional=True),
        *_by("lifted", is_optional=True),
        sa.Column("lift_reason", sa.String()),
        sa.CheckConstraint("kind IN ('chargeback','compliance')", name=op.f("ck_order_freeze_kind")),
        sa.CheckConstraint("lifted_by <> frozen_by", name=op.f("ck_order_freeze_two_people")),
    )
    op.alter_column("order_freeze", "frozen_at", nullable=False)
    op.create_index(
        "one_open_freeze", "order_freeze", ["order_id", "kind"], unique=True, postgresql_where="lifted_at IS NULL"
    )


def _by(verb: str, *, is_optional: bool = False) -> tuple[sa.Column[object], ...]:
    return (
        sa.Column(f"{verb}_by", sa.Uuid(), nullable=is_optional),
        sa.Column(f"{verb}_at", sa.DateTime(timezone=True), nullable=is_optional),
    )


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    people = [
        sa.ForeignKeyConstraint([part.name], ["user_account.id"], name=op.f(f"fk_{name}_{part.name}"))
        for part in parts
        if isinstance(part, sa.Column) and str(part.name).endswith("_by")
    ]
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        *parts,
        *people,
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f(f"fk_{name}_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_order_id"), name, ["order_id"])
