"""Batches and the bank's answer: frozen, sent by another person, each movement counted once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from config.settings import Environment
from marketplace.audit.queries import history
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance, trial_balance
from marketplace.orders.services import payout_parts
from marketplace.payments.bank_statements import receipts, services
from marketplace.payments.bank_statements.queries import bank_balances
from marketplace.payments.bank_statements.queries import receipts as open_receipts
from marketplace.payments.models import Payout
from marketplace.payments.payouts import batches
from marketplace.payments.payouts.part_moves import OtherPersonRetries, latest_parts
from marketplace.payments.rail_models import BankEntry, BankMatch, PayoutBatch, PayoutPart
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale
from tests.builders.payments import BANK, approved_payout, releasing_order, sent_payout
from tests.unit.payments.bank_files import camt053

DAY = date(2026, 9, 30)


@pytest.fixture
def sale(uow: UnitOfWork) -> Iterator[Sale]:
    sale = releasing_order(uow, form=BANK)
    yield sale
    uow.check_audited()
    uow.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert trial_balance(uow.session).is_sound


def sent_batch(sale: Sale) -> tuple[Payout, PayoutPart, PayoutBatch]:
    payout = approved_payout(sale)
    (part,) = latest_parts(sale.uow.session, payout.id)
    batch = batches.make(sale.as_staff("frida"), part_ids=[part.id], execute_on=DAY)
    batches.mark_sent(sale.as_staff("grace"), batch=batch)
    return payout, part, batch


def statement(sale: Sale, *, minor: int, end_to_end: str, reference: str = "B1") -> bytes:
    return camt053(currency=sale.order.currency, entries=[(reference, minor, end_to_end, "text")])


def test_a_batch_is_exported_again_as_the_same_bytes_and_sent_by_another_person(sale: Sale) -> None:
    payout = approved_payout(sale)
    (part,) = latest_parts(sale.uow.session, payout.id)
    batch = batches.make(sale.as_staff("frida"), part_ids=[part.id], execute_on=DAY)
    first = batches.export(sale.as_staff("grace"), batch=batch, kind="xml")
    assert f"<EndToEndId>{part.reference}</EndToEndId>".encode() in first
    assert batches.export(sale.as_staff("frida"), batch=batch, kind="xml") == first
    taken = [row for row in history(sale.uow.session, kind="payout_batch", key=str(batch.id)) if "export" in row.action]
    assert [(row.action, row.actor_name) for row in taken] == [
        ("payout_batch.export", "frida"), ("payout_batch.export", "grace"),
    ]  # fmt: skip
    with pytest.raises(batches.OtherPersonSends):
        batches.mark_sent(sale.as_staff("frida"), batch=batch)
    batches.mark_sent(sale.as_staff("grace"), batch=batch)
    assert (payout.state, part.state, part.external_reference) == ("sent", "sent", part.reference)


def test_the_database_refuses_a_batch_made_and_sent_by_one_person_and_a_changed_one(sale: Sale) -> None:
    payout = approved_payout(sale)
    (part,) = latest_parts(sale.uow.session, payout.id)
    batch = batches.make(sale.as_staff("frida"), part_ids=[part.id], execute_on=DAY)
    sale.uow.session.flush()
    for change, words in (("state = 'sent', sent_by = made_by", "two_people"), ("sha256 = 'x'", "frozen")):
        with pytest.raises(IntegrityError, match=words), sale.uow.session.begin_nested():
            sale.uow.session.execute(text(f"UPDATE payout_batch SET {change} WHERE id = :id"), {"id": batch.id})


def test_the_statement_confirms_the_payout_and_imported_twice_changes_nothing(sale: Sale) -> None:
    payout, part, _batch = sent_batch(sale)
    content = statement(sale, minor=-part.amount_minor, end_to_end=part.reference)
    done = services.import_file(sale.as_staff("grace"), content=content, news=payout_parts)
    assert (done.entries, done.new, done.matched) == (1, 1, 1)
    assert (payout.state, sale.order.state) == ("confirmed", "released")

    again = services.import_file(sale.as_staff("frida"), content=content, news=payout_parts)
    assert (again.new, again.matched) == (0, 0)
    other = camt053(currency="USD", number="S2", entries=[("B1", -part.amount_minor, part.reference, "text")])
    assert services.import_file(sale.as_staff("frida"), content=other, news=payout_parts).new == 0
    assert sale.uow.session.scalar(select(func.count()).select_from(BankEntry)) == 1
    # the statement opens with 1,000,000.00 and loses the payout
    (found,) = bank_balances(sale.uow.session, DAY)
    assert found.closing == Money(100_000_000 - part.amount_minor, "USD")
    assert bank_balances(sale.uow.session, date(2026, 9, 1)) == []


@pytest.mark.parametrize(("change", "end_to_end"), [(1, None), (0, "PO-0000-0000-1")])
def test_another_amount_or_reference_confirms_nothing(sale: Sale, change: int, end_to_end: str | None) -> None:
    payout, part, _batch = sent_batch(sale)
    content = statement(sale, minor=-part.amount_minor - change, end_to_end=end_to_end or part.reference)
    assert services.import_file(sale.as_staff("grace"), content=content, news=payout_parts).matched == 0
    assert payout.state == "sent"
    assert sale.uow.session.scalars(select(BankMatch)).all() == []


def test_a_returned_part_is_tried_again_by_another_person(sale: Sale) -> None:
    payout, part, _batch = sent_batch(sale)
    content = statement(sale, minor=part.amount_minor, end_to_end=part.reference)
    services.import_file(sale.as_staff("grace"), content=content, news=payout_parts)
    assert (part.state, payout.state) == ("failed", "sent")
    assert balance(sale.uow.session, chart.coop_reserved(payout.id), "USD") == Money(part.amount_minor, "USD")
    with pytest.raises(OtherPersonRetries):
        payout_parts.retry(sale.as_staff("grace"), payout=payout, part=part)
    again = payout_parts.retry(sale.as_staff("frida"), payout=payout, part=part)
    assert (again.reference, again.amount_minor) == (f"{payout.reference}-1R2", part.amount_minor)


def test_money_nothing_explains_waits_for_two_people_above_the_threshold(sale: Sale) -> None:
    most = sale.uow.settings.second_person_threshold_minor
    content = statement(sale, minor=most, end_to_end="")
    services.import_file(sale.as_staff("frida", StaffRole.FINANCE), content=content, news=payout_parts)
    assert balance(sale.uow.session, chart.UNMATCHED_RECEIPTS, "USD") == Money(most, "USD")
    ((receipt, _entry),) = open_receipts(sale.uow.session)
    buyer = str(sale.order.buyer_id)
    receipts.propose(sale.as_staff("frida"), receipt=receipt, remedy="credit", whose=buyer, reason="Paid twice")
    with pytest.raises(receipts.SecondPersonDecides):
        receipts.agree(sale.as_staff("frida"), receipt=receipt)
    receipts.agree(sale.as_staff("grace", StaffRole.FINANCE), receipt=receipt)
    assert balance(sale.uow.session, chart.UNMATCHED_RECEIPTS, "USD") == Money(0, "USD")
    assert balance(sale.uow.session, chart.buyer_credit(sale.order.buyer_id), "USD") == Money(most, "USD")


def test_a_part_is_frozen_and_a_payout_has_parts_that_sum(sale: Sale) -> None:
    payout = sent_payout(sale)
    for change in ("amount_minor = amount_minor - 1", "reference = 'X'"):
        with pytest.raises(IntegrityError, match="frozen"), sale.uow.session.begin_nested():
            sale.uow.session.execute(text(f"UPDATE payout_part SET {change} WHERE payout_id = :id"), {"id": payout.id})


def test_production_pays_from_no_example_account(sale: Sale) -> None:
    (part,) = latest_parts(sale.uow.session, approved_payout(sale).id)
    frida = sale.as_staff("frida")
    frida.settings = replace(frida.settings, environment=Environment.PRODUCTION)

    with pytest.raises(InvalidInput) as refused:
        batches.make(frida, part_ids=[part.id], execute_on=DAY)

    assert set(refused.value.fields) == {"parts"}
