"""The codes a lot is described with, and their English words, marked for translation."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Final

from marketplace.core.text import N_
from marketplace.pricing import shipped

STEPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kind": N_("What it is"),
        "weight": N_("Weight"),
        "photos": N_("Photos"),
        "quality": N_("Quality"),
        "origin": N_("Where it was mined"),
        "price": N_("Price"),
        "check": N_("Check and send"),
    }
)
# Steps whose answers are typed; photos are files, the check is a declaration.
TYPED_STEPS: Final = ("kind", "weight", "quality", "origin", "price")

GOLD_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {"dore": N_("Doré (melted gold)"), "dust": N_("Gold dust"), "nugget": N_("Nugget"), "bar": N_("Bar")}
)
GEM_FORMS: Final[Mapping[str, str]] = MappingProxyType({"rough": N_("Rough stone"), "cut": N_("Cut stone")})
FORMS: Final[Mapping[str, str]] = MappingProxyType({**GOLD_FORMS, **GEM_FORMS})

FINENESS_METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fire_assay": N_("Fire assay in a laboratory"),
        "xrf": N_("XRF machine"),
        "water_test": N_("Weighed in water"),
        "touchstone": N_("Touchstone"),
        "declared": N_("Our own estimate"),
    }
)
# What these methods leave behind is a paper with a number.
METHODS_WITH_REPORT: Final = frozenset({"fire_assay", "xrf"})

STANDARDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "none": N_("No standard"),
        "FAIRTRADE": N_("Fairtrade"),
        "FAIRTRADE_ECOLOGICAL": N_("Fairtrade, ecological"),
        "FAIRMINED": N_("Fairmined"),
        "FAIRMINED_ECOLOGICAL": N_("Fairmined, ecological"),
    }
)
MERCURY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mercury_free": N_("No mercury was used"),
        "amalgamation_with_retort": N_("Mercury was used, with a retort"),
        "amalgamation_no_retort": N_("Mercury was used, without a retort"),
        "unknown": N_("We do not know"),
    }
)

GRADES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "commercial": N_("Commercial"),
        "good": N_("Good"),
        "fine": N_("Fine"),
        "extra_fine": N_("Extra fine"),
    }
)
# How the pieces of a parcel belong together, asked when there is more than one; a single piece is never asked.
PARCELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "single": N_("A single piece"),
        "matched": N_("A matched set"),
        "sorted": N_("Sorted"),
        "run_of_mine": N_("Not sorted, as it came from the mine"),
    }
)
PARCEL_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "matched": N_("Pieces chosen to go together, such as a pair for earrings."),
        "sorted": N_("Pieces alike in kind, colour, size and quality."),
        "run_of_mine": N_("Good and poor pieces together. The price book has no price for these."),
    }
)
CLARITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "clean": N_("Clean to the eye"),
        "slightly_included": N_("Small marks inside"),
        "included": N_("Clear marks inside"),
        "opaque": N_("Light does not pass"),
        "mixed": N_("Mixed"),
    }
)
SHAPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "crystal": N_("Crystal"),
        "pebble": N_("Water-worn pebble"),
        "broken": N_("Broken piece"),
        "round": N_("Round"),
        "oval": N_("Oval"),
        "cushion": N_("Cushion"),
        "pear": N_("Pear"),
        "emerald_cut": N_("Emerald cut"),
        "cabochon": N_("Cabochon"),
        "mixed": N_("Mixed"),
        "other": N_("Other"),
    }
)
TREATMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "N": N_("Not treated"),
        "E": N_("Enhanced in the usual way"),
        "H": N_("Heated"),
        "HP": N_("Heat and pressure"),
        "O": N_("Oil or resin"),
        "F": N_("Filled"),
        "I": N_("Impregnated"),
        "R": N_("Irradiated"),
        "U": N_("Diffused"),
        "D": N_("Dyed"),
        "C": N_("Coated"),
        "B": N_("Bleached"),
        "L": N_("Laser drilled"),
        "W": N_("Waxed"),
        "UNK": N_("We do not know"),
    }
)
NOT_NATURAL: Final = frozenset({"SYN", "ASBL", "IMIT"})

PHOTO_SLOTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "front": N_("From the front"),
        "side": N_("From the side"),
        "scale": N_("With a ruler, a coin or the tag"),
        "daylight": N_("In daylight"),
    }
)
# Publication rules: gold two or more, stones three or more.
PHOTOS_NEEDED: Final[Mapping[str, int]] = MappingProxyType({"gold": 2, "gem": 3})

CLAIM_SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "declared": N_("declared by the cooperative"),
        "measured_by_cooperative": N_("measured by the cooperative"),
        "laboratory_report": N_("laboratory report"),
        "inspected_by_pact": N_("inspected by Pact"),
    }
)


@cache
def varieties() -> Mapping[str, str]:
    """Return the English trade name of every variety by its code."""
    return MappingProxyType({row["code"]: row["name_en"] for row in shipped.rows_of("vocabulary/gem_varieties.csv")})


@cache
def densities() -> Mapping[str, tuple[Decimal, Decimal]]:
    """Return the lowest and the highest specific gravity of every variety by its code."""
    rows = shipped.rows_of("vocabulary/gem_varieties.csv")
    return MappingProxyType({row["code"]: (Decimal(row["sg_min"]), Decimal(row["sg_max"])) for row in rows})


def kind_of(form: str) -> str:
    """Return gold or gem for a form."""
    return "gold" if form in GOLD_FORMS else "gem"
