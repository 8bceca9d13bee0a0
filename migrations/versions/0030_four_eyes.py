"""Two people for risky cases, held by the database: states, reasons and clock of a case, and what may be published.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLE = "moderation_case"
BEFORE = ("queued", "claimed", "approved", "changes_requested", "refused", "withdrawn")
AFTER = ("queued", "claimed", "needs_second", "escalated", "approved", "changes_requested", "refused", "withdrawn")
OPEN = "state IN ('queued','claimed','needs_second','escalated')"
OPEN_BEFORE = "state IN ('queued','claimed')"
# Whoever entered or sent the goods or the cooperative decides nothing about them, whatever the program thinks.
NOT_OWN = """
CREATE FUNCTION decision_not_own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (
        SELECT 1 FROM moderation_case AS c JOIN cooperative AS of ON of.id = c.cooperative_id
        LEFT JOIN lot ON lot.id = c.lot_id LEFT JOIN lot_version AS v ON v.id = c.version_id
        WHERE c.id = NEW.case_id AND NEW.reviewer_id IN (
            of.created_by, of.submitted_by, lot.created_by, v.submitted_by, c.escalated_by
        )
    ) THEN
        RAISE EXCEPTION 'a reviewer decides about what she entered, sent or left to others'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_own BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION decision_not_own();
"""
# At the end of the transaction: an approved case has as many approvals of its very version as it needs.
APPROVED = """
CREATE FUNCTION case_has_its_approvals() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT count(*) FROM decision WHERE case_id = NEW.id AND verdict = 'approve'
        AND subject_sha256 = NEW.subject_sha256) < (CASE WHEN cardinality(NEW.second_reasons) = 0 THEN 1 ELSE 2 END) THEN
        RAISE EXCEPTION 'case % lacks an approval', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_its_approvals AFTER INSERT OR UPDATE OF state, second_reasons ON moderation_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'approved')
    EXECUTE FUNCTION case_has_its_approvals();
CREATE FUNCTION published_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
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
CREATE CONSTRAINT TRIGGER published_is_approved AFTER UPDATE OF published_version_id ON lot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.published_version_id IS NOT NULL AND NEW.published_version_id IS DISTINCT FROM OLD.published_version_id)
    EXECUTE FUNCTION published_is_approved();
"""
UNDO = """
DROP TRIGGER published_is_approved ON lot;
DROP FUNCTION published_is_approved();
DROP TRIGGER has_its_approvals ON moderation_case;
DROP FUNCTION case_has_its_approvals();
DROP TRIGGER not_own ON decision;
DROP FUNCTION decision_not_own();
"""


def upgrade() -> None:
    """Apply."""
    for column in (
        sa.Column("second_reasons", sa.ARRAY(sa.String()), nullable=False, server_default="{}"),
        sa.Column("draw_seed", sa.String(), nullable=False, server_default=""),
        sa.Column("risk", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_by", sa.Uuid(), nullable=True),
        sa.Column("escalation", sa.String(), nullable=False, server_default=""),
    ):
        op.add_column(TABLE, column)
    for name in ("second_reasons", "draw_seed", "risk", "escalation"):
        op.alter_column(TABLE, name, server_default=None)
    op.create_foreign_key(op.f("fk_moderation_case_escalated_by"), TABLE, "user_account", ["escalated_by"], ["id"])
    op.create_check_constraint(
        op.f("ck_moderation_case_escalated_with_words"), TABLE, "(escalated_by IS NULL) = (escalation = '')"
    )
    _states(AFTER, OPEN)
    op.create_index(
        "ix_moderation_case_next", TABLE, [sa.text("risk DESC"), "opened_at", "id"], postgresql_where=sa.text(OPEN)
    )
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    run(NOT_OWN)
    run(APPROVED)


def _states(states: tuple[str, ...], is_open: str) -> None:
    op.drop_constraint(op.f("ck_moderation_case_state"), TABLE)
    op.create_check_constraint(op.f("ck_moderation_case_state"), TABLE, f"state IN {states}")
    for name in ("uq_moderation_case_open_lot", "uq_moderation_case_open_cooperative", "ix_moderation_case_queue"):
        op.drop_index(name, TABLE)
    where = sa.text(is_open)
    op.create_index("uq_moderation_case_open_lot", TABLE, ["lot_id"], unique=True, postgresql_where=where)
    op.create_index(
        "uq_moderation_case_open_cooperative",
        TABLE,
        ["cooperative_id"],
        unique=True,
        postgresql_where=sa.text(f"{is_open} AND kind = 'cooperative'"),
    )
    op.create_index("ix_moderation_case_queue", TABLE, ["opened_at", "id"], postgresql_where=where)


def downgrade() -> None:
    """Take back; a case that waits for a second person waits for its first again."""
    op.get_bind().connection.driver_connection.execute(UNDO)
    op.drop_index("ix_moderation_case_next", TABLE)
    op.execute("UPDATE moderation_case SET state = 'queued' WHERE state IN ('needs_second','escalated')")
    _states(BEFORE, OPEN_BEFORE)
    op.drop_constraint(op.f("ck_moderation_case_escalated_with_words"), TABLE)
    op.drop_constraint(op.f("fk_moderation_case_escalated_by"), TABLE)
    for name in ("escalation", "escalated_by", "due_at", "risk", "draw_seed", "second_reasons"):
        op.drop_column(TABLE, name)
