"""What the lines of our bank's statement mean: the provider's payouts, late returns, wires to the wrong account."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.ids import new_reference
from marketplace.core.money import Money
from marketplace.ledger import chart, provider_recipes, recipes
from marketplace.ledger.models import LedgerJournal
from marketplace.ledger.queries import balance, trial_balance
from marketplace.ledger.services import post
from marketplace.notifications.models import Message
from marketplace.orders.receivables import Stage, sums_of
from marketplace.orders.services import payout_parts, settlement
from marketplace.payments import destinations
from marketplace.payments.bank_statements import receipts, services
from marketplace.payments.bank_statements.clues import Why
from marketplace.payments.bank_statements.queries import receipts as receipts_of
from marketplace.payments.destination_details import read_details
from marketplace.payments.models import Payment, Payout
from marketplace.payments.payouts import returns
from marketplace.payments.payouts.part_moves import only_part
from marketplace.payments.payouts.services import AlreadyPrepared
from marketplace.payments.provider_models import BankPayout
from marketplace.payments.rail_models import BankMatch, BankStatement, PayoutPart, UnmatchedReceipt
from marketplace.payments.rails import OUR_BANK
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, placed_order
from tests.builders.payments import BANK, MOBILE, releasing_order, sent_payout, signatory
from tests.people import actor as actor_of
from tests.unit.payments.bank_files import camt053

NOTHING = Money(0, "USD")


@pytest.fixture(autouse=True)
def _books(uow: UnitOfWork) -> Iterator[None]:
    yield
    uow.check_audited()
    uow.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert trial_balance(uow.session).is_sound


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def imported(sale: Sale, *lines: tuple[str, int, str, str], who: str = "grace") -> services.Imported:
    """Let finance import lines of (bank's reference, minor units, end-to-end id, text)."""
    content = camt053(entries=lines)
    return services.import_file(sale.as_staff(who, StaffRole.FINANCE), content=content, news=payout_parts)


def the_receipt(uow: UnitOfWork) -> UnmatchedReceipt:
    return uow.session.scalars(select(UnmatchedReceipt)).one()


def the_match(uow: UnitOfWork) -> BankMatch:
    return uow.session.scalars(select(BankMatch)).one()


def at_bank(uow: UnitOfWork) -> Money:
    return balance(uow.session, chart.bank(OUR_BANK), "USD")


def unexplained(uow: UnitOfWork) -> Money:
    return balance(uow.session, chart.UNMATCHED_RECEIPTS, "USD")


def provider_paid(uow: UnitOfWork, minor: int, reference: str, *, ours: str = "") -> None:
    """Let the provider's books show a payout to our bank, asked for by us when it has a reference of ours."""
    post(uow, entry=recipes.bank_funded(OUR_BANK, usd(minor)), key=f"bank_funded:{reference}", external_ref=reference)
    if ours:
        payout = BankPayout(
            reference=ours, state="paid", amount_minor=minor, currency="USD", provider_ref=f"po_{reference}",
            balance_transaction_id=reference, created_at=uow.now,
        )  # fmt: skip
        uow.session.add(payout)
        uow.session.flush()
        uow.record("bank_payout.test", payout)


@pytest.fixture
def sale(uow: UnitOfWork) -> Sale:
    return releasing_order(uow, form=BANK)


@pytest.fixture
def confirmed(sale: Sale) -> tuple[Payout, PayoutPart]:
    payout = sent_payout(sale)
    settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="statement 9")
    return payout, only_part(sale.uow, payout)


# The provider's own payouts


def test_a_payout_of_the_provider_is_booked_once_and_its_line_is_matched(sale: Sale) -> None:
    ours = new_reference("BP")
    provider_paid(sale.uow, 5_000, "txn_other")  # the same amount by the provider's own schedule
    provider_paid(sale.uow, 5_000, "txn_ours", ours=ours)
    done = imported(sale, ("B1", 5_000, "", f"{ours.replace('-', '')} STRIPE"))
    assert (done.new, done.matched, the_match(sale.uow).journal_ref) == (1, 1, "txn_ours")
    assert (the_match(sale.uow).kind, at_bank(sale.uow), unexplained(sale.uow)) == (
        "provider_payout", usd(10_000), NOTHING,
    )  # fmt: skip


def test_payouts_of_the_provider_without_a_reference_go_oldest_first_each_once(sale: Sale) -> None:
    for reference in ("txn_1", "txn_2"):
        provider_paid(sale.uow, 700, reference)
    done = imported(sale, *((f"B{number}", 700, "", "STRIPE PAYOUT") for number in range(3)))
    assert done.matched == 2
    found = sale.uow.session.scalars(select(BankMatch.journal_ref).order_by(BankMatch.journal_ref)).all()
    assert found == ["txn_1", "txn_2"]
    assert the_receipt(sale.uow).why == Why.PROVIDER_UNKNOWN
    assert unexplained(sale.uow) == usd(700)


