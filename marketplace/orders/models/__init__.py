"""Tables of orders."""

from marketplace.orders.models.disputes import (
    OrderEvidence,
    OrderFreeze,
    ProblemReport,
    SettlementOffer,
    VerificationReport,
)
from marketplace.orders.models.orders import LotClaim, Order, OrderStep, Shipment

__all__ = [
    "LotClaim",
    "Order",
    "OrderEvidence",
    "OrderFreeze",
    "OrderStep",
    "ProblemReport",
    "SettlementOffer",
    "Shipment",
    "VerificationReport",
]
