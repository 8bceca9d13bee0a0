"""Changes of approved lots by class, hints in photos, notes on cases, cases given to somebody, answers that never came.

A small correction may go on sale before a person looked at it. The database then holds that it differs from what people
approved in nothing but small things, that a review is owed, and that it is off sale once the review does not agree.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
CLASSES = ("", "cosmetic", "material", "identity")
MARKS = ("", "review", "paused")
# The same fields as lots/edit_classes.CORRECTABLE; words that are compared without their spaces and capitals.
CORRECTION = r"""
CREATE FUNCTION is_correction(before jsonb, after jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT before - ARRAY['weight_unit','group','reason_for_price','colour','dimensions','photos']
           = after - ARRAY['weight_unit','group','reason_for_price','colour','dimensions','photos']
       AND lower(btrim(regexp_replace(coalesce(before ->> 'colour', ''), '\s+', ' ', 'g')))
           = lower(btrim(regexp_replace(coalesce(after ->> 'colour', ''), '\s+', ' ', 'g')))
       AND lower(btrim(regexp_replace(coalesce(before ->> 'dimensions', ''), '\s+', ' ', 'g')))
           = lower(btrim(regexp_replace(coalesce(after ->> 'dimensions', ''), '\s+', ' ', 'g')))
       AND (SELECT array_agg(p ->> 'sha256' ORDER BY p ->> 'sha256') FROM jsonb_array_elements(before -> 'photos') AS p)
           IS NOT DISTINCT FROM
           (SELECT array_agg(p ->> 'sha256' ORDER BY p ->> 'sha256') FROM jsonb_array_elements(after -> 'photos') AS p)
$$;
CREATE FUNCTION last_approved(of_lot uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT v.content FROM moderation_case AS c JOIN lot_version AS v ON v.id = c.version_id
    WHERE c.lot_id = of_lot AND v.lot_id = of_lot AND c.state = 'approved' AND c.subject_sha256 = v.sha256
    ORDER BY c.closed_at DESC, c.id DESC LIMIT 1
$$;
"""
PUBLISHED = """
CREATE OR REPLACE FUNCTION published_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    -- The row as the transaction leaves it: what stood there in between, nobody saw.
    IF EXISTS (
        SELECT 1 FROM lot WHERE id = NEW.id AND published_version_id = NEW.published_version_id
    ) AND NOT EXISTS (
        SELECT 1 FROM moderation_case AS c JOIN lot_version AS v ON v.id = c.version_id
        WHERE v.id = NEW.published_version_id AND v.lot_id = NEW.id AND c.lot_id = NEW.id
        AND c.subject_sha256 = v.sha256 AND (
            c.state = 'approved' OR (
                c.edit_class = 'cosmetic' AND c.state IN ('queued','claimed','needs_second','escalated')
                AND is_correction(last_approved(NEW.id), v.content)
            )
        )
    ) THEN
        RAISE EXCEPTION 'lot % would publish a version nobody approved', NEW.reference
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
BEFORE_PUBLISHED = """
CREATE OR REPLACE FUNCTION published_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM moderation_case AS c JOIN lot_version AS v ON v.id = c.version_id
        WHERE v.id = NEW.published_version_id AND v.lot_id = NEW.id AND c.lot_id = NEW.id AND c.state = 'approved'
        AND c.subject_sha256 = v.sha256
    ) THEN
        RAISE EXCEPTION 'lot % would publish a version nobody approved', NEW.reference
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
# At the end of the transaction: a correction whose review did not agree is off sale, and a paused lot is in no sight.
HELD = """
CREATE FUNCTION refused_correction_is_off_sale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (
        SELECT 1 FROM lot WHERE id = NEW.lot_id AND published_version_id = NEW.version_id AND state <> 'sold'
    ) AND NOT EXISTS (
        SELECT 1 FROM moderation_case WHERE version_id = NEW.version_id AND state = 'approved'
    ) THEN
        RAISE EXCEPTION 'the correction of case % is still on sale', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refused_correction_is_off_sale AFTER UPDATE OF state ON moderation_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.edit_class = 'cosmetic' AND NEW.state IN ('changes_requested','refused','withdrawn'))
    EXECUTE FUNCTION refused_correction_is_off_sale();
CREATE FUNCTION paused_lot_is_hidden() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (
        SELECT 1 FROM lot JOIN lot_listing AS shown ON shown.lot_id = lot.id
        WHERE lot.id = (CASE WHEN TG_TABLE_NAME = 'lot' THEN (to_jsonb(NEW) ->> 'id')
            ELSE (to_jsonb(NEW) ->> 'lot_id') END)::uuid
        AND lot.edit_mark = 'paused' AND shown.availability = 'available'
    ) THEN
        RAISE EXCEPTION 'a lot is on sale while a change of it stops the sale' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER paused_lot_is_hidden AFTER UPDATE OF edit_mark ON lot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.edit_mark = 'paused')
    EXECUTE FUNCTION paused_lot_is_hidden();
