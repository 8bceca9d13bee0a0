"""Parts of payouts, batches, the bank's statements, receipts nothing explains, cash receipts.

Revision ID: 0014
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

WRITE_ONCE = ("bank_statement", "bank_entry", "bank_match", "cash_receipt")
TABLES = (
    "cash_receipt", "bank_match", "unmatched_receipt", "bank_entry", "bank_statement", "payout_part", "payout_batch",
)
# Payouts made before there were parts have one part each.
OLD_PAYOUTS = """
INSERT INTO payout_part (id, payout_id, number, attempt, day, reference, rail, amount_minor, currency, state,
    sent_by, sent_at, external_reference, confirmed_by, confirmed_at, proof, failed_by, failed_at, failure)
SELECT gen_random_uuid(), id, 1, 1, 0, reference || '-1', rail, amount_minor, currency,
    CASE WHEN state IN ('prepared','approved') THEN 'waiting' ELSE state END,
    sent_by, sent_at, external_reference, confirmed_by, confirmed_at, proof,
    CASE WHEN state = 'failed' THEN sent_by END, CASE WHEN state = 'failed' THEN sent_at END, failure
FROM payout;
"""
GUARD = """
CREATE FUNCTION payout_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (OLD.payout_id, OLD.number, OLD.attempt, OLD.reference, OLD.amount_minor, OLD.currency)
       IS DISTINCT FROM (NEW.payout_id, NEW.number, NEW.attempt, NEW.reference, NEW.amount_minor, NEW.currency)
       OR (OLD.state IN ('failed','cancelled','confirmed') AND OLD.state <> NEW.state) THEN
        RAISE EXCEPTION 'payout_part: amount and name are frozen, an ended part stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON payout_part FOR EACH ROW EXECUTE FUNCTION payout_part_frozen();

CREATE FUNCTION payout_parts_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whole bigint; parts bigint; BEGIN
    SELECT amount_minor INTO whole FROM payout WHERE id = NEW.payout_id;
    SELECT sum(amount_minor) INTO parts FROM payout_part WHERE payout_id = NEW.payout_id AND attempt = 1;
    IF whole IS DISTINCT FROM parts THEN
        RAISE EXCEPTION 'payout %: its parts sum to %, not %', NEW.payout_id, parts, whole
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.attempt > 1 AND NOT EXISTS (
        SELECT 1 FROM payout_part WHERE payout_id = NEW.payout_id AND number = NEW.number
        AND attempt = NEW.attempt - 1 AND state = 'failed' AND amount_minor = NEW.amount_minor
        AND failed_by = NEW.failed_before_by
    ) THEN
        RAISE EXCEPTION 'payout_part: a new try follows a failed one of the same amount'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER parts_sum AFTER INSERT ON payout_part DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payout_parts_sum();

CREATE FUNCTION payout_batch_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (to_jsonb(OLD) - 'state' - 'sent_by' - 'sent_at') IS DISTINCT FROM
       (to_jsonb(NEW) - 'state' - 'sent_by' - 'sent_at') OR OLD.state <> 'made' THEN
        RAISE EXCEPTION 'payout_batch: the content is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON payout_batch FOR EACH ROW EXECUTE FUNCTION payout_batch_frozen();
"""
ONCE = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$
"""
RAIL = "ck_payout_destination_rail"


