"""Bob's bank takes his payment back: frozen, won, withdrawn, lost before and after the release."""

import itertools

import pytest
from sqlalchemy import select

from marketplace.core.errors import InvalidInput, TransitionRefused
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.chart import Account
from marketplace.ledger.queries import balance
from marketplace.notifications.models import Message
from marketplace.orders import services
from marketplace.orders.transitions import Action
from marketplace.payments import chargebacks
from marketplace.payments.chargebacks import NotOpen
from marketplace.payments.provider_models import Chargeback
from tests.builders.documents import papers_of_order
from tests.builders.orders import Sale, parcel
from tests.integration.payments.shop import Shop, price
from tests.integration.sandbox.banks import tell_bank

FEE = Money(1_500, "USD")


def disputed(shop: Shop, sale: Sale, **details: object) -> Chargeback:
    """Let bob's bank take the payment back, and the news arrive."""
    assert tell_bank(shop.sandbox, "disputes", charge=shop.payment(sale).charge_id, **details) == 200
    shop.deliver()
    return chargeback_of(shop, sale)


def decided(shop: Shop, sale: Sale, outcome: str) -> Chargeback:
    """Let the bank decide, and the news arrive."""
    dispute = chargeback_of(shop, sale).provider_ref
    assert tell_bank(shop.sandbox, "disputes/decide", dispute=dispute, outcome=outcome) == 200
    shop.deliver()
    return chargeback_of(shop, sale)


def chargeback_of(shop: Shop, sale: Sale) -> Chargeback:
    return shop.uow.session.scalars(select(Chargeback).where(Chargeback.order_id == sale.order.id)).one()


def stands(shop: Shop, account: Account) -> Money:
    return balance(shop.uow.session, account, "USD")


def letters(shop: Shop) -> set[str]:
    return set(shop.uow.session.scalars(select(Message.template).where(Message.template.startswith("chargeback"))))


def released(shop: Shop) -> Sale:
    """Let an order go the whole way until its money is the cooperative's."""
    sale = shop.paid_order()
    services.advance(sale.as_cooperative(), order=shop.order_now(sale), action=Action.CONFIRM)
    papers_of_order(shop.uow, sale.order, sale.amina)
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))
    services.advance(sale.as_buyer(), order=sale.order, action=Action.RECEIVE)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    shop.uow.commit()
    return sale


def test_an_opened_chargeback_freezes_the_held_money_and_counts_the_fee(shop: Shop) -> None:
    sale = shop.paid_order()
    sale.as_staff("frida")
    chargeback = disputed(shop, sale)

    assert (chargeback.state, chargeback.frozen_minor) == ("open", sale.order.price_minor)
    assert (stands(shop, chart.held(sale.order.id)), stands(shop, chart.frozen(sale.order.id))) == (
        Money(0, "USD"),
        price(sale),
    )
    assert stands(shop, chart.dispute_withheld(chargeback.id)) == price(sale)
    assert stands(shop, chart.DISPUTE_FEES) == FEE
    assert (shop.problems(), letters(shop)) == (["chargeback"], {"chargeback_opened"})
    assert shop.books().is_even


def test_frozen_money_cannot_be_refunded_as_well(shop: Shop) -> None:
    sale = shop.paid_order()
    disputed(shop, sale)
    assert shop.order_now(sale).frozen_since is not None
    with pytest.raises(TransitionRefused):
        services.cancel(sale.as_buyer(), order=shop.order_now(sale))


@pytest.mark.parametrize("outcome", ["won", "withdrawn"])
def test_a_won_or_withdrawn_chargeback_leaves_everything_as_before(shop: Shop, outcome: str) -> None:
    sale = shop.paid_order()
    before = stands(shop, chart.STRIPE_CLEARING)
    disputed(shop, sale)
    chargeback = decided(shop, sale, outcome)

    assert (chargeback.state, shop.order_now(sale).frozen_since) == ("won", None)
    assert stands(shop, chart.held(sale.order.id)) == price(sale)
    assert stands(shop, chart.STRIPE_CLEARING) == before
    for account in (chart.frozen(sale.order.id), chart.dispute_withheld(chargeback.id), chart.DISPUTE_FEES):
        assert not stands(shop, account)
    assert letters(shop) == {"chargeback_opened", "chargeback_won"}
    assert shop.books().is_even


def test_a_chargeback_lost_before_the_release_takes_the_buyers_own_money(shop: Shop) -> None:
    sale = shop.paid_order()
    disputed(shop, sale)
    chargeback = decided(shop, sale, "lost")

    assert chargeback.state == "lost"
    assert (shop.order_now(sale).state, shop.order_now(sale).frozen_since) == ("refunded", None)
    for account in (
        chart.held(sale.order.id), chart.frozen(sale.order.id), chart.dispute_withheld(chargeback.id),
        chart.CHARGEBACK_LOSS,
    ):  # fmt: skip
        assert not stands(shop, account)
    assert stands(shop, chart.DISPUTE_FEES) == FEE
    assert letters(shop) == {"chargeback_opened", "chargeback_lost"}
    assert shop.books().is_even


