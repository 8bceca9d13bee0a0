"""Two people dismiss a hit; staff are reminded of hits and steps; a refused application may be appealed.

Revision ID: 0039
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

HIT = "screening_hit"
STEP = "incident_step"
APPLICATION = "cooperative_application"
APPEALS = "application_appeal"
RUNNING = "state IN ('open','proposed','dismissed','match')"
# The same rule as screening/matching.dismissed_by_two. A trigger, so that what one person decided before stays.
BY_TWO = """
CREATE FUNCTION screening_hit_by_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.dismissed_by IS NULL AND (NEW.score >= 950 OR NOT (
        coalesce(NEW.evidence->>'birth', '') = 'differs' OR (
            coalesce(NEW.evidence->>'country', '') = 'differs' AND coalesce(NEW.evidence->>'birth', '') <> 'agrees'
        )
    )) THEN
        RAISE EXCEPTION 'hit % is dismissed by two people', NEW.reference USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_two BEFORE INSERT OR UPDATE OF state, dismissed_by, score, evidence ON screening_hit FOR EACH ROW
    WHEN (NEW.state = 'no_match') EXECUTE FUNCTION screening_hit_by_two();
"""
APPEAL = """
CREATE FUNCTION application_appeal_by_new_eyes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (
        SELECT 1 FROM cooperative_application AS a WHERE a.id = NEW.application_id
        AND NEW.decided_by::text = ANY (a.deciders)
    ) THEN
        RAISE EXCEPTION 'an appeal is answered by somebody who decided nothing in it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_new_eyes BEFORE INSERT OR UPDATE OF decided_by ON application_appeal FOR EACH ROW
    WHEN (NEW.decided_by IS NOT NULL) EXECUTE FUNCTION application_appeal_by_new_eyes();
"""
# Who decided in applications of before, as far as their rows still say.
DECIDERS = """
UPDATE cooperative_application SET deciders = array_remove(ARRAY[first_by::text, second_by::text, answered_by::text], NULL)
"""
PAYOUT = """
CREATE OR REPLACE FUNCTION payout_not_under_screening() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM cooperative WHERE id = NEW.cooperative_id FOR SHARE;
    IF EXISTS (SELECT 1 FROM screening_hit WHERE cooperative_id = NEW.cooperative_id AND {running}) THEN
        RAISE EXCEPTION 'payout % is held by a hit of screening', NEW.reference USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def upgrade() -> None:
    """Apply."""
    op.add_column(HIT, sa.Column("dismissed_by", sa.Uuid(), nullable=True))
    op.add_column(HIT, sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True))
    for table in (HIT, STEP):
        op.add_column(table, sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("fk_screening_hit_dismissed_by"), HIT, "user_account", ["dismissed_by"], ["id"])
    _states("'open','proposed','dismissed','match','no_match','gone'")
    _check("dismissed_by_somebody", "state <> 'dismissed' OR dismissed_by IS NOT NULL")
    _check("dismissed_by_two", "decided_by <> dismissed_by")
    _check("dismissed_by_another", "dismissed_by <> reopened_by")
    _run(BY_TWO)
    _running(RUNNING)
    _appeals()


def _appeals() -> None:
    for name in ("deciders", "barred"):
        column = sa.Column(name, ARRAY(sa.String()), nullable=False, server_default="{}")
        op.add_column(APPLICATION, column)
        if name == "deciders":
            op.execute(DECIDERS)
        op.alter_column(APPLICATION, name, server_default=None)
    moment = sa.DateTime(timezone=True)
    op.create_table(
        APPEALS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_appeal")),
        sa.UniqueConstraint("application_id", name=op.f("uq_application_appeal_application_id")),
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_application_appeal_{name}"))
            for name, target in (
                ("application_id", APPLICATION),
                ("cooperative_id", "cooperative"),
                ("made_by", "user_account"),
                ("decided_by", "user_account"),
            )
        ),
        sa.CheckConstraint("state IN ('open','upheld','overturned')", name=op.f("ck_application_appeal_state")),
        sa.CheckConstraint(
            "(state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_application_appeal_decided"),
        ),
        sa.CheckConstraint("decided_by <> made_by", name=op.f("ck_application_appeal_decided_by_another")),
    )
    op.create_index("ix_application_appeal_made_at", APPEALS, ["made_at", "id"])
    op.create_index("ix_application_appeal_cooperative", APPEALS, ["cooperative_id"])
    _run(APPEAL)


def _check(name: str, rule: str) -> None:
    op.create_check_constraint(op.f(f"ck_screening_hit_{name}"), HIT, rule)


def _states(names: str) -> None:
    op.drop_constraint(op.f("ck_screening_hit_state"), HIT)
    _check("state", f"state IN ({names})")


def _running(rule: str) -> None:
    op.drop_index("uq_screening_hit_running", HIT)
    op.create_index(
        "uq_screening_hit_running",
        HIT,
        ["subject_kind", "subject_id", "list", "uid", "cooperative_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text(rule),
    )
    _run(PAYOUT.replace("{running}", rule))


def _run(statements: str) -> None:
    op.get_bind().connection.driver_connection.execute(statements)  # as it stands: % is no placeholder


def downgrade() -> None:
    """Take back; what waits for its second person is open again."""
    _run("DROP FUNCTION application_appeal_by_new_eyes() CASCADE")
    op.drop_table(APPEALS)
    for name in ("barred", "deciders"):
        op.drop_column(APPLICATION, name)
    _run("DROP FUNCTION screening_hit_by_two() CASCADE")
    for name in ("dismissed_by_another", "dismissed_by_two", "dismissed_by_somebody"):
        op.drop_constraint(op.f(f"ck_screening_hit_{name}"), HIT)
    op.execute(f"UPDATE {HIT} SET state = 'open' WHERE state = 'dismissed'")
    _states("'open','proposed','match','no_match','gone'")
    _running("state IN ('open','proposed','match')")
    for table in (STEP, HIT):
        op.drop_column(table, "reminded_at")
    op.drop_column(HIT, "dismissed_at")
    op.drop_column(HIT, "dismissed_by")
