"""Orders, claims, payments and payouts.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('orders',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('version_sha256', sa.String(), nullable=False),
    sa.Column('photo_hashes', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('buyer_user_id', sa.Uuid(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('price_minor', sa.BigInteger(), nullable=False),
    sa.Column('net_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('split', postgresql.JSONB(), nullable=False),
    sa.Column('rate_ids', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('inspection_days', sa.Integer(), nullable=False),
    sa.Column('tolerance_version', sa.String(), nullable=False),
    sa.Column('terms_version', sa.String(), nullable=False),
    sa.Column('delivery', postgresql.JSONB(), nullable=False),
    sa.Column('deadline_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_stage', sa.Integer(), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('needs_second_person', sa.Boolean(), nullable=False),
    sa.Column('stopping', sa.String(), nullable=True),
    sa.Column('proposed_resolution', sa.String(), nullable=True),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('funded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_since', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state NOT IN ('released','refunded','cancelled','expired') OR (deadline_at IS NULL AND next_due_at IS NULL AND closed_at IS NOT NULL)", name=op.f('ck_orders_closed_has_no_deadline')),
    sa.CheckConstraint("stopping IS NULL OR stopping IN ('cancelled','expired')", name=op.f('ck_orders_stopping')),
    sa.CheckConstraint('price_minor > 0 AND net_minor > 0 AND net_minor <= price_minor', name=op.f('ck_orders_money')),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_orders_buyer_id')),
    sa.ForeignKeyConstraint(['buyer_user_id'], ['user_account.id'], name=op.f('fk_orders_buyer_user_id')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_orders_cooperative_id')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_orders_lot_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['user_account.id'], name=op.f('fk_orders_proposed_by')),
    sa.ForeignKeyConstraint(['version_id'], ['lot_version.id'], name=op.f('fk_orders_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('reference', name=op.f('uq_orders_reference'))
    )
    op.create_index('ix_orders_buyer', 'orders', ['buyer_id', 'created_at'], unique=False)
    op.create_index('ix_orders_cooperative', 'orders', ['cooperative_id', 'created_at'], unique=False)
    op.create_index('ix_orders_due', 'orders', ['next_due_at'], unique=False, postgresql_where='next_due_at IS NOT NULL')
    op.create_index('ix_orders_held', 'orders', ['held_since'], unique=False, postgresql_where='held_since IS NOT NULL')
    op.create_index(op.f('ix_orders_lot_id'), 'orders', ['lot_id'], unique=False)
    op.create_index('ix_orders_state', 'orders', ['state', 'created_at'], unique=False)
    op.create_table('lot_claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('release_reason', sa.String(), nullable=True),
    sa.CheckConstraint("kind IN ('hold','offer','checkout','order')", name=op.f('ck_lot_claim_kind')),
    sa.CheckConstraint("state IN ('active','settling','released','consumed')", name=op.f('ck_lot_claim_state')),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_lot_claim_buyer_id')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_lot_claim_lot_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_lot_claim_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot_claim'))
    )
    op.create_index(op.f('ix_lot_claim_buyer_id'), 'lot_claim', ['buyer_id'], unique=False)
    op.create_index(op.f('ix_lot_claim_order_id'), 'lot_claim', ['order_id'], unique=False)
    op.create_index('one_live_claim', 'lot_claim', ['lot_id'], unique=True, postgresql_where="state IN ('active','settling','consumed')")
    op.create_table('order_step',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('from_state', sa.String(), nullable=False),
    sa.Column('to_state', sa.String(), nullable=False),
    sa.Column('party', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('facts', postgresql.JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_step_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_step'))
    )
    op.create_index(op.f('ix_order_step_order_id'), 'order_step', ['order_id'], unique=False)
    op.create_table('shipment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('tracking', sa.String(), nullable=False),
    sa.Column('seal_number', sa.String(), nullable=False),
    sa.Column('weight_mg', sa.BigInteger(), nullable=False),
    sa.Column('insured_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seal_intact', sa.Boolean(), nullable=True),
    sa.Column('received_weight_mg', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_shipment_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipment')),
    sa.UniqueConstraint('carrier', 'tracking', name=op.f('uq_shipment_carrier_tracking')),
    sa.UniqueConstraint('order_id', name=op.f('uq_shipment_order_id'))
    )
    op.create_table('problem_report',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('reported_by', sa.Uuid(), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=True),
    sa.Column('resolved_by', sa.Uuid(), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolution', sa.String(), nullable=True),
    sa.Column('resolution_note', sa.String(), nullable=True),
    sa.CheckConstraint("resolution = 'withdrawn' OR resolved_by <> reported_by", name=op.f('ck_problem_report_not_self')),
    sa.CheckConstraint("resolution IN ('continue','refund','withdrawn')", name=op.f('ck_problem_report_resolution')),
    sa.CheckConstraint('proposed_by <> resolved_by', name=op.f('ck_problem_report_two_people')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_problem_report_order_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['user_account.id'], name=op.f('fk_problem_report_proposed_by')),
    sa.ForeignKeyConstraint(['reported_by'], ['user_account.id'], name=op.f('fk_problem_report_reported_by')),
    sa.ForeignKeyConstraint(['resolved_by'], ['user_account.id'], name=op.f('fk_problem_report_resolved_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem_report'))
    )
    op.create_index(op.f('ix_problem_report_order_id'), 'problem_report', ['order_id'], unique=False)
    op.create_index('uq_problem_report_open', 'problem_report', ['order_id'], unique=True, postgresql_where='resolved_at IS NULL')
    op.create_table('payment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('order_reference', sa.String(), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('session_id', sa.String(), nullable=True),
    sa.Column('session_url', sa.String(), nullable=True),
    sa.Column('payment_intent_id', sa.String(), nullable=True),
    sa.Column('charge_id', sa.String(), nullable=True),
    sa.Column('balance_transaction_id', sa.String(), nullable=True),
    sa.Column('fee_minor', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('creating','open','paid','expired','failed')", name=op.f('ck_payment_state')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payment_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment')),
    sa.UniqueConstraint('balance_transaction_id', name=op.f('uq_payment_balance_transaction_id')),
    sa.UniqueConstraint('order_id', name=op.f('uq_payment_order_id')),
    sa.UniqueConstraint('order_reference', name=op.f('uq_payment_order_reference')),
    sa.UniqueConstraint('payment_intent_id', name=op.f('uq_payment_payment_intent_id')),
    sa.UniqueConstraint('session_id', name=op.f('uq_payment_session_id'))
    )
    op.create_table('refund',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('provider_ref', sa.String(), nullable=True),
    sa.Column('former_refs', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('balance_transaction_id', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('decided','sent','done','failed')", name=op.f('ck_refund_state')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_refund_amount')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_refund_order_id')),
    sa.ForeignKeyConstraint(['payment_id'], ['payment.id'], name=op.f('fk_refund_payment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refund')),
    sa.UniqueConstraint('balance_transaction_id', name=op.f('uq_refund_balance_transaction_id')),
    sa.UniqueConstraint('order_id', 'kind', name=op.f('uq_refund_order_id_kind')),
    sa.UniqueConstraint('provider_ref', name=op.f('uq_refund_provider_ref'))
    )
    op.create_table('provider_command',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('request', postgresql.JSONB(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.CheckConstraint("kind IN ('checkout','expiry','refund')", name=op.f('ck_provider_command_kind')),
    sa.CheckConstraint("state IN ('waiting','leased','done','failed')", name=op.f('ck_provider_command_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_command')),
    sa.UniqueConstraint('key', name=op.f('uq_provider_command_key'))
    )
    op.create_index(op.f('ix_provider_command_subject_id'), 'provider_command', ['subject_id'], unique=False)
    op.create_index('ix_provider_command_waiting', 'provider_command', ['created_at'], unique=False, postgresql_where="state IN ('waiting','leased')")
    op.create_table('provider_news',
    sa.Column('event_id', sa.String(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('object_type', sa.String(), nullable=False),
    sa.Column('object_id', sa.String(), nullable=False),
    sa.Column('payload', postgresql.JSONB(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.CheckConstraint("state IN ('received','applied','ignored','quarantined')", name=op.f('ck_provider_news_state')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_provider_news'))
    )
    op.create_index(op.f('ix_provider_news_object_id'), 'provider_news', ['object_id'], unique=False)
    op.create_index('ix_provider_news_waiting', 'provider_news', ['received_at'], unique=False, postgresql_where="state = 'received'")
    op.create_table('provider_cursor',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('position', sa.String(), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_provider_cursor'))
    )
    op.create_table('provider_entry',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('source_id', sa.String(), nullable=True),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('fee_minor', sa.BigInteger(), nullable=False),
    sa.Column('net_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_entry'))
    )
    op.create_table('payment_problem',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_by', sa.Uuid(), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(), nullable=True),
    sa.CheckConstraint("kind IN ('unknown_order','other_order','other_amount','unknown_refund','not_found','refused','late')", name=op.f('ck_payment_problem_kind')),
    sa.CheckConstraint('(resolved_at IS NULL) = (note IS NULL)', name=op.f('ck_payment_problem_resolved_with_note')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payment_problem_order_id')),
    sa.ForeignKeyConstraint(['resolved_by'], ['user_account.id'], name=op.f('fk_payment_problem_resolved_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_problem'))
    )
    op.create_index(op.f('ix_payment_problem_order_id'), 'payment_problem', ['order_id'], unique=False)
    op.create_index('uq_payment_problem_open', 'payment_problem', ['kind', 'subject'], unique=True, postgresql_where='resolved_at IS NULL')
    op.create_table('payout_destination',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('rail', sa.String(), nullable=False),
    sa.Column('holder', sa.String(), nullable=False),
    sa.Column('institution', sa.String(), nullable=False),
    sa.Column('details_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('masked', sa.String(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('usable_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verified_by', sa.Uuid(), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("rail IN ('bank','mobile_money')", name=op.f('ck_payout_destination_rail')),
    sa.CheckConstraint('(verified_by IS NULL) = (verified_at IS NULL)', name=op.f('ck_payout_destination_verified_by_somebody')),
    sa.CheckConstraint('verified_by IS NULL OR verified_by <> created_by', name=op.f('ck_payout_destination_four_eyes')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_payout_destination_cooperative_id')),
    sa.ForeignKeyConstraint(['created_by'], ['user_account.id'], name=op.f('fk_payout_destination_created_by')),
    sa.ForeignKeyConstraint(['verified_by'], ['user_account.id'], name=op.f('fk_payout_destination_verified_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_destination'))
    )
    op.create_index(op.f('ix_payout_destination_cooperative_id'), 'payout_destination', ['cooperative_id'], unique=False)
    op.create_index('uq_payout_destination_live', 'payout_destination', ['cooperative_id'], unique=True, postgresql_where='retired_at IS NULL')
    op.create_table('payout',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('destination_id', sa.Uuid(), nullable=False),
    sa.Column('destination_entered_by', sa.Uuid(), nullable=False),
    sa.Column('rail', sa.String(), nullable=False),
    sa.Column('institution', sa.String(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('prepared_by', sa.Uuid(), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_by', sa.Uuid(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('external_reference', sa.String(), nullable=True),
    sa.Column('proof', sa.String(), nullable=True),
    sa.Column('failure', sa.String(), nullable=True),
    sa.CheckConstraint("state <> 'confirmed' OR (confirmed_by IS NOT NULL AND proof IS NOT NULL)", name=op.f('ck_payout_confirmed_has_proof')),
    sa.CheckConstraint("state IN ('prepared','approved','sent','confirmed','failed','cancelled')", name=op.f('ck_payout_state')),
    sa.CheckConstraint("state IN ('prepared','cancelled') OR approved_by IS NOT NULL", name=op.f('ck_payout_approved_before_sent')),
    sa.CheckConstraint("state NOT IN ('sent','confirmed','failed') OR (sent_by IS NOT NULL AND external_reference IS NOT NULL)", name=op.f('ck_payout_sent_has_reference')),
    sa.CheckConstraint('amount_minor > 0', name=op.f('ck_payout_amount')),
    sa.CheckConstraint('approved_by IS NULL OR approved_by <> prepared_by', name=op.f('ck_payout_two_people')),
    sa.CheckConstraint('prepared_by <> destination_entered_by AND (approved_by IS NULL OR approved_by <> destination_entered_by)', name=op.f('ck_payout_not_who_entered_the_destination')),
    sa.ForeignKeyConstraint(['approved_by'], ['user_account.id'], name=op.f('fk_payout_approved_by')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['user_account.id'], name=op.f('fk_payout_confirmed_by')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_payout_cooperative_id')),
    sa.ForeignKeyConstraint(['destination_entered_by'], ['user_account.id'], name=op.f('fk_payout_destination_entered_by')),
    sa.ForeignKeyConstraint(['destination_id'], ['payout_destination.id'], name=op.f('fk_payout_destination_id')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payout_order_id')),
    sa.ForeignKeyConstraint(['prepared_by'], ['user_account.id'], name=op.f('fk_payout_prepared_by')),
    sa.ForeignKeyConstraint(['sent_by'], ['user_account.id'], name=op.f('fk_payout_sent_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout')),
    sa.UniqueConstraint('rail', 'external_reference', name=op.f('uq_payout_rail_external_reference')),
    sa.UniqueConstraint('reference', name=op.f('uq_payout_reference'))
    )
    op.create_index(op.f('ix_payout_cooperative_id'), 'payout', ['cooperative_id'], unique=False)
    op.create_index('ix_payout_state', 'payout', ['state', 'prepared_at'], unique=False)
    op.create_index('uq_payout_order_live', 'payout', ['order_id'], unique=True, postgresql_where="state NOT IN ('failed','cancelled')")


def downgrade() -> None:
    """Take back."""
    op.drop_table('payout')
    op.drop_table('payout_destination')
    op.drop_table('payment_problem')
    op.drop_table('provider_entry')
    op.drop_table('provider_cursor')
    op.drop_table('provider_news')
    op.drop_table('provider_command')
    op.drop_table('refund')
    op.drop_table('payment')
    op.drop_table('problem_report')
    op.drop_table('shipment')
    op.drop_table('order_step')
    op.drop_table('lot_claim')
    op.drop_table('orders')