def test_after_a_release_the_loss_is_ours_and_the_cooperative_keeps_its_money(shop: Shop) -> None:
    sale = released(shop)
    payable = stands(shop, chart.coop_payable(sale.order.cooperative_id))
    assert payable.minor == sale.order.net_minor
    chargeback = disputed(shop, sale)
    assert (chargeback.frozen_minor, stands(shop, chart.frozen(sale.order.id))) == (0, Money(0, "USD"))
    decided(shop, sale, "lost")

    assert stands(shop, chart.CHARGEBACK_LOSS) == price(sale)
    assert shop.order_now(sale).frozen_since is None, "the cooperative is paid all the same"
    assert stands(shop, chart.coop_payable(sale.order.cooperative_id)) == payable
    assert not stands(shop, chart.dispute_withheld(chargeback.id))
    assert shop.books().is_even


def test_a_part_may_be_disputed_and_the_rest_stays_held(shop: Shop) -> None:
    sale = shop.paid_order()
    disputed(shop, sale, amount=10_000)

    assert stands(shop, chart.frozen(sale.order.id)) == Money(10_000, "USD")
    assert stands(shop, chart.held(sale.order.id)) == price(sale) - Money(10_000, "USD")
    assert shop.books().is_even


def test_an_inquiry_only_tells_finance(shop: Shop) -> None:
    sale = shop.paid_order()
    chargeback = disputed(shop, sale, inquiry="1")

    assert (chargeback.state, shop.problems()) == ("inquiry", ["chargeback"])
    assert stands(shop, chart.held(sale.order.id)) == price(sale)
    assert decided(shop, sale, "won").state == "won"
    assert stands(shop, chart.held(sale.order.id)) == price(sale)


@pytest.mark.parametrize("turn", range(0, 24, 5))
def test_any_order_of_arrival_and_any_repeat_ends_alike(shop: Shop, turn: int) -> None:
    sale = shop.paid_order()
    charge = shop.payment(sale).charge_id
    shop.sandbox.order("faults", duplicate_next=2)
    tell_bank(shop.sandbox, "disputes", charge=charge)
    told = shop.news("charge.dispute.created") + shop.news()
    dispute_id = told[0].event["data"]["object"]["id"]
    tell_bank(shop.sandbox, "disputes/decide", dispute=dispute_id, outcome="won")
    told += shop.news()
    for delivery in list(itertools.permutations(told[:4]))[turn]:
        assert shop.post(delivery) == 200
        shop.work()

    assert chargeback_of(shop, sale).state == "won"
    assert stands(shop, chart.held(sale.order.id)) == price(sale)
    assert shop.books().is_even


def test_a_chargeback_no_news_told_of_is_found_by_the_sweep(shop: Shop) -> None:
    sale = shop.paid_order()
    shop.sandbox.order("faults", drop_next=10)
    tell_bank(shop.sandbox, "disputes", charge=shop.payment(sale).charge_id)
    shop.run("payments.sweep")

    assert chargeback_of(shop, sale).state == "open"
    assert shop.books().is_even


def test_news_of_a_dispute_that_comes_before_that_of_its_payment_notes_both(shop: Shop) -> None:
    sale = shop.order_with_page()
    shop.sandbox.pay(shop.payment(sale).session_id or "", "4000 0000 0000 0259")
    for delivery in shop.news("charge.dispute.created"):
        assert shop.post(delivery) == 200
    shop.work()

    assert (shop.order_now(sale).state, chargeback_of(shop, sale).state) == ("funded", "open")
    assert shop.books().is_even


def test_evidence_is_sent_once_and_kept(shop: Shop) -> None:
    sale = shop.paid_order()
    chargeback = disputed(shop, sale)
    finance = sale.as_staff("frida")
    with pytest.raises(InvalidInput):
        chargebacks.request_evidence(finance, chargeback=chargeback, text="  ")
    with pytest.raises(InvalidInput):
        chargebacks.request_evidence(finance, chargeback=chargeback, text="x" * 20_001)
    chargebacks.request_evidence(finance, chargeback=chargeback, text="Signed for on 3 October.")
    shop.sandbox.order("faults", cut_next=1)  # the answer is lost; the key makes the second call harmless
    shop.work()
    shop.deliver()

    assert chargeback_of(shop, sale).evidence_sent_at is not None
    found = shop.provider.find_dispute(chargeback.provider_ref)
    assert (found.status, found.has_evidence) == ("under_review", True)
    with pytest.raises(NotOpen):
        chargebacks.request_evidence(finance, chargeback=chargeback, text="And more.")


def test_finance_may_give_in(shop: Shop) -> None:
    sale = shop.paid_order()
    chargeback = disputed(shop, sale)
    chargebacks.request_close(sale.as_staff("frida"), chargeback=chargeback)
    shop.work()
    shop.deliver()

    assert chargeback_of(shop, sale).state == "lost"
    with pytest.raises(NotOpen):
        chargebacks.request_close(sale.as_staff("frida"), chargeback=chargeback_of(shop, sale))
    assert shop.books().is_even


def test_a_dispute_about_a_payment_we_do_not_know_is_quarantined(shop: Shop) -> None:
    sale = shop.paid_order()
    payment = shop.payment(sale)
    charge = payment.charge_id
    payment.charge_id = payment.payment_intent_id = None
    shop.uow.record("payment.test", payment)
    tell_bank(shop.sandbox, "disputes", charge=charge)
    shop.deliver()

    assert shop.problems() == ["unknown_order"]
    assert "quarantined" in shop.news_states()
    assert shop.uow.session.scalars(select(Chargeback)).all() == []
