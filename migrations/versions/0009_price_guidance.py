"""Sources of rates, charges with bases and approval, price books in the making, texts of the day, marks of relation.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _rates()
    _charges()
    _price_books()
    _texts()
    _marks()


def _rates() -> None:
    op.add_column("reference_series", sa.Column("pair", sa.String(), nullable=True))
    op.add_column("reference_series", sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE reference_series SET pair = code")
    op.alter_column("reference_series", "pair", nullable=False)
    op.alter_column("reference_series", "priority", server_default=None)
    op.create_index("ix_reference_series_pair", "reference_series", ["pair", "priority"])
    op.create_table(
        "rate_fetch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("bytes_read", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("new_rates", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("refused_rows", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('running','imported','unchanged','refused','failed')", name=op.f("ck_rate_fetch_outcome")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_fetch")),
    )
    op.create_index("ix_rate_fetch_newest", "rate_fetch", ["source", "started_at"])
    op.add_column("reference_rate", sa.Column("fetch_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_reference_rate_fetch_id"), "reference_rate", "rate_fetch", ["fetch_id"], ["id"])
    op.create_table(
        "rate_dismissal",
        sa.Column("rate_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("dismissed_by", sa.String(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_rate_dismissal_reason")),
        sa.ForeignKeyConstraint(["rate_id"], ["reference_rate.id"], name=op.f("fk_rate_dismissal_rate_id")),
        sa.PrimaryKeyConstraint("rate_id", name=op.f("pk_rate_dismissal")),
    )
    op.execute(
        "CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON rate_dismissal"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON rate_dismissal"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'marketplace_app') THEN"
        " REVOKE UPDATE, DELETE, TRUNCATE ON rate_dismissal FROM marketplace_app; END IF; END $$"
    )


def _charges() -> None:
    for column in (
        sa.Column("basis", sa.String(), server_default="sale", nullable=False),
        sa.Column("limit_mg", sa.BigInteger(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verification", sa.String(), server_default="", nullable=False),
        sa.Column("approval", sa.String(), server_default="in_force", nullable=False),
        sa.Column("entered_by", sa.String(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("deduction_rule", column)
    for name in ("basis", "verification", "approval"):
        op.alter_column("deduction_rule", name, server_default=None)
    op.execute("UPDATE deduction_rule SET verified_at = now() WHERE verified_by IS NOT NULL")
    # What was recorded in words becomes a rule the program follows.
    op.execute("UPDATE deduction_rule SET basis = 'highest_valuation' WHERE base = 'highest of three valuations'")
    op.execute("UPDATE deduction_rule SET basis = 'reference' WHERE base = '80 % of the reference price'")
    op.execute(
        "UPDATE deduction_rule SET basis = 'first_mass', limit_mg = 50000000"
        " WHERE base = 'value of the first 50 kg exported in a month'"
    )
    op.execute(
        "UPDATE deduction_rule SET reason = replace(reason, 'Counted on every lot, as the marketplace cannot see what"
        " else an exporter ships in a month.', 'The exporter says what it has exported in the month; without a word"
        " every lot is charged.') WHERE basis = 'first_mass'"
    )
    op.drop_constraint("uq_deduction_rule_country_kind_form_code_valid_from", "deduction_rule")
    op.create_index(
        "uq_deduction_rule_in_force",
        "deduction_rule",
        ["country", "kind", "form", "code", "valid_from"],
        unique=True,
        postgresql_where="approval = 'in_force'",
        postgresql_nulls_not_distinct=True,
    )
    for name, rule in (
        ("basis", "basis IN ('sale','reference','highest_valuation','first_mass')"),
        ("limit", "(basis = 'first_mass') = (limit_mg IS NOT NULL) AND limit_mg > 0"),
        ("approval", "approval IN ('in_force','proposed','declined')"),
        ("two_people", "approved_by <> entered_by"),
        ("in_force_has_approver", "approval <> 'in_force' OR entered_by IS NULL OR approved_by IS NOT NULL"),
        ("verified_at", "(verified_by IS NULL) = (verified_at IS NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_deduction_rule_{name}"), "deduction_rule", rule)
    op.add_column("price_standard", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("price_standard", sa.Column("verified_by", sa.String(), nullable=True))
    op.add_column("price_standard", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("price_standard", sa.Column("verification", sa.String(), server_default="", nullable=False))
    op.alter_column("price_standard", "verification", server_default=None)
    op.create_check_constraint(
        op.f("ck_price_standard_verified_at"), "price_standard", "(verified_by IS NULL) = (verified_at IS NULL)"
    )


def _price_books() -> None:
    op.create_table(
        "price_book_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["price_book_edition.id"], name=op.f("fk_price_book_draft_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_book_draft")),
    )


def _texts() -> None:
    op.add_column("message", sa.Column("channel", sa.String(), server_default="mail", nullable=False))
    op.alter_column("message", "channel", server_default=None)
    op.create_check_constraint(op.f("ck_message_channel"), "message", "channel IN ('mail','sms')")
    op.create_table(
        "price_text_subscription",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String(), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sent_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('waiting','active','ended')", name=op.f("ck_price_text_subscription_state")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_price_text_subscription_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_price_text_subscription")),
    )
    op.create_index(
        "ix_price_text_subscription_active",
        "price_text_subscription",
        ["user_id"],
        postgresql_where="state = 'active'",
    )


def _marks() -> None:
    op.add_column("sign_in_session", sa.Column("device", sa.String(), nullable=True))
    op.create_index(
        "ix_sign_in_session_device", "sign_in_session", ["device"], postgresql_where="device IS NOT NULL"
    )
    op.add_column("payout_destination", sa.Column("fingerprint", sa.String(), nullable=True))
    op.create_index(op.f("ix_payout_destination_fingerprint"), "payout_destination", ["fingerprint"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_payout_destination_fingerprint"), "payout_destination")
    op.drop_column("payout_destination", "fingerprint")
    op.drop_index("ix_sign_in_session_device", "sign_in_session")
    op.drop_column("sign_in_session", "device")
    op.drop_table("price_text_subscription")
    op.drop_constraint(op.f("ck_message_channel"), "message")
    op.drop_column("message", "channel")
    op.drop_table("price_book_draft")
    op.drop_constraint(op.f("ck_price_standard_verified_at"), "price_standard")
    for name in ("verification", "verified_at", "verified_by", "since"):
        op.drop_column("price_standard", name)
    for name in ("verified_at", "in_force_has_approver", "two_people", "approval", "limit", "basis"):
        op.drop_constraint(op.f(f"ck_deduction_rule_{name}"), "deduction_rule")
    op.drop_index("uq_deduction_rule_in_force", "deduction_rule")
    # What was never in force cannot be told from what was, once the column is gone.
    op.execute("DELETE FROM deduction_rule WHERE approval <> 'in_force'")
    op.create_unique_constraint(
        "uq_deduction_rule_country_kind_form_code_valid_from",
        "deduction_rule",
        ["country", "kind", "form", "code", "valid_from"],
        postgresql_nulls_not_distinct=True,
    )
    for name in (
        "approved_at", "approved_by", "entered_at", "entered_by", "approval", "verification", "verified_at",
        "limit_mg", "basis",
    ):  # fmt: skip
        op.drop_column("deduction_rule", name)
    op.drop_table("rate_dismissal")
    op.drop_constraint(op.f("fk_reference_rate_fetch_id"), "reference_rate")
    op.drop_column("reference_rate", "fetch_id")
    op.drop_table("rate_fetch")
    op.drop_index("ix_reference_series_pair", "reference_series")
    op.drop_column("reference_series", "priority")
    op.drop_column("reference_series", "pair")
