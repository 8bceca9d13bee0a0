"""Mass balance of one event: what went in equals what came out and the declared loss, to the milligram.

A loss outside the usual band of its method is a warning, not an error: scales differ, and so do stones.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

OWN_JUDGEMENT: Final = "own judgement"
_ROSE: Final = "T. K. Rose, The Metallurgy of Gold: 0.5 to 7 percent lost in melting retorted gold"
_GEM_SOCIETY: Final = (
    "International Gem Society, What Is the Average Gemstone Faceting Yield: 15 to 33 percent of clean rough is kept, "
    "seldom 40 or more"
)


class Band(NamedTuple):
    """The usual loss of a method as shares of the weight before; both ends still count as usual."""

    least: Fraction
    most: Fraction
    source: str


# Cutting begins at 55: a well-shaped crystal keeps somewhat more than the source's 40 percent.
USUAL_LOSS: Final[Mapping[str, Band]] = MappingProxyType(
    {
        "washing": Band(Fraction(0), Fraction(20, 100), OWN_JUDGEMENT),
        "smelting": Band(Fraction(5, 1000), Fraction(7, 100), _ROSE),
        "cutting": Band(Fraction(55, 100), Fraction(85, 100), _GEM_SOCIETY),
        "polishing": Band(Fraction(0), Fraction(30, 100), OWN_JUDGEMENT),
        "sorting": Band(Fraction(0), Fraction(5, 1000), OWN_JUDGEMENT),
        "combining": Band(Fraction(0), Fraction(5, 1000), OWN_JUDGEMENT),
    }
)
METHODS: Final = ("washing", "smelting", "cutting", "polishing")


class Verdict(NamedTuple):
    """What a balance says: the loss in milligrams, its share of what went in, and whether that is usual."""

    loss_mg: int
    share: Fraction
    is_usual: bool
    band: Band


class OutOfBalance(InvalidInput):
    """The weights of an event do not add up."""

    code = "out_of_balance"


def judge(inputs: Sequence[int], outputs: Sequence[int], *, loss_mg: int, method: str) -> Verdict:
    """Return what the weights in milligrams say; raise OutOfBalance when they do not add up.

    Every weight is above zero and the loss zero or more; ValueError for an unknown method.
    """
    if method not in USUAL_LOSS:
        raise ValueError(f"not a method: {method!r}")
    if not inputs or not outputs or min(*inputs, *outputs, 1) <= 0:
        raise OutOfBalance({"weight_after": N_("Every weight must be more than nothing.")})
    going_in, coming_out = sum(inputs), sum(outputs)
    if loss_mg < 0 or coming_out > going_in:
        raise OutOfBalance({"weight_after": N_("More came out than went in. Weigh everything again.")})
    if going_in != coming_out + loss_mg:
        raise OutOfBalance(
            {"loss": N_("The weights do not add up. What went in must equal what came out and the loss.")}
        )
    band = USUAL_LOSS[method]
    share = Fraction(loss_mg, going_in)
    return Verdict(loss_mg, share, band.least <= share <= band.most, band)


def yield_permille(before_mg: int, after_mg: int) -> int:
    """Return how much was kept in parts per thousand, rounded half to even; ValueError without a weight before."""
    if before_mg <= 0:
        raise ValueError("nothing went in")
    return round(Fraction(after_mg * 1000, before_mg))
