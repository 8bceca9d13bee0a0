"""M-Pesa in Tanzania takes TSh 5,000,000 at once and TSh 10,000,000 a day, as the shipped table says; a payable is in
dollars."""

import pytest
from sqlalchemy import select

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.ledger.queries import trial_balance
from marketplace.orders.services import finance_work, payout_parts
from marketplace.payments.models import Payout
from marketplace.payments.payout_exchange import read_slip
from marketplace.payments.payouts.part_moves import latest_parts, received
from marketplace.payments.payouts.rail_limits import NoRateForLimits
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.orders import Sale
from tests.builders.payments import BANK, approved_payout, prepared_payout, releasing_order

ONCE, A_DAY = Money(500_000_000, "TZS"), Money(1_000_000_000, "TZS")


def releasing(uow: UnitOfWork, rate: str, **other: object) -> Sale:
    """US$930.00 wait for a cooperative that is paid in shillings."""
    rates.series(uow, "USD/TZS")
    rates.observe(uow, rate, code="USD/TZS")
    return releasing_order(uow, currency="TZS", **other)


def parts(uow: UnitOfWork, payout: Payout) -> list[tuple[int, int]]:
    return [(part.amount_minor, part.day) for part in latest_parts(uow.session, payout.id)]


# TSh 5,000,000 at 30,000 are US$166.66⅔; 2 % below, US$163.33⅓.
@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("5268", [(93_000, 0)]),  # the most that goes at once is US$930.14
        ("5269", [(92_996, 0), (4, 0)]),
        ("30000", [(16_333, 0), (16_333, 0), (16_333, 1), (16_333, 1), (16_333, 2), (11_335, 2)]),
    ],
)
def test_a_payout_above_the_limit_is_split_at_the_reference_rate(
    uow: UnitOfWork, rate: str, expected: list[tuple[int, int]]
) -> None:
    assert parts(uow, prepared_payout(releasing(uow, rate))) == expected


def test_a_bank_account_has_no_limit_and_asks_for_no_rate(uow: UnitOfWork) -> None:
    sale = releasing_order(uow, form=BANK, currency="TZS")
    assert parts(uow, prepared_payout(sale)) == [(93_000, 0)]


def test_without_a_rate_nobody_knows_whether_the_limit_binds(uow: UnitOfWork) -> None:
    sale = releasing_order(uow, currency="TZS")
    with pytest.raises(NoRateForLimits), uow.session.begin_nested():
        prepared_payout(sale)
    assert uow.session.scalars(select(Payout)).all() == []


def test_the_day_s_limit_counts_what_arrives(uow: UnitOfWork) -> None:
    sale = releasing(uow, "30000")
    payout = approved_payout(sale)
    slip = read_slip("TZS", "29900", "933.11", payable="USD", proof="ADV 7")
    finance_work.enter_exchange(sale.as_staff("frida"), payout=payout, slip=slip)
    first, second, third, *_ = latest_parts(uow.session, payout.id)
    assert received(uow.session, first) == Money(489_990_000, "TZS") < ONCE
    for part in (first, second):
        payout_parts.send(sale.as_staff("frida"), payout=payout, part=part, reference=f"MP {part.number}")
    assert received(uow.session, first) + received(uow.session, second) < A_DAY
    with pytest.raises(InvalidInput) as refused:
        payout_parts.send(sale.as_staff("frida"), payout=payout, part=third, reference="MP 3")
    assert set(refused.value.fields) == {"reference"}
    assert third.state == "waiting"
    assert trial_balance(uow.session).is_sound
