"""Make, counter, accept, decline and withdraw offers; the clock ends those that nobody answered."""

from uuid import UUID

from sqlalchemy import func, select

from marketplace.core.errors import Conflict, InvalidInput, TransitionRefused
from marketplace.core.ids import new_id, new_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.lots import queries as lots
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.parts import PartRefused, check_part
from marketplace.orders import claims, offers
from marketplace.orders.agreed_split import split_at
from marketplace.orders.holds import check_confirmed
from marketplace.orders.models import LotClaim
from marketplace.orders.negotiation_models import Negotiation, Offer
from marketplace.orders.offer_prices import list_price_of
from marketplace.orders.offer_queries import Talk, floor_of, talk_of
from marketplace.orders.offers import Action, Row, Side, State
from marketplace.orders.services.buyers import check_may_deal
from marketplace.orders.services.buying import LotChanged
from marketplace.orders.services.offer_letters import tell_side
from marketplace.orders.services.reserving import own_claim, reserve
from marketplace.pricing.split import SplitRefused
from marketplace.unit_of_work import UnitOfWork

# Open offers on one lot: more than anybody could answer in two days.
MOST_OPEN = 50


class LotWaits(TransitionRefused):
    """Another buyer has the lot: offers about it wait."""

    code = "lot_reserved"
    message = N_("Another buyer has this lot now. Offers wait until it is free again.")


class TooManyOffers(Conflict):
    """The lot has as many open offers as anybody can answer."""

    code = "too_many_offers"
    message = N_("This lot has very many offers now. Look again tomorrow.")


def make(
    uow: UnitOfWork, *, lot_reference: str, version_sha256: str, amount: Money, part_mg: int | None = None
) -> Negotiation:
    """Make an offer for a lot on sale, or for a part of it, as the buyer who acts; a new one after the last one ended.

    Raises NotFound, NotABuyer, LevelTooLow, LotChanged, PartRefused, InvalidInput, Reserved or TransitionRefused.
    """
    lot, version = lots.published_version(uow.session, lot_reference)
    check_may_offer(uow, lot=lot)
    uow.session.refresh(lot, with_for_update=True)
    if version.sha256 != version_sha256 or lot.published_version_id != version.id:
        raise LotChanged
    _check_part(uow, lot, part_mg)
    negotiation, number = _negotiation(uow, version), 1
    if negotiation is not None:
        number = _checked(uow, negotiation, Action.MAKE)[0].standing.rounds + 1
    else:
        _check_free(uow, lot)
        _check_room(uow, lot)
    check_offer(version, amount, part_mg=part_mg, answered=None, side=Side.BUYER)
    negotiation = negotiation or _begin(uow, lot, version)
    _open(uow, negotiation, version, amount=amount, part_mg=part_mg, side=Side.BUYER, number=number)
    return negotiation


def counter(uow: UnitOfWork, *, negotiation: Negotiation, amount: Money) -> None:
    """Answer the open offer with another amount; raise InvalidInput or TransitionRefused."""
    talk, row = _locked(uow, negotiation, Action.COUNTER)
    side = offers.other(Side(talk.newest.made_by))
    part_mg = talk.newest.quantity_mg
    check_offer(talk.version, amount, part_mg=part_mg, answered=talk.amount, side=side)
    _end(uow, talk, row)
    number = talk.standing.rounds + 1
    _open(uow, negotiation, talk.version, amount=amount, part_mg=part_mg, side=side, number=number)


def accept(uow: UnitOfWork, *, negotiation: Negotiation) -> LotClaim:
    """Accept the open offer: the buyer has the lot, and two days to order it at this price.

    Raises TransitionRefused, and Reserved, Taken or PartRefused when another buyer was first.
    """
    talk, _row = _checked(uow, negotiation, Action.ACCEPT)
    claim = _claim(uow, talk)
    # The claim comes first, as in every purchase: claim, lot, offers is the one order of locks.
    talk, row = _locked(uow, negotiation, Action.ACCEPT)
    _end(uow, talk, row, claim=claim)
    for side in Side:
        tell_side(uow, negotiation=negotiation, offer=talk.newest, side=side, template=f"offer_accepted_{side.value}")
    return claim


