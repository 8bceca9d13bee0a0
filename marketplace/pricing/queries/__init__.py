"""Reads of reference rates, charges, standards, the price book, and guidance made of them."""

from marketplace.pricing.queries.fetches import fetches_of, last_read, last_start, latest_fetches
from marketplace.pricing.queries.guidance import gold_standards, guidance_for, standard_of
from marketplace.pricing.queries.price_book import (
    bands_of,
    edition_by_id,
    editions,
    newest_edition_number,
    published_edition,
    varieties_of,
)
from marketplace.pricing.queries.prices import Converted, MetalPrice, RateMissing, convert_between, todays_prices
from marketplace.pricing.queries.rates import (
    all_series,
    quarantined_rates,
    rate_as_of,
    rate_by_id,
    rate_history,
    rate_of_series,
    units_per_usd,
)
from marketplace.pricing.queries.rules import (
    bases_charged,
    charge_by_id,
    charges_for,
    countries_with_charges,
    country_rules,
    proposed_charges,
    standards,
)

__all__ = [
    "Converted",
    "MetalPrice",
    "RateMissing",
    "all_series",
    "bands_of",
    "bases_charged",
    "charge_by_id",
    "charges_for",
    "convert_between",
    "countries_with_charges",
    "country_rules",
    "edition_by_id",
    "editions",
    "fetches_of",
    "gold_standards",
    "guidance_for",
    "last_read",
    "last_start",
    "latest_fetches",
    "newest_edition_number",
    "proposed_charges",
    "published_edition",
    "quarantined_rates",
    "rate_as_of",
    "rate_by_id",
    "rate_history",
    "rate_of_series",
    "standard_of",
    "standards",
    "todays_prices",
    "units_per_usd",
    "varieties_of",
]
