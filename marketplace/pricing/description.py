"""What guidance needs to know of a lot, and nothing that names anyone."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from marketplace.core.weight import MG_PER_CARAT

Kind = Literal["gold", "gem"]

GRADES: Final = ("commercial", "good", "fine", "extra_fine")
# How the pieces of a lot belong together; one piece is "single".
PARCELS: Final = ("single", "matched", "sorted", "run_of_mine")
FINENESS_METHODS: Final = ("fire_assay", "xrf", "water_test", "touchstone", "declared")


@dataclass(frozen=True, slots=True)
class LotDescription:
    """Describe goods for guidance: whole milligrams, fineness in parts per thousand, codes of the shipped vocabularies.

    `fineness_low_permille` and `fineness_high_permille` carry a measured range, such as the water test's; without them
    the usual uncertainty of the method applies. `parcel` is one of PARCELS, for stones; None where nobody said.
    """

    kind: Kind
    form: str
    origin_country: str
    weight_mg: int
    pieces: int = 1
    variety: str | None = None
    treatment: str | None = None
    grade: str | None = None
    fineness_permille: Decimal | None = None
    fineness_method: str | None = None
    fineness_low_permille: Decimal | None = None
    fineness_high_permille: Decimal | None = None
    standard: str | None = None
    parcel: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in {"gold", "gem"}:
            raise ValueError(f"unknown kind of goods: {self.kind!r}")
        if type(self.weight_mg) is not int or self.weight_mg <= 0:
            raise ValueError("the weight is a whole number of milligrams above zero")
        if type(self.pieces) is not int or self.pieces < 1:
            raise ValueError("a lot holds at least one piece")
        if self.parcel not in {None, *PARCELS}:
            raise ValueError(f"unknown parcel: {self.parcel!r}")

    @property
    def carats(self) -> Decimal:
        """Return the weight of the lot in carats, exactly."""
        return Decimal(self.weight_mg) / MG_PER_CARAT

    @property
    def commodity(self) -> str:
        """Return the word the rules of countries use: gold, gemstone or diamond."""
        if self.kind == "gold":
            return "gold"
        return "diamond" if self.variety == "diamond" else "gemstone"
