"""Several currencies, notes of finance, the daily report of the books, and snapshots of summed accounts.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WRITE_ONCE = ("ledger_snapshot", "order_exchange", "finance_note", "daily_report")

GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$
"""


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "ledger_journal",
        sa.Column("rate_ids", postgresql.ARRAY(sa.String()), nullable=False, server_default=sa.text("'{}'")),
    )
    _ledger_snapshot()
    _order_exchange()
    _payout_exchange()
    _finance_note()
    _daily_report()
    for table in WRITE_ONCE:
        op.get_bind().connection.driver_connection.execute(GUARD.replace("{table}", table))


def downgrade() -> None:
    """Take back."""
    for table in ("daily_report", "finance_note", "payout_exchange", "order_exchange", "ledger_snapshot"):
        op.drop_table(table)
    op.drop_column("ledger_journal", "rate_ids")


def _ledger_snapshot() -> None:
    op.create_table(
        "ledger_snapshot",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("debit", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("debit >= 0 AND credit >= 0", name=op.f("ck_ledger_snapshot_sums")),
        sa.ForeignKeyConstraint(["account_id"], ["ledger_account.id"], name=op.f("fk_ledger_snapshot_account_id")),
        sa.PrimaryKeyConstraint("account_id", "day", name=op.f("pk_ledger_snapshot")),
    )


def _order_exchange() -> None:
    op.create_table(
        "order_exchange",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("price_currency", sa.String(length=3), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_currency", sa.String(length=3), nullable=False),
        sa.Column("worth_minor", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Numeric(), nullable=False),
        sa.Column("rate_ids", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("sources", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price_currency <> paid_currency", name=op.f("ck_order_exchange_two_currencies")),
        sa.CheckConstraint("price_minor > 0 AND paid_minor > 0", name=op.f("ck_order_exchange_amounts")),
        sa.CheckConstraint("cardinality(rate_ids) > 0", name=op.f("ck_order_exchange_rates")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_exchange_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_exchange")),
    )


def _payout_exchange() -> None:
    op.create_table(
        "payout_exchange",
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("given_minor", sa.BigInteger(), nullable=False),
        sa.Column("given_currency", sa.String(length=3), nullable=False),
        sa.Column("worth_minor", sa.BigInteger(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("bank_rate", sa.Numeric(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("rate_ids", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("given_minor > 0 AND cost_minor > 0", name=op.f("ck_payout_exchange_amounts")),
        sa.CheckConstraint("cardinality(rate_ids) > 0", name=op.f("ck_payout_exchange_rates")),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_exchange_payout_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["user_account.id"], name=op.f("fk_payout_exchange_entered_by")),
        sa.PrimaryKeyConstraint("payout_id", name=op.f("pk_payout_exchange")),
    )


def _finance_note() -> None:
    op.create_table(
        "finance_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("about IN ('command','news','entry')", name=op.f("ck_finance_note_about")),
        sa.CheckConstraint("action IN ('retry','resolve')", name=op.f("ck_finance_note_action")),
        sa.ForeignKeyConstraint(["written_by"], ["user_account.id"], name=op.f("fk_finance_note_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finance_note")),
    )
    op.create_index("ix_finance_note_subject", "finance_note", ["about", "subject"])


def _daily_report() -> None:
    op.create_table(
        "daily_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("clearing_minor", sa.BigInteger(), nullable=False),
        sa.Column("provider_minor", sa.BigInteger(), nullable=False),
        sa.Column("bank_ledger_minor", sa.BigInteger(), nullable=False),
        sa.Column("bank_minor", sa.BigInteger(), nullable=True),
        sa.Column("is_even", sa.Boolean(), nullable=False),
        sa.Column("differences", postgresql.JSONB(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("books_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("run > 0 AND left_out >= 0", name=op.f("ck_daily_report_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_report")),
        sa.UniqueConstraint("day", "currency", "run", name=op.f("uq_daily_report_day_currency_run")),
    )
