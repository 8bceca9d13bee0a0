"""The codes of cooperatives and mine sites, each with its words; sources are named where a list is not our own."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from marketplace.core.text import N_


class Entry(NamedTuple):
    """One code and the English words a page translates."""

    code: str
    words: str


# Where the programmes work, with the currency a cooperative is usually paid in (ISO 3166-1, ISO 4217).
CURRENCY_OF_COUNTRY: Final[Mapping[str, str]] = {
    "CD": "CDF",
    "CO": "COP",
    "KE": "KES",
    "ML": "XOF",
    "SL": "SLE",
    "TZ": "TZS",
}
LEGAL_FORMS: Final = (
    Entry("cooperative", N_("Registered cooperative")),
    Entry("association", N_("Association")),
    Entry("women_group", N_("Registered women’s group")),
    Entry("company", N_("Company owned by miners")),
)
# Kinds of permission, restated from the ICGLR list of licence types (MD.03) with Tanzania's primary licence named.
RIGHT_KINDS: Final = (
    Entry("primary_mining_licence", N_("Primary mining licence")),
    Entry("mining_licence", N_("Mining licence")),
    Entry("artisanal_permit", N_("Artisanal mining permit")),
    Entry("claim", N_("Registered claim")),
    Entry("exploration_permit", N_("Exploration permit")),
    Entry("unlicensed", N_("No licence yet")),
)
# These two let nobody sell what was dug.
RIGHTS_WITHOUT_SALE: Final = frozenset({"exploration_permit", "unlicensed"})
MERCURY_PRACTICES: Final = (
    Entry("mercury_free", N_("No mercury is used")),
    Entry("amalgamation_with_retort", N_("Mercury with a retort")),
    Entry("amalgamation_no_retort", N_("Mercury without a retort")),
    Entry("not_applicable", N_("No gold here")),
    Entry("unknown", N_("Not known")),
)
# Minamata Convention, Annex C: burning amalgam in the open is a worst practice; "unknown" proves nothing.
MERCURY_ACCEPTED: Final = frozenset({"mercury_free", "amalgamation_with_retort"})
# Status of a mine site in the ICGLR certification mechanism (0 to 3).
BLUE, GREEN, YELLOW, RED = 0, 1, 2, 3
SITE_STATUSES: Final = (
    Entry("0", N_("Blue: not inspected yet")),
    Entry("1", N_("Green: certified")),
    Entry("2", N_("Yellow: problems to mend")),
    Entry("3", N_("Red: not certified")),
)
ACTIVITIES: Final = (
    Entry("active", N_("People work there")),
    Entry("inactive", N_("Work is paused")),
    Entry("abandoned", N_("Abandoned")),
)
MINERALS: Final = (
    Entry("gold", N_("Gold")),
    Entry("beryl", N_("Beryl: emerald, aquamarine")),
    Entry("chrysoberyl", N_("Chrysoberyl: alexandrite")),
    Entry("cordierite", N_("Iolite")),
    Entry("corundum", N_("Corundum: ruby, sapphire")),
    Entry("diamond", N_("Diamond")),
    Entry("feldspar", N_("Feldspar: moonstone")),
    Entry("garnet", N_("Garnet: tsavorite, rhodolite and others")),
    Entry("kyanite", N_("Kyanite")),
    Entry("quartz", N_("Quartz: amethyst, citrine")),
    Entry("spinel", N_("Spinel")),
    Entry("tourmaline", N_("Tourmaline")),
    Entry("zircon", N_("Zircon")),
    Entry("zoisite", N_("Zoisite: tanzanite")),
)


def codes(entries: tuple[Entry, ...]) -> frozenset[str]:
    """Return the codes of a list."""
    return frozenset(entry.code for entry in entries)


def words_of(entries: tuple[Entry, ...], code: str) -> str:
    """Return the words of a code, or the code itself when the list does not know it."""
    return next((entry.words for entry in entries if entry.code == code), code)


@cache
def mineral_of_variety() -> Mapping[str, str]:
    """Return the mineral that each gem variety of the shipped vocabulary belongs to."""
    text = (files("marketplace.data") / "vocabulary" / "gem_varieties.csv").read_text(encoding="utf-8")
    return {row["code"]: row["group"] for row in csv.DictReader(text.splitlines())}


def mineral_of(kind: str, variety: str | None) -> str:
    """Return the mineral a mining right must name for these goods; an unknown variety is its own mineral."""
    return "gold" if kind == "gold" else mineral_of_variety().get(variety or "", variety or "unknown")
