"""Bank transfers, chargebacks, recipients, transfers and payouts at the payment provider.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OLD_COMMANDS = "'checkout','expiry','refund'"
COMMANDS = OLD_COMMANDS + ",'evidence','dispute_close','recipient','onboarding','transfer','reversal','bank_payout'"
OLD_PROBLEMS = "'unknown_order','other_order','other_amount','unknown_refund','not_found','refused','late'"
PROBLEMS = OLD_PROBLEMS + ",'chargeback','credit','returned'"


def _minor(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _currency() -> sa.Column[str]:
    return sa.Column("currency", sa.String(length=3), nullable=False)


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _unique(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def _kinds(table: str, kinds: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_kind"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_kind"), table, f"kind IN ({kinds})")


def upgrade() -> None:
    """Apply."""
    op.add_column("payment", sa.Column("method", sa.String(), nullable=False, server_default="card"))
    op.alter_column("payment", "method", server_default=None)
    op.add_column("payment", _id("buyer_id", nullable=True))
    op.create_foreign_key(op.f("fk_payment_buyer_id"), "payment", "buyer", ["buyer_id"], ["id"])
    op.add_column("payment", sa.Column("missing_minor", sa.BigInteger(), nullable=True))
    op.add_column("payment", _time("started_at", nullable=True))
    op.create_check_constraint(op.f("ck_payment_method"), "payment", "method IN ('card','bank_transfer')")
    op.create_check_constraint(
        op.f("ck_payment_transfer_has_buyer"), "payment", "(method = 'bank_transfer') = (buyer_id IS NOT NULL)"
    )
    _kinds("provider_command", COMMANDS)
    _kinds("payment_problem", PROBLEMS)
    _create_customers()
    _create_chargebacks()
    _create_recipients()
    _create_transfers()
    _create_payouts()


def _create_customers() -> None:
    table = "provider_customer"
    op.create_table(
        table,
        _id("id"), _id("buyer_id"), _id("user_id"), _text("provider_ref"), _time("created_at"),
        _foreign(table, "buyer_id", "buyer"),
        _foreign(table, "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_customer")),
        _unique(table, "buyer_id"), _unique(table, "provider_ref"),
    )  # fmt: skip


def _create_chargebacks() -> None:
    table = "chargeback"
    op.create_table(
        table,
        _id("id"), _id("payment_id"), _id("order_id"), _text("provider_ref"), _text("state"), _text("reason"),
        _minor("amount_minor"), _currency(), _minor("frozen_minor"), _time("evidence_due", nullable=True),
        _text("evidence", nullable=True), _time("evidence_sent_at", nullable=True), _time("opened_at"),
        _time("closed_at", nullable=True),
        sa.CheckConstraint("state IN ('inquiry','open','won','lost')", name=op.f("ck_chargeback_state")),
        sa.CheckConstraint(
            "amount_minor > 0 AND frozen_minor BETWEEN 0 AND amount_minor", name=op.f("ck_chargeback_amount")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state IN ('inquiry','open'))", name=op.f("ck_chargeback_closed")
        ),
        _foreign(table, "payment_id", "payment"),
        _foreign(table, "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargeback")),
        _unique(table, "provider_ref"),
    )  # fmt: skip
    op.create_index(op.f("ix_chargeback_payment_id"), table, ["payment_id"])
    op.create_index(op.f("ix_chargeback_order_id"), table, ["order_id"])
    op.create_index("ix_chargeback_open", table, ["opened_at"], postgresql_where="closed_at IS NULL")


def _create_recipients() -> None:
    table = "recipient_account"
    op.create_table(
        table,
        _id("id"), _id("cooperative_id"), _text("country"), _text("state"), _text("provider_ref", nullable=True),
        sa.Column("wanted", postgresql.ARRAY(sa.String()), nullable=False), _text("link_url", nullable=True),
        _time("link_expires_at", nullable=True), _time("created_at"),
        sa.CheckConstraint(
            "state IN ('requested','onboarding','ready','restricted','failed')", name=op.f("ck_recipient_account_state")
        ),
        sa.CheckConstraint(
            "state IN ('requested','failed') OR provider_ref IS NOT NULL", name=op.f("ck_recipient_account_known")
        ),
        _foreign(table, "cooperative_id", "cooperative"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_account")),
        _unique(table, "cooperative_id"), _unique(table, "provider_ref"),
    )  # fmt: skip


def _create_transfers() -> None:
    table = "provider_transfer"
    op.create_table(
        table,
        _id("id"), _id("payout_id"), _id("recipient_id"), _text("reference"), _text("state"), _minor("amount_minor"),
        _minor("reversed_minor"), _currency(), _text("provider_ref", nullable=True),
        _text("balance_transaction_id", nullable=True), _time("created_at"), _time("done_at", nullable=True),
        sa.CheckConstraint("state IN ('decided','sent','failed','reversed')", name=op.f("ck_provider_transfer_state")),
        sa.CheckConstraint(
            "amount_minor > 0 AND reversed_minor BETWEEN 0 AND amount_minor", name=op.f("ck_provider_transfer_amount")
        ),
        sa.CheckConstraint(
            "state IN ('decided','failed') OR provider_ref IS NOT NULL", name=op.f("ck_provider_transfer_sent_is_known")
        ),
        _foreign(table, "payout_id", "payout"),
        _foreign(table, "recipient_id", "recipient_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_transfer")),
        _unique(table, "payout_id"), _unique(table, "provider_ref"), _unique(table, "balance_transaction_id"),
    )  # fmt: skip
    op.create_index(op.f("ix_provider_transfer_recipient_id"), table, ["recipient_id"])


def _create_payouts() -> None:
    table = "bank_payout"
    op.create_table(
        table,
        _id("id"), _text("reference"), _text("state"), _minor("amount_minor"), _currency(),
        _text("provider_ref", nullable=True), _time("arrival", nullable=True), _text("failure", nullable=True),
        _id("requested_by", nullable=True), _time("created_at"), _time("done_at", nullable=True),
        sa.CheckConstraint(
            "state IN ('decided','pending','in_transit','paid','failed','canceled')", name=op.f("ck_bank_payout_state")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_bank_payout_amount")),
        sa.CheckConstraint(
            "state IN ('decided','failed') OR provider_ref IS NOT NULL", name=op.f("ck_bank_payout_sent_is_known")
        ),
        _foreign(table, "requested_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_payout")),
        _unique(table, "reference"), _unique(table, "provider_ref"),
    )  # fmt: skip


def downgrade() -> None:
    """Take back."""
    for table in ("bank_payout", "provider_transfer", "recipient_account", "chargeback", "provider_customer"):
        op.drop_table(table)
    op.execute("DELETE FROM payment_problem WHERE kind IN ('chargeback','credit','returned')")
    op.execute(f"DELETE FROM provider_command WHERE kind NOT IN ({OLD_COMMANDS})")
    _kinds("payment_problem", OLD_PROBLEMS)
    _kinds("provider_command", OLD_COMMANDS)
    op.drop_constraint(op.f("ck_payment_transfer_has_buyer"), "payment", type_="check")
    op.drop_constraint(op.f("ck_payment_method"), "payment", type_="check")
    for column in ("started_at", "missing_minor", "buyer_id", "method"):
        op.drop_column("payment", column)