def decline(uow: UnitOfWork, *, negotiation: Negotiation) -> None:
    """Decline the open offer; the clock does it in the cooperative's name below its floor."""
    talk, row = _locked(uow, negotiation, Action.DECLINE)
    _end(uow, talk, row)
    _tell(uow, talk, Side(talk.newest.made_by), "offer_declined")


def withdraw(uow: UnitOfWork, *, negotiation: Negotiation) -> None:
    """Take back one's own open offer."""
    talk, row = _locked(uow, negotiation, Action.WITHDRAW)
    _end(uow, talk, row)
    _tell(uow, talk, offers.other(Side(talk.newest.made_by)), "offer_withdrawn")


def expire(uow: UnitOfWork, *, negotiation: Negotiation) -> None:
    """End an open offer that nobody answered in time, or whose lot is not on sale any more."""
    talk, row = _locked(uow, negotiation, Action.EXPIRE)
    _end(uow, talk, row)
    for side in Side:
        _tell(uow, talk, side, "offer_ended" if talk.standing.is_gone else "offer_expired")


def check_may_offer(uow: UnitOfWork, *, lot: Lot) -> None:
    """Raise why the person who acts may not make offers for this lot."""
    check_may_deal(uow, cooperative_id=lot.cooperative_id)
    check_confirmed(uow.actor.buyer_level)


def check_offer(version: LotVersion, amount: Money, *, part_mg: int | None, answered: Money | None, side: Side) -> None:
    """Raise InvalidInput unless the amount is possible and leaves something for the cooperative."""
    offers.check_amount(amount, list_price=list_price_of(version, part_mg), answered=answered, side=side)
    try:
        split_at(version.content, amount, part_mg=part_mg)
    except SplitRefused as refused:
        raise InvalidInput({"amount": refused.message}) from None


def _claim(uow: UnitOfWork, talk: Talk) -> LotClaim:
    """Take the goods of the offer for its buyer; a hold of the same goods becomes the agreement."""
    until, part_mg, buyer_id = uow.now + offers.ORDER_TIME, talk.newest.quantity_mg, talk.negotiation.buyer_id
    kept = own_claim(uow, lot=talk.lot, buyer_id=buyer_id)
    if kept is None or kept.quantity_mg != part_mg or kept.kind == "offer":
        return reserve(uow, lot=talk.lot, buyer_id=buyer_id, kind="offer", expires_at=until, part_mg=part_mg)
    kept.kind, kept.expires_at, kept.reminded_at = "offer", until, None
    uow.record("lot_claim.agree", kept, expires_at=until)
    return kept


def _checked(uow: UnitOfWork, negotiation: Negotiation, action: Action) -> tuple[Talk, Row]:
    talk = talk_of(uow.session, negotiation, now=uow.now)
    row = offers.row_for(talk.standing, action, uow.actor)
    if row is None:
        legal = [each.value for each in offers.allowed_actions(talk.standing, uow.actor)]
        refusal = LotWaits if talk.standing.is_waiting else TransitionRefused
        raise refusal(talk.standing.state, action, legal=legal)
    return talk, row


