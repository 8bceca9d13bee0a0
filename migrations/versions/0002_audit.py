"""The audit log.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('audit_event',
    sa.Column('seq', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('target_type', sa.String(), nullable=False),
    sa.Column('target_id', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('leaf', sa.LargeBinary(), nullable=False),
    sa.Column('idx', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_event')),
    sa.UniqueConstraint('event_id', name=op.f('uq_audit_event_event_id')),
    sa.UniqueConstraint('idx', name=op.f('uq_audit_event_idx'))
    )
    op.create_index(op.f('ix_audit_event_action'), 'audit_event', ['action'], unique=False)
    op.create_index('ix_audit_event_at', 'audit_event', ['at'], unique=False)
    op.create_index('ix_audit_event_unsequenced', 'audit_event', ['seq'], unique=False, postgresql_where='idx IS NULL')
    op.create_table('audit_target',
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['seq'], ['audit_event.seq'], name=op.f('fk_audit_target_seq')),
    sa.PrimaryKeyConstraint('seq', 'type', 'id', name=op.f('pk_audit_target'))
    )
    op.create_index('ix_audit_target_thing', 'audit_target', ['type', 'id', 'seq'], unique=False)
    op.create_table('audit_disclosure',
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('encoded', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['seq'], ['audit_event.seq'], name=op.f('fk_audit_disclosure_seq')),
    sa.PrimaryKeyConstraint('seq', 'name', name=op.f('pk_audit_disclosure'))
    )
    op.create_table('audit_search',
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('actor_kind', sa.String(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_name', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('request_id', sa.String(), nullable=False),
    sa.Column('details', postgresql.JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['seq'], ['audit_event.seq'], name=op.f('fk_audit_search_seq')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_search'))
    )
    op.create_index('ix_audit_search_actor', 'audit_search', ['actor_id', 'seq'], unique=False)
    op.create_index(op.f('ix_audit_search_request_id'), 'audit_search', ['request_id'], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table('audit_search')
    op.drop_table('audit_disclosure')
    op.drop_table('audit_target')
    op.drop_table('audit_event')
