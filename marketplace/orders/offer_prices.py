"""What a lot, or a part of it, costs a buyer now: by the lot's price, or as it was agreed."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.lots.models import LotStock, LotVersion
from marketplace.lots.parts import PartRefused, check_part, price_of_part, share_of_price
from marketplace.lots.queries import stock_now
from marketplace.orders.models import LotClaim
from marketplace.orders.negotiation_models import Offer


class PriceChanged(Conflict):
    """The form showed another price than the one that counts now."""

    code = "price_changed"
    message = N_("The price is %(price)s now. Nothing was ordered. Look at it again, then decide.")


@dataclass(frozen=True, slots=True)
class Quote:
    """What is bought and what it costs: `part_mg` None means the whole lot, `is_agreed` that an offer was accepted."""

    price: Money
    part_mg: int | None = None
    is_agreed: bool = False


def quote_for(
    session: Session, *, version: LotVersion, stock: LotStock | None, part_mg: int | None, kept: LotClaim | None
) -> Quote:
    """Return what the buyer pays now; `kept` is her own hold or agreement, `stock` None of a lot sold whole.

    Raises PartRefused.

    A look only: of a part that is not hers yet, the price counts once its claim is taken.
    """
    if kept is not None:
        agreed = agreed_price(session, kept)
        return Quote(agreed or _listed(version, kept), kept.quantity_mg, is_agreed=agreed is not None)
    if stock is None:
        return Quote(Money(version.price_minor, version.currency))
    if part_mg is None:
        raise PartRefused(N_("This lot is sold in parts. Say how much you want."))
    now = stock_now(stock)
    check_part(now, part_mg)
    return Quote(price_of_part(now, part_mg), part_mg)


def agreed_price(session: Session, claim: LotClaim) -> Money | None:
    """Return the amount of the accepted offer that took the claim, or None."""
    offer = session.scalar(select(Offer).where(Offer.claim_id == claim.id))
    return Money(offer.amount_minor, offer.currency) if offer is not None else None


def list_price_of(version: LotVersion, part_mg: int | None) -> Money:
    """Return what the lot or a part of it costs by the lot's price: no offer is above it."""
    whole = Money(version.price_minor, version.currency)
    if part_mg is None:
        return whole
    return share_of_price(whole, part_mg, whole_mg=int(version.content["weight_mg"]))


def _listed(version: LotVersion, claim: LotClaim) -> Money:
    return Money(claim.list_minor if claim.list_minor is not None else version.price_minor, version.currency)