def _locked(uow: UnitOfWork, negotiation: Negotiation, action: Action) -> tuple[Talk, Row]:
    """Lock lot, negotiation and offers, and check again: who waited here sees what the other did."""
    uow.session.refresh(uow.session.get_one(Lot, negotiation.lot_id), with_for_update=True)
    uow.session.refresh(negotiation, with_for_update=True)
    uow.session.scalars(
        select(Offer)
        .where(Offer.negotiation_id == negotiation.id)
        .order_by(Offer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return _checked(uow, negotiation, action)


def _end(uow: UnitOfWork, talk: Talk, row: Row, *, claim: LotClaim | None = None) -> None:
    assert row.target is not None
    offer = talk.newest
    offer.state, offer.ended_at, offer.waiting_since = row.target.value, uow.now, None
    offer.claim_id = claim.id if claim is not None else None
    talk.negotiation.updated_at = uow.now
    uow.session.flush()
    uow.record(f"offer.{row.action.value}", offer, talk.negotiation, before=State.OPEN, after=row.target)


def _open(
    uow: UnitOfWork,
    negotiation: Negotiation,
    version: LotVersion,
    *,
    amount: Money,
    part_mg: int | None,
    side: Side,
    number: int,
) -> Offer:
    assert uow.actor.user_id is not None
    floor = floor_of(uow.session, negotiation.lot_id, part_mg=part_mg, whole_mg=int(version.content["weight_mg"]))
    is_low = side is Side.BUYER and offers.is_below(floor, amount)
    offer = Offer(
        id=new_id(),
        negotiation_id=negotiation.id,
        lot_id=negotiation.lot_id,
        round=number,
        made_by=side.value,
        maker_id=uow.actor.user_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        quantity_mg=part_mg,
        state=State.OPEN.value,
        created_at=uow.now,
        expires_at=uow.now + offers.ANSWER_TIME,
    )
    offer.decline_at = offers.declined_at(uow.now, offer.id) if is_low else None
    uow.session.add(offer)
    negotiation.updated_at = uow.now
    uow.record("offer.make", offer, negotiation, round=number, side=side, amount=amount, part_mg=part_mg)
    if not is_low:  # the cooperative asked not to be troubled with these
        answerer = offers.other(side)
        tell_side(uow, negotiation=negotiation, offer=offer, side=answerer, template=f"offer_made_{answerer.value}")
    return offer


def _tell(uow: UnitOfWork, talk: Talk, side: Side, template: str) -> None:
    tell_side(uow, negotiation=talk.negotiation, offer=talk.newest, side=side, template=template)


def _negotiation(uow: UnitOfWork, version: LotVersion) -> Negotiation | None:
    found = select(Negotiation).where(Negotiation.version_id == version.id, Negotiation.buyer_id == uow.actor.buyer_id)
    return uow.session.scalar(found.with_for_update())


def _begin(uow: UnitOfWork, lot: Lot, version: LotVersion) -> Negotiation:
    assert uow.actor.user_id is not None
    negotiation = Negotiation(
        id=new_id(),
        reference=new_reference("NG"),
        lot_id=lot.id,
        version_id=version.id,
        buyer_id=_buyer_id(uow),
        buyer_user_id=uow.actor.user_id,
        cooperative_id=lot.cooperative_id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.session.add(negotiation)
    uow.record("negotiation.begin", negotiation, lot, reference=negotiation.reference)
    return negotiation


def _check_free(uow: UnitOfWork, lot: Lot) -> None:
    """Raise what stands in the way of an offer; who holds the lot herself may make one."""
    buyer_id = _buyer_id(uow)
    if claims.kept_by(uow.session, lot_id=lot.id, buyer_id=buyer_id, now=uow.now, lock=False) is None:
        claims.check_free(uow.session, lot_id=lot.id, buyer_id=buyer_id, now=uow.now)


def _check_part(uow: UnitOfWork, lot: Lot, part_mg: int | None) -> None:
    row = lots.stock_of(uow.session, lot.id)
    if row is None and part_mg is not None:
        raise PartRefused(N_("This lot is sold whole."))
    if row is not None:
        if part_mg is None:
            raise PartRefused(N_("This lot is sold in parts. Say how much you want."))
        check_part(lots.stock_now(row), part_mg)


def _check_room(uow: UnitOfWork, lot: Lot) -> None:
    waiting = select(func.count()).where(Offer.lot_id == lot.id, Offer.state == State.OPEN.value)
    if (uow.session.scalar(waiting) or 0) >= MOST_OPEN:
        raise TooManyOffers


def _buyer_id(uow: UnitOfWork) -> UUID:
    assert uow.actor.buyer_id is not None
    return uow.actor.buyer_id