def upgrade() -> None:
    """Apply."""
    op.drop_constraint(op.f(RAIL), "payout_destination", type_="check")
    op.create_check_constraint(op.f(RAIL), "payout_destination", "rail IN ('bank','mobile_money','cash','stripe')")
    op.create_table(
        "payout_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("rail", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("transfers", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("execute_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('transfers > 0 AND total_minor > 0', name=op.f("ck_payout_batch_content")),
        sa.CheckConstraint("(state = 'sent') = (sent_by IS NOT NULL)", name=op.f("ck_payout_batch_sent_by_somebody")),
        sa.CheckConstraint("state IN ('made','sent','cancelled')", name=op.f("ck_payout_batch_state")),
        sa.CheckConstraint('sent_by IS NULL OR sent_by <> made_by', name=op.f("ck_payout_batch_two_people")),
        sa.ForeignKeyConstraint(['made_by'], ['user_account.id'], name=op.f("fk_payout_batch_made_by")),
        sa.ForeignKeyConstraint(['sent_by'], ['user_account.id'], name=op.f("fk_payout_batch_sent_by")),
        sa.PrimaryKeyConstraint('id', name=op.f("pk_payout_batch")),
        sa.UniqueConstraint('reference', name=op.f("uq_payout_batch_reference")),
    )
    op.create_index("ix_payout_batch_made", "payout_batch", ['made_at'], unique=False)
    op.create_table(
        "payout_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("rail", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("failed_before_by", sa.Uuid(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("external_reference", sa.String(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof", sa.String(), nullable=True),
        sa.Column("failed_by", sa.Uuid(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.CheckConstraint('amount_minor > 0 AND number > 0 AND attempt > 0', name=op.f("ck_payout_part_amount")),
        sa.CheckConstraint("state <> 'confirmed' OR proof IS NOT NULL", name=op.f("ck_payout_part_confirmed_proof")),
        sa.CheckConstraint("state <> 'failed' OR (failed_by IS NOT NULL AND failure IS NOT NULL)", name=op.f("ck_payout_part_failed_reason")),
        sa.CheckConstraint('(attempt > 1) = (made_by IS NOT NULL AND failed_before_by IS NOT NULL)', name=op.f("ck_payout_part_retried")),
        sa.CheckConstraint("state IN ('waiting','cancelled') OR external_reference IS NOT NULL", name=op.f("ck_payout_part_sent_reference")),
        sa.CheckConstraint("state IN ('waiting','sent','confirmed','failed','cancelled')", name=op.f("ck_payout_part_state")),
        sa.CheckConstraint('made_by <> failed_before_by', name=op.f("ck_payout_part_two_people")),
        sa.ForeignKeyConstraint(['batch_id'], ['payout_batch.id'], name=op.f("fk_payout_part_batch_id")),
        sa.ForeignKeyConstraint(['confirmed_by'], ['user_account.id'], name=op.f("fk_payout_part_confirmed_by")),
        sa.ForeignKeyConstraint(['failed_before_by'], ['user_account.id'], name=op.f("fk_payout_part_failed_before_by")),
        sa.ForeignKeyConstraint(['failed_by'], ['user_account.id'], name=op.f("fk_payout_part_failed_by")),
        sa.ForeignKeyConstraint(['made_by'], ['user_account.id'], name=op.f("fk_payout_part_made_by")),
        sa.ForeignKeyConstraint(['payout_id'], ['payout.id'], name=op.f("fk_payout_part_payout_id")),
        sa.ForeignKeyConstraint(['sent_by'], ['user_account.id'], name=op.f("fk_payout_part_sent_by")),
        sa.PrimaryKeyConstraint('id', name=op.f("pk_payout_part")),
        sa.UniqueConstraint('payout_id', 'number', 'attempt', name=op.f("uq_payout_part_payout_id_number_attempt")),
        sa.UniqueConstraint('rail', 'external_reference', name=op.f("uq_payout_part_rail_external_reference")),
        sa.UniqueConstraint('reference', name=op.f("uq_payout_part_reference")),
    )
    op.create_index("ix_payout_part_batch_id", "payout_part", ['batch_id'], unique=False)
    op.create_index("uq_payout_part_live", "payout_part", ['payout_id', 'number'], unique=True, postgresql_where=sa.text("state NOT IN ('failed')"))
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opening_minor", sa.BigInteger(), nullable=True),
        sa.Column("closing_minor", sa.BigInteger(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("new_entries", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.Uuid(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('(opening_minor IS NULL) = (closing_minor IS NULL)', name=op.f("ck_bank_statement_both_balances")),
        sa.CheckConstraint("kind IN ('camt053','camt054','csv')", name=op.f("ck_bank_statement_kind")),
        sa.ForeignKeyConstraint(['imported_by'], ['user_account.id'], name=op.f("fk_bank_statement_imported_by")),
        sa.PrimaryKeyConstraint('id', name=op.f("pk_bank_statement")),
        sa.UniqueConstraint('sha256', 'place', name=op.f("uq_bank_statement_sha256_place")),
    )
    op.create_index("ix_bank_statement_day", "bank_statement", ['account', 'currency', 'last_day'], unique=False)
    op.create_table(
        "bank_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("end_to_end_id", sa.String(), nullable=False),
        sa.Column("remittance", sa.String(), nullable=False),
        sa.Column("counterparty", sa.String(), nullable=False),
        sa.CheckConstraint('amount_minor <> 0', name=op.f("ck_bank_entry_amount")),
        sa.ForeignKeyConstraint(['statement_id'], ['bank_statement.id'], name=op.f("fk_bank_entry_statement_id")),
        sa.PrimaryKeyConstraint('id', name=op.f("pk_bank_entry")),
        sa.UniqueConstraint('account', 'currency', 'reference', name=op.f("uq_bank_entry_account_currency_reference")),
    )
    op.create_index("ix_bank_entry_statement_id", "bank_entry", ['statement_id'], unique=False)
    op.create_table(
        "unmatched_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("buyer_id", sa.Uuid(), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("action IN ('send_back','credit','owe_again','bank_charge')", name=op.f("ck_unmatched_receipt_action")),
        sa.CheckConstraint("(state = 'done') = (decided_by IS NOT NULL)", name=op.f("ck_unmatched_receipt_done_by_somebody")),
        sa.CheckConstraint("(state = 'open') = (action IS NULL)", name=op.f("ck_unmatched_receipt_open_without_action")),
        sa.CheckConstraint("state = 'open' OR (proposed_by IS NOT NULL AND length(reason) > 0)", name=op.f("ck_unmatched_receipt_proposed_with_reason")),
        sa.CheckConstraint("state IN ('open','proposed','done')", name=op.f("ck_unmatched_receipt_state")),
        sa.CheckConstraint('NOT needs_second OR decided_by IS NULL OR decided_by <> proposed_by', name=op.f("ck_unmatched_receipt_two_people")),
        sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f("fk_unmatched_receipt_buyer_id")),
        sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f("fk_unmatched_receipt_cooperative_id")),
        sa.ForeignKeyConstraint(['decided_by'], ['user_account.id'], name=op.f("fk_unmatched_receipt_decided_by")),
        sa.ForeignKeyConstraint(['entry_id'], ['bank_entry.id'], name=op.f("fk_unmatched_receipt_entry_id")),
        sa.ForeignKeyConstraint(['proposed_by'], ['user_account.id'], name=op.f("fk_unmatched_receipt_proposed_by")),
        sa.PrimaryKeyConstraint('id', name=op.f("pk_unmatched_receipt")),
        sa.UniqueConstraint('entry_id', name=op.f("uq_unmatched_receipt_entry_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_unmatched_receipt_reference")),
    )
    op.create_index("ix_unmatched_receipt_state", "unmatched_receipt", ['state', 'id'], unique=False)
    op.create_table(
        "bank_match",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("receipt_id", sa.Uuid(), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('payout','payout_return','send_back')", name=op.f("ck_bank_match_kind")),
        sa.ForeignKeyConstraint(['entry_id'], ['bank_entry.id'], name=op.f("fk_bank_match_entry_id")),
        sa.CheckConstraint("(kind = 'send_back') = (receipt_id IS NOT NULL)", name=op.f("ck_bank_match_about_receipt")),
        sa.CheckConstraint("(kind = 'send_back') = (part_id IS NULL)", name=op.f("ck_bank_match_about_part")),
        sa.ForeignKeyConstraint(['receipt_id'], ['unmatched_receipt.id'], name=op.f("fk_bank_match_receipt_id")),
        sa.ForeignKeyConstraint(['part_id'], ['payout_part.id'], name=op.f("fk_bank_match_part_id")),
        sa.PrimaryKeyConstraint('entry_id', name=op.f("pk_bank_match")),
        sa.UniqueConstraint('part_id', 'kind', name=op.f("uq_bank_match_part_id_kind")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_bank_match_receipt_id")),
    )
    op.create_table(
        "cash_receipt",
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("witness_one", sa.String(), nullable=False),
        sa.Column("witness_two", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('webp','pdf')", name=op.f("ck_cash_receipt_kind")),
        sa.CheckConstraint('witness_one <> witness_two AND receiver NOT IN (witness_one, witness_two)', name=op.f("ck_cash_receipt_witnesses")),
        sa.ForeignKeyConstraint(['part_id'], ['payout_part.id'], name=op.f("fk_cash_receipt_part_id")),
        sa.ForeignKeyConstraint(['uploaded_by'], ['user_account.id'], name=op.f("fk_cash_receipt_uploaded_by")),
        sa.PrimaryKeyConstraint('part_id', name=op.f("pk_cash_receipt")),
        sa.UniqueConstraint('sha256', name=op.f("uq_cash_receipt_sha256")),
    )
    run = op.get_bind().connection.driver_connection.execute
    run(OLD_PAYOUTS)
    run(GUARD)
    for table in WRITE_ONCE:
        run(ONCE.replace("{table}", table))


def downgrade() -> None:
    """Take back."""
    for table in TABLES:
        op.drop_table(table)
    for name in ("payout_part_frozen", "payout_parts_sum", "payout_batch_frozen"):
        op.get_bind().connection.driver_connection.execute(f"DROP FUNCTION {name}()")
    op.drop_constraint(op.f(RAIL), "payout_destination", type_="check")
    op.create_check_constraint(op.f(RAIL), "payout_destination", "rail IN ('bank','mobile_money')")
