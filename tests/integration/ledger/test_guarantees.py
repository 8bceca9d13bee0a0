"""What the database itself refuses."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.core.money import Money
from marketplace.ledger import chart, queries, recipes
from marketplace.ledger.recipes import Share
from marketplace.ledger.services import EntryDiffers, Overdraft, post
from marketplace.unit_of_work import UnitOfWork

COOP = UUID(int=2)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def fund(uow: UnitOfWork, order_id: UUID, minor: int = 10_000) -> None:
    post(uow, entry=recipes.captured(order_id, usd(minor), usd(320)), key=f"{order_id}:captured")


def test_a_held_payment_shows_in_its_own_account_and_the_trial_balance_is_sound(uow: UnitOfWork) -> None:
    order_id = uuid4()
    fund(uow, order_id)
    assert queries.balance(uow.session, chart.held(order_id), "USD") == usd(10_000)
    assert queries.balance(uow.session, chart.STRIPE_CLEARING, "USD") == usd(9_680)
    assert queries.balance(uow.session, chart.held(uuid4()), "USD") == usd(0)
    assert queries.trial_balance(uow.session).is_sound


def test_more_than_was_captured_can_never_leave_the_held_account(uow: UnitOfWork) -> None:
    order_id = uuid4()
    fund(uow, order_id)
    shares = [Share("cooperative", "net", usd(9_000)), Share("platform", "fee", usd(1_000))]
    post(uow, entry=recipes.released(order_id, COOP, shares, held=usd(10_000)), key="release")
    with pytest.raises(Overdraft):
        post(uow, entry=recipes.refund_decided(order_id, usd(1)), key="refund")
    assert queries.balance(uow.session, chart.held(order_id), "USD") == usd(0)
    assert queries.trial_balance(uow.session).is_sound


def test_the_same_key_posts_once(uow: UnitOfWork) -> None:
    order_id = uuid4()
    entry = recipes.captured(order_id, usd(500), usd(10))
    first = post(uow, entry=entry, key="k")
    assert post(uow, entry=entry, key="k").id == first.id
    assert queries.balance(uow.session, chart.held(order_id), "USD") == usd(500)
    with pytest.raises(EntryDiffers):
        post(uow, entry=recipes.refund_decided(order_id, usd(500)), key="k")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_posting SET amount = amount + 1",
        "DELETE FROM ledger_journal",
        "TRUNCATE ledger_posting CASCADE",
        "UPDATE ledger_account SET rule = 'any'",
        "UPDATE ledger_balance SET balance = 0",
        "DELETE FROM audit_event",
        "UPDATE audit_event SET action = 'x.y'",
        "UPDATE audit_disclosure SET encoded = 'forged'",
        "TRUNCATE audit_event CASCADE",
    ],
)
def test_records_of_money_and_audit_cannot_be_rewritten(uow: UnitOfWork, statement: str) -> None:
    fund(uow, uuid4())
    with pytest.raises(DBAPIError), uow.session.begin_nested():
        uow.session.execute(text(statement))


@pytest.mark.parametrize("statement", ["UPDATE ledger_posting SET amount = amount + 1", "DELETE FROM audit_event"])
def test_not_even_the_owner_of_the_database_can_rewrite_them(uow: UnitOfWork, statement: str) -> None:
    fund(uow, uuid4())
    uow.session.execute(text("RESET ROLE"))
    with pytest.raises(DBAPIError, match="never changed"), uow.session.begin_nested():
        uow.session.execute(text(statement))


def test_a_sealed_journal_takes_no_more_postings(uow: UnitOfWork) -> None:
    order_id = uuid4()
    fund(uow, order_id)
    more = text("""
        INSERT INTO ledger_posting (journal_id, line, debit_account, credit_account, currency, amount)
        SELECT journal_id, 9, debit_account, credit_account, currency, 1 FROM ledger_posting LIMIT 1
    """)
    with pytest.raises(DBAPIError, match="sealed"), uow.session.begin_nested():
        uow.session.execute(more)


def test_a_journal_that_miscounts_its_lines_is_refused(uow: UnitOfWork) -> None:
    journal = text("""
        INSERT INTO ledger_journal (id, idempotency_key, kind, lines, event_at, created_at, actor, memo)
        VALUES (gen_random_uuid(), 'empty', 'captured', 2, now(), now(), 'x', '')
    """)
    with pytest.raises(DBAPIError, match="0 postings, not 2"), uow.session.begin_nested():
        uow.session.execute(journal)


def test_a_posting_between_two_currencies_is_refused(uow: UnitOfWork) -> None:
    fund(uow, uuid4())
    post(uow, entry=recipes.captured(uuid4(), Money(100, "EUR"), Money(0, "EUR")), key="eur")
    mixed = text("""
        INSERT INTO ledger_posting (journal_id, line, debit_account, credit_account, currency, amount)
        SELECT gen_random_uuid(), 1, (SELECT id FROM ledger_account WHERE code = 'USD:stripe_clearing'),
               (SELECT id FROM ledger_account WHERE code = 'EUR:stripe_clearing'), 'USD', 1
    """)
    with pytest.raises(DBAPIError, match="foreign key"), uow.session.begin_nested():
        uow.session.execute(mixed)
