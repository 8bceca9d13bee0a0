"""Buy a lot: claim it, freeze what was agreed, ask the provider for a payment page; all in one transaction."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marketplace.core.db import Audited
from marketplace.core.errors import DomainError, Unavailable, VersionChanged
from marketplace.core.ids import new_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.lots import queries as lots
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.parts import content_of_part
from marketplace.orders import claims, deadlines, terms
from marketplace.orders import wishes as wishing
from marketplace.orders.agreed_split import lines_at
from marketplace.orders.answers import Delivery
from marketplace.orders.assay import deposit_of, shares_of_deposit
from marketplace.orders.currencies import Choice, agree
from marketplace.orders.decisions import net_of_shares
from marketplace.orders.hold_limits import fitted_inspection_days
from marketplace.orders.models import LotClaim, Order
from marketplace.orders.offer_prices import PriceChanged, Quote, quote_for
from marketplace.orders.queries import price_of
from marketplace.orders.screening_checks import refuse_large_order
from marketplace.orders.services.buyers import Dealer, NotABuyer, check_may_deal
from marketplace.orders.services.limits import check_purchase, lock_purchases
from marketplace.orders.services.reserving import own_claim, take
from marketplace.orders.transitions import State
from marketplace.orders.wishes import Wishes
from marketplace.payments.commands import Sender, request_checkout
from marketplace.payments.methods import is_by_transfer, pay_until
from marketplace.payments.models import Payment, ProviderCommand
from marketplace.pricing.queries import convert_between
from marketplace.unit_of_work import UnitOfWork

VALUE_CURRENCY: Final = "USD"

__all__ = ["LotChanged", "NotABuyer", "Size", "buy", "check_buyer", "refusal", "size_of"]


class LotChanged(VersionChanged):
    """The form showed another version than the published one."""

    message = N_("The lot changed since you opened this page. Nothing was ordered. Look at it again, then decide.")


@dataclass(frozen=True, slots=True)
class Size:
    """What an order is worth in US dollars (None without a rate), by which rates, and whether it is large."""

    value: Money | None
    rate_ids: tuple[str, ...]
    is_large: bool


@dataclass(frozen=True, slots=True)
class Bargain:
    """What was agreed: the price, the part (None for the whole lot), who gets what, and until when it is paid."""

    price: Money
    part_mg: int | None
    document: Mapping[str, Any]
    until: datetime
    wishes: Wishes

    @property
    def to_pay(self) -> Money:
        """Return what the buyer pays: with an assay the price and its margin."""
        return deposit_of(self.price) if self.wishes.by_assay else self.price

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return who gets what of it."""
        lines: list[dict[str, Any]] = self.document["lines"]
        return shares_of_deposit(lines, provisional=self.price) if self.wishes.by_assay else lines


def buy(
    uow: UnitOfWork,
    *,
    lot_reference: str,
    version_sha256: str,
    delivery: Delivery,
    part_mg: int | None = None,
    expected_minor: int | None = None,
    choice: Choice | None = None,
    wishes: Wishes = wishing.NONE,
) -> Order:
    """Make the order of the buyer who acts: of the whole lot, of a part in milligrams, or of what she keeps already.

    Her own hold or agreement is turned over, and an agreement counts with its price. `expected_minor` is the price that
    her page showed, in the currency of the version's; without a `choice` she pays in the price's currency. Raises
    NotFound, NotABuyer, LotChanged, PriceChanged, InvalidInput, RateChanged, PartRefused, LevelTooLow, LimitReached,
    ValueUnknown, HoldTooShort, AccountStopped, LargeOrderWaits, CooperativeNotApproved, GroupChanged, Reserved,
    ReservedByYou or Taken.
    """
    lot, version, stock, _ = lots.for_sale(uow.session, lot_reference)
    locked = lock_purchases(uow, buyer_id=uow.actor.buyer_id) if uow.actor.buyer_id is not None else None
    kept = own_claim(uow, lot=lot, buyer_id=uow.actor.buyer_id)
    quote = quote_for(uow.session, version=version, stock=stock, part_mg=part_mg, kept=kept)
    exchanges = choice is not None and choice.currency != quote.price.currency
    wishing.check_wishes(wishes, version.content, is_part=quote.part_mg is not None, exchanges=exchanges)
    dealer, size = check_buyer(uow, lot=lot, version=version, price=quote.price, locked=locked)
    by_transfer = _is_by_transfer(uow, choice.currency if choice is not None else quote.price.currency, size)
    until = pay_until(uow.now, by_transfer=by_transfer)
    claim = kept or _claim(uow, lot, dealer, part_mg=quote.part_mg, until=until)
    if kept is not None:  # a new claim locked the lot's row, and read it again
        uow.session.refresh(lot, with_for_update=True)
    if version.sha256 != version_sha256 or lot.published_version_id != version.id:
        raise LotChanged
    price = quote.price if kept is not None else _price_of(version, claim)
    if expected_minor is not None and price.minor != expected_minor:
        raise PriceChanged(price=price)
    bargain = Bargain(price, quote.part_mg, lines_at(version.content, price, part_mg=quote.part_mg), until, wishes)
    order = _freeze(uow, lot, version, dealer=dealer, size=size, delivery=delivery, bargain=bargain)
    claims.settle(claim, order)
    to_pay = agree(uow, order=order, choice=choice)
    payment, command = _ask_for_payment(uow, order, to_pay, email=dealer.email, by_transfer=by_transfer)
    _record(uow, order, lot, claim, payment, command)
    return order


