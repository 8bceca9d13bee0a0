"""People, cooperatives and messages.

Revision ID: 0001
Revises: None
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('user_account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('totp_secret_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('totp_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('totp_last_step', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('active','disabled')", name=op.f('ck_user_account_state')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_user_account_email_lower')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('email', name=op.f('uq_user_account_email'))
    )
    op.create_table('staff_grant',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('granted_by', sa.Uuid(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('moderator','curator','finance','auditor','administrator')", name=op.f('ck_staff_grant_role')),
    sa.CheckConstraint('granted_by IS NULL OR granted_by <> user_id', name=op.f('ck_staff_grant_not_self')),
    sa.ForeignKeyConstraint(['granted_by'], ['user_account.id'], name=op.f('fk_staff_grant_granted_by')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_staff_grant_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'role', name=op.f('pk_staff_grant'))
    )
    op.create_table('buyer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('company', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('level_set_by', sa.Uuid(), nullable=True),
    sa.Column('level_set_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('level_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('level BETWEEN 0 AND 3', name=op.f('ck_buyer_level')),
    sa.ForeignKeyConstraint(['level_set_by'], ['user_account.id'], name=op.f('fk_buyer_level_set_by')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_buyer_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buyer')),
    sa.UniqueConstraint('user_id', name=op.f('uq_buyer_user_id'))
    )
    op.create_table('sign_in_session',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('second_factor_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('agent', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_sign_in_session_user_id')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_sign_in_session'))
    )
    op.create_index(op.f('ix_sign_in_session_user_id'), 'sign_in_session', ['user_id'], unique=False)
    op.create_table('recovery_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_recovery_code_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('digest', name=op.f('uq_recovery_code_digest'))
    )
    op.create_index(op.f('ix_recovery_code_user_id'), 'recovery_code', ['user_id'], unique=False)
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('succeeded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    op.create_index('ix_sign_in_attempt_subject', 'sign_in_attempt', ['subject', 'at'], unique=False)
    op.create_table('api_token',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_on', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_api_token_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_token_digest'))
    )
    op.create_index(op.f('ix_api_token_user_id'), 'api_token', ['user_id'], unique=False)
    op.create_table('sent_form',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('body_digest', sa.String(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('location', sa.String(), nullable=True),
    sa.Column('answer', postgresql.JSONB(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', 'scope', name=op.f('pk_sent_form'))
    )
    op.create_table('cooperative',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('legal_name', sa.String(), nullable=False),
    sa.Column('legal_form', sa.String(), nullable=False),
    sa.Column('registration_number', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('region', sa.String(), nullable=False),
    sa.Column('district', sa.String(), nullable=False),
    sa.Column('founded_on', sa.Date(), nullable=True),
    sa.Column('members_total', sa.Integer(), nullable=False),
    sa.Column('members_women', sa.Integer(), nullable=False),
    sa.Column('is_women_led', sa.Boolean(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('contact_phone', sa.String(), nullable=True),
    sa.Column('payout_currency', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('state_reason', sa.String(), nullable=True),
    sa.Column('screened_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suspended_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'approved', 'changes_requested', 'refused', 'suspended')", name=op.f('ck_cooperative_state')),
    sa.CheckConstraint('members_women BETWEEN 0 AND members_total', name=op.f('ck_cooperative_women_among_members')),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_cooperative_created_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['user_account.id'], name=op.f('fk_cooperative_decided_by')),
    sa.ForeignKeyConstraint(['submitted_by'], ['user_account.id'], name=op.f('fk_cooperative_submitted_by')),
    sa.ForeignKeyConstraint(['suspended_by'], ['user_account.id'], name=op.f('fk_cooperative_suspended_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperative')),
    sa.UniqueConstraint('reference', name=op.f('uq_cooperative_reference'))
    )
    op.create_table('cooperative_member',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('added_by', sa.Uuid(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('secretary','signatory','viewer')", name=op.f('ck_cooperative_member_role')),
    sa.ForeignKeyConstraint(['added_by'], ['user_account.id'], name=op.f('fk_cooperative_member_added_by')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_cooperative_member_cooperative_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_cooperative_member_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'cooperative_id', name=op.f('pk_cooperative_member'))
    )
    op.create_index(op.f('ix_cooperative_member_cooperative_id'), 'cooperative_member', ['cooperative_id'], unique=False)
    op.create_table('invitation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('staff_roles', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=True),
    sa.Column('member_role', sa.String(), nullable=True),
    sa.Column('invited_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by', sa.Uuid(), nullable=True),
    sa.CheckConstraint("kind IN ('staff','member')", name=op.f('ck_invitation_kind')),
    sa.ForeignKeyConstraint(['accepted_by'], ['user_account.id'], name=op.f('fk_invitation_accepted_by')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_invitation_cooperative_id')),
    sa.ForeignKeyConstraint(['invited_by'], ['user_account.id'], name=op.f('fk_invitation_invited_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation'))
    )
    op.create_index(op.f('ix_invitation_cooperative_id'), 'invitation', ['cooperative_id'], unique=False)
    op.create_table('mailed_link',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('invitation_id', sa.Uuid(), nullable=True),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose IN ('confirm_email','reset_password','invitation','change_email')", name=op.f('ck_mailed_link_purpose')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_mailed_link_invitation_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_mailed_link_user_id')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_mailed_link'))
    )
    op.create_index(op.f('ix_mailed_link_invitation_id'), 'mailed_link', ['invitation_id'], unique=False)
    op.create_index(op.f('ix_mailed_link_user_id'), 'mailed_link', ['user_id'], unique=False)
    op.create_table('mine_site',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('region', sa.String(), nullable=False),
    sa.Column('district', sa.String(), nullable=False),
    sa.Column('coordinates_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('minerals', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('status_on', sa.Date(), nullable=True),
    sa.Column('activity', sa.String(), nullable=False),
    sa.Column('mercury_practice', sa.String(), nullable=False),
    sa.Column('right_kind', sa.String(), nullable=False),
    sa.Column('right_number', sa.String(), nullable=False),
    sa.Column('right_valid_from', sa.Date(), nullable=True),
    sa.Column('right_valid_to', sa.Date(), nullable=True),
    sa.Column('child_labour_attested_on', sa.Date(), nullable=True),
    sa.Column('child_labour_attested_by', sa.String(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verified_by', sa.Uuid(), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("activity IN ('active','inactive','abandoned')", name=op.f('ck_mine_site_activity')),
    sa.CheckConstraint('status BETWEEN 0 AND 3', name=op.f('ck_mine_site_status')),
    sa.CheckConstraint('verified_by IS NULL OR verified_by <> created_by', name=op.f('ck_mine_site_four_eyes')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_mine_site_cooperative_id')),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_mine_site_created_by')),
    sa.ForeignKeyConstraint(['verified_by'], ['user_account.id'], name=op.f('fk_mine_site_verified_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mine_site')),
    sa.UniqueConstraint('reference', name=op.f('uq_mine_site_reference'))
    )
    op.create_index(op.f('ix_mine_site_cooperative_id'), 'mine_site', ['cooperative_id'], unique=False)
    op.create_table('message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('template', sa.String(), nullable=False),
    sa.Column('params', postgresql.JSONB(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_message_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    op.create_index(op.f('ix_message_user_id'), 'message', ['user_id'], unique=False)
    op.create_index('ix_message_waiting', 'message', ['created_at'], unique=False, postgresql_where='sent_at IS NULL')


def downgrade() -> None:
    """Take back."""
    op.drop_table('message')
    op.drop_table('mine_site')
    op.drop_table('mailed_link')
    op.drop_table('invitation')
    op.drop_table('cooperative_member')
    op.drop_table('cooperative')
    op.drop_table('sent_form')
    op.drop_table('api_token')
    op.drop_table('sign_in_attempt')
    op.drop_table('recovery_code')
    op.drop_table('sign_in_session')
    op.drop_table('buyer')
    op.drop_table('staff_grant')
    op.drop_table('user_account')
