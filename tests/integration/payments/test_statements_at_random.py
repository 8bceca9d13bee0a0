"""Whatever a statement holds: each line ends matched or unmatched, once, and the sums are right to the cent."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.actor import StaffRole
from marketplace.core.money import Money
from marketplace.ledger import chart, recipes
from marketplace.ledger.models import LedgerJournal
from marketplace.ledger.queries import balance, trial_balance
from marketplace.ledger.services import post
from marketplace.orders.services import payout_parts
from marketplace.payments.bank_statements import services
from marketplace.payments.models import Payout
from marketplace.payments.payouts.part_moves import latest_parts, only_part
from marketplace.payments.rail_models import BankEntry, BankMatch, UnmatchedReceipt
from marketplace.payments.rails import OUR_BANK
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale
from tests.builders.payments import BANK, releasing_order, sent_payout
from tests.unit.payments.bank_files import camt053

STRIPE_PAID = (700, 700, 1_200)
Line = tuple[str, int, str, str]
SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def sale(uow: UnitOfWork) -> Sale:
    """A payout is on its way, and the provider paid three times to our bank."""
    sale = releasing_order(uow, form=BANK)
    sent_payout(sale)
    for number, minor in enumerate(STRIPE_PAID):
        entry = recipes.bank_funded(OUR_BANK, Money(minor, "USD"))
        post(uow, entry=entry, key=f"bank_funded:txn_{number}", external_ref=f"txn_{number}")
    sale.as_staff("grace", StaffRole.FINANCE)
    uow.session.flush()
    return sale


def part_of(sale: Sale) -> tuple[str, int]:
    payout = sale.uow.session.scalars(select(Payout)).one()
    part = only_part(sale.uow, payout)
    return part.reference, part.amount_minor


def lines(reference: str, amount: int) -> st.SearchStrategy[list[Line]]:
    """Draw lines of every sort: amounts that fit or nearly fit, references of ours, of others, or none."""
    amounts = st.sampled_from([amount, -amount, amount - 1, -amount - 1, 700, -700, 1_200, 1, 99_999_999])
    words = st.sampled_from(["", "STRIPE", "thank you", reference, f"Payout {reference} back", "OR-0000-0000"])
    return st.lists(st.tuples(amounts, st.sampled_from(["", reference]), words), min_size=1, max_size=8).map(
        lambda drawn: [(f"B{number}", *each) for number, each in enumerate(drawn)]
    )


def counts(session: Session) -> tuple[int, ...]:
    tables = (BankEntry, BankMatch, UnmatchedReceipt, LedgerJournal)
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def open_sum(session: Session) -> int:
    found = select(func.coalesce(func.sum(BankEntry.amount_minor), 0)).join(
        UnmatchedReceipt, UnmatchedReceipt.entry_id == BankEntry.id
    )
    return int(session.scalar(found) or 0)


def check(sale: Sale, drawn: Sequence[Line]) -> None:
    session = sale.uow.session
    matched = set(session.scalars(select(BankMatch.entry_id)))
    unmatched = set(session.scalars(select(UnmatchedReceipt.entry_id)))
    assert not matched & unmatched
    assert matched | unmatched == set(session.scalars(select(BankEntry.id)))
    assert len(matched) + len(unmatched) == len(drawn)
    assert session.scalar(select(func.sum(BankEntry.amount_minor))) == sum(minor for _, minor, _, _ in drawn)
    # What nothing explains stands on one account to the cent; it is a liability, so money that arrived counts up.
    assert balance(session, chart.UNMATCHED_RECEIPTS, "USD").minor == open_sum(session)
    references = session.scalars(select(BankMatch.journal_ref).where(BankMatch.journal_ref.is_not(None))).all()
    assert len(set(references)) == len(references)
    assert trial_balance(session).is_sound


@SETTINGS
@given(st.data())
def test_every_line_ends_once_and_a_second_import_changes_nothing(sale: Sale, data: st.DataObject) -> None:
    drawn = data.draw(lines(*part_of(sale)))
    content = camt053(entries=drawn)
    nested = sale.uow.session.begin_nested()
    grace = sale.as_staff("grace")
    first = services.import_file(grace, content=content, news=payout_parts)
    check(sale, drawn)
    before = counts(sale.uow.session)
    assert (first.entries, first.new) == (len(drawn), len(drawn))
    assert first.matched == before[1]

    assert services.import_file(grace, content=content, news=payout_parts).new == 0
    other = camt053(entries=drawn, number="another file with the same lines")
    assert services.import_file(grace, content=other, news=payout_parts).new == 0
    assert counts(sale.uow.session) == before
    check(sale, drawn)
    nested.rollback()
    sale.uow.session.expire_all()


def test_lines_in_two_files_end_as_in_one(sale: Sale) -> None:
    reference, amount = part_of(sale)
    drawn = [("B0", -amount, reference, ""), ("B1", amount, reference, "closed"), ("B2", 700, "", "STRIPE")]
    for number, line in enumerate(drawn):
        content = camt053(entries=[line], number=f"S{number}", opening=0)
        services.import_file(sale.as_staff("grace"), content=content, news=payout_parts)
    check(sale, drawn)
    kinds = sale.uow.session.scalars(select(BankMatch.kind).order_by(BankMatch.kind)).all()
    assert kinds == ["payout", "payout_return", "provider_payout"]
    payout = sale.uow.session.scalars(select(Payout)).one()
    assert [part.state for part in latest_parts(sale.uow.session, payout.id)] == ["confirmed"]
