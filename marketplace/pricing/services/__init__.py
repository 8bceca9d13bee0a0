"""Changes of reference data: import what is shipped, enter and release rates, propose and approve the price book."""

from marketplace.pricing.book.proposal import BandProposal
from marketplace.pricing.services.import_price_book import import_price_book
from marketplace.pricing.services.import_rates import import_observations, import_rates
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
from marketplace.pricing.services.rates import enter_rate, release_rate
from marketplace.unit_of_work import UnitOfWork

__all__ = [
    "BandProposal",
    "BookMoved",
    "add_row",
    "approve_edition",
    "copy_edition_in_force",
    "decline_edition",
    "discard_draft",
    "dry_run_of",
    "enter_rate",
    "import_observations",
    "import_price_book",
    "import_rates",
    "import_reference_data",
    "import_rules",
    "mend_row",
    "propose_draft",
    "propose_edition",
    "release_rate",
    "remove_row",
    "upload_draft",
]


def import_reference_data(uow: UnitOfWork) -> None:
    """Import all shipped reference data; a second run changes nothing."""
    import_rates(uow)
    import_rules(uow)
    import_price_book(uow)
