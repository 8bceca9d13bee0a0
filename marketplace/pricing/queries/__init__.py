"""Reads of reference rates, charges, standards, the price book, and guidance made of them."""

from marketplace.pricing.queries.guidance import gold_standards, guidance_for, standard_of
from marketplace.pricing.queries.price_book import (
    EvidenceCount,
    bands_of,
    draft_by_id,
    edition_by_id,
    edition_by_number,
    editions,
    evidence_counts,
    last_published,
    newest_edition_number,
    open_drafts,
    proposals_of,
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
    "EvidenceCount",
    "MetalPrice",
    "RateMissing",
    "all_series",
    "bands_of",
    "charges_for",
    "convert_between",
    "country_rules",
    "draft_by_id",
    "edition_by_id",
    "edition_by_number",
    "editions",
    "evidence_counts",
    "gold_standards",
    "guidance_for",
    "last_published",
    "newest_edition_number",
    "open_drafts",
    "proposals_of",
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
