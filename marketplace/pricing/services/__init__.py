"""Changes of reference data: import what is shipped, enter and release rates, propose and approve the price book."""

from marketplace.pricing.book.proposal import BandProposal
from marketplace.pricing.services.charges import (
    ChargeOverlaps,
    ChargeProposal,
    ChargeRefused,
    CoversOtherForms,
    NotAsSeen,
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
from marketplace.pricing.services.price_book import BookMoved, approve_edition, decline_edition, propose_edition
from marketplace.pricing.services.price_book_drafts import (
    add_row,
    copy_edition_in_force,
    discard_draft,
    dry_run_of,
    mend_row,
    propose_draft,
    remove_row,
    upload_draft,
)
from marketplace.pricing.services.rates import dismiss_rate, enter_rate, release_rate
from marketplace.unit_of_work import UnitOfWork

__all__ = [
    "BandProposal",
    "BookMoved",
    "ChargeOverlaps",
    "ChargeProposal",
    "ChargeRefused",
    "CoversOtherForms",
    "Imported",
    "NotAsSeen",
    "add_row",
    "approve_charge",
    "approve_edition",
    "copy_edition_in_force",
    "decline_charge",
    "decline_edition",
    "discard_draft",
    "dismiss_rate",
    "dry_run_of",
    "due_sources",
    "ensure_series",
    "enter_rate",
    "fetch_source",
    "import_observations",
    "import_price_book",
    "import_rates",
    "import_reference_data",
    "import_rules",
    "mend_row",
    "policy_of",
    "propose_charge",
    "propose_draft",
    "propose_edition",
    "release_rate",
    "remove_old_fetches",
    "remove_row",
    "upload_draft",
    "verify_charge",
    "verify_standard",
]


def import_reference_data(uow: UnitOfWork) -> None:
    """Import all shipped reference data; a second run changes nothing."""
    import_rates(uow)
    import_rules(uow)
    import_price_book(uow)
