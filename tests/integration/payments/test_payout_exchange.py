"""A payable in dollars, paid out in shillings by a bank with a rate of its own."""

import pytest

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.ledger import chart, queries
from marketplace.ledger.chart import Account
from marketplace.ledger.services import EntryDiffers
from marketplace.orders.services import finance_work, settlement
from marketplace.payments.currency_queries import positions, results
from marketplace.payments.models import Payout
from marketplace.payments.own_exchange import exchange_own, read_deal
from marketplace.payments.payout_exchange import (
    BankSlip,
    NotToExchange,
    Part,
    exchange_of,
    part_failing,
    read_slip,
    sending,
)
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.orders import Sale
from tests.builders.payments import BANK, approved_payout, prepared_payout, releasing_order
from tests.people import actor, person

# US$930.00 at the reference of 2,600 is TSh 2,418,000. At the bank's 2,590 that costs US$933.590…, a loss of US$3.59.
OWED, GIVEN, COST = Money(93_000, "USD"), Money(241_800_000, "TZS"), Money(93_359, "USD")


def slip(*, currency: str = "TZS", rate: str = "2590", cost: str = "933.59", proof: str = "ADV 7") -> BankSlip:
    return read_slip(currency, rate, cost, payable="USD", proof=proof)


def approved(uow: UnitOfWork) -> tuple[Sale, Payout]:
    rates.series(uow, "USD/TZS")
    rates.observe(uow, "2600", code="USD/TZS")
    sale = releasing_order(uow, form=BANK, currency="TZS")
    return sale, approved_payout(sale)


def enter(sale: Sale, payout: Payout, given: BankSlip) -> None:
    finance_work.enter_exchange(sale.as_staff("frida"), payout=payout, slip=given)


def balance(uow: UnitOfWork, account: Account, currency: str) -> int:
    return queries.balance(uow.session, account, currency).minor


def test_the_loss_to_the_reference_is_ours_and_everything_closes(uow: UnitOfWork) -> None:
    sale, payout = approved(uow)
    enter(sale, payout, slip(cost="900", rate="2686.67"))  # noted wrongly, then again: the last word counts
    enter(sale, payout, slip())
    settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="WIRE 1")
    assert balance(uow, chart.payout_in_transit(payout.id), "TZS") == GIVEN.minor
    assert balance(uow, chart.bank("operating"), "USD") == -COST.minor
    assert balance(uow, chart.FX_GAIN_LOSS, "USD") == -359
    today = uow.now.date()
    # Until the proof, US$930 are still owed in dollars, and TSh 2,418,000 are on their way: worth the same.
    assert [(each.amount, each.worth) for each in positions(uow.session, on=today)] == [
        (GIVEN, OWED), (-OWED, -OWED),
    ]  # fmt: skip
    settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="statement 4")
    assert positions(uow.session, on=today) == []
    assert balance(uow, chart.payout_in_transit(payout.id), "TZS") == 0
    assert balance(uow, chart.coop_reserved(payout.id), "USD") == 0
    assert [each.amount for each in results(uow.session, since=today, until=today)] == [Money(-359, "USD")]
    assert queries.trial_balance(uow.session).is_sound
    kinds = {journal.kind: journal.rate_ids for journal in queries.journals_of_order(uow.session, sale.order.id)}
    row = exchange_of(uow.session, payout)
    assert row is not None
    assert kinds["payout_sent"] == kinds["payout_confirmed"] == row.rate_ids


def test_what_came_back_leaves_no_loss_and_the_payable_stands(uow: UnitOfWork) -> None:
    sale, payout = approved(uow)
    enter(sale, payout, slip())
    settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="WIRE 1")
    settlement.fail_payout(sale.as_staff("frida"), payout=payout, reason="account closed")
    assert balance(uow, chart.FX_GAIN_LOSS, "USD") == 0
    assert balance(uow, chart.bank("operating"), "USD") == 0
    assert balance(uow, chart.coop_payable(sale.order.cooperative_id), "USD") == OWED.minor
    assert positions(uow.session, on=uow.now.date()) == []
    assert queries.trial_balance(uow.session).is_sound


