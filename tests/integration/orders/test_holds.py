"""A buyer keeps a lot for two days, lets it go, or buys it; holds are few."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders import claims, services
from marketplace.orders.claims import HeldByYou, Reserved
from marketplace.orders.holds import HoldRefused
from marketplace.orders.levels import LevelTooLow
from marketplace.orders.models import LotClaim
from marketplace.orders.offer_queries import holds_of
from marketplace.orders.services import NotABuyer
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import seller
from tests.builders.offers import Market, market
from tests.integration.orders.test_offers import attend, availability, written
from tests.people import actor

HOURS = timedelta(hours=1)


def hold(m: Market, name: str = "bob") -> LotClaim:
    return services.hold(m.as_buyer(name), lot_reference=m.lot.reference)


def test_a_held_lot_is_kept_from_others_for_two_days(uow: UnitOfWork) -> None:
    m = market(uow)
    start = uow.now
    claim = services.hold(m.as_buyer(), lot_reference=m.lot.reference)

    assert (claim.kind, claim.expires_at, availability(m)) == ("hold", start + 48 * HOURS, "reserved")
    with pytest.raises(Reserved):
        m.buy("carol")
    with pytest.raises(HoldRefused):
        hold(m)
    m.at(start + 36 * HOURS)
    attend(m)
    attend(m)
    assert written(m) == ["hold_ends_soon"]
    m.at(start + 48 * HOURS)
    attend(m)
    assert (claim.state, claim.release_reason, availability(m)) == ("released", "expired", "available")
    assert written(m) == ["hold_ends_soon", "hold_ended"]
    assert m.buy("carol").price_minor == 97_650


def test_buying_from_a_hold_turns_the_claim_over(uow: UnitOfWork) -> None:
    m = market(uow)
    claim = services.hold(m.as_buyer(), lot_reference=m.lot.reference)
    order = m.buy()

    assert (claim.state, claim.order_id, claim.kind) == ("settling", order.id, "hold")
    assert order.price_minor == 97_650
    m.at(uow.now + 48 * HOURS)
    attend(m)
    assert claim.state == "settling", "only the provider's answer frees it"


def test_a_hold_that_is_over_does_not_stand_in_the_way_before_the_clock_comes(uow: UnitOfWork) -> None:
    m = market(uow)
    claim = services.hold(m.as_buyer(), lot_reference=m.lot.reference)
    m.at(uow.now + 48 * HOURS)
    order = m.buy("carol")

    assert (claim.state, order.state, availability(m)) == ("released", "pending_payment", "reserved")
    uow.check_audited()


def test_the_buyer_lets_go_and_may_hold_the_lot_again_after_seven_days(uow: UnitOfWork) -> None:
    m = market(uow)
    start = uow.now
    claim = services.hold(m.as_buyer(), lot_reference=m.lot.reference)
    with pytest.raises(NotFound):
        services.end_hold(m.as_buyer("carol"), claim_id=claim.id)
    with pytest.raises(NotFound):
        services.end_hold(m.as_buyer(), claim_id=uuid4())
    services.end_hold(m.as_buyer(), claim_id=claim.id)

    assert (claim.state, claim.release_reason, availability(m)) == ("released", "ended_by_buyer", "available")
    m.at(start + 24 * 7 * HOURS - timedelta(seconds=1))
    with pytest.raises(HoldRefused) as refused:
        hold(m)
    assert refused.value.params == {"again": start + 24 * 7 * HOURS}
    hold(m, "carol")
    services.end_hold(m.as_buyer("carol"), claim_id=_newest(m))
    m.at(start + 24 * 7 * HOURS)
    hold(m)


def test_three_lots_at_once(uow: UnitOfWork) -> None:
    first = market(uow, number=1)
    others = [Market(uow, *_lot(uow, number), buyers=first.buyers) for number in (2, 3, 4)]
    hold(first)
    hold(others[0])
    hold(others[1])
    with pytest.raises(HoldRefused, match="You hold 3 lots already"):
        hold(others[2])
    others[1].buy()
    hold(others[2])


def test_who_may_not_hold(uow: UnitOfWork) -> None:
    m = market(uow)
    m.as_buyer("carol", level=0)
    m.as_buyer("dave", level=1)
    with pytest.raises(LevelTooLow):
        hold(m, "carol")
    with pytest.raises(NotABuyer):
        services.hold(uow.acting_as(actor(uow.session, seller(uow, "KE")[1])), lot_reference=m.lot.reference)
    hold(m, "dave")
    with pytest.raises(Reserved):
        hold(m, "bob")


def test_who_keeps_a_lot_may_buy_it_and_others_read_until_when(uow: UnitOfWork) -> None:
    m = market(uow)
    claim = services.hold(m.as_buyer(), lot_reference=m.lot.reference)
    assert services.refusal(m.as_buyer(), lot=m.lot, version=m.version) is None
    refused = services.refusal(m.as_buyer("carol"), lot=m.lot, version=m.version)
    assert isinstance(refused, Reserved)
    assert refused.params == {"until": claim.expires_at}
    with pytest.raises(HeldByYou):
        claims.check_free(uow.session, lot_id=m.lot.id, buyer_id=claim.buyer_id, now=uow.now)


def _lot(uow: UnitOfWork, number: int) -> tuple[Lot, LotVersion, User]:
    other = market(uow, number=number)
    return other.lot, other.version, other.amina


def _newest(m: Market) -> UUID:
    uow = m.as_buyer("carol")
    return holds_of(uow.session, buyer_id=uow.actor.buyer_id, now=uow.now)[0].id
