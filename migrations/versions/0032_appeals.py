"""Appeals against a case that ended without approval, answered by somebody who decided nothing in it.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "appeal"
ANOTHER = """
CREATE FUNCTION appeal_by_another() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM decision WHERE case_id = NEW.case_id AND reviewer_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'a reviewer answers an appeal against her own decision' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_another BEFORE INSERT OR UPDATE OF decided_by ON appeal FOR EACH ROW
    WHEN (NEW.decided_by IS NOT NULL) EXECUTE FUNCTION appeal_by_another();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE DELETE, TRUNCATE ON appeal FROM marketplace_app;
END IF; END $$;
"""


def foreign(name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{name}"))


def upgrade() -> None:
    """Apply."""
    time = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "case_id", "cooperative_id")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("state", "words")),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", time, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", time, nullable=True),
        sa.CheckConstraint("state IN ('open','upheld','overturned')", name=op.f("ck_appeal_state")),
        sa.CheckConstraint(
            "(state = 'open') = (decided_by IS NULL) AND (state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_appeal_decided"),
        ),
        foreign("case_id", "moderation_case"),
        foreign("cooperative_id", "cooperative"),
        foreign("made_by", "user_account"),
        foreign("decided_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("case_id", name=op.f("uq_appeal_case_id")),
    )
    op.create_index("ix_appeal_made_at", TABLE, ["made_at", "id"])
    op.create_index("ix_appeal_cooperative", TABLE, ["cooperative_id"])
    op.create_index("ix_decision_reviewer", "decision", ["reviewer_id", "subject_sha256"])
    op.get_bind().connection.driver_connection.execute(ANOTHER)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_decision_reviewer", "decision")
    op.drop_table(TABLE)
    op.execute("DROP FUNCTION appeal_by_another()")
