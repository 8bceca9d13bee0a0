"""Tables of reference rates, charges of countries, standards, the price book and texts of the day."""

from marketplace.pricing.models.charges import Approval, ChargeBasis, DeductionRule, PriceStandardRow, RuleStatus
from marketplace.pricing.models.price_book import EditionState, PriceBand, PriceBookDraft, PriceBookEdition
from marketplace.pricing.models.rates import RateDismissal, RateFetch, ReferenceRate, ReferenceSeries
from marketplace.pricing.models.texts import PriceTextSubscription

__all__ = [
    "Approval",
    "ChargeBasis",
    "DeductionRule",
    "EditionState",
    "PriceBand",
    "PriceBookDraft",
    "PriceBookEdition",
    "PriceStandardRow",
    "PriceTextSubscription",
    "RateDismissal",
    "RateFetch",
    "ReferenceRate",
    "ReferenceSeries",
    "RuleStatus",
]
