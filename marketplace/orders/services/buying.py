"""Buy a lot: claim it, freeze what was agreed, ask the provider for a payment page; all in one transaction."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import Buyer, User
from marketplace.compliance.queries import approved_cooperative
from marketplace.core.errors import DomainError, Unavailable, VersionChanged
from marketplace.core.ids import new_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.lots import queries as lots
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.services import mark_reserved
from marketplace.orders import claims, deadlines, terms
from marketplace.orders.answers import Delivery
from marketplace.orders.hold_limits import fitted_inspection_days
from marketplace.orders.models import Order
from marketplace.orders.queries import price_of
from marketplace.orders.services.limits import check_purchase, lock_purchases
from marketplace.orders.transitions import State
from marketplace.payments.commands import request_checkout
from marketplace.pricing.queries import convert_between
from marketplace.unit_of_work import UnitOfWork

TIME_TO_PAY: Final = timedelta(minutes=30)
VALUE_CURRENCY: Final = "USD"


class NotABuyer(DomainError):
    """The person cannot buy this lot, whatever its price."""

    code = "not_a_buyer"


class LotChanged(VersionChanged):
    """The form showed another version than the published one."""

    message = N_("The lot changed since you opened this page. Nothing was ordered. Look at it again, then decide.")


@dataclass(frozen=True, slots=True)
class Size:
    """What an order is worth in US dollars (None without a rate), by which rates, and whether it is large."""

    value: Money | None
    rate_ids: tuple[str, ...]
    is_large: bool


def buy(uow: UnitOfWork, *, lot_reference: str, version_sha256: str, delivery: Delivery) -> Order:
    """Make the order of the buyer who acts.

    Raises NotFound, NotABuyer, LotChanged, LevelTooLow, LimitReached, ValueUnknown, HoldTooShort,
    CooperativeNotApproved, Reserved, ReservedByYou or Taken.
    """
    lot, version = lots.published_version(uow.session, lot_reference)
    if uow.actor.buyer_id is not None:
        lock_purchases(uow, buyer_id=uow.actor.buyer_id)
    size = check_buyer(uow, lot=lot, version=version)
    buyer = uow.session.scalars(select(Buyer).where(Buyer.id == uow.actor.buyer_id)).one()
    claim = claims.take(uow, lot_id=lot.id, buyer_id=buyer.id, kind="checkout", expires_at=uow.now + TIME_TO_PAY)
    # Only the winner of the claim comes here; the lot's row keeps a new version from being published meanwhile.
    uow.session.refresh(lot, with_for_update=True)
    if version.sha256 != version_sha256 or lot.published_version_id != version.id:
        raise LotChanged
    order = _freeze(uow, lot, version, buyer=buyer, size=size, delivery=delivery)
    claims.settle(uow, claim=claim, order=order)
    mark_reserved(uow, lot=lot)
    _ask_for_payment(uow, order)
    return order


def refusal(uow: UnitOfWork, *, lot: Lot, version: LotVersion) -> DomainError | None:
    """Return why the person who acts cannot buy this lot now, or None: for the page, before anything is typed."""
    try:
        check_buyer(uow, lot=lot, version=version)
        claims.check_free(uow.session, lot_id=lot.id, buyer_id=uow.actor.buyer_id, now=uow.now)
    except DomainError as error:
        return error
    return None


def check_buyer(uow: UnitOfWork, *, lot: Lot, version: LotVersion) -> Size:
    """Raise why the person who acts may not buy this version; return what it is worth."""
    actor = uow.actor
    if actor.buyer_id is None:
        raise NotABuyer(N_("To buy, open a buyer's account first."))
    if actor.is_staff:
        raise NotABuyer(N_("Staff do not buy here: they review and release."))
    if lot.cooperative_id in actor.memberships:
        raise NotABuyer(N_("This lot is your own cooperative's."))
    approved_cooperative(uow.session, lot.cooperative_id)
    size = size_of(uow, Money(version.price_minor, version.currency))
    days_to_inspect(uow, is_large=size.is_large)
    goods = version.content
    check_purchase(uow, buyer_id=actor.buyer_id, kind=goods["kind"], country=goods["country"], value=size.value)
    return size


def days_to_inspect(uow: UnitOfWork, *, is_large: bool) -> int:
    """Return the days a buyer has to inspect: fewer where the provider holds no money for long; raises HoldTooShort."""
    wanted = terms.inspection_days(is_large=is_large)
    return fitted_inspection_days(wanted, maximum_days=uow.settings.maximum_hold_days, is_large=is_large)


def size_of(uow: UnitOfWork, price: Money) -> Size:
    """Return the worth of a price; without an exchange rate an order counts as large."""
    try:
        converted = convert_between(uow.session, price, VALUE_CURRENCY, uow.now.date())
    except Unavailable:
        return Size(None, (), is_large=True)
    is_large = converted.money.minor >= uow.settings.second_person_threshold_minor
    return Size(converted.money, converted.rate_ids, is_large)


def _freeze(uow: UnitOfWork, lot: Lot, version: LotVersion, *, buyer: Buyer, size: Size, delivery: Delivery) -> Order:
    content = version.content
    deadline_at = uow.now + TIME_TO_PAY
    order = Order(
        reference=new_reference("OR"),
        lot_id=lot.id,
        version_id=version.id,
        version_sha256=version.sha256,
        photo_hashes=[photo["sha256"] for photo in content["photos"]],
        buyer_id=buyer.id,
        buyer_user_id=buyer.user_id,
        cooperative_id=lot.cooperative_id,
        title=content["title"],
        state=State.PENDING_PAYMENT.value,
        state_since=uow.now,
        price_minor=version.price_minor,
        net_minor=version.net_minor,
        currency=version.currency,
        split=content["price"]["lines"],
        rate_ids=_rate_ids(version, size),
        inspection_days=days_to_inspect(uow, is_large=size.is_large),
        needs_second_person=size.is_large,
        tolerance_version=terms.TOLERANCE_VERSION,
        terms_version=terms.TERMS_VERSION,
        delivery=asdict(delivery),
        deadline_at=deadline_at,
        next_due_at=deadlines.next_due(State.PENDING_PAYMENT, since=uow.now, deadline_at=deadline_at, stage=0),
        created_at=uow.now,
    )
    uow.session.add(order)
    _record(uow, order, lot)
    return order


def _record(uow: UnitOfWork, order: Order, lot: Lot) -> None:
    uow.record(
        "order.place",
        order,
        reference=order.reference,
        lot=lot.reference,
        price=price_of(order),
        split=order.split,
        terms_version=order.terms_version,
        tolerance_version=order.tolerance_version,
        hashes={"lot_version": order.version_sha256},
    )


def _rate_ids(version: LotVersion, size: Size) -> list[str]:
    guidance = version.guidance.get("result", {}).get("rate_ids", [])
    return list(dict.fromkeys([*guidance, *size.rate_ids]))


def _ask_for_payment(uow: UnitOfWork, order: Order) -> None:
    email = uow.session.get_one(User, order.buyer_user_id).email
    request_checkout(
        uow,
        order_id=order.id,
        order_reference=order.reference,
        amount=price_of(order),
        description=order.title,
        expires_in=TIME_TO_PAY,
        customer_email=email,
    )
