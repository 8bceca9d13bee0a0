"""The main pages of every role fit a cheap phone and a desk, and axe finds nothing wrong with them."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from marketplace.cli.demo.scenario import read
from marketplace.compliance.models import Cooperative
from marketplace.http.database import db
from marketplace.lots.models import Lot
from marketplace.moderation.models import ModerationCase
from marketplace.orders.models import Order
from marketplace.orders.negotiation_models import Negotiation
from marketplace.payments.models import Payout
from marketplace.pricing.queries import quarantined_rates
from tests.browser.people import DESK, PHONE, Market, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
TAGS = {plan.key: plan.tag for plan in read(quick=True).lots}


class Shown(NamedTuple):
    """One page: who looks at it (kind and key; nobody for a visitor), its name and how to find its address."""

    kind: str
    key: str
    name: str
    address: Callable[["References"], str]


class References(NamedTuple):
    """The addresses' parts that each loading makes anew."""

    on_sale: str
    sold: str
    draft: str
    waiting: str
    unpaid: str
    complete: str
    case: str
    payout: str
    cooperative: str
    held_back: str
    offer: str
    disputed: str
    checked: str


def at(path: str) -> Callable[[References], str]:
    return lambda found: path.format(**found._asdict())


PAGES = (
    Shown("", "", "browse", at("/lots")),
    Shown("", "", "browse-nothing", at("/lots?q=moonrock")),
    Shown("", "", "lot", at("/lots/{on_sale}")),
    Shown("", "", "lot-sold", at("/lots/{sold}")),
    Shown("", "", "passport", at("/l/{on_sale}")),
    Shown("", "", "passport-of-a-sold-lot", at("/l/{sold}")),
    Shown("", "", "passport-check", at("/verify")),
    Shown("", "", "journey-of-a-lot", at("/lots/{sold}/journey")),
    Shown("", "", "signed-log", at("/log")),
    Shown("", "", "actions-of-the-log", at("/log/actions")),
    Shown("", "", "prices", at("/prices")),
    Shown("", "", "gold-over-time", at("/prices/gold")),
    Shown("", "", "gold-in-shillings", at("/prices/gold?currency=TZS&range=all")),
    Shown("", "", "stone-over-time", at("/prices/stones/tanzanite?form=cut&grade=fine&weight=1.5")),
    Shown("", "", "stone-nowhere", at("/prices/stones/ruby?weight=x")),
    Shown("", "", "prices-today", at("/prices/today")),
    Shown("", "", "charges-for-everybody", at("/prices/charges")),
    Shown("", "", "water-test", at("/gold/water-test")),
    Shown("", "", "sorting", at("/stones/sorting")),
    Shown("", "", "fairness", at("/fairness")),
    Shown("", "", "sell", at("/sell")),
    Shown("", "", "help", at("/help")),
    Shown("", "", "sign-in", at("/account/sign-in")),
    Shown("", "", "register", at("/account/register")),
    Shown("officer", "mercy", "cooperative", at("/cooperative/")),
    Shown("officer", "mercy", "cooperative-orders", at("/cooperative/orders")),
    Shown("officer", "mercy", "cooperative-money", at("/cooperative/money")),
    Shown("officer", "mercy", "cooperative-papers", at("/cooperative/papers")),
    Shown("officer", "mercy", "cooperative-fairness", at("/cooperative/fairness")),
    Shown("officer", "mercy", "cooperative-profile", at("/sell/cooperatives/{cooperative}")),
    Shown("officer", "zainabu", "draft", at("/cooperative/lots/{draft}")),
    Shown("officer", "zainabu", "draft-kind", at("/cooperative/lots/{draft}/kind")),
    Shown("officer", "zainabu", "draft-weight", at("/cooperative/lots/{draft}/weight")),
    Shown("officer", "zainabu", "draft-photos", at("/cooperative/lots/{draft}/photos")),
    Shown("officer", "zainabu", "draft-quality", at("/cooperative/lots/{draft}/quality")),
    Shown("officer", "zainabu", "draft-origin", at("/cooperative/lots/{draft}/origin")),
    Shown("officer", "zainabu", "draft-price", at("/cooperative/lots/{draft}/price")),
    Shown("officer", "zainabu", "draft-check", at("/cooperative/lots/{draft}/check")),
    Shown("buyer", "emily", "account", at("/account")),
    Shown("buyer", "emily", "buy", at("/lots/{on_sale}/buy")),
    Shown("buyer", "emily", "orders", at("/orders")),
    Shown("buyer", "emily", "order-unpaid", at("/orders/{unpaid}")),
    Shown("buyer", "emily", "order-complete", at("/orders/{complete}")),
    Shown("buyer", "emily", "offers", at("/offers")),
    Shown("buyer", "emily", "offer", at("/offers/{offer}")),
    Shown("buyer", "emily", "order-disputed", at("/orders/{disputed}")),
    Shown("officer", "yaneth", "order-disputed-for-the-cooperative", at("/cooperative/orders/{disputed}")),
    Shown("staff", "vivian", "order-at-the-check", at("/staff/orders/{checked}")),
    Shown("staff", "vivian", "report-of-the-verifier", at("/staff/orders/{checked}/moves/match")),
    Shown("staff", "grace", "staff", at("/staff")),
    Shown("staff", "grace", "queue", at("/staff/moderation")),
    Shown("staff", "grace", "review", at("/staff/moderation/{case}")),
    Shown("staff", "grace", "cooperatives", at("/staff/cooperatives")),
    Shown("staff", "grace", "cooperative-for-staff", at("/staff/cooperatives/{cooperative}")),
    Shown("staff", "ingrid", "finance", at("/staff/finance")),
    Shown("staff", "ingrid", "payouts", at("/staff/payouts")),
    Shown("staff", "ingrid", "payout", at("/staff/payouts/{payout}")),
    Shown("staff", "ingrid", "payments", at("/staff/finance/payments")),
    Shown("staff", "ingrid", "reconciliation", at("/staff/finance/reconciliation")),
    Shown("staff", "ingrid", "orders-for-staff", at("/staff/orders")),
    Shown("staff", "ingrid", "order-for-staff", at("/staff/orders/{complete}")),
    Shown("staff", "daniel", "prices-for-staff", at("/staff/prices")),
    Shown("staff", "daniel", "rates", at("/staff/rates")),
    Shown("staff", "daniel", "rate-series", at("/staff/rates/XAU-USD?range=all")),
    Shown("staff", "daniel", "rate-entry", at("/staff/rates/XAU-USD/entry")),
    Shown("staff", "daniel", "rate-held-back", at("/staff/rates/XAU-USD/held-back/{held_back}")),
    Shown("staff", "daniel", "price-book", at("/staff/price-book")),
    Shown("staff", "daniel", "price-book-edition", at("/staff/price-book/1")),
    Shown("staff", "daniel", "charges", at("/staff/charges")),
    Shown("staff", "daniel", "charges-of-a-country", at("/staff/charges/KE")),
    Shown("staff", "daniel", "fairness-for-staff", at("/staff/fairness")),
    Shown("staff", "ingrid", "papers-for-staff", at("/staff/papers")),
    Shown("staff", "helene", "audit-log", at("/staff/audit")),
    Shown("staff", "helene", "ledger", at("/staff/ledger")),
    Shown("staff", "thomas", "people", at("/staff/people")),
    Shown("staff", "thomas", "outbox", at("/staff/outbox")),
)


