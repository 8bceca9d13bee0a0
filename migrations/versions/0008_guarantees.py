"""What the database itself guarantees: sealed journals, balances without overdraft, records nobody can change.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Rows that are written once. (reference_rate: a correction supersedes, it does not overwrite.)
WRITE_ONCE = (
    "audit_target",
    "decision",
    "ledger_account",
    "ledger_journal",
    "ledger_posting",
    "lot_version",
    "order_step",
    "price_band",
    "provider_entry",
    "reference_rate",
)

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '% on %: rows of this table are never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
AUDIT = """
CREATE FUNCTION audit_event_only_idx() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.idx IS NOT NULL OR NEW.idx IS NULL
       OR (to_jsonb(OLD) - 'idx') IS DISTINCT FROM (to_jsonb(NEW) - 'idx') THEN
        RAISE EXCEPTION 'audit_event: only an unset idx may be set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_idx BEFORE UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_only_idx();
CREATE TRIGGER no_delete BEFORE DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION audit_disclosure_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.encoded IS NOT NULL
       OR (to_jsonb(OLD) - 'encoded') IS DISTINCT FROM (to_jsonb(NEW) - 'encoded') THEN
        RAISE EXCEPTION 'audit_disclosure: it may only be erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_erase BEFORE UPDATE ON audit_disclosure
    FOR EACH ROW EXECUTE FUNCTION audit_disclosure_only_erase();
CREATE TRIGGER no_delete BEFORE DELETE ON audit_disclosure FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
LEDGER = """
CREATE FUNCTION ledger_posting_not_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM ledger_journal WHERE id = NEW.journal_id) THEN
        RAISE EXCEPTION 'journal % is sealed', NEW.journal_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_sealed BEFORE INSERT ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_posting_not_sealed();

CREATE FUNCTION ledger_journal_complete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found integer; BEGIN
    SELECT count(*) INTO found FROM ledger_posting WHERE journal_id = NEW.id;
    IF found <> NEW.lines THEN
        RAISE EXCEPTION 'journal % has % postings, not %', NEW.id, found, NEW.lines
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER complete AFTER INSERT ON ledger_journal FOR EACH ROW EXECUTE FUNCTION ledger_journal_complete();

CREATE FUNCTION ledger_open_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$ BEGIN
    IF NEW.tracked THEN
        INSERT INTO ledger_balance (account_id, rule, balance) VALUES (NEW.id, NEW.rule, 0);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER open_balance AFTER INSERT ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_open_balance();

-- Balances move in the order of account ids, so that two journals never wait for one another in a circle.
CREATE FUNCTION ledger_move_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$ DECLARE moved record; BEGIN
    FOR moved IN
        SELECT account_id, sum(amount) AS amount FROM (
            SELECT debit_account AS account_id, amount FROM added
            UNION ALL SELECT credit_account, -amount FROM added
        ) AS sides GROUP BY account_id ORDER BY account_id
    LOOP
        UPDATE ledger_balance SET balance = balance + moved.amount WHERE account_id = moved.account_id;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER move_balance AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_move_balance();
"""
ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
        CREATE ROLE marketplace_app NOLOGIN;
    END IF;
    EXECUTE format('GRANT marketplace_app TO %I', session_user);
EXCEPTION WHEN insufficient_privilege OR unique_violation OR duplicate_object THEN
    RAISE NOTICE 'role marketplace_app: %', SQLERRM;
END $$
"""
RIGHTS = """
DO $$ DECLARE name text; BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN RETURN; END IF;
    GRANT USAGE ON SCHEMA public TO marketplace_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO marketplace_app;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO marketplace_app;
    FOREACH name IN ARRAY ARRAY[{names}] LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM marketplace_app', name);
    END LOOP;
    REVOKE UPDATE, DELETE ON audit_event, audit_disclosure FROM marketplace_app;
    GRANT UPDATE (idx) ON audit_event TO marketplace_app;
    GRANT UPDATE (encoded) ON audit_disclosure TO marketplace_app;
    REVOKE INSERT, UPDATE, DELETE ON ledger_balance FROM marketplace_app;
    REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM marketplace_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO marketplace_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO marketplace_app;
END $$
"""
TAKE_BACK_RIGHTS = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN RETURN; END IF;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM marketplace_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM marketplace_app;
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM marketplace_app;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM marketplace_app;
    REVOKE USAGE ON SCHEMA public FROM marketplace_app;
END $$
"""
FUNCTIONS = (
    "ledger_move_balance",
    "ledger_open_balance",
    "ledger_journal_complete",
    "ledger_posting_not_sealed",
    "audit_disclosure_only_erase",
    "audit_event_only_idx",
    "refuse_change",
)


def upgrade() -> None:
    """Apply."""
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    run(REFUSE)
    for table in WRITE_ONCE:
        run(f"CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        run(
            f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    run(AUDIT)
    run(LEDGER)
    run(ROLE)
    run(RIGHTS.replace("{names}", ", ".join(f"'{table}'" for table in WRITE_ONCE)))


def downgrade() -> None:
    """Take back."""
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    run(TAKE_BACK_RIGHTS)
    for function in FUNCTIONS:
        run(f"DROP FUNCTION {function}() CASCADE")
