"""Buyers who pay from one account share one limit and count as one counterparty: told by the provider's fingerprint."""

from sqlalchemy import select

from marketplace.compliance.models import BuyerMark
from marketplace.orders.limit_queries import group_of_buyer
from marketplace.orders.parties import groups_of_market, party_of_buyer
from tests.builders.orders import Sale
from tests.integration.payments.shop import Shop
from tests.people import buyer

SHARED_CARD = "5555 5555 5555 4444"


def bought_by(shop: Shop, name: str, *, number: int, card: str) -> Sale:
    """Let a buyer order the lot of this number and pay with this card."""
    sale = shop.order_with_page(bob=buyer(shop.uow, name)[0], number=number)
    session_id = shop.payment(sale).session_id
    assert session_id is not None
    assert shop.sandbox.pay(session_id, card).status_code == 303
    shop.deliver()
    assert shop.order_now(sale).state == "funded"
    return sale


def payment_marks(shop: Shop) -> list[BuyerMark]:
    return list(shop.uow.session.scalars(select(BuyerMark).where(BuyerMark.kind == "payment")))


def test_two_buyers_who_pay_with_one_card_are_one_group(shop: Shop) -> None:
    first = bought_by(shop, "bob", number=1, card=SHARED_CARD).order.buyer_id
    second = bought_by(shop, "carol", number=2, card=SHARED_CARD).order.buyer_id
    stranger = bought_by(shop, "dave", number=3, card="4242 4242 4242 4242").order.buyer_id

    assert group_of_buyer(shop.uow.session, first) == sorted((first, second)), "one limit for both"
    assert group_of_buyer(shop.uow.session, stranger) == [stranger]
    groups = groups_of_market(shop.uow.session)
    assert groups[party_of_buyer(first)] == groups[party_of_buyer(second)], "and one counterparty in guides"
    assert groups.get(party_of_buyer(stranger)) != groups[party_of_buyer(first)]


def test_a_card_is_noted_once_as_a_digest_however_often_it_pays(shop: Shop) -> None:
    sale = bought_by(shop, "bob", number=1, card=SHARED_CARD)
    bob = sale.bob
    for delivery in shop.news():
        shop.post(delivery)
    again = shop.order_with_page(bob=bob, number=2)
    session_id = shop.payment(again).session_id
    assert session_id is not None
    shop.sandbox.pay(session_id, SHARED_CARD)
    shop.deliver()

    (mark,) = payment_marks(shop)
    payment_id = shop.payment(again).payment_intent_id
    assert payment_id is not None
    name = shop.provider.find_payment(payment_id).method_fingerprint
    assert name is not None, "the provider names the card"
    assert name not in mark.value, "of which only a digest is kept"
    assert mark.entered_by is None, "no person noted it"
