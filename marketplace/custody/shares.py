"""Who gets what of a price, as whole hundredths of a percent that sum to 10,000: shares are public, prices are not."""

from collections.abc import Sequence
from typing import NamedTuple

from marketplace.custody.record import SplitShare

BASIS_POINTS = 10_000


class PriceLine(NamedTuple):
    """One line of a price: `amount_minor` in minor units of one currency."""

    code: str
    label: str
    payee: str
    amount_minor: int


def shares_of(lines: Sequence[PriceLine]) -> tuple[SplitShare, ...]:
    """Return the share of each line; nothing where a line is negative or all are zero.

    What rounding down leaves over goes to the largest remainders, the earlier line first (method of Hare and Niemeyer).
    """
    total = sum(line.amount_minor for line in lines)
    if total <= 0 or any(line.amount_minor < 0 for line in lines):
        return ()
    points = [line.amount_minor * BASIS_POINTS // total for line in lines]
    remainders = [line.amount_minor * BASIS_POINTS % total for line in lines]
    left = BASIS_POINTS - sum(points)
    for index in sorted(range(len(lines)), key=lambda each: (-remainders[each], each))[:left]:
        points[index] += 1
    return tuple(
        SplitShare(code=line.code, label=line.label, payee=line.payee, share_bp=share)
        for line, share in zip(lines, points, strict=True)
    )
