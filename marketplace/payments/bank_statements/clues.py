"""What a line of the bank's statement tells about itself, and why nothing explains it. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from marketplace.core.ids import check_symbol, normal_reference
from marketplace.core.money import Money

MOST_REFERENCES: Final = 10
# A reference of ours as people and banks write it: any case, hyphens kept, lost or turned into spaces.
_REFERENCE: Final = re.compile(
    r"(?<![A-Z0-9])([A-Z]{2})[- ]?([A-Z0-9]{4})[- ]?([A-Z0-9]{4})(?:-([0-9]{1,2}(?:R[0-9]{1,2})?))?(?![A-Z0-9])"
)
_PROVIDER: Final = re.compile(r"(?<![a-z])stripe(?![a-z])")


class Why(StrEnum):
    """What keeps a line from being matched."""

    NO_REFERENCE = "no_reference"
    UNKNOWN_REFERENCE = "unknown_reference"
    WRONG_ACCOUNT = "wrong_account"
    OTHER_AMOUNT = "other_amount"
    OTHER_CURRENCY = "other_currency"
    PAID_ALREADY = "paid_already"
    ORDER_ENDED = "order_ended"
    PART_OTHER_AMOUNT = "part_other_amount"
    PART_NOT_EXPECTED = "part_not_expected"
    OWN_STAKE = "own_stake"
    PROVIDER_UNKNOWN = "provider_unknown"
    LEFT = "left"


def references(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the references in some texts in their stored spelling, each once, those with a right check symbol only."""
    found = [
        reference
        for text in texts
        for match in _REFERENCE.finditer(text.upper())
        if (reference := _checked(*match.groups())) is not None
    ]
    return tuple(dict.fromkeys(found))[:MOST_REFERENCES]


def names_provider(texts: Iterable[str]) -> bool:
    """Tell whether the other side calls itself as our payment provider does on bank statements."""
    return any(_PROVIDER.search(text.casefold()) for text in texts)


def why_wire(amount: Money, *, expected: Money | None, state: str, has_reference: bool) -> Why:
    """Return why money that arrived funds no order.

    `expected` and `state` are those of the payment the text names. Buyers pay to the payment provider, so the right
    amount for a waiting order has reached the wrong account.
    """
    if expected is None:
        return Why.UNKNOWN_REFERENCE if has_reference else Why.NO_REFERENCE
    if state == "paid":
        return Why.PAID_ALREADY
    if state in ("expired", "failed"):
        return Why.ORDER_ENDED
    if amount.currency != expected.currency:
        return Why.OTHER_CURRENCY
    return Why.WRONG_ACCOUNT if amount == expected else Why.OTHER_AMOUNT


def _checked(prefix: str, first: str, second: str, part: str | None) -> str | None:
    reference = normal_reference(f"{prefix}-{first}-{second}")
    body = reference[3:].replace("-", "")
    try:
        is_right = check_symbol(body[:-1]) == body[-1]
    except ValueError:  # a letter that no reference has
        return None
    if not is_right:
        return None
    return f"{reference}-{part}" if part else reference
