"""Incidents with their steps and story, reports of strangers, lists of conflict-affected areas.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
WRITE_ONCE = ("incident_note", "incident_report_words", "cahra_edition", "cahra_area")
SEVERITIES = ("low", "medium", "severe")
SOURCES = ("field_visit", "public_report", "staff", "press", "authority")
STATES = ("open", "doubted", "substantiated", "remediating", "closing", "closed", "unfounded")
GROUND = "ground IN ('screening','papers','other'{more})"
GUARD = """
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM marketplace_app;
END IF; END $$;
"""
# No payout leaves while a severe incident of its cooperative runs, whatever the program thinks.
PAYOUT = """
CREATE FUNCTION payout_not_under_incident() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM 1 FROM cooperative WHERE id = NEW.cooperative_id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM incident WHERE cooperative_id = NEW.cooperative_id AND severity = 'severe'
        AND state NOT IN ('closed','unfounded')
    ) THEN
        RAISE EXCEPTION 'payout % is held by a severe incident', NEW.reference USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_under_incident BEFORE INSERT OR UPDATE OF state ON payout FOR EACH ROW
    WHEN (NEW.state = 'sent') EXECUTE FUNCTION payout_not_under_incident();
"""


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, name: str, target: str = "user_account") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))


def key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}"))


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def some(name: str, kind: sa.types.TypeEngine, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    """Apply."""
    _incidents()
    _steps()
    _notes()
    _reports()
    _words()
    _areas()
    _ground(",'incident'")
    run = op.get_bind().connection.driver_connection.execute  # as it stands: % is no placeholder
    for table in WRITE_ONCE:
        run(GUARD.replace("{table}", table))
    run(PAYOUT)


def _incidents() -> None:
    table = "incident"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        *(text(name) for name in ("reference", "code", "severity", "source")),
        some("cooperative_id", sa.Uuid()),
        some("site_id", sa.Uuid(), nullable=True),
        text("state"),
        some("told_sealed", sa.LargeBinary()),
        some("happened_on", sa.Date(), nullable=True),
        some("opened_by", sa.Uuid()),
        some("opened_at", TIME),
        some("stopped_by", sa.Uuid(), nullable=True),
        some("substantiated_by", sa.Uuid(), nullable=True),
        some("substantiated_at", TIME, nullable=True),
        some("proposed_by", sa.Uuid(), nullable=True),
        some("agreed_by", sa.Uuid(), nullable=True),
        some("ended_at", TIME, nullable=True),
        check(table, "severity", f"severity IN {SEVERITIES}"),
        check(table, "source", f"source IN {SOURCES}"),
        check(table, "state", f"state IN {STATES}"),
        check(table, "two_people", "agreed_by <> proposed_by"),
        check(table, "closed_by_two", "state <> 'closed' OR agreed_by IS NOT NULL"),
        check(
            table,
            "severe_unfounded_by_two",
            "severity <> 'severe' OR state <> 'unfounded' OR agreed_by IS NOT NULL",
        ),
        check(table, "stopped_by_somebody", "(severity = 'severe') = (stopped_by IS NOT NULL)"),
        check(table, "ended", "(state IN ('closed','unfounded')) = (ended_at IS NOT NULL)"),
        foreign(table, "cooperative_id", "cooperative"),
        foreign(table, "site_id", "mine_site"),
        *(foreign(table, n) for n in ("opened_by", "stopped_by", "substantiated_by", "proposed_by", "agreed_by")),
        key(table, "id"),
        sa.UniqueConstraint("reference", name=op.f("uq_incident_reference")),
    )
    op.create_index("ix_incident_cooperative", table, ["cooperative_id", "opened_at"])
    op.create_index("ix_incident_opened_at", table, ["opened_at", "id"])


def _steps() -> None:
    table = "incident_step"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        some("incident_id", sa.Uuid()),
        text("what"),
        text("who"),
        some("due_on", sa.Date()),
        text("evidence"),
        some("planned_by", sa.Uuid()),
        some("planned_at", TIME),
        some("done_by", sa.Uuid(), nullable=True),
        some("done_at", TIME, nullable=True),
        check(table, "done_by_somebody", "(done_at IS NULL) = (done_by IS NULL)"),
        check(table, "done_with_evidence", "done_at IS NULL OR evidence <> ''"),
        foreign(table, "incident_id", "incident"),
        foreign(table, "planned_by"),
        foreign(table, "done_by"),
        key(table, "id"),
    )
    op.create_index("ix_incident_step_incident", table, ["incident_id", "due_on"])


def _notes() -> None:
    table = "incident_note"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        some("incident_id", sa.Uuid()),
        text("action"),
        some("at", TIME),
        some("by", sa.Uuid()),
        some("words_sealed", sa.LargeBinary()),
        foreign(table, "incident_id", "incident"),
        foreign(table, "by"),
        key(table, "id"),
    )
    op.create_index("ix_incident_note_incident", table, ["incident_id", "at"])


def _reports() -> None:
    table = "incident_report"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        *(text(name) for name in ("reference", "channel", "language", "state")),
        some("place_sealed", sa.LargeBinary()),
        some("site_id", sa.Uuid(), nullable=True),
        some("incident_id", sa.Uuid(), nullable=True),
        text("secret_digest"),
        some("contact_sealed", sa.LargeBinary(), nullable=True),
        some("number_sealed", sa.LargeBinary(), nullable=True),
        some("message_digest", sa.String(), nullable=True),
        some("received_at", TIME),
        some("answer_by", TIME),
        some("closed_at", TIME, nullable=True),
        check(table, "channel", "channel IN ('web','sms')"),
        check(table, "state", "state IN ('new','joined','closed')"),
        check(table, "closed", "(state = 'closed') = (closed_at IS NOT NULL)"),
        check(table, "joined_to_one", "state <> 'joined' OR incident_id IS NOT NULL"),
        foreign(table, "site_id", "mine_site"),
        foreign(table, "incident_id", "incident"),
        key(table, "id"),
        sa.UniqueConstraint("reference", name=op.f("uq_incident_report_reference")),
        sa.UniqueConstraint("message_digest", name=op.f("uq_incident_report_message_digest")),
    )
    op.create_index("ix_incident_report_received_at", table, ["received_at", "id"])
    op.create_index("ix_incident_report_incident", table, ["incident_id"])


def _words() -> None:
    table = "incident_report_words"
    op.create_table(
        table,
        some("id", sa.Uuid()),
        some("report_id", sa.Uuid()),
        text("side"),
        some("at", TIME),
        some("words_sealed", sa.LargeBinary()),
        some("written_by", sa.Uuid(), nullable=True),
        check(table, "side", "side IN ('reporter','staff')"),
        foreign(table, "report_id", "incident_report"),
        foreign(table, "written_by"),
        key(table, "id"),
    )
    op.create_index("ix_incident_report_words_report", table, ["report_id", "at"])


def _areas() -> None:
    op.create_table(
        "cahra_edition",
        some("id", sa.Uuid()),
        some("published_on", sa.Date()),
        text("sha256"),
        some("rows", sa.Integer()),
        some("imported_by", sa.Uuid(), nullable=True),
        some("imported_at", TIME),
        foreign("cahra_edition", "imported_by"),
        key("cahra_edition", "id"),
        sa.UniqueConstraint("sha256", name=op.f("uq_cahra_edition_sha256")),
    )
    op.create_index("ix_cahra_edition_published_on", "cahra_edition", ["published_on"])
    op.create_table(
        "cahra_area",
        some("edition_id", sa.Uuid()),
        some("position", sa.Integer()),
        *(text(name) for name in ("country", "region", "region_name")),
        some("from_on", sa.Date()),
        some("until_on", sa.Date(), nullable=True),
        text("source"),
        check("cahra_area", "days", "until_on >= from_on"),
        foreign("cahra_area", "edition_id", "cahra_edition"),
        key("cahra_area", "edition_id", "position"),
    )


def _ground(more: str) -> None:
    name = op.f("ck_compliance_hold_ground")
    op.drop_constraint(name, "compliance_hold", type_="check")
    op.create_check_constraint(name, "compliance_hold", GROUND.format(more=more))


def downgrade() -> None:
    """Take back."""
    op.get_bind().connection.driver_connection.execute("DROP FUNCTION payout_not_under_incident() CASCADE")
    _ground("")
    for table in ("cahra_area", "cahra_edition", "incident_report_words", "incident_report", "incident_note"):
        op.drop_table(table)
    op.drop_table("incident_step")
    op.drop_table("incident")
