"""Lots sold in parts, by weight: what a part costs, and which parts may be taken. Pure.

Gold dust and sorted stones are alike throughout, so a part costs its share of the weight, rounded once to the nearest
minor unit, an exact half up: equal parts cost the same, whoever comes first. The last part takes what remains of the
price, so that however a lot is cut the parts sum to it. With at most MOST_PARTS parts of at least LEAST_PRICE each, it
is less than a twentieth away from its share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from marketplace.core.errors import Conflict
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.core.weight import from_mg
from marketplace.lots import titles

# A lot has at most so many parts: each is an order with a parcel of its own.
MOST_PARTS: Final = 100
# What the least part costs at least, in minor units.
LEAST_PRICE: Final = 1_000


class PartRefused(Conflict):
    """This part cannot be taken; the message says which can."""

    code = "part_refused"
    message = N_("Choose another part.")


@dataclass(frozen=True, slots=True)
class Stock:
    """What is left of a lot sold in parts: milligrams, and minor units of the price that the rest costs together.

    `unit` is the one people weigh these goods in: g of gold, ct of stones.
    """

    whole_mg: int
    price: Money
    least_mg: int
    free_mg: int
    free_minor: int
    unit: str = "g"

    def shown(self, weight_mg: int) -> str:
        """Return a weight with its unit in plain digits, for a sentence."""
        return f"{titles.plain(from_mg(weight_mg, self.unit))} {self.unit}"


def least_part_of(content: Mapping[str, Any]) -> int | None:
    """Return the least part of a lot version in milligrams, or None when it is sold whole."""
    parts = content.get("parts")
    return int(parts["least_mg"]) if parts else None


def check_part(stock: Stock, part_mg: int) -> None:
    """Raise PartRefused unless this part may be taken: at least the least part, and no rest that is below it."""
    if stock.free_mg <= 0:
        raise PartRefused(N_("Nothing of this lot is free now. Look again later."))
    if part_mg > stock.free_mg:
        raise PartRefused(N_("Only %(free)s of this lot are free now. Choose less."), free=stock.shown(stock.free_mg))
    if part_mg < stock.least_mg:
        raise PartRefused(N_("The least part is %(least)s. Choose more."), least=stock.shown(stock.least_mg))
    if 0 < stock.free_mg - part_mg < stock.least_mg:
        raise PartRefused(
            N_("The rest would be below the least part. Choose all %(free)s, or at most %(most)s."),
            free=stock.shown(stock.free_mg),
            most=stock.shown(stock.free_mg - stock.least_mg),
        )


def price_of_part(stock: Stock, part_mg: int) -> Money:
    """Return what a part costs now: its share, or for the last one what remains of the price."""
    if not 0 < part_mg <= stock.free_mg:
        raise ValueError("a part is above zero and at most what is free")
    if part_mg == stock.free_mg:
        return Money(stock.free_minor, stock.price.currency)
    return share_of_price(stock.price, part_mg, whole_mg=stock.whole_mg)


def share_of_price(price: Money, part_mg: int, *, whole_mg: int) -> Money:
    """Return the share of a price that goes with a part, rounded once to the minor unit, an exact half up."""
    return Money((2 * price.minor * part_mg + whole_mg) // (2 * whole_mg), price.currency)


def share_of(content: Mapping[str, Any], part_mg: int | None) -> Fraction:
    """Return a part's share of the lot's weight; the whole lot is one."""
    return Fraction(1) if part_mg is None else Fraction(part_mg, int(content["weight_mg"]))


def content_of_part(content: Mapping[str, Any], part_mg: int | None) -> dict[str, Any]:
    """Return what the version says of a part: its own weight, pieces and title; the price stays that of the lot."""
    if part_mg is None:
        return dict(content)
    pieces = max(1, round(int(content["pieces"]) * share_of(content, part_mg)))
    return {**content, "weight_mg": part_mg, "pieces": pieces, "title": titles.title_of_part(content, part_mg)}