@pytest.mark.parametrize(("minor", "text_of_line"), [(699, "STRIPE"), (701, "STRIPE"), (700, "Somebody else")])
def test_another_amount_or_sender_is_not_the_providers_payout(sale: Sale, minor: int, text_of_line: str) -> None:
    provider_paid(sale.uow, 700, "txn_1")
    assert imported(sale, ("B1", minor, "", text_of_line)).matched == 0


def test_a_payout_that_names_another_amount_is_not_matched_with_one_that_fits_by_chance(sale: Sale) -> None:
    ours = new_reference("BP")
    provider_paid(sale.uow, 700, "txn_1")
    provider_paid(sale.uow, 800, "txn_2", ours=ours)
    assert imported(sale, ("B1", 700, "", f"STRIPE {ours}")).matched == 0
    assert the_receipt(sale.uow).why == Why.PROVIDER_UNKNOWN


def test_a_payout_the_bank_sends_back_is_matched_with_its_return(sale: Sale) -> None:
    provider_paid(sale.uow, 700, "txn_1")
    entry = provider_recipes.bank_returned(OUR_BANK, usd(700))
    post(sale.uow, entry=entry, key="bank_returned:txn_2", external_ref="txn_2")
    done = imported(sale, ("B1", 700, "", "STRIPE"), ("B2", -700, "", "STRIPE RETURN"))
    assert (done.matched, at_bank(sale.uow), unexplained(sale.uow)) == (2, NOTHING, NOTHING)
    kinds = sale.uow.session.execute(select(BankMatch.kind, BankMatch.journal_ref).order_by(BankMatch.kind)).all()
    assert kinds == [("provider_payout", "txn_1"), ("provider_return", "txn_2")]


def test_a_line_that_comes_before_the_providers_books_is_explained_by_the_next_import(sale: Sale) -> None:
    imported(sale, ("B1", 700, "", "STRIPE"))
    receipt = the_receipt(sale.uow)
    assert not receipts.look_again(sale.as_staff("grace"), receipt=receipt, news=payout_parts)
    provider_paid(sale.uow, 700, "txn_1")
    assert at_bank(sale.uow) == usd(1_400)  # booked twice, until somebody understands the line
    imported(sale, ("B2", 1, "", "nothing"), who="frida")

    assert (receipt.state, receipt.action, the_match(sale.uow).journal_ref) == ("done", "explained", "txn_1")
    assert (at_bank(sale.uow), unexplained(sale.uow)) == (usd(701), usd(1))
    with pytest.raises(receipts.ReceiptMoved):
        receipts.look_again(sale.as_staff("grace"), receipt=receipt, news=payout_parts)


# Payouts that come back after they were confirmed


def test_a_late_return_reverses_the_last_steps_and_is_paid_again_after_a_check(
    sale: Sale, confirmed: tuple[Payout, PayoutPart]
) -> None:
    payout, part = confirmed
    net = usd(part.amount_minor)
    done = imported(sale, ("B1", net.minor, "NOTPROVIDED", f"RETURN Payout {part.reference} ACCOUNT CLOSED"))

    assert (done.matched, the_match(sale.uow).kind) == (1, "payout_return")
    assert (payout.state, part.state, sale.order.state) == ("confirmed", "confirmed", "released")
    assert balance(sale.uow.session, chart.coop_payable(payout.cooperative_id), "USD") == net
    assert (at_bank(sale.uow), unexplained(sale.uow)) == (NOTHING, NOTHING)
    ((returned, _payout),) = returns.waiting(sale.uow.session)
    assert (returned.source, returned.reason) == (
        "bank",
        f"Returned by the bank. RETURN Payout {part.reference} ACCOUNT CLOSED",
    )
    sums = sums_of(sale.uow.session, [payout.cooperative_id])
    assert (sums[Stage.RECEIVED], sums[Stage.ON_ITS_WAY]) == ([NOTHING], [net])
    with pytest.raises(destinations.NoUsableDestination):
        payout_parts.pay_again(sale.as_staff("frida"), returned=returned)

    destination = destinations.live_destination(sale.uow.session, payout.cooperative_id)
    assert destination is not None
    destinations.verify(sale.as_staff("victor"), destination=destination)
    again = payout_parts.pay_again(sale.as_staff("frida"), returned=returned)
    with pytest.raises(AlreadyPrepared):
        payout_parts.pay_again(sale.as_staff("frida"), returned=returned)
    settlement.approve_payout(sale.as_staff("grace"), payout=again)
    settlement.send_payout(sale.as_staff("frida"), payout=again, reference="second try")
    settlement.confirm_payout(sale.as_staff("grace"), payout=again, proof="statement 12")
    assert (again.state, sale.order.state) == ("confirmed", "released")
    assert at_bank(sale.uow) == -net
    assert sums_of(sale.uow.session, [payout.cooperative_id])[Stage.RECEIVED] == [net]
    assert not balance(sale.uow.session, chart.coop_payable(payout.cooperative_id), "USD")
    kinds = sale.uow.session.scalars(
        select(LedgerJournal.kind).where(LedgerJournal.order_id == sale.order.id).order_by(LedgerJournal.created_at)
    ).all()
    for kind, times in (("payout_sent", 2), ("payout_confirmed", 2), ("payout_returned", 1), ("payout_released", 1)):
        assert kinds.count(kind) == times, kind


