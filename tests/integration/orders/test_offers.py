"""Offers go to and fro, an agreement keeps the lot, and the other negotiations wait for it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.core.actor import CLOCK, PROVIDER
from marketplace.core.errors import InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.lots.queries import listing_of
from marketplace.lots.services import withdraw
from marketplace.orders import services
from marketplace.orders.claims import Reserved
from marketplace.orders.levels import LevelTooLow
from marketplace.orders.negotiation_models import Offer, OfferFloor
from marketplace.orders.offer_prices import PriceChanged
from marketplace.orders.offers import LEAST_AFTER_WAIT
from marketplace.orders.services import offer_clock
from marketplace.orders.services.bargaining import LotWaits, expire
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import letters
from tests.builders.offers import Market, market, usd

HOURS = timedelta(hours=1)


def attend(m: Market) -> None:
    """Let the clock do what is due, as its job does, one thing after the other."""
    m.uow.session.flush()
    for claim_id in offer_clock._due_claims(m.uow):
        offer_clock.attend_claim(m.uow, claim_id)
    for offer_id in offer_clock._due_offers(m.uow):
        offer_clock.attend_offer(m.uow, offer_id)
    m.uow.check_audited()


def written(m: Market) -> list[str]:
    return [letter.template for letter in letters(m.uow) if letter.template.startswith(("offer", "hold", "agreement"))]


def availability(m: Market) -> str:
    listing = listing_of(m.uow.session, m.lot.id)
    assert listing is not None
    return listing.availability


def test_an_offer_is_countered_accepted_and_ordered_at_the_agreed_price(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(840)
    services.counter_offer(m.as_cooperative(), negotiation=talk, amount=usd(900))
    services.counter_offer(m.as_buyer(), negotiation=talk, amount=usd(860))
    services.counter_offer(m.as_cooperative(), negotiation=talk, amount=usd(882))

    claim = services.accept_offer(m.as_buyer(), negotiation=talk)

    assert (claim.kind, claim.state, claim.expires_at) == ("offer", "active", uow.now + 48 * HOURS)
    assert availability(m) == "reserved"
    assert [offer.state for offer in m.talk(talk).offers] == ["countered"] * 3 + ["accepted"]
    order = m.buy()
    # 882.00: fee 500 of 10,500 → 42.00, all else to the cooperative: 840.00
    assert (order.price_minor, order.net_minor, order.gross_minor) == (88_200, 84_000, 84_000)
    assert {line["code"]: line["amount_minor"] for line in order.split} == {
        "cooperative": 84_000,
        "platform_fee": 4_200,
    }
    assert (claim.state, claim.order_id) == ("settling", order.id)
    assert m.talk(talk).order is order
    assert written(m) == [
        "offer_made_cooperative", "offer_made_buyer", "offer_made_cooperative", "offer_made_buyer",
        "offer_accepted_buyer", "offer_accepted_cooperative",
    ]  # fmt: skip
    uow.check_audited()


def test_what_is_not_legal_names_what_is(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(840)

    with pytest.raises(TransitionRefused) as refused:
        services.accept_offer(m.as_buyer(), negotiation=talk)
    assert (refused.value.state, refused.value.legal) == ("open", ("withdraw",))
    with pytest.raises(TransitionRefused) as refused:
        services.withdraw_offer(m.as_cooperative(), negotiation=talk)
    assert refused.value.legal == ("accept", "counter", "decline")
    with pytest.raises(TransitionRefused) as refused:
        m.offer(850)
    assert refused.value.legal == ("withdraw",)
    with pytest.raises(TransitionRefused):
        expire(m.as_cooperative(), negotiation=talk)


def test_there_are_five_offers_and_no_sixth(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(800)
    for number in range(2):
        services.counter_offer(m.as_cooperative(), negotiation=talk, amount=usd(950 - 10 * number))
        services.counter_offer(m.as_buyer(), negotiation=talk, amount=usd(810 + 10 * number))

    with pytest.raises(TransitionRefused) as refused:
        services.counter_offer(m.as_cooperative(), negotiation=talk, amount=usd(900))
    assert refused.value.legal == ("accept", "decline")
    services.decline_offer(m.as_cooperative(), negotiation=talk)
    with pytest.raises(TransitionRefused) as refused:
        m.offer(900)
    assert refused.value.legal == ()


def test_after_a_refusal_the_buyer_may_offer_again_in_the_same_negotiation(uow: UnitOfWork) -> None:
    m = market(uow)
    first = m.offer(800)
    services.decline_offer(m.as_cooperative(), negotiation=first)
    second = m.offer(850)
    services.withdraw_offer(m.as_buyer(), negotiation=second)

    assert first is second
    assert [offer.state for offer in m.talk(first).offers] == ["declined", "withdrawn"]
    assert written(m)[1::2] == ["offer_declined", "offer_withdrawn"]


def test_no_offer_is_above_the_price_and_none_leaves_the_cooperative_nothing(uow: UnitOfWork) -> None:
    m = market(uow)
    with pytest.raises(InvalidInput):
        m.offer(977)
    talk = m.offer(800)
    with pytest.raises(InvalidInput):
        services.counter_offer(m.as_cooperative(), negotiation=talk, amount=usd(977))
    with pytest.raises(InvalidInput):
        services.counter_offer(m.as_cooperative(), negotiation=talk, amount=usd(800))
    assert [offer.state for offer in m.talk(talk).offers] == ["open"]


def test_level_one_makes_offers_and_level_nought_does_not(uow: UnitOfWork) -> None:
    m = market(uow)
    m.as_buyer("carol", level=0)
    m.as_buyer("bob", level=1)
    with pytest.raises(LevelTooLow):
        m.offer(800, name="carol")
    assert m.offer(800).reference.startswith("NG-")


def test_the_database_keeps_one_open_offer_a_negotiation(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.talk(m.offer(800))
    copy = {column.key: getattr(talk.newest, column.key) for column in Offer.__table__.columns if column.key != "id"}

    uow.session.add(Offer(**{**copy, "round": 2}))
    with pytest.raises(IntegrityError, match="uq_offer_open"):
        uow.session.flush()


def test_the_others_wait_while_a_buyer_has_the_lot_and_revive_with_their_time(uow: UnitOfWork) -> None:
    m = market(uow)
    bobs, carols, start = m.offer(800), m.offer(820, name="carol"), uow.now
    m.at(start + 10 * HOURS)
    services.accept_offer(m.as_cooperative(), negotiation=carols)

    waiting = m.talk(bobs)
    assert (waiting.standing.is_waiting, waiting.newest.waiting_since) == (True, uow.now)
    with pytest.raises(LotWaits) as refused:
        services.accept_offer(m.as_cooperative(), negotiation=bobs)
    assert refused.value.legal == ("decline",)
    with pytest.raises(Reserved):
        m.offer(900, name="dave")

    m.at(start + 58 * HOURS)  # carol did not order in two days; bob's offer would be over by now
    attend(m)

    assert availability(m) == "available"
    again = m.talk(bobs)
    assert (again.standing.is_waiting, again.newest.waiting_since, again.newest.state) == (False, None, "open")
    assert again.newest.expires_at == uow.now + 38 * HOURS
    assert not m.talk(carols).standing.is_agreed
    assert {"offer_waits", "offer_counts_again", "agreement_ended", "agreement_ended_cooperative"} <= set(written(m))
    services.accept_offer(m.as_cooperative(), negotiation=bobs)
    uow.check_audited()


def test_a_revived_offer_has_at_least_a_day(uow: UnitOfWork) -> None:
    m = market(uow)
    talk, start = m.offer(800), uow.now
    m.at(start + 47 * HOURS)
    order = m.buy("carol")
    m.at(start + 48 * HOURS)
    attend(m)
    assert m.talk(talk).newest.state == "open", "its time stands still"
    services.end_unpaid(uow.acting_as(PROVIDER), order=order)

    assert m.talk(talk).newest.expires_at == uow.now + LEAST_AFTER_WAIT


def test_an_offer_nobody_answers_has_a_notice_and_ends(uow: UnitOfWork) -> None:
    m = market(uow)
    talk, start = m.offer(800), uow.now
    m.at(start + 36 * HOURS - timedelta(seconds=1))
    attend(m)
    assert written(m) == ["offer_made_cooperative"]
    m.at(start + 36 * HOURS)
    attend(m)
    attend(m)
    assert written(m)[1:] == ["offer_ends_soon"], "one notice only"
    m.at(start + 48 * HOURS)
    attend(m)

    assert m.talk(talk).newest.state == "expired"
    assert written(m)[2:] == ["offer_expired", "offer_expired"]


def test_an_offer_below_the_floor_is_declined_hours_later_as_by_a_person(uow: UnitOfWork) -> None:
    m = market(uow)
    services.set_floor(m.as_cooperative(), lot=m.lot, amount=usd(850))
    talk, start = m.offer(849), uow.now
    assert written(m) == [], "the cooperative is not troubled"
    m.at(start + HOURS - timedelta(seconds=1))
    attend(m)
    assert m.talk(talk).newest.state == "open"
    m.at(start + 6 * HOURS)
    attend(m)

    assert m.talk(talk).newest.state == "declined"
    assert written(m) == ["offer_declined"]
    m.offer(850)
    assert m.talk(talk).newest.decline_at is None
    assert written(m)[1:] == ["offer_made_cooperative"]


def test_the_floor_stays_out_of_the_audit_log_and_can_be_taken_away(uow: UnitOfWork) -> None:
    m = market(uow)
    with pytest.raises(InvalidInput):
        services.set_floor(m.as_cooperative(), lot=m.lot, amount=usd(977))
    services.set_floor(m.as_cooperative(), lot=m.lot, amount=usd(850))
    services.set_floor(m.as_cooperative(), lot=m.lot, amount=None)
    uow.session.flush()

    assert uow.session.scalar(select(OfferFloor)) is None
    uow.check_audited()


def test_an_offer_about_a_lot_that_is_taken_back_ends(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(800)
    withdraw(m.as_cooperative(), lot=m.lot)
    with pytest.raises(TransitionRefused) as refused:
        services.accept_offer(m.as_cooperative(), negotiation=talk)
    assert refused.value.legal == ("decline",)
    attend(m)

    assert m.talk(talk).newest.state == "expired"
    assert written(m)[1:] == ["offer_ended", "offer_ended"]


def test_a_hold_becomes_the_agreement(uow: UnitOfWork) -> None:
    m = market(uow)
    hold = services.hold(m.as_buyer(), lot_reference=m.lot.reference)
    talk = m.offer(800)
    m.at(uow.now + HOURS)
    claim = services.accept_offer(m.as_cooperative(), negotiation=talk)

    assert claim is hold
    assert (claim.kind, claim.expires_at) == ("offer", uow.now + 48 * HOURS)
    assert m.buy().price_minor == 80_000


def test_a_page_with_another_price_orders_nothing(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(800)
    services.accept_offer(m.as_cooperative(), negotiation=talk)
    with pytest.raises(PriceChanged) as refused:
        m.buy(expected=Money(97_650, "USD"))
    assert refused.value.params == {"price": Money(80_000, "USD")}
    assert m.buy(expected=Money(80_000, "USD")).price_minor == 80_000


def test_an_agreement_that_is_not_paid_ends_and_leaves_room_for_another_offer(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(800)
    services.accept_offer(m.as_cooperative(), negotiation=talk)
    order = m.buy()
    services.cancel(m.as_buyer(), order=order)
    services.end_unpaid(uow.acting_as(PROVIDER), order=order)

    assert availability(m) == "available"
    assert not m.talk(talk).standing.is_agreed
    m.offer(810)
    assert m.talk(talk).newest.round == 2


def test_a_sale_ends_the_offers_that_waited(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(800)
    order = m.buy("carol")
    fee = Money(3_000, "USD")
    services.advance(uow.acting_as(PROVIDER), order=order, action=Action.CAPTURE, fee=fee, external_ref="txn_1")
    attend(m)
    assert m.talk(talk).newest.state == "open", "it waits: the order may still fail"
    m.lot.state = "sold"
    uow.record("lot.sell", m.lot)
    attend(m)
    assert m.talk(talk).newest.state == "expired"


def test_the_clock_is_the_only_one_that_lets_time_pass(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(800)
    expire(uow.acting_as(CLOCK), negotiation=talk)
    assert m.talk(talk).newest.state == "expired"
