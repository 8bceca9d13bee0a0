"""Keep who wrote a part of an application: none of them decides about it, whoever saved it last.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "cooperative_application"
# Who wrote in applications of before, as far as their rows still say.
WRITERS = """
UPDATE cooperative_application SET writers = ARRAY(
    SELECT DISTINCT person FROM unnest(ARRAY[begun_by, saved_by, handed_in_by]) AS person WHERE person IS NOT NULL
)
"""
RULES = (
    ("writers", "begun_by = ANY (writers) AND saved_by = ANY (writers) AND handed_in_by = ANY (writers)"),
    ("first_not_writer", "first_by <> ALL (writers)"),
    ("second_not_writer", "second_by <> ALL (writers)"),
)
# Only when it is answered: who returned it may fill it in on behalf afterwards, and decides about it no more.
ANSWER = """
CREATE FUNCTION application_answered_by_another() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.answered_by = ANY (NEW.writers) THEN
        RAISE EXCEPTION 'application % is answered by somebody who wrote nothing in it', NEW.reference
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answered_by_another BEFORE UPDATE OF answered_by ON cooperative_application FOR EACH ROW
    WHEN (NEW.answered_by IS DISTINCT FROM OLD.answered_by) EXECUTE FUNCTION application_answered_by_another();
"""
APPEAL = """
CREATE OR REPLACE FUNCTION application_appeal_by_new_eyes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (
        SELECT 1 FROM cooperative_application AS a WHERE a.id = NEW.application_id AND ({involved})
    ) THEN
        RAISE EXCEPTION 'an appeal is answered by somebody who {words} in it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
DECIDED = "NEW.decided_by::text = ANY (a.deciders)"


def upgrade() -> None:
    """Apply."""
    op.add_column(TABLE, sa.Column("writers", ARRAY(sa.Uuid()), nullable=False, server_default="{}"))
    op.execute(WRITERS)
    op.alter_column(TABLE, "writers", server_default=None)
    for name, rule in RULES:
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule)
    _run(ANSWER)
    _appeals(f"{DECIDED} OR NEW.decided_by = ANY (a.writers)", "wrote nothing and decided nothing")


def _appeals(involved: str, words: str) -> None:
    _run(APPEAL.replace("{involved}", involved).replace("{words}", words))


def _run(statements: str) -> None:
    op.get_bind().connection.driver_connection.execute(statements)  # as it stands: % is no placeholder


def downgrade() -> None:
    """Take back."""
    _appeals(DECIDED, "decided nothing")
    _run("DROP FUNCTION application_answered_by_another() CASCADE")
    for name, _rule in RULES:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
    op.drop_column(TABLE, "writers")
