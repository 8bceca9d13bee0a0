"""An exchanged payout at the bank: the file says what the cooperative gets, the statement what the exchange took."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from marketplace.core.clock import SetClock
from marketplace.core.money import Money
from marketplace.ledger import chart, queries
from marketplace.orders.services import finance_work, payout_parts, settlement
from marketplace.payments.bank_statements import services
from marketplace.payments.bank_statements.clues import Why
from marketplace.payments.daily_report import write_report
from marketplace.payments.models import Payout
from marketplace.payments.payout_exchange import ExchangeMissing, FrozenInBatch, read_slip
from marketplace.payments.payouts import batches
from marketplace.payments.payouts.part_moves import only_part, received
from marketplace.payments.rail_models import UnmatchedReceipt
from marketplace.payments.rails import OUR_BANK
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.orders import Sale
from tests.builders.payments import BANK, approved_payout, releasing_order
from tests.integration.payments.test_daily_report import booked, later
from tests.unit.payments.bank_files import camt053

# US$930.00 at the reference of 2,600 is TSh 2,418,000. At the bank's 2,590 that costs US$933.59.
OWED, GIVEN, COST = Money(93_000, "USD"), Money(241_800_000, "TZS"), Money(93_359, "USD")
DAY = date(2026, 9, 30)
NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def approved(uow: UnitOfWork, *, currency: str = "TZS") -> tuple[Sale, Payout]:
    rates.series(uow, "USD/TZS")
    rates.observe(uow, "2600", code="USD/TZS")
    sale = releasing_order(uow, form=BANK, currency=currency)
    return sale, approved_payout(sale)


def exchange(sale: Sale, payout: Payout) -> None:
    slip = read_slip("TZS", "2590", "933.59", payable="USD", proof="ADV 7")
    finance_work.enter_exchange(sale.as_staff("frida"), payout=payout, slip=slip)


def imported(sale: Sale, *lines: tuple[str, int, str, str]) -> services.Imported:
    """Import lines of an account that had nothing before."""
    content = camt053(opening=0, entries=lines)
    return services.import_file(sale.as_staff("grace"), content=content, news=payout_parts)


def at_bank(uow: UnitOfWork) -> Money:
    return queries.balance(uow.session, chart.bank(OUR_BANK), "USD")


def sent(uow: UnitOfWork) -> tuple[Sale, Payout, str]:
    sale, payout = approved(uow)
    exchange(sale, payout)
    settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="WIRE 1")
    return sale, payout, only_part(uow, payout).reference


def test_the_line_of_what_the_exchange_took_confirms_the_payout(uow: UnitOfWork, clock: SetClock) -> None:
    sale, payout, reference = sent(uow)
    done = imported(sale, ("B1", -COST.minor, reference, "text"))
    assert (done.new, done.matched, payout.state) == (1, 1, "confirmed")
    assert uow.session.scalars(select(UnmatchedReceipt)).all() == []
    assert queries.balance(uow.session, chart.UNMATCHED_RECEIPTS, "USD") == Money(0, "USD")
    assert at_bank(uow) == -COST
    assert queries.trial_balance(uow.session).is_sound

    captured = next(each for each in queries.journals_of_order(uow.session, sale.order.id) if each.kind == "captured")
    assert captured.external_ref
    booked(uow, captured.external_ref, net=97_650 - 3_626)
    uow = later(uow, clock, days=2)
    usd = next(row for row in write_report(uow, day=DAY) if row.currency == "USD")
    assert (usd.bank_ledger_minor, usd.bank_minor, usd.is_even, usd.differences) == (-COST.minor, -COST.minor, True, [])


def test_what_the_bank_gives_back_is_what_the_exchange_took(uow: UnitOfWork) -> None:
    sale, payout, reference = sent(uow)
    assert imported(sale, ("B1", COST.minor, reference, "account closed")).matched == 1
    assert (only_part(uow, payout).state, at_bank(uow)) == ("failed", Money(0, "USD"))


@pytest.mark.parametrize("minor", [-OWED.minor, -COST.minor - 1])
def test_another_amount_confirms_nothing(uow: UnitOfWork, minor: int) -> None:
    sale, payout, reference = sent(uow)
    assert (imported(sale, ("B1", minor, reference, "text")).matched, payout.state) == (0, "sent")
    assert uow.session.scalars(select(UnmatchedReceipt.why)).all() == [Why.PART_OTHER_AMOUNT]


def test_the_files_of_a_batch_say_what_the_cooperative_gets(uow: UnitOfWork) -> None:
    sale, payout = approved(uow)
    exchange(sale, payout)
    part = only_part(uow, payout)
    batch = batches.make(sale.as_staff("frida"), part_ids=[part.id], execute_on=DAY)
    assert Money(batch.total_minor, batch.currency) == GIVEN
    xml = ET.fromstring(batches.export(sale.as_staff("frida"), batch=batch, kind="xml"))
    paid = xml.find(".//p:InstdAmt", NAMESPACE)
    assert paid is not None
    assert (paid.text, paid.get("Ccy")) == ("2418000.00", "TZS")
    assert xml.findtext(".//p:DbtrAcct/p:Ccy", namespaces=NAMESPACE) == "USD"
    table = batches.export(sale.as_staff("frida"), batch=batch, kind="csv").decode()
    assert ",2418000.00,TZS," in table
    batches.mark_sent(sale.as_staff("grace"), batch=batch)
    assert (imported(sale, ("B1", -COST.minor, part.reference, "text")).matched, payout.state) == (1, "confirmed")


def test_an_account_in_another_currency_gets_nothing_without_an_exchange(uow: UnitOfWork) -> None:
    sale, payout = approved(uow)
    part = only_part(uow, payout)
    with pytest.raises(ExchangeMissing), uow.session.begin_nested():
        settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="WIRE 1")
    with pytest.raises(ExchangeMissing), uow.session.begin_nested():
        batches.make(sale.as_staff("frida"), part_ids=[part.id], execute_on=DAY)
    uow.session.refresh(payout)
    assert (payout.state, at_bank(uow)) == ("approved", Money(0, "USD"))
    exchange(sale, payout)
    settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="WIRE 1")
    assert at_bank(uow) == -COST


def test_an_exchange_into_another_currency_than_the_account_s_sends_nothing(uow: UnitOfWork) -> None:
    sale, payout = approved(uow, currency="USD")
    exchange(sale, payout)
    with pytest.raises(ExchangeMissing):
        settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="WIRE 1")


def test_what_a_batch_holds_is_not_exchanged_any_more(uow: UnitOfWork) -> None:
    sale, payout = approved(uow, currency="USD")
    batch = batches.make(sale.as_staff("frida"), part_ids=[only_part(uow, payout).id], execute_on=DAY)
    with pytest.raises(FrozenInBatch):
        exchange(sale, payout)
    batches.cancel(sale.as_staff("frida"), batch=batch)
    exchange(sale, payout)
    assert received(uow.session, only_part(uow, payout)) == GIVEN