@pytest.fixture(scope="module")
def references(market: Market) -> References:
    with market.app.app_context():
        session = db.session()
        lots = {tag: session.scalars(select(Lot).where(Lot.tag_number == tag)).one_or_none() for tag in TAGS.values()}

        def lot(key: str) -> Lot:
            found = lots[TAGS[key]]
            assert found is not None
            return found

        def order(key: str) -> str:
            return session.scalars(select(Order.reference).where(Order.lot_id == lot(key).id)).one()

        cases = select(ModerationCase.id).where(ModerationCase.lot_id == lot("49").id)
        return References(
            on_sale=lot("32").reference,
            sold=lot("1").reference,
            draft=session.scalars(select(Lot.reference).where(Lot.state == "draft", Lot.tag_number.is_(None))).first()
            or "",
            waiting=lot("49").reference,
            unpaid=order("27"),
            complete=order("1"),
            case=str(session.scalars(cases).one()),
            payout=session.scalars(select(Payout.reference).where(Payout.state == "confirmed")).first() or "",
            cooperative=session.get_one(Cooperative, lot("32").cooperative_id).reference,
            offer=session.scalars(select(Negotiation.reference)).one(),
            disputed=order("21"),
            checked=order("73"),
            held_back=str(next(rate.id for rate in quarantined_rates(session) if rate.series == "XAU/USD")),
        )


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_fits_and_is_accessible(
    market: Market, references: References, shown: Shown, size: dict[str, int]
) -> None:
    visitor = market.person(shown.kind, shown.key, size=size) if shown.kind else market.visitor(size=size)
    with visitor:
        visitor.go(shown.address(references))
        visitor.take_picture(shown.name)
        assert problems(visitor) == []


def problems(visitor: Visitor) -> list[str]:
    """Return what axe finds wrong, one line each."""
    found = Axe().run(visitor.page, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]