def test_the_officers_are_told_of_a_late_return_once(sale: Sale, confirmed: tuple[Payout, PayoutPart]) -> None:
    _payout, part = confirmed
    line = ("B1", part.amount_minor, part.reference, "closed")
    imported(sale, line)
    imported(sale, line, who="frida")
    told = select(func.count()).where(Message.template == "payout_came_back", Message.user_id == sale.amina.id)
    assert sale.uow.session.scalar(told) == 1


def test_a_second_return_of_the_same_part_waits_for_finance(sale: Sale, confirmed: tuple[Payout, PayoutPart]) -> None:
    _payout, part = confirmed
    imported(sale, *((f"B{number}", part.amount_minor, part.reference, "closed") for number in range(2)))
    receipt = the_receipt(sale.uow)
    assert (receipt.why, receipt.part_id) == (Why.PART_NOT_EXPECTED, part.id)
    assert unexplained(sale.uow) == usd(part.amount_minor)
    with pytest.raises(InvalidInput):
        receipts.propose(
            sale.as_staff("frida"), receipt=receipt, remedy="owe_again", whose=part.reference, reason="again"
        )


def test_a_changed_account_is_paid_instead(sale: Sale, confirmed: tuple[Payout, PayoutPart]) -> None:
    payout, part = confirmed
    imported(sale, ("B1", part.amount_minor, part.reference, "closed"))
    ((returned, _payout),) = returns.waiting(sale.uow.session)
    zawadi = signatory(sale.uow, sale, "zawadi")
    changed = destinations.enter(
        sale.uow.acting_as(actor_of(sale.uow.session, zawadi)),
        cooperative_id=sale.order.cooperative_id,
        details=read_details(MOBILE),
        currency="USD",
    )
    changed.usable_from = sale.uow.now
    destinations.verify(sale.as_staff("victor"), destination=changed)
    again = payout_parts.pay_again(sale.as_staff("frida"), returned=returned)
    assert (again.rail, again.destination_id, payout.rail) == ("mobile_money", changed.id, "bank")


def test_a_cancelled_repeat_waits_to_be_prepared_once_more(sale: Sale, confirmed: tuple[Payout, PayoutPart]) -> None:
    payout, part = confirmed
    imported(sale, ("B1", part.amount_minor, part.reference, "closed"))
    ((returned, _payout),) = returns.waiting(sale.uow.session)
    destination = destinations.live_destination(sale.uow.session, payout.cooperative_id)
    assert destination is not None
    destinations.verify(sale.as_staff("victor"), destination=destination)
    again = payout_parts.pay_again(sale.as_staff("frida"), returned=returned)
    assert returns.waiting(sale.uow.session) == []
    settlement.cancel_payout(sale.as_staff("frida"), payout=again, reason="wrong day")
    assert [row.id for row, _payout in returns.waiting(sale.uow.session)] == [returned.id]


def test_mobile_money_that_comes_back_is_noted_by_a_person(uow: UnitOfWork) -> None:
    sale = releasing_order(uow, form=MOBILE)
    payout = sent_payout(sale)
    settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="receipt 17")
    part = only_part(uow, payout)
    payout_parts.come_back(sale.as_staff("frida"), payout=payout, part=part, reason="number was given up")
    assert balance(uow.session, chart.coop_payable(payout.cooperative_id), "USD") == usd(part.amount_minor)
    assert not balance(uow.session, chart.mobile_money("mpesa"), "USD")


def test_a_return_at_the_bank_is_not_typed_in(sale: Sale, confirmed: tuple[Payout, PayoutPart]) -> None:
    payout, part = confirmed
    with pytest.raises(returns.ToldByStatement):
        payout_parts.come_back(sale.as_staff("frida"), payout=payout, part=part, reason="I was told so")


