"""One band as a curator proposes it, where it stands in a sheet, and the codes a sheet may use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

MOST_BANDS: Final = 5000
# From the cheapest to the dearest; a book is expected to name all of them at every weight.
GRADE_ORDER: Final = ("commercial", "good", "fine", "extra_fine")
# verified: a curator compared it with what the source names; sourced: a source says so; unverified: neither.
EVIDENCE: Final = ("verified", "sourced", "unverified")

# What makes stones comparable: variety, form, treatment, origin.
Group = tuple[str, str, str | None, str | None]
BandKey = tuple[str, str, str | None, str | None, Decimal, str]


@dataclass(frozen=True, slots=True)
class BandProposal:
    """Hold one band as a curator proposes it: US cents per carat, carats a stone."""

    variety: str
    form: str
    grade: str
    weight_from_ct: Decimal
    weight_to_ct: Decimal
    low_minor_per_ct: int
    high_minor_per_ct: int
    treatment: str | None = None
    origin: str | None = None
    evidence: str = "unverified"
    source: str = ""
    dated: date | None = None

    @property
    def group(self) -> Group:
        """Return what its stones have in common with others of other grades and weights."""
        return (self.variety, self.form, self.treatment, self.origin)

    @property
    def key(self) -> BandKey:
        """Return what no two bands of one edition share."""
        return (*self.group, self.weight_from_ct, self.grade)


class Placed(NamedTuple):
    """A band and the row of the sheet it stands in."""

    row: int
    band: BandProposal


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Hold the codes a sheet may use, each with its words."""

    varieties: Mapping[str, str]
    forms: Mapping[str, str]
    grades: Mapping[str, str]
    treatments: Mapping[str, str]
    countries: Mapping[str, str]


def in_reading_order(bands: Iterable[BandProposal]) -> list[BandProposal]:
    """Return bands by variety, form, treatment, origin, weight and grade, as a book is read."""
    return sorted(bands, key=_place)


def _place(band: BandProposal) -> tuple[str, str, str, str, Decimal, int, str]:
    rank = GRADE_ORDER.index(band.grade) if band.grade in GRADE_ORDER else len(GRADE_ORDER)
    return (band.variety, band.form, band.treatment or "", band.origin or "", band.weight_from_ct, rank, band.grade)