def refusal(uow: UnitOfWork, *, lot: Lot, version: LotVersion, quote: Quote | None = None) -> DomainError | None:
    """Return why the person who acts cannot buy this lot now, or None: for the page, before anything is typed."""
    try:
        check_buyer(uow, lot=lot, version=version, price=quote.price if quote else None)
        buyer_id = uow.actor.buyer_id
        if claims.kept_by(uow.session, lot_id=lot.id, buyer_id=buyer_id, now=uow.now, lock=False) is None:
            claims.check_free(uow.session, lot_id=lot.id, buyer_id=buyer_id, now=uow.now)
    except DomainError as error:
        return error
    return None


def check_buyer(
    uow: UnitOfWork,
    *,
    lot: Lot,
    version: LotVersion,
    price: Money | None = None,
    locked: frozenset[UUID] | None = None,
) -> tuple[Dealer, Size]:
    """Return who acts and how large the order is; raise why she may not buy this version, at another `price`.

    `locked` are the buyers that `lock_purchases` locked; a look for a page goes without.
    """
    dealer = check_may_deal(uow, cooperative_id=lot.cooperative_id)
    size = size_of(uow, price or Money(version.price_minor, version.currency))
    if size.is_large:
        refuse_large_order(uow, buyer_id=dealer.buyer_id, cooperative_id=lot.cooperative_id)
    days_to_inspect(uow, is_large=size.is_large)
    goods = version.content
    check_purchase(
        uow, buyer_id=dealer.buyer_id, kind=goods["kind"], country=goods["country"], value=size.value, locked=locked
    )
    return dealer, size


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


def _claim(uow: UnitOfWork, lot: Lot, dealer: Dealer, *, part_mg: int | None, until: datetime) -> LotClaim:
    return take(uow, lot=lot, buyer_id=dealer.buyer_id, kind="checkout", expires_at=until, part_mg=part_mg)


def _price_of(version: LotVersion, claim: LotClaim) -> Money:
    """Return what a claim without an agreement costs: the lot's price, or what the part took of it."""
    return Money(version.price_minor if claim.list_minor is None else claim.list_minor, version.currency)


def _freeze(
    uow: UnitOfWork, lot: Lot, version: LotVersion, *, dealer: Dealer, size: Size, delivery: Delivery, bargain: Bargain
) -> Order:
    content = content_of_part(version.content, bargain.part_mg)
    order = Order(
        reference=new_reference("OR"),
        lot_id=lot.id,
        version_id=version.id,
        version_sha256=version.sha256,
        photo_hashes=[photo["sha256"] for photo in content["photos"]],
        buyer_id=dealer.buyer_id,
        buyer_user_id=dealer.user_id,
        cooperative_id=lot.cooperative_id,
        title=content["title"],
        state=State.PENDING_PAYMENT.value,
        state_since=uow.now,
        price_minor=bargain.to_pay.minor,
        provisional_minor=bargain.price.minor if bargain.wishes.by_assay else None,
        wants_verification=bargain.wishes.is_checked,
        net_minor=net_of_shares(bargain.lines) if bargain.wishes.by_assay else bargain.document["net_minor"],
        gross_minor=bargain.document["gross_minor"],
        quantity_mg=bargain.part_mg,
        currency=version.currency,
        split=bargain.lines,
        rate_ids=_rate_ids(version, size),
        inspection_days=days_to_inspect(uow, is_large=size.is_large),
        needs_second_person=size.is_large,
        tolerance_version=terms.TOLERANCE_VERSION,
        terms_version=terms.TERMS_VERSION,
        delivery=asdict(delivery),
        deadline_at=bargain.until,
        next_due_at=deadlines.next_due(State.PENDING_PAYMENT, since=uow.now, deadline_at=bargain.until, stage=0),
        created_at=uow.now,
    )
    uow.session.add(order)
    uow.session.flush()  # the claim that is bound to it refers to its row
    return order


def _record(uow: UnitOfWork, order: Order, lot: Lot, *more: Audited) -> None:
    """Tell of a purchase in one entry: each costs the buyer time."""
    uow.record(
        "order.place",
        order,
        lot,
        *more,
        reference=order.reference,
        lot=lot.reference,
        price=price_of(order),
        part_mg=order.quantity_mg,
        split=order.split,
        terms_version=order.terms_version,
        tolerance_version=order.tolerance_version,
        hashes={"lot_version": order.version_sha256},
    )


def _rate_ids(version: LotVersion, size: Size) -> list[str]:
    guidance = version.guidance.get("result", {}).get("rate_ids", [])
    return list(dict.fromkeys([*guidance, *size.rate_ids]))


def _is_by_transfer(uow: UnitOfWork, currency: str, size: Size) -> bool:
    threshold = uow.settings.bank_transfer_threshold_minor
    return is_by_transfer(currency, value=size.value, threshold_minor=threshold)


def _ask_for_payment(
    uow: UnitOfWork, order: Order, amount: Money, *, email: str, by_transfer: bool
) -> tuple[Payment, ProviderCommand]:
    assert order.deadline_at is not None, "an order that nobody paid has its deadline"
    return request_checkout(
        uow,
        order_id=order.id,
        order_reference=order.reference,
        amount=amount,
        description=order.title,
        expires_in=order.deadline_at - uow.now,
        customer_email=email,
        sender=Sender(order.buyer_id, order.buyer_user_id) if by_transfer else None,
    )
