"""Applications of cooperatives, visits, signed declarations, and notices that something ends.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WRITE_ONCE = ("field_visit", "signed_declaration", "ending_notice")
STATES = ("draft", "handed_in", "needs_second", "returned", "approved", "refused")
GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$;
"""


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, name: str, target: str = "user_account") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))


def key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def some(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def maybe(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return some(name, kind, nullable=True)


def upgrade() -> None:
    """Apply."""
    _applications()
    _visits()
    _declarations()
    _notices()
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    for table in WRITE_ONCE:
        run(GUARD.replace("{table}", table))


def _applications() -> None:
    table = "cooperative_application"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        text("reference"),
        text("kind"),
        maybe("cooperative_id", sa.Uuid()),
        text("state"),
        some("answers", JSONB()),
        some("version", sa.Integer()),
        some("is_on_behalf", sa.Boolean()),
        *(each for name in ("begun", "saved") for each in (some(f"{name}_by", sa.Uuid()), some(f"{name}_at", TIME))),
        maybe("handed_in_by", sa.Uuid()),
        maybe("handed_in_at", TIME),
        maybe("content", JSONB()),
        maybe("content_sha256", sa.String()),
        maybe("first_by", sa.Uuid()),
        maybe("first_at", TIME),
        text("first_note"),
        maybe("second_by", sa.Uuid()),
        maybe("second_at", TIME),
        some("reasons", JSONB()),
        text("answer_note"),
        maybe("answered_by", sa.Uuid()),
        maybe("answered_at", TIME),
        maybe("renewal_due_on", sa.Date()),
        check(table, "kind", "kind IN ('first', 'renewal')"),
        check(table, "state", f"state IN {STATES}"),
        *_rules(table),
        foreign(table, "cooperative_id", "cooperative"),
        *(foreign(table, f"{n}_by") for n in ("begun", "saved", "handed_in", "first", "second", "answered")),
        key(table),
        sa.UniqueConstraint("reference", name=op.f("uq_cooperative_application_reference")),
    )
    op.create_index("ix_cooperative_application_begun_by", table, ["begun_by"])
    op.create_index("ix_cooperative_application_state", table, ["state", "saved_at", "id"])
    op.create_index(
        "uq_cooperative_application_open",
        table,
        ["cooperative_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('approved','refused')"),
    )


def _rules(table: str) -> tuple[sa.CheckConstraint, ...]:
    handed_in = "handed_in_by IS NOT NULL AND content_sha256 IS NOT NULL AND cooperative_id IS NOT NULL"
    return (
        check(table, "renewal_of_one", "kind = 'first' OR cooperative_id IS NOT NULL"),
        check(table, "two_people", "second_by <> first_by"),
        check(table, "first_not_own", "first_by <> begun_by AND first_by <> handed_in_by"),
        check(table, "second_not_own", "second_by <> begun_by AND second_by <> handed_in_by"),
        check(table, "approved_by_two", "state <> 'approved' OR (first_by IS NOT NULL AND second_by IS NOT NULL)"),
        check(table, "second_approves", "(state = 'approved') = (second_by IS NOT NULL)"),
        check(table, "first_before_second", "state <> 'needs_second' OR first_by IS NOT NULL"),
        check(table, "handed_in", f"state NOT IN ('handed_in','needs_second','approved') OR ({handed_in})"),
    )


def _visits() -> None:
    table = "field_visit"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        text("reference"),
        some("cooperative_id", sa.Uuid()),
        maybe("site_id", sa.Uuid()),
        some("visited_on", sa.Date()),
        text("visitors"),
        some("checklist", JSONB()),
        some("findings_sealed", sa.LargeBinary()),
        some("photos", JSONB()),
        maybe("site_status", sa.Integer()),
        some("next_visit_on", sa.Date()),
        some("recorded_by", sa.Uuid()),
        some("recorded_at", TIME),
        check(table, "site_status", "site_status BETWEEN 0 AND 3"),
        check(table, "status_of_site", "(site_id IS NULL) = (site_status IS NULL)"),
        check(table, "next_visit", "next_visit_on > visited_on"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "site_id", "mine_site"),
        foreign(table, "recorded_by"),
        key(table),
        sa.UniqueConstraint("reference", name=op.f("uq_field_visit_reference")),
    )
    op.create_index("ix_field_visit_cooperative", table, ["cooperative_id", "visited_on"])
    op.create_index("ix_field_visit_site", table, ["site_id", "visited_on"])


def _declarations() -> None:
    table = "signed_declaration"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        some("cooperative_id", sa.Uuid()),
        maybe("site_id", sa.Uuid()),
        text("kind"),
        some("signed_on", sa.Date()),
        text("signed_by"),
        some("expires_on", sa.Date()),
        some("is_on_behalf", sa.Boolean()),
        some("entered_by", sa.Uuid()),
        some("entered_at", TIME),
        check(table, "kind", "kind IN ('child_labour', 'mercury', 'grievance')"),
        check(table, "expires", "expires_on > signed_on"),
        check(table, "of_site", "site_id IS NULL OR kind = 'child_labour'"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "site_id", "mine_site"),
        foreign(table, "entered_by"),
        key(table),
    )
    op.create_index("ix_signed_declaration_cooperative", table, ["cooperative_id", "kind", "signed_on"])


def _notices() -> None:
    table = "ending_notice"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        text("subject"),
        some("subject_id", sa.Uuid()),
        some("ends_on", sa.Date()),
        some("days", sa.Integer()),
        some("sent_at", TIME),
        check(table, "subject", "subject IN ('approval', 'declaration', 'policy')"),
        key(table),
        sa.UniqueConstraint(
            "subject", "subject_id", "ends_on", "days", name=op.f("uq_ending_notice_subject_subject_id_ends_on_days")
        ),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("ending_notice", "signed_declaration", "field_visit", "cooperative_application"):
        op.drop_table(table)