def test_a_return_without_our_reference_is_owed_again_by_two_people(
    sale: Sale, confirmed: tuple[Payout, PayoutPart]
) -> None:
    payout, part = confirmed
    imported(sale, ("B1", part.amount_minor, "", "RETURN OF FUNDS"))
    receipt = the_receipt(sale.uow)
    receipts.propose(
        sale.as_staff("frida"), receipt=receipt, remedy="owe_again", whose=part.reference, reason="see letter"
    )
    if receipt.needs_second:
        receipts.agree(sale.as_staff("grace"), receipt=receipt)
    ((returned, _payout),) = returns.waiting(sale.uow.session)
    assert (returned.payout_id, receipt.state) == (payout.id, "done")
    assert balance(sale.uow.session, chart.coop_payable(payout.cooperative_id), "USD") == usd(part.amount_minor)


# Buyers who wired to our own account


@pytest.mark.parametrize(
    ("state", "change", "why"),
    [
        ("open", 0, Why.WRONG_ACCOUNT),
        ("open", -1, Why.OTHER_AMOUNT),
        ("paid", 0, Why.PAID_ALREADY),
        ("expired", 0, Why.ORDER_ENDED),
    ],
)
def test_a_wire_that_names_an_order_says_what_is_wrong_and_funds_nothing(
    uow: UnitOfWork, state: str, change: int, why: Why
) -> None:
    sale = placed_order(uow)
    payment = uow.session.scalars(select(Payment).where(Payment.order_id == sale.order.id)).one()
    payment.state = state
    uow.record("payment.test", payment)
    before = sale.order.state
    imported(sale, ("B1", payment.amount_minor + change, "", f"Order {sale.order.reference.lower()}"))
    receipt = the_receipt(uow)
    assert (receipt.why, receipt.order_id, sale.order.state) == (why, sale.order.id, before)
    assert unexplained(uow) == usd(payment.amount_minor + change)
    (letter,) = uow.session.scalars(select(Message).where(Message.template == "wire_astray"))
    assert (letter.user_id, letter.params["is_awaited"]) == (sale.bob.id, int(state == "open"))


def test_a_wire_in_another_currency_or_for_no_order_of_ours(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    content = camt053(currency="EUR", entries=[("B1", 500, "", sale.order.reference)])
    services.import_file(sale.as_staff("grace", StaffRole.FINANCE), content=content, news=payout_parts)
    imported(sale, ("B1", 500, "", "OR-0000-0000"), ("B2", 500, "", "thank you"), ("B3", -500, "", "fee"))
    found = [receipt.why for receipt, _entry in receipts_of(uow.session)]
    assert found == [Why.OTHER_CURRENCY, Why.UNKNOWN_REFERENCE, Why.NO_REFERENCE, Why.LEFT]


def test_a_wire_sent_back_is_matched_when_it_left_and_only_once(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    imported(sale, ("B1", 500, "", "thank you"))
    receipt = the_receipt(uow)
    receipts.propose(sale.as_staff("grace"), receipt=receipt, remedy="send_back", whose="", reason="nothing of ours")
    done = imported(sale, ("B2", -500, receipt.reference, ""), ("B3", -500, receipt.reference, ""), who="frida")
    assert (done.matched, unexplained(uow)) == (1, usd(-500))


def test_what_the_bank_gives_back_is_closed_with_a_reason(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    imported(sale, ("B1", 500, "", "INTEREST"))
    receipts.propose(
        sale.as_staff("grace"), receipt=the_receipt(uow), remedy="bank_correction", whose="", reason="interest of May"
    )
    assert unexplained(uow) == NOTHING
    assert balance(uow.session, chart.PAYOUT_FEES, "USD") == usd(-500)


def test_nobody_keeps_a_wire_as_her_own_credit(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    imported(sale, ("B1", 500, "", "thank you"))
    actor = replace(sale.as_staff("grace").actor, buyer_id=sale.order.buyer_id)
    with pytest.raises(Forbidden):
        receipts.propose(
            uow.acting_as(actor),
            receipt=the_receipt(uow),
            remedy="credit",
            whose=str(sale.order.buyer_id),
            reason="mine",
        )


def test_an_account_that_opens_and_closes_empty_is_imported(uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    content = camt053(entries=[("B1", 500, "", "in"), ("B2", -500, "", "out")], opening=0)
    done = services.import_file(sale.as_staff("grace", StaffRole.FINANCE), content=content, news=payout_parts)
    row = uow.session.scalars(select(BankStatement)).one()
    assert (done.new, row.opening_minor, row.closing_minor) == (2, 0, 0)