def test_an_exchange_is_noted_only_between_approval_and_sending(uow: UnitOfWork) -> None:
    rates.series(uow, "USD/TZS")
    rates.observe(uow, "2600", code="USD/TZS")
    sale = releasing_order(uow, form=BANK, currency="TZS")
    payout = prepared_payout(sale)
    with pytest.raises(NotToExchange):
        enter(sale, payout, slip())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rate": "2363", "cost": "1023.28"}, "rate"),  # 10.03 % worse than the reference
        ({"rate": "2590", "cost": "934.53"}, "cost"),  # a hundred-and-one hundredths of a per mille too much
        ({"currency": "UGX"}, "currency"),  # no rate
    ],
)
def test_a_slip_of_the_pen_is_refused(uow: UnitOfWork, given: dict[str, str], field: str) -> None:
    sale, payout = approved(uow)
    with pytest.raises(InvalidInput) as refused:
        enter(sale, payout, slip(**given))
    assert set(refused.value.fields) == {field}
    assert exchange_of(uow.session, payout) is None


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"currency": "USD"}, {"currency"}),
        ({"currency": "tzs"}, {"currency"}),
        ({"rate": "0", "cost": "x", "proof": " "}, {"rate", "cost", "proof"}),
        ({"proof": "x" * 81}, {"proof"}),
    ],
)
def test_the_bank_s_advice_is_read_whole(given: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        slip(**given)
    assert set(refused.value.fields) == fields


def test_an_exchange_of_our_own_closes_a_position_and_shows_its_cost(uow: UnitOfWork) -> None:
    rates.series(uow, "USD/EUR")
    rates.observe(uow, "0.8", code="USD/EUR")
    frida = uow.acting_as(actor(uow.session, person(uow, "frida", StaffRole.FINANCE)))
    # €800.00 are US$1,000.00 at the reference; the bank gave US$995.00.
    form = {"sold": "800", "sold_currency": "eur", "bought": "995", "bought_currency": "USD", "proof": "ADV 9"}
    first = exchange_own(frida, deal=read_deal(form))
    assert exchange_own(frida, deal=read_deal(form)).id == first.id
    with pytest.raises(EntryDiffers):
        exchange_own(frida, deal=read_deal({**form, "bought": "996"}))
    today = uow.now.date()
    assert [(each.amount, each.worth) for each in positions(uow.session, on=today)] == [
        (Money(-80_000, "EUR"), Money(-100_000, "USD")), (Money(100_000, "USD"), Money(100_000, "USD")),
    ]  # fmt: skip
    assert balance(uow, chart.bank("operating"), "EUR") == -80_000
    assert balance(uow, chart.bank("operating"), "USD") == 99_500
    assert balance(uow, chart.FX_GAIN_LOSS, "USD") == -500
    with pytest.raises(InvalidInput) as refused:
        exchange_own(frida, deal=read_deal({**form, "bought": "899.99", "proof": "ADV 10"}))
    assert set(refused.value.fields) == {"bought"}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"sold": "x", "bought_currency": "ABC", "proof": ""}, {"sold", "bought_currency", "proof"}),
        ({"sold": "0"}, {"sold"}),
        ({"bought_currency": "EUR"}, {"bought_currency"}),
    ],
)
def test_what_the_bank_gave_is_read_whole(change: dict[str, str], fields: set[str]) -> None:
    form = {"sold": "8", "sold_currency": "EUR", "bought": "9", "bought_currency": "USD", "proof": "A"}
    with pytest.raises(InvalidInput) as refused:
        read_deal({**form, **change})
    assert set(refused.value.fields) == fields


def test_parts_of_an_exchanged_payout_sum_to_the_whole(uow: UnitOfWork) -> None:
    sale, payout = approved(uow)
    enter(sale, payout, slip())
    after, entries = Money(0, "USD"), []
    for minor in (31_000, 31_001, 30_999):
        entry, rate_ids = sending(uow.session, payout, "operating", part=Part(Money(minor, "USD"), after))
        assert rate_ids
        entries.append(entry)
        after += Money(minor, "USD")
    sums = {"TZS": 0, "USD": 0}
    for line in (line for entry in entries for line in entry.lines if line.debit != chart.FX_GAIN_LOSS):
        sums[line.amount.currency] += line.amount.minor
    losses = [line.amount.minor for entry in entries for line in entry.lines if line.debit == chart.FX_GAIN_LOSS]
    assert (sums, sum(losses)) == ({"TZS": GIVEN.minor, "USD": OWED.minor}, 359)
    back = part_failing(uow.session, payout, "operating", part=Part(Money(31_000, "USD"), Money(0, "USD")))
    assert [(line.credit, line.debit, line.amount) for line in back[0].lines] == [
        (line.debit, line.credit, line.amount) for line in entries[0].lines
    ]
