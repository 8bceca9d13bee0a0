"""The ledger.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('ledger_account',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('tracked', sa.Boolean(), nullable=False),
    sa.CheckConstraint("kind IN ('asset','liability','income','expense')", name=op.f('ck_ledger_account_kind')),
    sa.CheckConstraint("rule IN ('any','credit_min0','debit_min0')", name=op.f('ck_ledger_account_rule')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_account')),
    sa.UniqueConstraint('code', name=op.f('uq_ledger_account_code')),
    sa.UniqueConstraint('id', 'currency', name=op.f('uq_ledger_account_id_currency'))
    )
    op.create_table('ledger_posting',
    sa.Column('journal_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('debit_account', sa.BigInteger(), nullable=False),
    sa.Column('credit_account', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_ledger_posting_amount')),
    sa.CheckConstraint('debit_account <> credit_account', name=op.f('ck_ledger_posting_two_accounts')),
    sa.ForeignKeyConstraint(['credit_account', 'currency'], ['ledger_account.id', 'ledger_account.currency'], name=op.f('fk_ledger_posting_credit_account_currency')),
    sa.ForeignKeyConstraint(['debit_account', 'currency'], ['ledger_account.id', 'ledger_account.currency'], name=op.f('fk_ledger_posting_debit_account_currency')),
    sa.PrimaryKeyConstraint('journal_id', 'line', name=op.f('pk_ledger_posting'))
    )
    op.create_index('ix_ledger_posting_credit', 'ledger_posting', ['credit_account'], unique=False)
    op.create_index('ix_ledger_posting_debit', 'ledger_posting', ['debit_account'], unique=False)
    op.create_table('ledger_journal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('idempotency_key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('external_ref', sa.String(), nullable=True),
    sa.Column('event_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('reverses', sa.Uuid(), nullable=True),
    sa.Column('memo', sa.String(), nullable=False),
    sa.CheckConstraint('lines > 0', name=op.f('ck_ledger_journal_lines')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_ledger_journal_order_id')),
    sa.ForeignKeyConstraint(['reverses'], ['ledger_journal.id'], name=op.f('fk_ledger_journal_reverses')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_journal')),
    sa.UniqueConstraint('external_ref', 'kind', name=op.f('uq_ledger_journal_external_ref_kind')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_ledger_journal_idempotency_key')),
    sa.UniqueConstraint('reverses', name=op.f('uq_ledger_journal_reverses'))
    )
    op.create_index('ix_ledger_journal_created', 'ledger_journal', ['created_at', 'id'], unique=False)
    op.create_index('ix_ledger_journal_order', 'ledger_journal', ['order_id'], unique=False)
    op.create_table('ledger_balance',
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('balance', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("rule = 'any' OR (rule = 'credit_min0' AND balance <= 0) OR (rule = 'debit_min0' AND balance >= 0)", name=op.f('ck_ledger_balance_no_overdraft')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_account.id'], name=op.f('fk_ledger_balance_account_id')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_ledger_balance'))
    )
    op.create_foreign_key(op.f('fk_ledger_posting_journal_id'), 'ledger_posting', 'ledger_journal', ['journal_id'], ['id'], initially='DEFERRED', deferrable=True)


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f('fk_ledger_posting_journal_id'), 'ledger_posting', type_='foreignkey')
    op.drop_table('ledger_balance')
    op.drop_table('ledger_journal')
    op.drop_table('ledger_posting')
    op.drop_table('ledger_account')
