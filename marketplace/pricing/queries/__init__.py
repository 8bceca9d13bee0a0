"""Reads of reference rates, charges, standards, the price book, and guidance made of them."""

from marketplace.pricing.queries.daily import price_of_the_day
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
    units_per_usd,
)
from marketplace.pricing.queries.rules import charges_for, country_rules

__all__ = [
    "Converted",
    "MetalPrice",
    "RateMissing",
    "all_series",
    "bands_of",
    "charges_for",
    "convert_between",
    "country_rules",
    "edition_by_id",
    "editions",
    "gold_standards",
    "guidance_for",
    "newest_edition_number",
    "price_of_the_day",
    "published_edition",
    "quarantined_rates",
    "rate_as_of",
    "rate_by_id",
    "rate_history",
    "standard_of",
    "todays_prices",
    "units_per_usd",
    "varieties_of",
]
