"""Where the marks of a price bar and a price gauge stand, as percentages for SVG."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, NamedTuple

from marketplace.core.money import Money

# One colour a kind of receiver, in the order of the key: miners, cooperative fund, state and logistics, platform.
_COLOUR_OF_PAYEE: Final = {"cooperative": 1, "miners": 1, "premium": 2, "deduction": 3, "state": 3, "platform": 4}
_OTHER: Final = 3
_MARGIN: Final = Decimal("0.15")


class BarPart(NamedTuple):
    """One stretch of a value bar with what its key says."""

    label: str
    amount: Money
    share: Decimal
    colour: int
    start: str
    width: str


class GaugeMarks(NamedTuple):
    """Where low, middle, high and the asking price stand on the rail, and the answer in one word."""

    low: str
    range: str
    middle: str | None
    asking: str | None
    anchor: str
    position: str


def percentage(share: Decimal) -> str:
    """Return a share between 0 and 1 as an SVG percentage such as "78.25%"."""
    return f"{(share * 100).quantize(Decimal('0.01')):f}%"


def bar_parts(rows: Iterable[Any], total: Money) -> list[BarPart]:
    """Lay the rows {label, amount, payee} end to end over the total; parts of nothing are left out."""
    parts: list[BarPart] = []
    start = Decimal(0)
    for row in rows:
        amount: Money = _of(row, "amount")
        if not amount:
            continue
        share = Decimal(amount.minor) / Decimal(total.minor)
        colour = _COLOUR_OF_PAYEE.get(str(_of(row, "payee")), _OTHER)
        parts.append(BarPart(_of(row, "label"), amount, share, colour, percentage(start), percentage(share)))
        start += share
    return parts


def gauge_marks(low: Money, high: Money, middle: Money | None = None, asking: Money | None = None) -> GaugeMarks:
    """Place the guide range and the asking price on one rail, with some room at both ends."""
    if high < low:
        raise ValueError("the guide range ends below its start")
    ends = [low, high] if asking is None else [low, high, asking]
    least, most = min(ends).minor, max(ends).minor
    room = max((most - least) * _MARGIN, Decimal(1))
    start, span = least - room, most - least + 2 * room

    def at(amount: Money) -> Decimal:
        return (amount.minor - start) / span

    spot = None if asking is None else at(asking)
    return GaugeMarks(
        low=percentage(at(low)),
        range=percentage(at(high) - at(low)),
        middle=None if middle is None else percentage(at(middle)),
        asking=None if spot is None else percentage(spot),
        anchor=_anchor(spot),
        position=_position(low, high, asking),
    )


def _anchor(spot: Decimal | None) -> str:
    """Keep the words under a mark inside the drawing."""
    if spot is None or Decimal("0.25") <= spot <= Decimal("0.75"):
        return "middle"
    return "start" if spot < Decimal("0.25") else "end"


def _position(low: Money, high: Money, asking: Money | None) -> str:
    if asking is None:
        return "unknown"
    if asking < low:
        return "below"
    return "above" if asking > high else "inside"


def _of(row: Any, name: str) -> Any:
    """Read a field of a record or of a mapping: pages pass both."""
    return row[name] if isinstance(row, dict) else getattr(row, name)
