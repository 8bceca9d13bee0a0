"""Papers of orders paid, and of payouts made, in another currency than the price: both amounts and the rate."""

from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.http.context import make_uow
from marketplace.jobs.tasks.papers import issue_waiting
from marketplace.orders import services as orders
from marketplace.orders.answers import Reason
from marketplace.orders.services import finance_work, settlement
from marketplace.papers import queries, services
from marketplace.papers.kinds import Kind
from marketplace.papers.models import Paper
from marketplace.papers.sharing import Member
from marketplace.payments.models import Refund
from marketplace.payments.payout_exchange import read_slip
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.payments import BANK, approved_payout, releasing_order
from tests.integration.orders.test_currencies import bought_in_euros, euro, paid

THREE = (Member("M1", "Amina", 3), Member("M2", "Neema", 2), Member("M3", "Fund", 2))
RATE = {
    "price_minor": 97_650, "price_currency": "USD", "paid_minor": 85_595, "paid_currency": "EUR", "rate": "0.87655",
    "observed_on": "2026-09-29", "sources": ["Source of USD/EUR"],
}  # fmt: skip


def written(uow: UnitOfWork) -> dict[str, Paper]:
    uow.commit()
    issue_waiting(make_uow)
    return {paper.kind: paper for paper in uow.session.scalars(select(Paper))}


def test_invoice_receipt_and_credit_note_name_both_amounts_and_the_rate(uow: UnitOfWork) -> None:
    euro(uow, "0.87655")
    sale = paid(bought_in_euros(uow))
    found = written(uow)
    invoice, receipt = found[Kind.INVOICE], found[Kind.RECEIPT]
    assert (invoice.total_minor, invoice.currency) == (97_650, "USD")
    assert (receipt.total_minor, receipt.currency) == (85_595, "EUR")
    assert invoice.content["exchange"] == receipt.content["exchange"] == RATE

    orders.decline(sale.as_cooperative(), order=sale.order, reason=Reason("sold", ""))
    refund = uow.session.scalars(select(Refund)).one()
    refund.state, refund.done_at = "done", uow.now
    uow.record("refund.finish", refund)
    note = written(uow)[Kind.CREDIT_NOTE]
    assert (note.total_minor, note.currency, note.content["exchange"]) == (85_595, "EUR", RATE)


def test_a_payout_in_shillings_is_shared_to_the_last_shilling_cent(uow: UnitOfWork) -> None:
    rates.series(uow, "USD/TZS")
    rates.observe(uow, "2600", code="USD/TZS")
    sale = releasing_order(uow, form=BANK, currency="TZS")
    services.enter_sharing_rule(sale.as_cooperative(), cooperative_id=sale.order.cooperative_id, members=THREE)
    payout = approved_payout(sale)
    # US$930.00 at 2,600 is TSh 2,418,000; the bank's rate is its own and not the cooperative's.
    slip = read_slip("TZS", "2590", "933.59", payable="USD", proof="ADV 7")
    finance_work.enter_exchange(sale.as_staff("frida"), payout=payout, slip=slip)
    settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="WIRE 1")
    settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="statement 4")
    statement = written(uow)[Kind.STATEMENT]
    assert (statement.number, statement.total_minor, statement.currency) == ("PST-2026-000001", 93_000, "USD")
    assert statement.content["paid_out"] == {
        "amount_minor": 241_800_000, "currency": "TZS", "observed_on": "2026-09-29",
    }  # fmt: skip
    # TSh 2,418,000.00 in sevenths: 3/7 is 1,036,285.714…, 2/7 is 690,857.142… twice; the odd cent goes to the first.
    parts = [each["amount_minor"] for each in statement.content["members"]]
    assert parts == [103_628_572, 69_085_714, 69_085_714]
    assert sum(parts) == 241_800_000
    assert all(series.is_whole for series in queries.numbering(uow.session))
    assert Money(sum(line["amount_minor"] for line in statement.content["lines"]), "USD") == Money(93_000, "USD")
