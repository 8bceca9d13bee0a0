"""Lots, versions, photos and moderation.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('lot',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=True),
    sa.Column('draft', postgresql.JSONB(), nullable=False),
    sa.Column('draft_revision', sa.Integer(), nullable=False),
    sa.Column('tag_number', sa.String(), nullable=True),
    sa.Column('submitted_version_id', sa.Uuid(), nullable=True),
    sa.Column('published_version_id', sa.Uuid(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IS NULL OR kind IN ('gold','gem')", name=op.f('ck_lot_kind')),
    sa.CheckConstraint("state <> 'published' OR published_version_id IS NOT NULL", name=op.f('ck_lot_published_has_version')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'changes_requested', 'published', 'refused', 'withdrawn', 'sold')", name=op.f('ck_lot_state')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_lot_cooperative_id')),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_lot_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot')),
    sa.UniqueConstraint('reference', name=op.f('uq_lot_reference')),
    sa.UniqueConstraint('tag_number', name=op.f('uq_lot_tag_number'))
    )
    op.create_index(op.f('ix_lot_cooperative_id'), 'lot', ['cooperative_id'], unique=False)
    op.create_table('lot_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', postgresql.JSONB(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('guidance', postgresql.JSONB(), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('net_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('submitted_by', sa.Uuid(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('price_minor > 0', name=op.f('ck_lot_version_price')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_lot_version_lot_id')),
    sa.ForeignKeyConstraint(['submitted_by'], ['user_account.id'], name=op.f('fk_lot_version_submitted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot_version')),
    sa.UniqueConstraint('lot_id', 'number', name=op.f('uq_lot_version_lot_id_number'))
    )
    op.create_index(op.f('ix_lot_version_sha256'), 'lot_version', ['sha256'], unique=False)
    op.create_table('lot_photo',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('slot', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('widths', postgresql.ARRAY(sa.Integer()), nullable=False),
    sa.Column('uploaded_by', sa.Uuid(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("slot IN ('front', 'side', 'scale', 'daylight')", name=op.f('ck_lot_photo_slot')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_lot_photo_lot_id')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['user_account.id'], name=op.f('fk_lot_photo_uploaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot_photo'))
    )
    op.create_index(op.f('ix_lot_photo_lot_id'), 'lot_photo', ['lot_id'], unique=False)
    op.create_index(op.f('ix_lot_photo_sha256'), 'lot_photo', ['sha256'], unique=False)
    op.create_table('lot_listing',
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('variety', sa.String(), nullable=True),
    sa.Column('treatment', sa.String(), nullable=True),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('cooperative_name', sa.String(), nullable=False),
    sa.Column('is_women_led', sa.Boolean(), nullable=False),
    sa.Column('weight_mg', sa.BigInteger(), nullable=False),
    sa.Column('pieces', sa.Integer(), nullable=False),
    sa.Column('fineness_permille', sa.String(), nullable=True),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('unit_price_minor', sa.BigInteger(), nullable=False),
    sa.Column('miner_share_bp', sa.Integer(), nullable=False),
    sa.Column('photo_sha256', sa.String(), nullable=True),
    sa.Column('availability', sa.String(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('search_text', sa.String(), nullable=False),
    sa.Column('words', postgresql.TSVECTOR(), sa.Computed("setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', search_text), 'B')", persisted=True), nullable=False),
    sa.CheckConstraint("availability IN ('available','reserved','sold','withheld')", name=op.f('ck_lot_listing_availability')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_lot_listing_cooperative_id')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_lot_listing_lot_id')),
    sa.ForeignKeyConstraint(['version_id'], ['lot_version.id'], name=op.f('fk_lot_listing_version_id')),
    sa.PrimaryKeyConstraint('lot_id', name=op.f('pk_lot_listing')),
    sa.UniqueConstraint('reference', name=op.f('uq_lot_listing_reference'))
    )
    op.create_index(op.f('ix_lot_listing_cooperative_id'), 'lot_listing', ['cooperative_id'], unique=False)
    op.create_index('ix_lot_listing_facets', 'lot_listing', ['kind', 'variety', 'country', 'form'], unique=False)
    op.create_index('ix_lot_listing_new', 'lot_listing', ['published_at', 'lot_id'], unique=False)
    op.create_index('ix_lot_listing_price', 'lot_listing', ['price_minor', 'lot_id'], unique=False)
    op.create_index('ix_lot_listing_share', 'lot_listing', ['miner_share_bp', 'lot_id'], unique=False)
    op.create_index('ix_lot_listing_weight', 'lot_listing', ['weight_mg', 'lot_id'], unique=False)
    op.create_index('ix_lot_listing_words', 'lot_listing', ['words'], unique=False, postgresql_using='gin')
    op.create_table('moderation_case',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=True),
    sa.Column('version_id', sa.Uuid(), nullable=True),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('subject_sha256', sa.String(), nullable=False),
    sa.Column('subject', postgresql.JSONB(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('flags', postgresql.JSONB(), nullable=False),
    sa.Column('is_return', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_by', sa.Uuid(), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'lot') = (lot_id IS NOT NULL)", name=op.f('ck_moderation_case_lot_of_lot_case')),
    sa.CheckConstraint("kind IN ('lot','cooperative')", name=op.f('ck_moderation_case_kind')),
    sa.CheckConstraint("state IN ('queued', 'claimed', 'approved', 'changes_requested', 'refused', 'withdrawn')", name=op.f('ck_moderation_case_state')),
    sa.ForeignKeyConstraint(['claimed_by'], ['user_account.id'], name=op.f('fk_moderation_case_claimed_by')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_moderation_case_cooperative_id')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_moderation_case_lot_id')),
    sa.ForeignKeyConstraint(['version_id'], ['lot_version.id'], name=op.f('fk_moderation_case_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_case'))
    )
    op.create_index('ix_moderation_case_cooperative', 'moderation_case', ['cooperative_id', 'opened_at'], unique=False)
    op.create_index('ix_moderation_case_lot', 'moderation_case', ['lot_id', 'opened_at'], unique=False)
    op.create_index('ix_moderation_case_queue', 'moderation_case', ['opened_at', 'id'], unique=False, postgresql_where="state IN ('queued','claimed')")
    op.create_index('uq_moderation_case_open_cooperative', 'moderation_case', ['cooperative_id'], unique=True, postgresql_where="state IN ('queued','claimed') AND kind = 'cooperative'")
    op.create_index('uq_moderation_case_open_lot', 'moderation_case', ['lot_id'], unique=True, postgresql_where="state IN ('queued','claimed')")
    op.create_table('decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('subject_sha256', sa.String(), nullable=False),
    sa.Column('reviewer_id', sa.Uuid(), nullable=False),
    sa.Column('reasons', postgresql.JSONB(), nullable=False),
    sa.Column('checklist', postgresql.JSONB(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("verdict IN ('approve','changes','refuse')", name=op.f('ck_decision_verdict')),
    sa.ForeignKeyConstraint(['case_id'], ['moderation_case.id'], name=op.f('fk_decision_case_id')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['user_account.id'], name=op.f('fk_decision_reviewer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('case_id', 'reviewer_id', name=op.f('uq_decision_case_id_reviewer_id'))
    )
    op.create_foreign_key(op.f('fk_lot_published_version_id'), 'lot', 'lot_version', ['published_version_id'], ['id'], use_alter=True)
    op.create_foreign_key(op.f('fk_lot_submitted_version_id'), 'lot', 'lot_version', ['submitted_version_id'], ['id'], use_alter=True)


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f('fk_lot_submitted_version_id'), 'lot', type_='foreignkey')
    op.drop_constraint(op.f('fk_lot_published_version_id'), 'lot', type_='foreignkey')
    op.drop_table('decision')
    op.drop_table('moderation_case')
    op.drop_table('lot_listing')
    op.drop_table('lot_photo')
    op.drop_table('lot_version')
    op.drop_table('lot')
