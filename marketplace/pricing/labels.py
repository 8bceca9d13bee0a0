"""The words of charges, standards and bases, marked for translation: rows hold codes, pages show these."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from marketplace.core.text import N_

CHARGE_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "royalty": N_("Royalty"),
        "clearance_and_inspection": N_("Clearance and inspection fee"),
        "all_statutory": N_("All charges by law together"),
        "domestic_set_aside": N_("Part to be offered to the central bank"),
        "export_duty": N_("Export duty"),
        "export_tax": N_("Export tax"),
        "rehabilitation_fund": N_("Fund for restoring mined land"),
        "all_payments_to_export": N_("All payments up to export"),
        "export_rate": N_("Export rate through the state buyer"),
        "not_recorded": N_("Charges of this country"),
    }
)

BASIS_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reference_rate": N_("From the reference rate"),
        "price_book": N_("From the price book"),
        "sales": N_("From sales on this marketplace"),
        "sales_and_book": N_("From sales on this marketplace and the price book"),
        "fineness_missing": N_("The fineness is missing"),
        "no_rate": N_("There is no reference rate"),
        "variety_missing": N_("The variety is missing"),
        "grade_missing": N_("The quality grade is missing"),
        "kimberley_first": N_("Needs a Kimberley Process certificate first"),
        "no_band_no_sales": N_("Not enough data"),
        "unsorted": N_("Not sorted, and too few like sales"),
    }
)

# Bases of which the number of sales says something: below five, sales are counted and not used.
SALES_BASES: Final = frozenset({"sales", "sales_and_book"})

# Why like sales were not counted: whole sentences with the number, which needs no plural behind a colon.
SET_ASIDE_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "future": N_("Not counted, because they were sold later: %(count)s."),
        "too_old": N_("Not counted, because they are older than 24 months: %(count)s."),
        "not_priced": N_("Not counted, because the price was not in US dollars: %(count)s."),
        "disputed": N_("Not counted, because a problem was reported: %(count)s."),
        "returned": N_("Not counted, because goods or money went back: %(count)s."),
        "related": N_("Not counted, because buyer and seller belong together: %(count)s."),
        "repeated": N_("Not counted, because the same two traded more than twice: %(count)s."),
        "few_counterparties": N_("Not counted, because they come from too few buyers and sellers: %(count)s."),
    }
)

# Weight of a stone, by the steps at which the price per carat climbs.
SIZE_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "under_1": N_("under 1 ct"),
        "from_1": N_("1 to 2 ct"),
        "from_2": N_("2 to 3 ct"),
        "from_3": N_("3 to 5 ct"),
        "from_5": N_("5 to 10 ct"),
        "from_10": N_("10 ct or more"),
    }
)

# How a rate, a charge or a band is known.
EVIDENCE_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verified": N_("Verified"),
        "sourced": N_("From the source named"),
        "own rule": N_("A rule of this marketplace"),
        "unverified": N_("Not verified yet"),
    }
)

CONFIDENCE_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "high": N_("Well founded"),
        "medium": N_("Fairly well founded"),
        "low": N_("A rough guide only"),
        "none": N_("Not enough data"),
    }
)

NO_CHARGES_RECORDED: Final = N_("No charges are recorded for these goods from this country. Ask Pact staff.")
SPECIAL_STONE_WORDS: Final = N_(
    "A single stone of this value may have to pay 15 % instead of 3 %. Ask Pact staff before you sell it."
)