CREATE CONSTRAINT TRIGGER paused_lot_is_hidden AFTER INSERT OR UPDATE OF availability ON lot_listing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.availability = 'available')
    EXECUTE FUNCTION paused_lot_is_hidden();
"""
GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON case_note FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON case_note FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON case_note FROM marketplace_app;
END IF; END $$;
"""
UNDO = """
DROP FUNCTION paused_lot_is_hidden() CASCADE;
DROP FUNCTION refused_correction_is_off_sale() CASCADE;
"""
UNDO_LAST = """
DROP FUNCTION last_approved(uuid);
DROP FUNCTION is_correction(jsonb, jsonb);
"""


def upgrade() -> None:
    """Apply."""
    _column("moderation_case", sa.Column("edit_class", sa.String(), nullable=False, server_default=""))
    _column("lot", sa.Column("edit_mark", sa.String(), nullable=False, server_default=""))
    _column("lot_photo", sa.Column("hints", JSONB(), nullable=False, server_default="[]"))
    op.create_check_constraint(
        op.f("ck_moderation_case_edit_class"), "moderation_case", f"edit_class IN {CLASSES}"
    )
    op.create_check_constraint(op.f("ck_lot_edit_mark"), "lot", f"edit_mark IN {MARKS}")
    op.add_column("moderation_case", sa.Column("assigned_to", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_moderation_case_assigned_to"), "moderation_case", "user_account", ["assigned_to"], ["id"]
    )
    op.add_column("moderation_case", sa.Column("expired_at", TIME, nullable=True))
    op.create_check_constraint(
        op.f("ck_moderation_case_expired_unanswered"),
        "moderation_case",
        "expired_at IS NULL OR state = 'changes_requested'",
    )
    op.create_index(
        "ix_moderation_case_unanswered",
        "moderation_case",
        ["closed_at", "id"],
        postgresql_where=sa.text("state = 'changes_requested' AND kind = 'lot' AND expired_at IS NULL"),
    )
    _notes()
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    for statement in (CORRECTION, PUBLISHED, HELD, GUARD):
        run(statement)


def _column(table: str, column: sa.Column) -> None:
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


def _notes() -> None:
    table = "case_note"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_case_note_words")),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name=op.f("fk_case_note_case_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user_account.id"], name=op.f("fk_case_note_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index("ix_case_note_case", table, ["case_id", "written_at"])


def downgrade() -> None:
    """Take back."""
    run = op.get_bind().connection.driver_connection.execute
    for statement in (UNDO, BEFORE_PUBLISHED, UNDO_LAST):
        run(statement)
    op.drop_table("case_note")
    op.drop_index("ix_moderation_case_unanswered", "moderation_case")
    op.drop_constraint(op.f("ck_moderation_case_expired_unanswered"), "moderation_case")
    op.drop_column("moderation_case", "expired_at")
    op.drop_constraint(op.f("fk_moderation_case_assigned_to"), "moderation_case")
    op.drop_column("moderation_case", "assigned_to")
    op.drop_constraint(op.f("ck_lot_edit_mark"), "lot")
    op.drop_constraint(op.f("ck_moderation_case_edit_class"), "moderation_case")
    op.drop_column("lot_photo", "hints")
    op.drop_column("lot", "edit_mark")
    op.drop_column("moderation_case", "edit_class")
