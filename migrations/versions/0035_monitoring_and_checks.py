"""What is told for the monitoring report, and independent checks of lots.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SEXES = ("f", "m", "u")
AGE_BANDS = ("18-24", "25-34", "35-49", "50+", "unknown")
GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$;
"""


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, name: str, target: str = "user_account") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))


def key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}"))


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def some(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def entered(table: str) -> list[sa.schema.SchemaItem]:
    return [
        some("id", sa.Uuid()),
        some("cooperative_id", sa.Uuid()),
        some("entered_by", sa.Uuid()),
        some("entered_at", TIME),
        some("withdrawn_by", sa.Uuid(), nullable=True),
        some("withdrawn_at", TIME, nullable=True),
        check(table, "withdrawn_by_somebody", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "entered_by"),
        foreign(table, "withdrawn_by"),
        key(table, "id"),
    ]


def upgrade() -> None:
    """Apply."""
    _sheets()
    _payments()
    _trainings()
    _receipts()
    _officers()
    _checks()
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    run(GUARD.replace("{table}", "miner_payment"))


def _sheets() -> None:
    table = "miner_sheet"
    op.create_table(
        table,
        *entered(table),
        text("reference"),
        some("paid_on", sa.Date()),
        text("mineral"),
        some("currency", sa.String(3)),
        some("units_per_usd", sa.Numeric()),
        some("rate_id", sa.String(), nullable=True),
        some("payments", sa.Integer()),
        some("total_minor", sa.BigInteger()),
        text("sha256"),
        check(table, "mineral", "mineral IN ('gold', 'gem')"),
        check(table, "rate", "units_per_usd > 0"),
        check(table, "payments", "payments > 0 AND total_minor > 0"),
        sa.UniqueConstraint("reference", name=op.f("uq_miner_sheet_reference")),
    )
    op.create_index(
        "uq_miner_sheet_once",
        table,
        ["cooperative_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("ix_miner_sheet_paid_on", table, ["paid_on"])
    op.create_index("ix_miner_sheet_cooperative", table, ["cooperative_id", "entered_at"])


def _payments() -> None:
    table = "miner_payment"
    op.create_table(
        table,
        some("sheet_id", sa.Uuid()),
        some("position", sa.Integer()),
        *(text(name) for name in ("miner", "sex", "age_band")),
        some("amount_minor", sa.BigInteger()),
        check(table, "sex", f"sex IN {SEXES}"),
        check(table, "age_band", f"age_band IN {AGE_BANDS}"),
        check(table, "amount", "amount_minor > 0"),
        foreign(table, "sheet_id", "miner_sheet"),
        key(table, "sheet_id", "position"),
    )


def _trainings() -> None:
    table = "training_session"
    op.create_table(
        table,
        *entered(table),
        text("topic"),
        some("held_on", sa.Date()),
        some("women", sa.Integer()),
        some("men", sa.Integer()),
        check(table, "people", "women >= 0 AND men >= 0 AND women + men > 0"),
    )
    op.create_index("ix_training_session_held_on", table, ["held_on"])


def _receipts() -> None:
    table = "tax_receipt"
    op.create_table(
        table,
        *entered(table),
        text("authority"),
        text("number"),
        some("paid_on", sa.Date()),
        some("amount_minor", sa.BigInteger()),
        some("currency", sa.String(3)),
        some("units_per_usd", sa.Numeric()),
        some("rate_id", sa.String(), nullable=True),
        check(table, "amount", "amount_minor > 0"),
        check(table, "rate", "units_per_usd > 0"),
    )
    op.create_index(
        "uq_tax_receipt_once",
        table,
        ["authority", "number"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index("ix_tax_receipt_paid_on", table, ["paid_on"])


def _officers() -> None:
    table = "officer_count"
    op.create_table(
        table,
        *entered(table),
        some("counted_on", sa.Date()),
        some("officers", sa.Integer()),
        some("women", sa.Integer()),
        text("basis"),
        check(table, "women_among_officers", "women BETWEEN 0 AND officers AND officers > 0"),
    )
    op.create_index("ix_officer_count_counted_on", table, ["counted_on"])


def _checks() -> None:
    table = "lot_check"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        text("reference"),
        some("lot_id", sa.Uuid()),
        some("version_id", sa.Uuid()),
        text("version_sha256"),
        some("buyer_id", sa.Uuid()),
        some("asked_by", sa.Uuid()),
        some("asked_at", TIME),
        text("question"),
        text("state"),
        some("assigned_to", sa.Uuid(), nullable=True),
        some("assigned_by", sa.Uuid(), nullable=True),
        some("assigned_at", TIME, nullable=True),
        some("due_on", sa.Date(), nullable=True),
        *(some(name, sa.String(), nullable=True) for name in ("finding", "seen", "note", "decline_reason")),
        some("ended_at", TIME, nullable=True),
        check(table, "state", "state IN ('asked','assigned','done','declined','withdrawn')"),
        check(table, "finding", "finding IN ('as_described','differs','open')"),
        check(table, "seen", "seen IN ('photos','goods','laboratory')"),
        check(table, "not_who_asked", "assigned_to <> asked_by"),
        check(table, "assigned_to_somebody", "state NOT IN ('assigned','done') OR assigned_to IS NOT NULL"),
        check(
            table,
            "done_with_note",
            "(state = 'done') = (finding IS NOT NULL AND seen IS NOT NULL AND note IS NOT NULL)",
        ),
        check(table, "ended", "(state IN ('done','declined','withdrawn')) = (ended_at IS NOT NULL)"),
        check(table, "declined_with_reason", "state <> 'declined' OR decline_reason IS NOT NULL"),
        foreign(table, "lot_id", "lot"),
        foreign(table, "version_id", "lot_version"),
        foreign(table, "buyer_id", "buyer"),
        *(foreign(table, name) for name in ("asked_by", "assigned_to", "assigned_by")),
        key(table, "id"),
        sa.UniqueConstraint("reference", name=op.f("uq_lot_check_reference")),
    )
    open_ones = sa.text("state IN ('asked','assigned')")
    op.create_index("uq_lot_check_open", table, ["lot_id"], unique=True, postgresql_where=open_ones)
    op.create_index("ix_lot_check_lot", table, ["lot_id", "asked_at"])
    op.create_index("ix_lot_check_asked_at", table, ["asked_at", "id"])
    op.create_index("ix_lot_check_buyer", table, ["buyer_id", "asked_at"])


def downgrade() -> None:
    """Take back."""
    for table in ("lot_check", "officer_count", "tax_receipt", "training_session", "miner_payment", "miner_sheet"):
        op.drop_table(table)
