"""Each formula in plain words and written out, so that anybody can work a guide out again with pencil and paper."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from marketplace.core.text import N_

_GOLD: Final = (
    N_("price of a gram = US dollars a troy ounce ÷ 31.1034768"),
    N_("middle = weight in grams × fineness ÷ 1000 × price of a gram"),
    N_("low = the same at the lowest fineness × the floor’s share, at least 95 ÷ 100"),
    N_("high = the same at the highest fineness"),
)
_BAND: Final = N_("price book: low and high of the band for one carat, the middle is half way")
_SALES: Final = N_(
    "sales: a quarter, half and three quarters of the weight of all like sales lie below low, middle and high"
)
_MIXED_TO_20: Final = N_("with n sales, fewer than 20, and a band: (n × sales + 10 × band) ÷ (n + 10)")
_EQUAL_SALES: Final = N_("n = (sum of the weights)² ÷ sum of the squared weights: as many equal sales say as much")
_MIXED: Final = N_("with sales and a band: (n × sales + 10 × band) ÷ (n + 10)")
_LOT_OF_STONES: Final = N_("value of the lot = carats × price of a carat")
_PIECE: Final = N_("value of a piece = value of the lot ÷ pieces")
_ROUNDED: Final = N_("Every amount is rounded once, at the end, to the cent; an exact half goes to the even cent.")

# By version and kind of goods.
FORMULA_WORDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("1", "gold"): N_("The value of the fine gold by the reference rate of the day, from the floor upward."),
        ("2", "gold"): N_("The value of the fine gold by the reference rate of the day, from the floor upward."),
        ("1", "gem"): N_("What like stones brought here, and what the price book says. A parcel counts by its weight."),
        ("2", "gem"): N_(
            "What like stones brought here, and what the price book says. "
            "The book speaks for single and sorted stones only."
        ),
    }
)
FORMULA_LINES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = MappingProxyType(
    {
        ("1", "gold"): (*_GOLD, _ROUNDED),
        ("2", "gold"): (*_GOLD, _PIECE, _ROUNDED),
        ("1", "gem"): (_BAND, _SALES, _MIXED_TO_20, _LOT_OF_STONES, _ROUNDED),
        ("2", "gem"): (_BAND, _SALES, _EQUAL_SALES, _MIXED, _LOT_OF_STONES, _PIECE, _ROUNDED),
    }
)
