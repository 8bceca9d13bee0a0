"""Payouts that the provider transfers, that come back after they were confirmed, and what the bank's lines are about.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
LIVE = "uq_payout_order_live"
# Each constraint: its table, its name, the rule before and the rule from now on.
RULES = (
    (
        "payout",
        "confirmed_has_proof",
        "state <> 'confirmed' OR (confirmed_by IS NOT NULL AND proof IS NOT NULL)",
        "state <> 'confirmed' OR (proof IS NOT NULL AND (confirmed_by IS NOT NULL OR rail = 'stripe'))",
    ),
    (
        "payout_part",
        "failed_reason",
        "state <> 'failed' OR (failed_by IS NOT NULL AND failure IS NOT NULL)",
        "state <> 'failed' OR (failure IS NOT NULL AND (failed_by IS NOT NULL OR rail = 'stripe'))",
    ),
    (
        "bank_match",
        "kind",
        "kind IN ('payout','payout_return','send_back')",
        "kind IN ('payout','payout_return','send_back','provider_payout','provider_return')",
    ),
    (
        "bank_match",
        "about_part",
        "(kind = 'send_back') = (part_id IS NULL)",
        "(kind IN ('payout','payout_return')) = (part_id IS NOT NULL)",
    ),
    (
        "unmatched_receipt",
        "action",
        "action IN ('send_back','credit','owe_again','bank_charge')",
        "action IN ('send_back','credit','owe_again','bank_charge','bank_correction','explained')",
    ),
    (
        "unmatched_receipt",
        "two_people",
        "NOT needs_second OR decided_by IS NULL OR decided_by <> proposed_by",
        "NOT needs_second OR decided_by IS NULL OR decided_by <> proposed_by OR action = 'explained'",
    ),
)
ABOUT_JOURNAL = "(kind IN ('provider_payout','provider_return')) = (journal_ref IS NOT NULL)"
# What came back stays as it was noted; only who pays it again changes.
FROZEN = """
CREATE FUNCTION payout_return_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - 'repeat_id') IS DISTINCT FROM (to_jsonb(NEW) - 'repeat_id') THEN
        RAISE EXCEPTION 'payout_return: what came back is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON payout_return
    FOR EACH ROW EXECUTE FUNCTION payout_return_frozen();
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("payout", sa.Column("is_repeat", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("payout", "is_repeat", server_default=None)
    _live("state NOT IN ('failed','cancelled') AND NOT is_repeat")
    op.add_column("bank_payout", sa.Column("balance_transaction_id", sa.String(), nullable=True))
    op.create_unique_constraint(
        op.f("uq_bank_payout_balance_transaction_id"), "bank_payout", ["balance_transaction_id"]
    )
    op.add_column("bank_match", sa.Column("journal_ref", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_bank_match_journal_ref"), "bank_match", ["journal_ref"])
    _receipts()
    _returns()
    for table, name, _before, rule in RULES:
        _rule(table, name, rule)
    op.create_check_constraint(op.f("ck_bank_match_about_journal"), "bank_match", ABOUT_JOURNAL)


def _receipts() -> None:
    op.add_column(
        "unmatched_receipt", sa.Column("why", sa.String(), nullable=False, server_default="no_reference")
    )
    op.alter_column("unmatched_receipt", "why", server_default=None)
    op.add_column("unmatched_receipt", sa.Column("part_id", sa.Uuid(), nullable=True))
    op.add_column("unmatched_receipt", sa.Column("order_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_unmatched_receipt_order_id"), "unmatched_receipt", "orders", ["order_id"], ["id"]
    )


def _returns() -> None:
    keys = (("payout_id", "payout"), ("part_id", "payout_part"), ("noted_by", "user_account"), ("repeat_id", "payout"))
    checks = {
        "amount": "amount_minor > 0",
        "source": "source IN ('bank','provider','person')",
        "noted_by_somebody": "(noted_by IS NULL) = (source = 'provider')",
        "other_payout": "repeat_id <> payout_id",
    }
    op.create_table(
        "payout_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("returned_at", TIME, nullable=False),
        sa.Column("repeat_id", sa.Uuid(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_payout_return_{name}")) for name, rule in checks.items()),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_payout_return_{name}"))
            for name, table in keys
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_return")),
        sa.UniqueConstraint("part_id", name=op.f("uq_payout_return_part_id")),
        sa.UniqueConstraint("repeat_id", name=op.f("uq_payout_return_repeat_id")),
    )
    op.create_index("ix_payout_return_payout", "payout_return", ["payout_id"])
    op.get_bind().connection.driver_connection.execute(FROZEN)


def _live(where: str) -> None:
    op.drop_index(LIVE, "payout")
    op.create_index(LIVE, "payout", ["order_id"], unique=True, postgresql_where=sa.text(where))


def _rule(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def downgrade() -> None:
    """Take back."""
    op.drop_table("payout_return")
    op.get_bind().connection.driver_connection.execute("DROP FUNCTION payout_return_frozen()")
    op.drop_constraint(op.f("ck_bank_match_about_journal"), "bank_match", type_="check")
    for table, name, before, _rule_now in RULES:
        _rule(table, name, before)
    op.drop_constraint(op.f("fk_unmatched_receipt_order_id"), "unmatched_receipt", type_="foreignkey")
    for name in ("order_id", "part_id"):
        op.drop_column("unmatched_receipt", name)
    op.drop_column("unmatched_receipt", "why")
    op.drop_column("bank_match", "journal_ref")
    op.drop_column("bank_payout", "balance_transaction_id")
    _live("state NOT IN ('failed','cancelled')")
    op.drop_column("payout", "is_repeat")
