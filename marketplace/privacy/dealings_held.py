"""What is held about what a person bought, offered, paid, said and showed: her own side only."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.checks.models import LotCheck
from marketplace.compliance.models import LimitClearance
from marketplace.core.text import N_
from marketplace.orders.exchange_models import OrderExchange
from marketplace.orders.models import LotClaim, Order, OrderEvidence, ProblemReport, SettlementOffer
from marketplace.orders.negotiation_models import Negotiation, Offer
from marketplace.papers.models import Paper
from marketplace.payments.models import Payment, Refund
from marketplace.payments.provider_models import ProviderCustomer
from marketplace.privacy.accounts_held import OPENS, SOMEBODY
from marketplace.privacy.holdings import Holding, Owner

STAFF_ONLY: Final = "how staff decide; it is not decided yet or protects them"


def _of_her_orders(column: InstrumentedAttribute[UUID]) -> Callable[[Owner], ColumnElement[bool]]:
    """Return what finds rows about an order that she placed herself."""
    return lambda owner: column.in_(select(Order.id).where(Order.buyer_user_id == owner.user_id))


DEALINGS: Final = (
    Holding(
        table=Order,
        title=N_("Your orders"),
        whose=lambda owner: Order.buyer_user_id == owner.user_id,
        shown="id reference lot_id version_id version_sha256 photo_hashes buyer_id buyer_user_id cooperative_id title"
        " state price_minor provisional_minor net_minor gross_minor quantity_mg currency split rate_ids"
        " inspection_days tolerance_version terms_version delivery deadline_at reminded_at stopping"
        " wants_verification extensions frozen_since stopped_times disputed_from disputed_by settlement_by outcome"
        " is_appealable refund_minor settled_split settled_net_minor backstop_at state_since created_at funded_at"
        " delivered_at accepted_at closed_at",
        withheld={
            "next_due_at": STAFF_ONLY,
            "reminded_stage": STAFF_ONLY,
            "needs_second_person": STAFF_ONLY,
            "proposed_resolution": STAFF_ONLY,
            "proposed_refund_minor": STAFF_ONLY,
            "proposed_by": SOMEBODY,
            "barred_reviewers": SOMEBODY,
        },
    ),
    Holding(
        table=OrderExchange,
        title=N_("Rates you paid at"),
        whose=_of_her_orders(OrderExchange.order_id),
        shown="order_id price_minor price_currency paid_minor paid_currency worth_minor rate rate_ids observed_on"
        " sources agreed_at",
    ),
    Holding(
        table=LotClaim,
        title=N_("Lots kept for you"),
        whose=lambda owner: LotClaim.buyer_id == owner.buyer_id,
        shown="id lot_id quantity_mg list_minor kind buyer_id order_id state created_at expires_at reminded_at"
        " released_at release_reason",
    ),
    Holding(
        table=LotCheck,
        title=N_("Checks you asked for"),
        whose=lambda owner: LotCheck.asked_by == owner.user_id,
        shown="id reference lot_id version_id version_sha256 buyer_id asked_by asked_at question state assigned_at"
        " due_on finding seen note decline_reason ended_at",
        withheld={"assigned_to": SOMEBODY, "assigned_by": SOMEBODY},
    ),
    Holding(
        table=Negotiation,
        title=N_("Lots you made offers for"),
        whose=lambda owner: Negotiation.buyer_user_id == owner.user_id,
        shown="id reference lot_id version_id buyer_id buyer_user_id cooperative_id created_at updated_at",
    ),
    Holding(
        table=Offer,
        title=N_("Offers you made"),
        whose=lambda owner: Offer.maker_id == owner.user_id,
        shown="id negotiation_id lot_id round made_by maker_id amount_minor currency quantity_mg state created_at"
        " expires_at waiting_since reminded_at ended_at claim_id",
        withheld={"decline_at": "would tell the least amount of the other side"},
    ),
    Holding(
        table=ProblemReport,
        title=N_("Problems you reported"),
        whose=lambda owner: ProblemReport.reported_by == owner.user_id,
        shown="id order_id kind text reported_by reported_at resolved_at resolution opened_as came_from deadline_was"
        " refund_minor by_rule",
        withheld={"proposed_by": SOMEBODY, "resolved_by": SOMEBODY, "resolution_note": "words of somebody else"},
    ),
    Holding(
        table=OrderEvidence,
        title=N_("What you said and showed about orders"),
        whose=lambda owner: OrderEvidence.given_by == owner.user_id,
        shown="id order_id party text photo_sha256 photo_width given_by given_at",
    ),
    Holding(
        table=SettlementOffer,
        title=N_("Offers you made to settle"),
        whose=lambda owner: SettlementOffer.made_by == owner.user_id,
        shown="id order_id kind party refund_minor currency text state made_by made_at answered_at",
    ),
    Holding(
        table=Payment,
        title=N_("Your payments"),
        whose=_of_her_orders(Payment.order_id),
        shown="id order_id order_reference provider state amount_minor currency session_id payment_intent_id charge_id"
        " method buyer_id missing_minor started_at created_at paid_at",
        withheld={
            "session_url": OPENS,
            "balance_transaction_id": "our own account at the provider",
            "fee_minor": "what the provider takes of us",
        },
    ),
    Holding(
        table=Refund,
        title=N_("Money that went back to you"),
        whose=_of_her_orders(Refund.order_id),
        shown="id order_id payment_id kind state amount_minor currency provider_ref former_refs tries returned_minor"
        " reason created_at done_at",
        withheld={
            "balance_transaction_id": "our own account at the provider",
            "booked_minor": "our own account at the provider",
            "booked_currency": "our own account at the provider",
        },
    ),
    Holding(
        table=ProviderCustomer,
        title=N_("Your number at the payment provider"),
        whose=lambda owner: ProviderCustomer.user_id == owner.user_id,
        shown="id buyer_id user_id provider_ref created_at",
    ),
    Holding(
        table=LimitClearance,
        title=N_("Higher limits you were given"),
        whose=lambda owner: LimitClearance.buyer_id == owner.buyer_id,
        shown="id buyer_id up_to_minor currency expires_at proposed_at confirmed_at ended_at",
        withheld={
            "reason": "a check against money laundering; the law forbids to tell it",
            "proposed_by": SOMEBODY,
            "confirmed_by": SOMEBODY,
            "ended_by": SOMEBODY,
        },
    ),
    Holding(
        table=Paper,
        title=N_("Your invoices, receipts and credit notes"),
        whose=lambda owner: (Paper.buyer_id == owner.buyer_id) & (Paper.kind != "statement"),
        shown="id kind year serial number subject_id order_id cooperative_id buyer_id total_minor currency content"
        " sha256 issued_at",
    ),
)
