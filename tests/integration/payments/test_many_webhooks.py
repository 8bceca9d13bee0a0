"""120 orders, five webhooks each, duplicated and shuffled: every order of a kind ends alike, and the books agree."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from marketplace.compliance.models import MineSite
from marketplace.ledger.models import LedgerJournal
from marketplace.payments.models import ProviderNews
from tests.builders.orders import Sale
from tests.integration.payments.shop import Shop
from tests.integration.sandbox.banks import tell_bank
from tests.integration.sandbox.processes import Delivery

OF_A_KIND = 40
WEBHOOKS = 5
GOOD_CARD, DISPUTED_CARD = "4242 4242 4242 4242", "4000 0000 0000 0259"
# Without these nothing happens; the others only repeat what they tell.
DECIDING = {
    "card": ("checkout.session.completed",),
    "transfer": ("checkout.session.async_payment_succeeded",),
    "disputed": ("payment_intent.succeeded", "charge.dispute.created"),
}


@pytest.fixture
def transfers_allowed(shop: Shop) -> Iterator[None]:
    """Give the settings back after a test that changed them."""
    before = shop.app.extensions["settings"]
    yield
    shop.app.extensions["settings"] = before


def test_120_orders_of_five_shuffled_and_doubled_webhooks_end_alike(shop: Shop, transfers_allowed: None) -> None:
    dice = random.Random(20260929)
    sales = {kind: [*_paid(shop, kind)] for kind in DECIDING}
    chosen = [delivery for kind, group in sales.items() for _, told in group for delivery in _five(told, kind, dice)]
    assert len(chosen) == 3 * OF_A_KIND * WEBHOOKS
    doubled = chosen * 2
    dice.shuffle(doubled)
    for delivery in doubled:
        assert shop.post(delivery) == 200
    shop.work()
    _apply_what_came_too_early(shop)

    ended = {kind: Counter(_end(shop, sale) for sale, _ in group) for kind, group in sales.items()}
    assert ended == {
        "card": {("funded", ("captured",)): OF_A_KIND},
        "transfer": {("funded", ("captured", "credit_used")): OF_A_KIND},
        "disputed": {("funded", ("captured", "chargeback_frozen", "chargeback_taken")): OF_A_KIND},
    }
    assert Counter(shop.problems()) == {"chargeback": OF_A_KIND}
    assert shop.books().is_even


def _paid(shop: Shop, kind: str) -> Iterator[tuple[Sale, Sequence[Delivery]]]:
    """Let forty buyers order and pay in one way; yield each order with what the provider told of it."""
    settings = replace(
        shop.app.extensions["settings"], bank_transfer_threshold_minor=0 if kind == "transfer" else 10**12
    )
    shop.app.extensions["settings"] = shop.uow.settings = settings
    first: Sale | None = None
    for number in range(OF_A_KIND):
        of = None
        if first is not None:
            of = (shop.uow.session.scalars(select(MineSite).where(
                MineSite.cooperative_id == first.order.cooperative_id)).one(), first.amina)  # fmt: skip
        place = list(DECIDING).index(kind) * OF_A_KIND + number + 1
        sale = shop.order_with_page(number=place, buyer_name=f"buyer {place}", of=of)
        first = first or sale
        session_id = shop.payment(sale).session_id or ""
        shop.sandbox.pay(session_id, DISPUTED_CARD if kind == "disputed" else GOOD_CARD)
        if kind == "transfer":
            tell_bank(shop.sandbox, "bank_transfers", session=session_id, amount=sale.order.price_minor)
        yield sale, shop.news()


def _five(told: Sequence[Delivery], kind: str, dice: random.Random) -> list[Delivery]:
    """Choose five of an order's webhooks, the deciding ones among them; fewer are filled up with repeats."""
    deciding = [each for each in told if each.event["type"] in DECIDING[kind]]
    others = [each for each in told if each.event["type"] not in DECIDING[kind]]
    wanted = WEBHOOKS - len(deciding)
    return [*deciding, *(dice.sample(others, wanted) if len(others) >= wanted else dice.choices(others, k=wanted))]


def _apply_what_came_too_early(shop: Shop) -> None:
    """Let the minute pass after which waiting news is read again."""
    shop.uow.commit()
    for news in shop.uow.session.scalars(select(ProviderNews).where(ProviderNews.state == "received")):
        news.received_at = news.received_at.replace(year=2025)
    shop.run("payments.resend")


def _end(shop: Shop, sale: Sale) -> tuple[str, tuple[str, ...]]:
    kinds = select(LedgerJournal.kind).where(LedgerJournal.order_id == sale.order.id).order_by(LedgerJournal.kind)
    return shop.order_now(sale).state, tuple(shop.uow.session.scalars(kinds))
