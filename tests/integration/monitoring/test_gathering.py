"""The indicators of what really happened in the marketplace, each figure worked out by hand."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.custody.chains import chain_of
from marketplace.incidents.transitions import Action
from marketplace.monitoring.catalogue import BY_CODE
from marketplace.monitoring.facts import Facts
from marketplace.monitoring.gathering import gather
from marketplace.monitoring.models import MinerPayment
from marketplace.monitoring.periods import Period, Step
from marketplace.monitoring.report import Reading, read
from marketplace.monitoring.services import AlreadyWithdrawn, withdraw
from marketplace.monitoring.traceability import is_traceable, published_lots
from marketplace.monitoring.wanted import Wanted
from marketplace.orders.models import ProblemReport
from marketplace.orders.services import settlement
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.fair_sales import finished_sales
from tests.builders.incidents import moderator, moved, opened, remedied
from tests.builders.lots import published_lot
from tests.builders.moderation import decided, waiting_lot
from tests.builders.moderation import moderator as reviewer
from tests.builders.monitoring import SHEET_LINES, officers, receipt, sheet, training
from tests.builders.orders import delivered_order
from tests.builders.payments import releasing_order, sent_payout
from tests.builders.rates import observe, series
from tests.people import actor

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
GUIDE = {
    "inputs": {"rate": {"id": "r", "value": "31.1034768"}},
    "result": {"outcome": "guided", "floor": None, "middle": {"minor": 10_000, "currency": "USD"}},
}
GOLD = {"kind": "gold", "weight_mg": 100_000, "fineness_permille": "900", "standard": "FAIRMINED", "variety": None}


def figures(uow: UnitOfWork, code: str, **wanted: object) -> list[Decimal | None]:
    found = reading(uow, code, **wanted)
    assert found.whole is not None
    return list(found.whole.values)


def reading(uow: UnitOfWork, code: str, **wanted: object) -> Reading:
    uow.session.flush()
    indicator = BY_CODE[code]
    facts = gather(uow.session, Wanted(**{"period": YEAR, **wanted}), sources=[indicator.source])  # type: ignore[arg-type]
    return read(indicator, facts, YEAR, step=Step.MONTH)


@pytest.fixture
def home(uow: UnitOfWork) -> tuple[Cooperative, MineSite, User]:
    return approved_cooperative(uow)


@pytest.fixture
def amina(uow: UnitOfWork, home: tuple[Cooperative, MineSite, User]) -> UnitOfWork:
    return uow.acting_as(actor(uow.session, home[2]))


@pytest.fixture
def mary(uow: UnitOfWork) -> UnitOfWork:
    return moderator(uow, "mary")


def test_miners_and_womens_share_come_from_the_sheets(
    uow: UnitOfWork, amina: UnitOfWork, home: tuple[Cooperative, MineSite, User]
) -> None:
    sheet(amina, home[0])
    more = "\n".join(f"{n}, f, , 40.00" for n in range(1, 8))
    sheet(amina, home[0], lines=more, paid_on="2026-08-20", mineral="gold")
    # September: 500 dollars to six people. August: seven women, five of whom... the numbers 1 to 6 are the same people:
    # 7 miners, 13 payments, 500 + 7 x 40 = 780 dollars.
    assert figures(uow, "I1") == [7, 13, Decimal("780.00")]
    # Of September's stones women got 300 of 500; three women are too few to tell.
    assert reading(uow, "I2", mineral="gem").whole is None
    assert figures(uow, "I1", country="KE") == [0, 0, 0]
    assert figures(uow, "I1", mineral="gold") == [7, 7, Decimal("280.00")]


def test_numbers_of_miners_are_kept_as_digests_that_differ_between_cooperatives(
    uow: UnitOfWork, amina: UnitOfWork, home: tuple[Cooperative, MineSite, User]
) -> None:
    other, _site, secretary = approved_cooperative(uow, "KE")
    sheet(amina, home[0])
    sheet(uow.acting_as(actor(uow.session, secretary)), other)
    kept = uow.session.scalars(select(MinerPayment.miner)).all()
    assert len(set(kept)) == 12
    assert {len(each) for each in kept} == {64}


def test_a_sheet_in_shillings_is_counted_at_the_rate_of_its_day(
    uow: UnitOfWork, amina: UnitOfWork, home: tuple[Cooperative, MineSite, User]
) -> None:
    series(uow, "USD/TZS")
    observe(uow, "2500", code="USD/TZS", until=date(2026, 9, 20))
    row = sheet(amina, home[0], currency="TZS", lines="\n".join(f"{n}; f; 30; 10000" for n in range(5)))
    # Five times 10,000 shillings at 2,500 a dollar are 20 dollars, whatever the rate becomes later.
    observe(uow, "2600", code="USD/TZS", until=date(2026, 9, 25))
    assert figures(uow, "I1") == [5, 5, Decimal("20.00")]
    assert row.rate_id


def test_the_same_sheet_is_refused_until_the_first_one_is_withdrawn(
    uow: UnitOfWork, amina: UnitOfWork, home: tuple[Cooperative, MineSite, User]
) -> None:
    row = sheet(amina, home[0])
    turned = "\n".join(reversed(SHEET_LINES.splitlines()[1:]))
    with pytest.raises(InvalidInput) as refused:
        sheet(amina, home[0], lines=turned)
    assert "handed in already" in str(refused.value.fields["lines"])
    withdraw(amina, record=row)
    with pytest.raises(AlreadyWithdrawn):
        withdraw(amina, record=row)
    sheet(amina, home[0], lines=turned)
    assert figures(uow, "I1")[0] == 6


def test_a_sheet_of_a_day_without_a_rate_and_one_of_a_stranger_are_refused(
    uow: UnitOfWork, amina: UnitOfWork, home: tuple[Cooperative, MineSite, User]
) -> None:
    with pytest.raises(InvalidInput):
        sheet(amina, home[0], currency="TZS", paid_on="2001-01-01", lines="1; f; 30; 10000")
    _other, _site, secretary = approved_cooperative(uow, "KE")
    with pytest.raises(Forbidden):
        sheet(uow.acting_as(actor(uow.session, secretary)), home[0])


def test_what_staff_told_is_counted_until_it_is_withdrawn(
    uow: UnitOfWork, mary: UnitOfWork, home: tuple[Cooperative, MineSite, User]
) -> None:
    held = training(mary, home[0])
    training(mary, home[0], topic="safety", women="8", men="0")
    receipt(mary, home[0])
    receipt(mary, home[0], number="R-2", amount="15.25")
    with pytest.raises(InvalidInput):
        receipt(mary, home[0], number=" r-2 ")
    officers(mary, home[0], women=1, of=5, on=date(2026, 3, 1))
    officers(mary, home[0], women=3, of=6, on=date(2026, 9, 1))

    assert figures(uow, "I18") == [29, 20]
    topics = reading(uow, "I18").breakdowns["topic"]
    assert [(line.key, line.measure and line.measure.values[0]) for line in topics] == [("mercury", 21), ("safety", 8)]
    assert figures(uow, "I16") == [Decimal("75.25"), 2]
    assert figures(uow, "I15") == [Decimal("0.5000"), 3, 6]
    withdraw(mary, record=held)
    assert figures(uow, "I18") == [8, 8]


def test_sales_are_counted_as_the_fairness_report_counts_them(uow: UnitOfWork) -> None:
    like = delivered_order(uow)
    premium = [{"code": "premium", "payee": "premium", "amount_minor": 18_000}]
    finished_sales(uow, like, [
        # 90 g fine at 1 dollar a gram: 85.50 net is exactly 95 %
        {"number": 1, "price": 10_000, "net": 8_550, "guidance": GUIDE, "content": GOLD, "split": premium},
        # recovered without mercury; 85.49 net is below the floor
        {"number": 2, "price": 10_000, "net": 8_549, "guidance": GUIDE, "content": {**GOLD, "mercury": "mercury_free"},
         "split": []},
        # a stone of 684 mg = 3.42 ct for 125 of a middle of 100
        {"number": 3, "price": 15_000, "net": 12_000, "gross": 12_500, "guidance": GUIDE, "split": []},
        {"number": 4, "price": 99_999, "net": 9, "on": date(2025, 12, 31)},
    ])  # fmt: skip

    assert figures(uow, "I3") == [Decimal("350.00"), 3]
    assert figures(uow, "I3", mineral="gold") == [Decimal("200.00"), 2]
    assert figures(uow, "I4") == [Decimal("180.000"), Decimal("3.420")]
    # 85.50 + 85.49 + 120 = 290.99 of 350 → 0.8314; the shares are 0.855, 0.8549 and 0.8
    assert figures(uow, "I5") == [Decimal("0.8314"), Decimal("0.8549")]
    assert figures(uow, "I6") == [Decimal("0.9500"), Decimal("1.2500")]
    assert figures(uow, "I7") == [Decimal("0.5000"), 1]
    assert figures(uow, "I8") == [Decimal("180.00"), Decimal("2000.00")]
    assert [line.key for line in reading(uow, "I8").breakdowns["standard"]] == ["FAIRMINED"]
    assert [line.key for line in reading(uow, "I3").breakdowns["buyer_country"]] == ["DE"]


def test_gold_is_free_of_mercury_by_its_own_word_or_by_its_site(uow: UnitOfWork) -> None:
    like = delivered_order(uow)
    site = uow.session.scalars(select(MineSite)).one()
    site.mercury_practice = "mercury_free"
    finished_sales(uow, like, [
        {"number": 1, "content": {**GOLD, "mercury": None}},
        {"number": 2, "content": {**GOLD, "mercury": "amalgamation_with_retort", "weight_mg": 300_000}},
    ])  # fmt: skip
    # 90 g of 90 + 270 = 360 g
    assert figures(uow, "I9") == [Decimal("0.2500"), Decimal("90.000")]


def test_child_labour_is_followed_from_the_first_word_to_the_last(
    uow: UnitOfWork, mary: UnitOfWork, home: tuple[Cooperative, MineSite, User]
) -> None:
    incident = opened(mary, home[1])
    opened(mary, home[1], code="A5")
    samuel = moderator(uow, "samuel")
    remedied(uow, incident, mary, samuel)
    samuel.now += timedelta(days=12)
    moved(samuel, incident, Action.AGREE)
    assert figures(uow, "I10") == [1, 1, 1, Decimal("12.0")]
    (line,) = reading(uow, "I10").breakdowns["site"]
    assert line.key == home[1].reference


def test_decisions_disputes_chains_and_visits_of_one_sale(uow: UnitOfWork) -> None:
    case, _lot, _amina = waiting_lot(uow)
    case.opened_at = uow.now - timedelta(hours=30)
    decided(uow, case, reviewer(uow))
    assert figures(uow, "I11") == [30, 30]
    delivered_order(uow, number=2)
    assert figures(uow, "I13") == [0, 0, None]
    # What the marketplace records when it publishes is a whole chain.
    assert figures(uow, "I14") == [1, 2]
    # Both sites were verified from their papers, and Pact was at neither.
    assert figures(uow, "I17") == [0, 0]


def test_a_chain_without_its_beginning_is_not_whole(uow: UnitOfWork) -> None:
    published_lot(uow, number=2)  # the builder tells nothing of where it comes from
    case, lot, _amina = waiting_lot(uow)
    decided(uow, case, reviewer(uow))
    uow.session.flush()
    found = published_lots(uow.session, Wanted(period=YEAR))[0]
    assert sorted(row.is_traceable for row in found) == [False, True]
    chain = chain_of(uow.session, lot)
    published_at = lot.published_at or uow.now
    assert is_traceable(chain, listed_mg=684, published_at=published_at)
    assert not is_traceable(chain, listed_mg=685, published_at=published_at)
    assert not is_traceable(chain[1:], listed_mg=684, published_at=published_at)
    assert not is_traceable([], listed_mg=0, published_at=published_at)
    assert not is_traceable(chain, listed_mg=684, published_at=chain[0].happened_at - timedelta(seconds=1))


def test_the_time_to_the_payout_ends_with_its_confirmation(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    sale.order.accepted_at = uow.now - timedelta(hours=36)
    payout = sent_payout(sale)
    settlement.confirm_payout(sale.as_staff("joseph"), payout=payout, proof="Their bank wrote")
    assert figures(uow, "I12") == [36]
    assert [line.key for line in reading(uow, "I12").breakdowns["rail"]] == ["mobile_money"]


def test_a_dispute_that_is_decided_for_the_buyer_is_counted(uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    sale.order.funded_at = uow.now
    uow.session.add(
        ProblemReport(
            order_id=sale.order.id, kind="other", text="It is glass.", reported_by=sale.bob.id, reported_at=uow.now,
            resolved_at=uow.now, resolution="return", opened_as="contested", came_from="delivered",
        )
    )  # fmt: skip
    assert figures(uow, "I13") == [1, 1, 1]


def test_nothing_at_all_is_gathered_of_another_year(uow: UnitOfWork) -> None:
    delivered_order(uow)
    uow.session.flush()
    long_ago = Wanted(period=Period(date(2001, 1, 1), date(2001, 12, 31)))
    found = gather(uow.session, long_ago)
    assert [getattr(found, field.name) for field in fields(Facts)] == [[]] * 11 + [frozenset()]
