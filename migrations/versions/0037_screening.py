"""Sanctions lists, beneficial owners, and hits of screening; no payout leaves while a hit of its cooperative runs.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
LISTS = ("ofac", "un", "eu", "uk")
KINDS = ("person", "entity", "vessel")
SUBJECTS = ("cooperative", "officer", "owner", "buyer", "company")
STATES = ("open", "proposed", "match", "no_match", "gone")
# Whatever the program thinks: the same rule as screening/models.STOPPING.
PAYOUT = """
CREATE FUNCTION payout_not_under_screening() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM cooperative WHERE id = NEW.cooperative_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM screening_hit WHERE cooperative_id = NEW.cooperative_id
        AND state IN ('open','proposed','match')
    ) THEN
        RAISE EXCEPTION 'payout % is held by a hit of screening', NEW.reference USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_under_screening BEFORE INSERT OR UPDATE OF state ON payout FOR EACH ROW
    WHEN (NEW.state = 'sent') EXECUTE FUNCTION payout_not_under_screening();
"""


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, name: str, target: str = "user_account") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))


def key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}"))


def some(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def text(name: str) -> sa.Column:
    return some(name, sa.String())


def upgrade() -> None:
    """Apply."""
    _editions()
    _entries()
    _owners()
    _names()
    _hits()
    op.get_bind().connection.driver_connection.execute(PAYOUT)  # as it stands: % is no placeholder


def _editions() -> None:
    table = "screening_edition"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        text("list"),
        some("published_on", sa.Date()),
        text("sha256"),
        text("file_name"),
        some("entries", sa.Integer()),
        some("names", sa.Integer()),
        some("imported_by", sa.Uuid(), nullable=True),
        some("imported_at", TIME),
        some("replaced_at", TIME, nullable=True),
        check(table, "list", f"list IN {LISTS}"),
        check(table, "entries", "entries > 0"),
        foreign(table, "imported_by"),
        key(table, "id"),
    )
    op.create_index(
        "uq_screening_edition_in_force", table, ["list"], unique=True, postgresql_where=sa.text("replaced_at IS NULL")
    )


def _entries() -> None:
    table = "screening_entry"
    op.create_table(
        table,
        some("edition_id", sa.Uuid()),
        text("uid"),
        text("kind"),
        some("names", JSONB()),
        some("births", ARRAY(sa.String())),
        some("countries", ARRAY(sa.String())),
        text("programme"),
        some("listed_on", sa.Date(), nullable=True),
        text("digest"),
        some("keys", ARRAY(sa.String())),
        some("company_keys", ARRAY(sa.String())),
        some("needed", sa.SmallInteger()),
        check(table, "kind", f"kind IN {KINDS}"),
        foreign(table, "edition_id", "screening_edition"),
        key(table, "edition_id", "uid"),
    )
    op.create_index("ix_screening_entry_keys", table, ["keys"], postgresql_using="gin")
    op.create_index("ix_screening_entry_company_keys", table, ["company_keys"], postgresql_using="gin")


def _owners() -> None:
    table = "beneficial_owner"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        some("cooperative_id", sa.Uuid()),
        text("name"),
        text("native_name"),
        some("share_bps", sa.Integer()),
        some("birth_year", sa.SmallInteger(), nullable=True),
        text("country"),
        some("entered_by", sa.Uuid()),
        some("entered_at", TIME),
        some("ended_by", sa.Uuid(), nullable=True),
        some("ended_at", TIME, nullable=True),
        check(table, "share", "share_bps BETWEEN 2500 AND 10000"),
        check(table, "birth_year", "birth_year BETWEEN 1900 AND 2100"),
        check(table, "ended_by_somebody", "(ended_at IS NULL) = (ended_by IS NULL)"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "entered_by"),
        foreign(table, "ended_by"),
        key(table, "id"),
    )
    op.create_index("ix_beneficial_owner_cooperative", table, ["cooperative_id"])


def _names() -> None:
    table = "screened_name"
    op.create_table(
        table,
        text("kind"),
        some("subject_id", sa.Uuid()),
        some("owner_id", sa.Uuid()),
        some("cooperative_id", sa.Uuid(), nullable=True),
        some("buyer_id", sa.Uuid(), nullable=True),
        text("digest"),
        text("lists"),
        some("screened_at", TIME),
        check(table, "kind", f"kind IN {SUBJECTS}"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "buyer_id", "buyer"),
        key(table, "kind", "subject_id", "owner_id"),
    )
    op.create_index("ix_screened_name_cooperative", table, ["cooperative_id"])
    op.create_index("ix_screened_name_buyer", table, ["buyer_id"])


def _hits() -> None:
    table = "screening_hit"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        text("reference"),
        text("subject_kind"),
        some("subject_id", sa.Uuid()),
        some("cooperative_id", sa.Uuid(), nullable=True),
        some("buyer_id", sa.Uuid(), nullable=True),
        some("subject", JSONB()),
        text("subject_digest"),
        text("list"),
        text("uid"),
        some("listed", JSONB()),
        text("listed_digest"),
        some("evidence", JSONB()),
        some("score", sa.SmallInteger()),
        text("state"),
        text("reason"),
        some("opened_at", TIME),
        some("proposed_by", sa.Uuid(), nullable=True),
        some("proposed_at", TIME, nullable=True),
        some("decided_by", sa.Uuid(), nullable=True),
        some("reopened_by", sa.Uuid(), nullable=True),
        some("ended_at", TIME, nullable=True),
        check(table, "subject_kind", f"subject_kind IN {SUBJECTS}"),
        check(table, "list", f"list IN {LISTS}"),
        check(table, "state", f"state IN {STATES}"),
        check(table, "score", "score BETWEEN 0 AND 1000"),
        check(table, "about_one", "(cooperative_id IS NULL) <> (buyer_id IS NULL)"),
        check(table, "proposed_by_somebody", "(state IN ('proposed','match')) = (proposed_by IS NOT NULL)"),
        check(table, "match_by_two", "state <> 'match' OR decided_by IS NOT NULL"),
        check(table, "two_people", "decided_by <> proposed_by"),
        check(table, "reopened_by_another", "decided_by <> reopened_by"),
        check(
            table, "no_match_with_reason", "state <> 'no_match' OR (decided_by IS NOT NULL AND reason <> '')"
        ),
        check(table, "ended", "(state IN ('match','no_match','gone')) = (ended_at IS NOT NULL)"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "buyer_id", "buyer"),
        foreign(table, "proposed_by"),
        foreign(table, "decided_by"),
        foreign(table, "reopened_by"),
        key(table, "id"),
        sa.UniqueConstraint("reference", name=op.f("uq_screening_hit_reference")),
    )
    op.create_index(
        "uq_screening_hit_running",
        table,
        ["subject_kind", "subject_id", "list", "uid", "cooperative_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("state IN ('open','proposed','match')"),
    )
    op.create_index("ix_screening_hit_opened_at", table, ["opened_at", "id"])
    op.create_index("ix_screening_hit_cooperative", table, ["cooperative_id"])
    op.create_index("ix_screening_hit_buyer", table, ["buyer_id"])


def downgrade() -> None:
    """Take back."""
    op.get_bind().connection.driver_connection.execute("DROP FUNCTION payout_not_under_screening() CASCADE")
    for table in ("screening_hit", "screened_name", "beneficial_owner", "screening_entry", "screening_edition"):
        op.drop_table(table)
