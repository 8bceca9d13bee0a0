"""Reference rates and price books.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('reference_series',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('licence', sa.String(), nullable=False),
    sa.Column('max_age_working_days', sa.Integer(), nullable=False),
    sa.Column('jump_limit', sa.Numeric(precision=9, scale=6), nullable=False),
    sa.CheckConstraint('jump_limit > 0', name=op.f('ck_reference_series_jump_limit')),
    sa.CheckConstraint('max_age_working_days > 0', name=op.f('ck_reference_series_max_age')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_reference_series'))
    )
    op.create_table('reference_rate',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('series', sa.String(), nullable=False),
    sa.Column('observed_on', sa.Date(), nullable=False),
    sa.Column('value', sa.Numeric(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('licence', sa.String(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('imported_by', sa.String(), nullable=False),
    sa.Column('supersedes_id', sa.Uuid(), nullable=True),
    sa.Column('releases_id', sa.Uuid(), nullable=True),
    sa.Column('quarantined', sa.Boolean(), nullable=False),
    sa.Column('quarantine_reason', sa.String(), nullable=True),
    sa.CheckConstraint('NOT quarantined OR (supersedes_id IS NULL AND releases_id IS NULL)', name=op.f('ck_reference_rate_outside_chain')),
    sa.CheckConstraint('quarantined = (quarantine_reason IS NOT NULL)', name=op.f('ck_reference_rate_quarantine')),
    sa.CheckConstraint('value > 0', name=op.f('ck_reference_rate_value')),
    sa.ForeignKeyConstraint(['releases_id'], ['reference_rate.id'], name=op.f('fk_reference_rate_releases_id')),
    sa.ForeignKeyConstraint(['series'], ['reference_series.code'], name=op.f('fk_reference_rate_series')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['reference_rate.id'], name=op.f('fk_reference_rate_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reference_rate')),
    sa.UniqueConstraint('releases_id', name=op.f('uq_reference_rate_releases_id')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_reference_rate_supersedes_id'))
    )
    op.create_index('ix_reference_rate_newest', 'reference_rate', ['series', 'observed_on'], unique=False)
    op.create_index('uq_reference_rate_first', 'reference_rate', ['series', 'observed_on'], unique=True, postgresql_where='supersedes_id IS NULL AND NOT quarantined')
    op.create_table('deduction_rule',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('rate', sa.Numeric(precision=9, scale=6), nullable=True),
    sa.Column('base', sa.String(), nullable=False),
    sa.Column('base_share', sa.Numeric(precision=9, scale=6), nullable=False),
    sa.Column('payee', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('verified_by', sa.String(), nullable=True),
    sa.CheckConstraint("status <> 'applied' OR rate IS NOT NULL", name=op.f('ck_deduction_rule_applied_has_rate')),
    sa.CheckConstraint("status = 'applied' OR reason <> ''", name=op.f('ck_deduction_rule_reason')),
    sa.CheckConstraint('base_share > 0 AND base_share <= 1', name=op.f('ck_deduction_rule_base_share')),
    sa.CheckConstraint('rate >= 0 AND rate < 1', name=op.f('ck_deduction_rule_rate')),
    sa.CheckConstraint('valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from', name=op.f('ck_deduction_rule_validity')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deduction_rule')),
    sa.UniqueConstraint('country', 'kind', 'form', 'code', 'valid_from', name=op.f('uq_deduction_rule_country_kind_form_code_valid_from'), postgresql_nulls_not_distinct=True)
    )
    op.create_index(op.f('ix_deduction_rule_country'), 'deduction_rule', ['country'], unique=False)
    op.create_table('price_standard',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('floor_share', sa.Numeric(precision=9, scale=6), nullable=False),
    sa.Column('premium_kind', sa.String(), nullable=False),
    sa.Column('premium_usd_per_kg', sa.Numeric(), nullable=True),
    sa.Column('premium_share', sa.Numeric(precision=9, scale=6), nullable=True),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.CheckConstraint("(premium_kind = 'none' AND premium_usd_per_kg IS NULL AND premium_share IS NULL) OR (premium_kind = 'per_kg_fine' AND premium_usd_per_kg > 0 AND premium_share IS NULL) OR (premium_kind = 'share_of_reference' AND premium_share > 0 AND premium_usd_per_kg IS NULL)", name=op.f('ck_price_standard_premium')),
    sa.CheckConstraint('floor_share > 0 AND floor_share <= 1', name=op.f('ck_price_standard_floor_share')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_price_standard'))
    )
    op.create_table('price_book_edition',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('proposed_by', sa.String(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=True),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.CheckConstraint("state <> 'published' OR (approved_by IS NOT NULL AND published_at IS NOT NULL)", name=op.f('ck_price_book_edition_published')),
    sa.CheckConstraint('approved_by <> proposed_by', name=op.f('ck_price_book_edition_two_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_book_edition')),
    sa.UniqueConstraint('number', name=op.f('uq_price_book_edition_number'))
    )
    op.create_index('ix_price_book_edition_published', 'price_book_edition', ['published_at'], unique=False, postgresql_where="state = 'published'")
    op.create_table('price_band',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('edition_id', sa.Uuid(), nullable=False),
    sa.Column('variety', sa.String(), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('treatment', sa.String(), nullable=True),
    sa.Column('origin', sa.String(), nullable=True),
    sa.Column('weight_from_ct', sa.Numeric(precision=12, scale=3), nullable=False),
    sa.Column('weight_to_ct', sa.Numeric(precision=12, scale=3), nullable=False),
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('low_minor_per_ct', sa.BigInteger(), nullable=False),
    sa.Column('high_minor_per_ct', sa.BigInteger(), nullable=False),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('dated', sa.Date(), nullable=True),
    sa.CheckConstraint('low_minor_per_ct > 0 AND high_minor_per_ct >= low_minor_per_ct', name=op.f('ck_price_band_prices')),
    sa.CheckConstraint('weight_from_ct >= 0 AND weight_to_ct > weight_from_ct', name=op.f('ck_price_band_weights')),
    sa.ForeignKeyConstraint(['edition_id'], ['price_book_edition.id'], name=op.f('fk_price_band_edition_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_band')),
    sa.UniqueConstraint('edition_id', 'variety', 'form', 'treatment', 'origin', 'weight_from_ct', 'grade', name=op.f('uq_price_band_edition_id_variety_form_treatment_origin_weight_from_ct_grade'), postgresql_nulls_not_distinct=True)
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('price_band')
    op.drop_table('price_book_edition')
    op.drop_table('price_standard')
    op.drop_table('deduction_rule')
    op.drop_table('reference_rate')
    op.drop_table('reference_series')
