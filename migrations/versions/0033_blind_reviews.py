"""Single approvals looked at again by somebody who does not see what was decided.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE = "blind_review"
ANOTHER = """
CREATE FUNCTION blind_review_by_another() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM decision WHERE case_id = NEW.case_id AND reviewer_id = NEW.reviewer_id) THEN
        RAISE EXCEPTION 'a reviewer looks again at her own decision' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_another BEFORE INSERT OR UPDATE OF reviewer_id ON blind_review FOR EACH ROW
    WHEN (NEW.reviewer_id IS NOT NULL) EXECUTE FUNCTION blind_review_by_another();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE DELETE, TRUNCATE ON blind_review FROM marketplace_app;
END IF; END $$;
"""


def foreign(name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{name}"))


def upgrade() -> None:
    """Apply."""
    time = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", time, nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("decided_at", time, nullable=True),
        sa.CheckConstraint("verdict IN ('','approve','changes','refuse')", name=op.f("ck_blind_review_verdict")),
        sa.CheckConstraint(
            "(verdict = '') = (reviewer_id IS NULL) AND (verdict = '') = (decided_at IS NULL)",
            name=op.f("ck_blind_review_decided"),
        ),
        foreign("case_id", "moderation_case"),
        foreign("reviewer_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_review")),
        sa.UniqueConstraint("case_id", name=op.f("uq_blind_review_case_id")),
    )
    op.create_index("ix_blind_review_opened_at", TABLE, ["opened_at", "id"])
    op.get_bind().connection.driver_connection.execute(ANOTHER)


def downgrade() -> None:
    """Take back."""
    op.drop_table(TABLE)
    op.execute("DROP FUNCTION blind_review_by_another()")
