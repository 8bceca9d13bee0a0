"""What a buyer may wish: an independent check on the way, and gold priced by its assay, to the cent."""

from dataclasses import replace
from decimal import Decimal

import pytest

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance
from marketplace.orders import services
from marketplace.orders.answers import Finding, Receipt
from marketplace.orders.assay import deposit_of, final_price, fine_mg
from marketplace.orders.queries import net_of, price_of
from marketplace.orders.transitions import COOL_OFF, Action
from marketplace.orders.wishes import Wishes, check_wishes, read_wishes
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import papers_of_order
from tests.builders.lots import GOLD, published_lot
from tests.builders.orders import Sale, delivery, fund, parcel, pass_time
from tests.people import actor, buyer

FOUND = Finding(is_match=True, seal_intact=True, weight_mg=0, certificate="A-17", note="")


def wished(uow: UnitOfWork, wishes: Wishes) -> Sale:
    lot, version, amina = published_lot(uow, steps=GOLD)
    bob = buyer(uow, "bob", level=3)[0]
    order = services.buy(
        uow.acting_as(actor(uow.session, bob)),
        lot_reference=lot.reference,
        version_sha256=version.sha256,
        delivery=delivery(),
        wishes=wishes,
    )
    return Sale(uow=uow, order=order, lot=lot, version=version, bob=bob, amina=amina)


def at_the_verifier(uow: UnitOfWork) -> Sale:
    sale = wished(uow, Wishes(is_checked=True, by_assay=True))
    fund(sale)
    services.advance(sale.as_cooperative(), order=sale.order, action=Action.CONFIRM)
    papers_of_order(uow, sale.order, sale.amina)
    weight = sale.version.content["weight_mg"]
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order, weight_mg=weight))
    return sale


def assayed(sale: Sale, fineness: Decimal, *, times: int = 1) -> None:
    finding = replace(FOUND, weight_mg=times * sale.version.content["weight_mg"], fineness_permille=fineness)
    onward = parcel(sale.order, tracking="ON 1", weight_mg=finding.weight_mg)
    vera = sale.as_staff("vera", StaffRole.VERIFIER)
    services.confirm_match(vera, order=sale.order, finding=finding, parcel=onward)


def test_gold_less_fine_than_listed_costs_less_and_only_the_excess_goes_back(uow: UnitOfWork) -> None:
    sale = at_the_verifier(uow)
    provisional, content = Money(sale.version.price_minor, "USD"), sale.version.content
    assert (sale.order.state, price_of(sale.order)) == ("at_verification", deposit_of(provisional))
    assert sum(line["amount_minor"] for line in sale.order.split) == sale.order.price_minor
    listed = Decimal(content["fineness_permille"])
    fineness = listed - 10

    assayed(sale, fineness)

    weight = content["weight_mg"]
    final = final_price(provisional, listed_fine_mg=fine_mg(weight, listed), assayed_fine_mg=fine_mg(weight, fineness))
    assert final < provisional
    assert sale.order.refund_minor == (deposit_of(provisional) - final).minor
    services.receive(sale.as_buyer(), order=sale.order, receipt=Receipt(seal_intact=True, weight_mg=weight))
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    if sale.order.needs_second_person:
        pass_time(sale, COOL_OFF)
        services.advance(sale.as_staff("frida"), order=sale.order, action=Action.APPROVE_RELEASE)
    assert sale.order.state == "refunding"
    assert balance(uow.session, chart.refund_payable(sale.order.id), "USD") == deposit_of(provisional) - final
    assert balance(uow.session, chart.coop_payable(sale.order.cooperative_id), "USD") == net_of(sale.order)
    assert not balance(uow.session, chart.held(sale.order.id), "USD")
    uow.check_audited()


def test_gold_as_listed_gives_the_margin_back(uow: UnitOfWork) -> None:
    sale = at_the_verifier(uow)
    provisional = Money(sale.version.price_minor, "USD")

    assayed(sale, Decimal(sale.version.content["fineness_permille"]))

    assert sale.order.refund_minor == (deposit_of(provisional) - provisional).minor


def test_gold_finer_than_the_margin_costs_what_was_paid(uow: UnitOfWork) -> None:
    sale = at_the_verifier(uow)

    assayed(sale, Decimal("999.9"), times=2)

    assert (sale.order.refund_minor, sale.order.settled_split) == (None, None), "nothing goes back"
    assert price_of(sale.order) == deposit_of(Money(sale.version.price_minor, "USD"))


def test_a_check_alone_costs_nothing_and_sends_the_parcel_by_the_verifier(uow: UnitOfWork) -> None:
    sale = wished(uow, Wishes(is_checked=True))

    assert (sale.order.wants_verification, sale.order.provisional_minor) == (True, None)
    assert sale.order.price_minor == sale.version.price_minor


@pytest.mark.parametrize(
    ("typed", "wishes"),
    [
        ({}, Wishes()),
        ({"check": "yes"}, Wishes(is_checked=True)),
        ({"assay": "yes"}, Wishes(is_checked=True, by_assay=True)),
        ({"check": "no", "assay": "1"}, Wishes()),
    ],
)
def test_ticks_are_wishes_and_an_assay_is_made_at_the_check(typed: dict[str, str], wishes: Wishes) -> None:
    assert read_wishes(typed) == wishes


@pytest.mark.parametrize(
    ("content", "is_part", "exchanges"),
    [
        ({"kind": "gem"}, False, False),
        ({"kind": "gold", "fineness_permille": None}, False, False),
        ({"kind": "gold", "fineness_permille": "900"}, True, False),
        ({"kind": "gold", "fineness_permille": "900"}, False, True),
    ],
)
def test_only_whole_lots_of_gold_in_the_price_s_currency_are_assayed(
    content: dict[str, str | None], is_part: bool, exchanges: bool
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_wishes(Wishes(is_checked=True, by_assay=True), content, is_part=is_part, exchanges=exchanges)
    assert set(refused.value.fields) == {"assay"}
    check_wishes(Wishes(is_checked=True), content, is_part=is_part, exchanges=exchanges)
