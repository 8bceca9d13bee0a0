"""Statements of payouts after a part of the price went back: their lines tell why the cooperative got less."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.http.context import make_uow
from marketplace.jobs.tasks.papers import issue_waiting
from marketplace.orders import services
from marketplace.orders.answers import Reason, Receipt
from marketplace.orders.decisions import Decision
from marketplace.orders.services import finance_work, payout_parts, settlement
from marketplace.orders.transitions import COOL_OFF, Action
from marketplace.papers.documents import SOLD_FOR, WENT_BACK
from marketplace.papers.kinds import Kind
from marketplace.papers.models import Paper
from marketplace.papers.services import enter_sharing_rule
from marketplace.papers.sharing import Member
from marketplace.payments.models import Payout
from marketplace.payments.payout_exchange import read_slip
from marketplace.payments.payouts import part_moves
from marketplace.payments.payouts.part_moves import latest_parts
from marketplace.payments.rail_models import PayoutPart
from marketplace.payments.rail_table import RailRow
from marketplace.payments.rails import Rail
from marketplace.pricing.services import import_rules
from marketplace.unit_of_work import UnitOfWork
from tests.builders import rates
from tests.builders.offers import DUST, market
from tests.builders.orders import Sale, delivered_order, pass_time
from tests.builders.payments import BANK, MOBILE, approved_payout, sent_payout, usable_destination
from tests.integration.orders.test_parts import finish
from tests.integration.orders.test_wishes import assayed, at_the_verifier

DAMAGED = Reason("damaged", "A chip on the corner.")
TWO = (Member("M1", "Amina", 2), Member("M2", "Neema", 1))
BACK = Money(10_001, "USD")
# 1,050.00 = 930.00 + royalty 60.00 + inspection 10.00 + fee 50.00. Of 949.99 the royalty is 54.285…, the inspection
# 9.047… and the fee 45.237…, each rounded down: 841.44 are the cooperative's. 904.76 of its 1,000.00 are left.
SHRUNK = [100_000, -9_524, -5_428, -904]
LEFT = 84_144


def agreed_lower_price(sale: Sale) -> None:
    services.ask_adjustment(sale.as_buyer(), order=sale.order, refund=BACK, text="A chip on the corner.")
    services.agree_adjustment(sale.as_cooperative(), order=sale.order)


def settlement_of_both(sale: Sale) -> None:
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    services.offer_settlement(sale.as_buyer(), order=sale.order, refund=BACK, text="Keep the rest.")
    services.accept_settlement(sale.as_cooperative(), order=sale.order)


def decision_of_staff(sale: Sale) -> None:
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    decision = Decision("split", "A part is fair.", refund=BACK)
    services.decide(sale.as_staff("zawadi"), order=sale.order, decision=decision)
    pass_time(sale, timedelta(days=7))


def settled(
    uow: UnitOfWork,
    how: Callable[[Sale], None] = agreed_lower_price,
    *,
    form: dict[str, str] = MOBILE,
    currency: str = "USD",
) -> Sale:
    """Let 100.01 of the price go back; the rest waits to be paid out, two thirds of it to Amina."""
    import_rules(uow)
    sale = delivered_order(uow)
    how(sale)
    services.advance(sale.as_provider(), order=sale.order, action=Action.COMPLETE_REFUND)
    usable_destination(sale, form=form, currency=currency)
    enter_sharing_rule(sale.as_cooperative(), cooperative_id=sale.order.cooperative_id, members=TWO)
    return sale


def paid_out(sale: Sale) -> Paper:
    """Pay in one part and return the statement."""
    payout = sent_payout(sale)
    settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="SMS 7781")
    return statement_of(sale.uow)


def statement_of(uow: UnitOfWork) -> Paper:
    uow.commit()
    issue_waiting(make_uow)
    return uow.session.scalars(select(Paper).where(Paper.kind == Kind.STATEMENT)).one()


def amounts(paper: Paper) -> list[int]:
    return [line["amount_minor"] for line in paper.content["lines"]]


@pytest.mark.parametrize("how", [agreed_lower_price, settlement_of_both, decision_of_staff])
def test_a_statement_tells_what_went_back_and_the_charges_on_the_rest(
    uow: UnitOfWork, how: Callable[[Sale], None]
) -> None:
    statement = paid_out(settled(uow, how))

    assert (statement.total_minor, amounts(statement)) == (LEFT, SHRUNK)
    assert [line["label"] for line in statement.content["lines"]][:2] == [SOLD_FOR, WENT_BACK]
    assert [each["amount_minor"] for each in statement.content["members"]] == [56_096, 28_048]


def test_the_invoice_still_names_the_whole_price(uow: UnitOfWork) -> None:
    paid_out(settled(uow))

    invoice = uow.session.scalars(select(Paper).where(Paper.kind == Kind.INVOICE)).one()
    assert (invoice.total_minor, amounts(invoice)) == (105_000, [100_000, 5_000])


def test_a_settled_payout_in_parts_has_one_statement_of_the_whole(
    uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = Money(40_000, "USD")
    row = RailRow("TZ", "USD", Rail.MOBILE_MONEY, "mpesa", limit, None, ("phone",), "test", "S", date(2026, 9, 29))
    monkeypatch.setattr(part_moves, "rules_of", lambda *_: row)
    sale = settled(uow)
    payout = approved_payout(sale)
    for part in latest_parts(uow.session, payout.id):
        arrive(sale, payout, part)

    statement = statement_of(uow)
    assert (statement.total_minor, amounts(statement)) == (LEFT, SHRUNK)


def arrive(sale: Sale, payout: Payout, part: PayoutPart) -> None:
    payout_parts.send(sale.as_staff("frida"), payout=payout, part=part, reference=f"MP-{part.number}")
    payout_parts.confirm(sale.as_staff("grace"), payout=payout, part=part, proof=f"R-{part.number}")


def test_a_settled_payout_in_shillings_names_both_currencies(uow: UnitOfWork) -> None:
    rates.series(uow, "USD/TZS")
    rates.observe(uow, "2600", code="USD/TZS")
    sale = settled(uow, form=BANK, currency="TZS")
    payout = approved_payout(sale)
    # US$841.44 at 2,600 is TSh 2,187,744; at the bank's 2,590 it costs US$844.69.
    slip = read_slip("TZS", "2590", "844.69", payable="USD", proof="ADV 7")
    finance_work.enter_exchange(sale.as_staff("frida"), payout=payout, slip=slip)
    settlement.send_payout(sale.as_staff("frida"), payout=payout, reference="WIRE 1")
    settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="statement 4")

    statement = statement_of(uow)
    assert amounts(statement) == SHRUNK
    assert statement.content["paid_out"]["amount_minor"] == 218_774_400
    assert sum(each["amount_minor"] for each in statement.content["members"]) == 218_774_400


def test_gold_that_the_assay_made_cheaper_has_a_statement(uow: UnitOfWork) -> None:
    sale = at_the_verifier(uow)
    content = sale.version.content
    assayed(sale, Decimal(content["fineness_permille"]) - 10)
    receipt = Receipt(seal_intact=True, weight_mg=content["weight_mg"])
    services.receive(sale.as_buyer(), order=sale.order, receipt=receipt)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    pass_time(sale, COOL_OFF)
    services.advance(sale.as_staff("ruth"), order=sale.order, action=Action.APPROVE_RELEASE)
    services.advance(sale.as_provider(), order=sale.order, action=Action.COMPLETE_REFUND)
    usable_destination(sale, form=BANK)

    statement = paid_out(sale)
    assert statement.total_minor == sum(amounts(statement)) == sale.order.settled_net_minor
    assert [line["label"] for line in statement.content["lines"]] == [SOLD_FOR, WENT_BACK]


def test_a_part_of_a_lot_has_a_statement_of_its_own_price(uow: UnitOfWork) -> None:
    m = market(uow, steps=DUST)
    order = m.buy("bob", part_mg=25_000)
    finish(m, order, "bob")
    sale = Sale(uow=uow, order=order, lot=m.lot, version=m.version, bob=m.buyers["bob"], amina=m.amina)
    usable_destination(sale)

    # 2,750.00 of 11,000.00 are a quarter's
    assert amounts(paid_out(sale)) == [275_000]
