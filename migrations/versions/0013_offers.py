"""Offers and counter-offers, courtesy holds, lots sold in parts.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LIVE = "state IN ('active','settling','consumed')"


def _time(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def upgrade() -> None:
    """Apply."""
    _parts()
    _negotiations()
    op.create_table(
        "offer_floor",
        _key("lot_id"),
        _whole("amount_minor"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        _key("entered_by"),
        _time("entered_at"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_offer_floor_amount")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_offer_floor_lot_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["user_account.id"], name=op.f("fk_offer_floor_entered_by")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_offer_floor")),
    )


def _parts() -> None:
    op.add_column("lot_claim", _whole("quantity_mg", nullable=True))
    op.add_column("lot_claim", _whole("list_minor", nullable=True))
    op.add_column("lot_claim", _time("reminded_at", nullable=True))
    op.create_check_constraint(
        op.f("ck_lot_claim_part"), "lot_claim", "quantity_mg IS NULL OR (quantity_mg > 0 AND list_minor > 0)"
    )
    op.drop_index("one_live_claim", "lot_claim")
    op.create_index(
        "one_live_claim", "lot_claim", ["lot_id"], unique=True, postgresql_where=f"{LIVE} AND quantity_mg IS NULL"
    )
    op.create_index("ix_lot_claim_due", "lot_claim", ["expires_at"], postgresql_where="state = 'active'")
    op.add_column("orders", _whole("gross_minor", nullable=True))
    op.add_column("orders", _whole("quantity_mg", nullable=True))
    op.create_table(
        "lot_stock",
        _key("lot_id"),
        _key("version_id"),
        sa.Column("unit", sa.String(), nullable=False),
        _whole("whole_mg"),
        _whole("least_mg"),
        _whole("free_mg"),
        _whole("sold_mg"),
        _whole("price_minor"),
        _whole("free_minor"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("least_mg > 0 AND whole_mg >= 2 * least_mg", name=op.f("ck_lot_stock_least")),
        sa.CheckConstraint(
            "free_mg >= 0 AND sold_mg >= 0 AND free_mg + sold_mg <= whole_mg", name=op.f("ck_lot_stock_quantity")
        ),
        sa.CheckConstraint("free_minor >= 0 AND free_minor <= price_minor", name=op.f("ck_lot_stock_price")),
        sa.CheckConstraint("free_mg > 0 OR free_minor = 0", name=op.f("ck_lot_stock_nothing_left_costs_nothing")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_stock_lot_id")),
        sa.ForeignKeyConstraint(["version_id"], ["lot_version.id"], name=op.f("fk_lot_stock_version_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_lot_stock")),
    )


def _negotiations() -> None:
    op.create_table(
        "negotiation",
        _key("id"),
        sa.Column("reference", sa.String(), nullable=False),
        _key("lot_id"),
        _key("version_id"),
        _key("buyer_id"),
        _key("buyer_user_id"),
        _key("cooperative_id"),
        _time("created_at"),
        _time("updated_at"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_negotiation_lot_id")),
        sa.ForeignKeyConstraint(["version_id"], ["lot_version.id"], name=op.f("fk_negotiation_version_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_negotiation_buyer_id")),
        sa.ForeignKeyConstraint(["buyer_user_id"], ["user_account.id"], name=op.f("fk_negotiation_buyer_user_id")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_negotiation_cooperative_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negotiation")),
        sa.UniqueConstraint("reference", name=op.f("uq_negotiation_reference")),
        sa.UniqueConstraint("version_id", "buyer_id", name=op.f("uq_negotiation_version_id_buyer_id")),
    )
    op.create_index(op.f("ix_negotiation_lot_id"), "negotiation", ["lot_id"])
    op.create_index("ix_negotiation_buyer", "negotiation", ["buyer_id", "updated_at"])
    op.create_index("ix_negotiation_cooperative", "negotiation", ["cooperative_id", "updated_at"])
    op.create_index("ix_negotiation_newest", "negotiation", ["updated_at", "id"])
    op.create_table(
        "offer",
        _key("id"),
        _key("negotiation_id"),
        _key("lot_id"),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        _key("maker_id"),
        _whole("amount_minor"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        _whole("quantity_mg", nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        _time("created_at"),
        _time("expires_at"),
        _time("waiting_since", nullable=True),
        _time("reminded_at", nullable=True),
        _time("decline_at", nullable=True),
        _time("ended_at", nullable=True),
        _key("claim_id", nullable=True),
        sa.CheckConstraint(
            "state IN ('open','accepted','declined','countered','withdrawn','expired')", name=op.f("ck_offer_state")
        ),
        sa.CheckConstraint("made_by IN ('buyer','cooperative')", name=op.f("ck_offer_made_by")),
        sa.CheckConstraint("round BETWEEN 1 AND 5", name=op.f("ck_offer_round")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_offer_amount")),
        sa.CheckConstraint("quantity_mg IS NULL OR quantity_mg > 0", name=op.f("ck_offer_quantity")),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_offer_ended")),
        sa.CheckConstraint("(state = 'accepted') = (claim_id IS NOT NULL)", name=op.f("ck_offer_accepted_has_claim")),
        sa.ForeignKeyConstraint(["negotiation_id"], ["negotiation.id"], name=op.f("fk_offer_negotiation_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_offer_lot_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["user_account.id"], name=op.f("fk_offer_maker_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["lot_claim.id"], name=op.f("fk_offer_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("negotiation_id", "round", name=op.f("uq_offer_negotiation_id_round")),
    )
    op.create_index("uq_offer_open", "offer", ["negotiation_id"], unique=True, postgresql_where="state = 'open'")
    op.create_index("ix_offer_open_lot", "offer", ["lot_id"], postgresql_where="state = 'open'")
    op.create_index("ix_offer_due", "offer", ["expires_at"], postgresql_where="state = 'open'")
    op.create_index("ix_offer_claim", "offer", ["claim_id"], postgresql_where="claim_id IS NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.drop_table("offer_floor")
    op.drop_table("offer")
    op.drop_table("negotiation")
    op.drop_table("lot_stock")
    op.drop_column("orders", "quantity_mg")
    op.drop_column("orders", "gross_minor")
    op.drop_index("ix_lot_claim_due", "lot_claim")
    op.drop_index("one_live_claim", "lot_claim")
    op.drop_constraint(op.f("ck_lot_claim_part"), "lot_claim")
    for name in ("reminded_at", "list_minor", "quantity_mg"):
        op.drop_column("lot_claim", name)
    op.create_index("one_live_claim", "lot_claim", ["lot_id"], unique=True, postgresql_where=LIVE)
