"""What stones brought here reaches the price guide of the next one."""

from datetime import timedelta

from flask import Flask

from marketplace.accounts.models import CooperativeMember
from marketplace.core.actor import MemberRole
from marketplace.core.clock import SetClock
from marketplace.core.money import Money
from marketplace.lots.queries import versions_of
from marketplace.moderation.services import submit_lot
from marketplace.orders import services
from marketplace.orders.answers import Reason
from marketplace.orders.comparable_sales import sales_like
from marketplace.orders.transitions import Action
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance import Guidance
from marketplace.pricing.queries import guidance_for
from marketplace.pricing.services import import_rules
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import draft_lot, seller
from tests.builders.orders import accepted_order, delivered_order, funded_order
from tests.people import actor, buyer, signed_in

LIKE_IT = LotDescription(
    kind="gem", form="rough", origin_country="TZ", weight_mg=684, variety="tanzanite", treatment="N", grade="fine"
)


def guide(uow: UnitOfWork) -> Guidance:
    today = uow.now.date()
    return guidance_for(uow.session, LIKE_IT, on=today, now=uow.now, sales=sales_like(uow.session, LIKE_IT, on=today))


def sell(uow: UnitOfWork, count: int) -> None:
    """Sell a stone each from as many cooperatives to as many buyers."""
    for number in range(1, count + 1):
        accepted_order(uow, number=number, buyer_name=f"bob {number}")


def test_five_sales_guide_the_next_stone(uow: UnitOfWork) -> None:
    import_rules(uow)
    sell(uow, 5)

    found = guide(uow)

    assert (found.outcome, found.basis, found.count) == ("guided", "sales", 5)
    # The goods brought 1,000.00 each: 930 for the cooperative, 7 % charges; the fee of 5 % is not theirs.
    assert found.middle == Money(100_000, "USD")


def test_four_sales_say_nothing(uow: UnitOfWork) -> None:
    sell(uow, 4)

    found = guide(uow)

    assert (found.outcome, found.count, found.low) == ("not_enough_data", 4, None)


def test_a_sale_with_a_reported_problem_does_not_count(uow: UnitOfWork) -> None:
    sell(uow, 4)
    sale = delivered_order(uow, number=5, buyer_name="bob 5")
    services.report_problem(sale.as_buyer(), order=sale.order, reason=Reason("different", "It is not that colour."))
    services.withdraw_problem(sale.as_buyer(), order=sale.order)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)

    assert [sold.is_disputed for sold in sales_like(uow.session, LIKE_IT, on=uow.now.date())].count(True) == 1
    assert guide(uow).outcome == "not_enough_data"


def test_one_pair_of_buyer_and_seller_counts_twice_at_most(uow: UnitOfWork) -> None:
    of, bob = seller(uow), buyer(uow, "bob", level=3)[0]
    for number in range(1, 6):
        accepted_order(uow, number=number, of=of, bob=bob)

    assert len(sales_like(uow.session, LIKE_IT, on=uow.now.date())) == 5
    assert guide(uow).count == 2


def test_a_buyer_who_became_an_officer_of_the_seller_does_not_count(uow: UnitOfWork) -> None:
    sell(uow, 4)
    sale = accepted_order(uow, number=5, buyer_name="bob 5")
    assert guide(uow).count == 5

    row = CooperativeMember(
        user_id=sale.bob.id, cooperative_id=sale.order.cooperative_id, role=MemberRole.VIEWER.value, added_at=uow.now
    )
    uow.session.add(row)
    uow.record("cooperative_member.add", row)

    assert guide(uow).count == 4


def test_what_is_not_accepted_too_old_or_something_else_is_no_sale(uow: UnitOfWork, clock: SetClock) -> None:
    funded_order(uow, number=1, buyer_name="bob 1")
    accepted_order(uow, number=2, buyer_name="bob 2")
    today = uow.now.date()
    gold = LotDescription(kind="gold", form="dore", origin_country="TZ", weight_mg=250_000)
    ruby = LotDescription(kind="gem", form="rough", origin_country="TZ", weight_mg=684, variety="ruby")

    assert len(sales_like(uow.session, LIKE_IT, on=today)) == 1
    assert sales_like(uow.session, LIKE_IT, on=today - timedelta(days=1)) == ()
    assert len(sales_like(uow.session, LIKE_IT, on=today.replace(year=today.year + 2))) == 1
    assert sales_like(uow.session, LIKE_IT, on=today.replace(year=today.year + 2) + timedelta(days=1)) == ()
    assert sales_like(uow.session, gold, on=today) == sales_like(uow.session, ruby, on=today) == ()


def test_the_secretary_the_version_and_a_program_get_the_same_guide(app: Flask, uow: UnitOfWork) -> None:
    import_rules(uow)
    sell(uow, 5)
    of = seller(uow)
    lot = draft_lot(uow, seller=of, number=9)
    browser = signed_in(app, uow, of[1])

    page = browser.get(f"/cooperative/lots/{lot.reference}/guidance").text
    question = {"kind": "gem", "form": "rough", "origin_country": "TZ", "weight_mg": 684, "variety": "tanzanite"}
    answer = browser.post("/api/v1/guidance", json={**question, "treatment": "N", "grade": "fine"}).get_json()
    submit_lot(uow.acting_as(actor(uow.session, of[1])), lot=lot, sales=sales_like)

    assert "It rests on 5 sales of like stones here." in page
    assert (answer["basis"], answer["count"]) == ("sales", 5)
    version = versions_of(uow.session, lot.id)[0]
    assert (version.guidance["result"]["basis"], version.guidance["result"]["count"]) == ("sales", 5)
