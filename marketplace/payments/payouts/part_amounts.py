"""What one transfer of a payout carries."""

from marketplace.core.money import Money
from marketplace.payments.rail_models import PayoutPart


def amount_of_part(part: PayoutPart) -> Money:
    """Return what one transfer carries."""
    return Money(part.amount_minor, part.currency)
