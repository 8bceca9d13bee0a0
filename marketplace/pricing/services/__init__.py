"""Changes of reference data: import what is shipped, enter and release rates, propose and approve the price book."""

from marketplace.pricing.services.charges import (
    ChargeOverlaps,
    ChargeProposal,
    ChargeRefused,
    approve_charge,
    decline_charge,
    propose_charge,
    verify_charge,
    verify_standard,
)
from marketplace.pricing.services.fetching import (
    due_sources,
    ensure_series,
    fetch_source,
    policy_of,
    remove_old_fetches,
)
from marketplace.pricing.services.import_price_book import import_price_book
from marketplace.pricing.services.import_rates import Imported, import_observations, import_rates
from marketplace.pricing.services.import_rules import import_rules
from marketplace.pricing.services.price_book import BandProposal, approve_edition, decline_edition, propose_edition
from marketplace.pricing.services.rates import dismiss_rate, enter_rate, release_rate
from marketplace.unit_of_work import UnitOfWork

__all__ = [
    "BandProposal",
    "ChargeOverlaps",
    "ChargeProposal",
    "ChargeRefused",
    "Imported",
    "approve_charge",
    "approve_edition",
    "decline_charge",
    "decline_edition",
    "dismiss_rate",
    "due_sources",
    "ensure_series",
    "enter_rate",
    "fetch_source",
    "import_observations",
    "import_price_book",
    "import_rates",
    "import_reference_data",
    "import_rules",
    "policy_of",
    "propose_charge",
    "propose_edition",
    "release_rate",
    "remove_old_fetches",
    "verify_charge",
    "verify_standard",
]


def import_reference_data(uow: UnitOfWork) -> None:
    """Import all shipped reference data; a second run changes nothing."""
    import_rates(uow)
    import_rules(uow)
    import_price_book(uow)
