"""Gold priced by assay: the buyer pays a provisional price and a margin, the assay says what it costs. Pure.

Source: the order chapter of the design ("the buyer funds the provisional value plus a margin, the assay sets the final
price, only the excess is refunded"). The design names no margin: 3 % is ours, about the widest honest difference
between a touchstone and a fire assay; above it the price stays what was paid.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from marketplace.core.money import Money
from marketplace.payments.charging import step_of

MARGIN: Final = Fraction(3, 100)


def deposit_of(provisional: Money) -> Money:
    """Return what the buyer pays: the provisional price and the margin, rounded up to what can be charged."""
    step = step_of(provisional.currency)
    return Money(-int(-provisional.minor * (1 + MARGIN) / step // 1) * step, provisional.currency)


def shares_of_deposit(lines: Sequence[Mapping[str, Any]], *, provisional: Money) -> list[dict[str, Any]]:
    """Return the split of a provisional price for the deposit: every part grows alike, rounded down.

    The cooperative takes what remains, so that the parts sum to the deposit.
    """
    whole = deposit_of(provisional).minor
    grown = [{**line, "amount_minor": line["amount_minor"] * whole // provisional.minor} for line in lines]
    first = next(place for place, line in enumerate(grown) if line["payee"] == "cooperative")
    grown[first]["amount_minor"] += whole - sum(line["amount_minor"] for line in grown)
    return grown


def fine_mg(weight_mg: int, fineness_permille: Decimal) -> Fraction:
    """Return the fine gold in milligrams of a weight at a fineness in parts per thousand."""
    return Fraction(weight_mg) * Fraction(fineness_permille) / 1000


def final_price(provisional: Money, *, listed_fine_mg: Fraction, assayed_fine_mg: Fraction) -> Money:
    """Return what the gold costs by its assay, in proportion to the fine weight, rounded half to even.

    What it leaves of the deposit can be given back to the last digit. Never more than the
    deposit: the buyer agreed to no more. Raises ValueError when nothing was listed or found.
    """
    if listed_fine_mg <= 0 or assayed_fine_mg <= 0:
        raise ValueError("fine gold weighs more than nothing")
    step = step_of(provisional.currency)
    by_weight = step * round(provisional.minor * assayed_fine_mg / listed_fine_mg / step)
    return Money(min(max(by_weight, step), deposit_of(provisional).minor), provisional.currency)
