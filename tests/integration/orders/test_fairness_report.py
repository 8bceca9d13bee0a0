"""The fairness report of real rows: what counts as a sale, each ratio, each group, and the payout that was made."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from marketplace.core.actor import StaffRole
from marketplace.core.money import Money
from marketplace.orders import services
from marketplace.orders.answers import Reason
from marketplace.orders.fair_sales import SalesFilter, fair_sales, streamed_sales
from marketplace.orders.fairness_report import report, sales_in_other_currencies, selling_cooperatives
from marketplace.orders.services import settlement
from marketplace.orders.transitions import FINAL, Action, State
from marketplace.pricing.fairness import Summary
from marketplace.pricing.services import import_reference_data
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.fair_sales import finished_sale, finished_sales
from tests.builders.lots import GOLD
from tests.builders.orders import Sale, accepted_order, delivered_order, placed_order
from tests.builders.payments import sent_payout, usable_destination

EVERYTHING = SalesFilter()
# A gram of fine gold at 31.1034768 dollars an ounce is worth one dollar.
RATE_ID = "01a20ac1-3609-76cd-953f-d952f21e96ec"
GUIDE_FOR_GOLD = {
    "inputs": {"rate": {"id": RATE_ID, "value": "31.1034768"}},
    "result": {"outcome": "guided", "floor": {"minor": 9_500, "currency": "USD"},
               "middle": {"minor": 10_000, "currency": "USD"}},
}  # fmt: skip
# 100 g of fine gold, worth 100 dollars at that rate.
FINE_GOLD = {"kind": "gold", "weight_mg": 100_000, "fineness_permille": "1000"}
GUIDE_FOR_STONES = {
    "inputs": {"rate": None},
    "result": {"outcome": "guided", "floor": None, "middle": {"minor": 10_000, "currency": "USD"}},
}
NO_GUIDE = {"inputs": {"rate": None}, "result": {"outcome": "not_enough_data", "floor": None, "middle": None}}


@pytest.fixture
def like(uow: UnitOfWork) -> Sale:
    """A sale on its way, which does not count yet; the others are made like it."""
    return delivered_order(uow)


def gold(**given: Any) -> dict[str, Any]:
    return {"content": {**FINE_GOLD, "price": price_of(given)}, "guidance": GUIDE_FOR_GOLD, **given}


def price_of(given: dict[str, Any]) -> dict[str, Any]:
    return {"gross_minor": given["gross"], "currency": "USD"}


def test_a_sale_counts_from_its_acceptance_on(uow: UnitOfWork, like: Sale) -> None:
    assert report(uow.session, EVERYTHING).whole.count == 0
    services.advance(like.as_buyer(), order=like.order, action=Action.ACCEPT)
    uow.session.flush()
    assert [sale.reference for sale in fair_sales(uow.session, EVERYTHING)] == [like.order.reference]


def test_a_problem_that_ended_well_counts_and_one_that_is_open_does_not(uow: UnitOfWork, like: Sale) -> None:
    services.report_problem(like.as_buyer(), order=like.order, reason=Reason("damaged", "Chipped."))
    services.withdraw_problem(like.as_buyer(), order=like.order)
    services.advance(like.as_buyer(), order=like.order, action=Action.ACCEPT)
    uow.session.flush()
    assert report(uow.session, EVERYTHING).whole.count == 1

    finished_sale(uow, like, number=1, frozen_since=uow.now)
    assert report(uow.session, EVERYTHING).whole.count == 1


@pytest.mark.parametrize("state", list(State))
def test_only_accepted_goods_are_sold(uow: UnitOfWork, like: Sale, state: State) -> None:
    counted = {State.ACCEPTED, State.RELEASING, State.RELEASED, State.RELEASE_FAILED}
    is_closed = state in FINAL
    like.order.disputed_from = "delivered" if state is State.DISPUTED else None
    like.order.deadline_at = like.order.next_due_at = None
    like.order.closed_at = uow.now if is_closed else None
    finished_sale(uow, like, number=1, state=state.value)
    assert report(uow.session, EVERYTHING).whole.count == (state in counted)


def test_shares_are_summed_up_to_the_basis_point(uow: UnitOfWork, like: Sale) -> None:
    # 80 of 100, 90 of 100 and 95 of 200 dollars: 80 %, 90 %, 47.5 %.
    finished_sales(
        uow, like, [{"number": n, "price": price, "net": net, "gross": net, "guidance": NO_GUIDE}
                    for n, (price, net) in enumerate([(10_000, 8_000), (10_000, 9_000), (20_000, 9_500)])]
    )  # fmt: skip
    found = report(uow.session, EVERYTHING)

    # In order 47.5, 80, 90: median 80; quartiles half way to the ends: 63.75 and 85.
    # By price: (80 × 100 + 90 × 100 + 47.5 × 200) ÷ 400 = 66.25.
    middle = (Decimal("0.6375"), Decimal("0.8000"), Decimal("0.8500"), Decimal("0.6625"))
    assert found.whole.share == Summary(3, *middle)
    assert found.whole.unguided == 3
    assert found.whole.gold.count == found.whole.gems.count == 0
    assert found.whole.paid_out.count == 0


def test_gold_is_measured_by_the_stored_rate_and_stones_by_the_stored_middle(uow: UnitOfWork, like: Sale) -> None:
    finished_sales(
        uow, like,
        [
            {"number": 1, **gold(price=11_000, net=9_700, gross=10_000)},  # 97 of 100 dollars
            {"number": 2, **gold(price=10_500, net=9_000, gross=9_499)},  # 90, and the goods a cent below the floor
            {"number": 3, **gold(price=10_500, net=9_000, gross=9_500)},  # at the floor is not below it
            {"number": 4, "price": 13_000, "net": 11_000, "gross": 12_000, "guidance": GUIDE_FOR_STONES},
            {"number": 5, "price": 13_000, "net": 11_000, "gross": 12_000, "guidance": NO_GUIDE},
            {"number": 6, "price": 13_000, "net": 11_000, "gross": 12_000, "guidance": {}},
        ],
    )  # fmt: skip
    found = report(uow.session, EVERYTHING)

    assert found.whole.gold.summary().middle == Decimal("0.9000")
    assert found.whole.gold.summary().high == Decimal("0.9350")  # half way from 90 to 97
    assert found.whole.gems.summary() == Summary(1, *[Decimal("1.2000")] * 4)
    assert (found.whole.unguided, found.whole.below_floor) == (2, 1)
    assert {kind: group.count for kind, group in found.kinds.items()} == {"gold": 3, "gem": 3}
    # Net 9,700 + 9,000 + 9,000 + 33,000 of goods for 10,000 + 9,499 + 9,500 + 36,000, of 11,000 + 21,000 + 39,000 paid.
    assert [money.minor for _payee, money in found.whole.receivers] == [60_700, 4_299, 0, 6_001]
    assert found.whole.receivers_total == Money(71_000, "USD")


def test_a_row_names_its_rate_its_floor_and_the_reason(uow: UnitOfWork, like: Sale) -> None:
    finished_sale(uow, like, number=1, **gold(price=10_500, net=9_000, gross=9_499))
    (sale,) = fair_sales(uow.session, SalesFilter(is_below_floor=True))

    assert (sale.share, sale.achieved, sale.rate_id) == (Decimal("0.8571"), Decimal("0.9000"), RATE_ID)
    assert (sale.floor, sale.is_below_floor) == (Money(9_500, "USD"), True)
    assert sale.reason == "A clean crystal of deep colour."
    assert (sale.paid, sale.paid_share, sale.differs) == (None, None, False)


def test_gold_of_the_road_is_measured_as_the_lot_page_guides_it(uow: UnitOfWork) -> None:
    import_reference_data(uow)
    sale = placed_order(uow, steps=GOLD)
    finished_sale(uow, sale, number=1)
    (found,) = fair_sales(uow.session, EVERYTHING)

    # 230 g fine at 4,129.1005 USD an ounce are worth 30,533.34; 27,500 net ÷ 30,533.34 = 0.9007.
    assert found.net == Money(2_750_000, "USD")
    assert found.achieved == Decimal("0.9007")
    assert found.rate_id == sale.version.guidance["inputs"]["rate"]["id"]
    assert found.rate_id in sale.order.rate_ids


def test_what_was_really_paid_stands_beside_what_was_agreed(uow: UnitOfWork, like: Sale) -> None:
    services.advance(like.as_buyer(), order=like.order, action=Action.ACCEPT)
    usable_destination(like)
    payout = sent_payout(like)
    assert fair_sales(uow.session, EVERYTHING)[0].paid is None

    settlement.confirm_payout(like.as_staff("grace", StaffRole.FINANCE), payout=payout, proof="receipt 17")
    uow.session.flush()
    (sale,) = fair_sales(uow.session, EVERYTHING)
    assert (sale.paid, sale.differs, sale.paid_share) == (sale.net, False, sale.share)
    assert report(uow.session, EVERYTHING).whole.differing == 0
    assert report(uow.session, EVERYTHING).whole.paid_out.summary() == report(uow.session, EVERYTHING).whole.share

    payout.amount_minor -= 100
    uow.record("payout.confirm", payout)
    (sale,) = fair_sales(uow.session, EVERYTHING)
    assert (sale.paid, sale.differs) == (sale.net - Money(100, "USD"), True)
    # 930 of 976.50 was agreed, 0.95238; 929 of it came, 0.95136.
    assert (str(sale.share), str(sale.paid_share)) == ("0.9524", "0.9514")
    assert report(uow.session, EVERYTHING).whole.differing == 1


def test_a_payout_in_another_currency_differs_and_has_no_share(uow: UnitOfWork, like: Sale) -> None:
    services.advance(like.as_buyer(), order=like.order, action=Action.ACCEPT)
    usable_destination(like)
    payout = sent_payout(like)
    settlement.confirm_payout(like.as_staff("grace", StaffRole.FINANCE), payout=payout, proof="receipt 17")
    payout.currency = "TZS"
    uow.record("payout.confirm", payout)
    (sale,) = fair_sales(uow.session, EVERYTHING)
    found = report(uow.session, EVERYTHING)

    assert (sale.differs, sale.paid_share) == (True, None)
    assert (found.whole.differing, found.whole.paid_out.count) == (1, 0)


def test_a_premium_is_a_part_of_its_own(uow: UnitOfWork, like: Sale) -> None:
    split = [{"payee": "cooperative", "amount_minor": 8_000}, {"payee": "premium", "amount_minor": 700}]
    finished_sale(uow, like, number=1, price=10_000, net=8_000, gross=8_500, split=split, guidance=NO_GUIDE)
    parts = {payee: money.minor for payee, money in report(uow.session, EVERYTHING).whole.receivers}
    # 10,000 = 8,000 + charges 500 + premium 700 + the rest, 800, for the platform.
    assert parts == {"cooperative": 8_000, "deduction": 500, "premium": 700, "platform": 800}


def test_sales_are_told_apart_by_month_country_cooperative_kind_and_who_leads(uow: UnitOfWork, like: Sale) -> None:
    other, _site, _person = approved_cooperative(uow, "KE")
    own = like.order.cooperative_id
    finished_sales(
        uow, like,
        [
            {"number": 1, "on": date(2026, 7, 31), "women_led": True},
            {"number": 2, "on": date(2026, 8, 1), "women_led": False},
            {"number": 3, "on": date(2026, 8, 31), "women_led": True, "cooperative": other.id},
        ],
    )  # fmt: skip

    def counts(by: str, **wanted: Any) -> dict[Any, int]:
        return {key: group.count for key, group in report(uow.session, SalesFilter(**wanted), by=by).parts.items()}

    assert counts("month") == {date(2026, 7, 1): 1, date(2026, 8, 1): 2}
    assert counts("country") == {"TZ": 2, "KE": 1}
    assert counts("cooperative") == {"Mama Madini Cooperative": 2, "Mama Madini Cooperative 2": 1}
    found = report(uow.session, EVERYTHING)
    assert {is_led: group.count for is_led, group in found.women_led.items()} == {True: 2, False: 1}
    assert counts("country", since=date(2026, 8, 1)) == {"TZ": 1, "KE": 1}
    assert counts("country", until=date(2026, 8, 30)) == {"TZ": 2}
    assert counts("country", until=date.max) == {"TZ": 2, "KE": 1}
    assert counts("month", country="KE") == {date(2026, 8, 1): 1}
    assert counts("country", cooperative_ids=(own,)) == {"TZ": 2}
    assert counts("country", kind="gold") == {}
    assert counts("country", kind="gem") == {"TZ": 2, "KE": 1}
    assert [(each.name, each.country) for each in selling_cooperatives(uow.session)] == [
        ("Mama Madini Cooperative", "TZ"), ("Mama Madini Cooperative 2", "KE"),
    ]  # fmt: skip


def test_pages_follow_each_other_without_a_gap(uow: UnitOfWork, like: Sale) -> None:
    finished_sales(uow, like, [{"number": n, "on": date(2026, 8, 1) + timedelta(days=n // 3)} for n in range(8)])
    whole = [sale.key for sale in streamed_sales(uow.session, EVERYTHING, most=100)]
    first = fair_sales(uow.session, EVERYTHING, limit=3)
    rest = fair_sales(uow.session, EVERYTHING, after=(first[-1].accepted_at, first[-1].key), limit=100)

    assert [sale.key for sale in (*first, *rest)] == whole
    assert len(whole) == 8
    assert [sale.key for sale in streamed_sales(uow.session, EVERYTHING, most=5)] == whole[:5]


def test_sales_in_another_currency_are_counted_apart(uow: UnitOfWork, like: Sale) -> None:
    finished_sale(uow, like, number=1, currency="EUR")
    assert report(uow.session, EVERYTHING).whole.count == 0
    assert sales_in_other_currencies(uow.session) == 1


def test_an_accepted_sale_made_by_the_road_adds_up(uow: UnitOfWork) -> None:
    sale = accepted_order(uow)
    uow.session.flush()
    found = report(uow.session, EVERYTHING)
    received = [money for _payee, money in found.whole.receivers]
    assert sum(received, Money.zero("USD")) == Money(sale.order.price_minor, "USD")
