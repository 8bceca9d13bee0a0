"""When a figure about several sellers may be shown without telling what one of them earned.

A figure is of one country, or of all, and of one whole quarter: quarters do not overlap, so no two figures differ by a
few sales. It is one figure for everybody: what depends on the reader is only whether she may see it.
Source: the programme's rule that statistics are shown from five up; three sellers keep two from telling on each other.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

FEWEST_SALES: Final = 5
FEWEST_SELLERS: Final = 3
_MONTHS_A_QUARTER: Final = 3


def may_read(sales_of_seller: Mapping[str, int], *, own: Collection[str]) -> bool:
    """Say whether enough sales of others stand behind a figure for a reader who knows the sales of `own`."""
    others = [count for seller, count in sales_of_seller.items() if seller not in own and count > 0]
    return len(others) >= FEWEST_SELLERS and sum(others) >= FEWEST_SALES


def may_be_public(sales_of_seller: Mapping[str, int]) -> bool:
    """Say whether a figure may be shown to everybody: whichever seller reads it, enough sales of others remain."""
    return bool(sales_of_seller) and all(may_read(sales_of_seller, own={seller}) for seller in sales_of_seller)


def hides_the_rest(all_sales: Mapping[str, int], part: Mapping[str, int]) -> bool:
    """Say whether a part may be shown beside the whole: what lies outside it is nothing, or enough by itself."""
    rest = {seller: count - part.get(seller, 0) for seller, count in all_sales.items()}
    return not any(rest.values()) or may_read(rest, own=())


def quarter_of(day: date) -> date:
    """Return the first day of the calendar quarter."""
    return date(day.year, (day.month - 1) // _MONTHS_A_QUARTER * _MONTHS_A_QUARTER + 1, 1)


def whole_quarters(on: date, count: int) -> Iterator[date]:
    """Return the first days of the last `count` quarters that are over, newest first."""
    first = quarter_of(on)
    for _ in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 - _MONTHS_A_QUARTER, 12)
        first = date(year, month + 1, 1)
        yield first


def whole_percent(share: Decimal) -> Decimal:
    """Return a share of one to a whole percent, half to even: blunt enough to hide the sale in the middle."""
    return Decimal(round(Fraction(share) * 100)).scaleb(-2)
