"""The daily report: both sides to the cent, every difference by its reference, never changed afterwards."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.http.context import make_uow
from marketplace.ledger import chart, queries, recipes, snapshots
from marketplace.ledger.services import post
from marketplace.notifications.models import Message
from marketplace.payments.bank_statements.queries import BankBalance
from marketplace.payments.daily_report import close_day, days_without, write_report
from marketplace.payments.finance_models import DailyReport
from marketplace.payments.models import ProviderEntry
from marketplace.payments.report_queries import reports, runs_of
from marketplace.unit_of_work import UnitOfWork
from tests.builders.finance import unmatched_entry
from tests.builders.orders import funded_order
from tests.people import person

DAY = date(2026, 9, 29)
TOMORROW = timedelta(days=1)


def booked(uow: UnitOfWork, reference: str, *, net: int, currency: str = "USD") -> None:
    """Let the provider book, a day before the report is written."""
    row = ProviderEntry(
        id=reference, type="charge", source_id=None, amount_minor=net, fee_minor=0, net_minor=net, currency=currency,
        created_at=uow.clock.wall() - TOMORROW,
    )  # fmt: skip
    uow.session.add(row)


def reference_of(uow: UnitOfWork) -> str:
    found = queries.journals(uow.session)[0].external_ref
    assert found is not None
    return found


def later(uow: UnitOfWork, clock: SetClock, days: int = 1) -> UnitOfWork:
    uow.commit()
    clock.advance(timedelta(days=days))
    return make_uow()


# The builders' price is US$976.50 and the provider keeps US$36.26: US$940.24 stand at the provider.
NET = 97_650 - 3_626


def test_books_that_agree_are_even_to_the_cent(uow: UnitOfWork, clock: SetClock) -> None:
    funded_order(uow)
    booked(uow, reference_of(uow), net=NET)
    uow = later(uow, clock)
    (row,) = write_report(uow, day=DAY)
    assert (row.currency, row.clearing_minor, row.provider_minor, row.is_even) == ("USD", 94_024, 94_024, True)
    assert (row.bank_ledger_minor, row.bank_minor, row.differences) == (0, None, [])


def test_a_cent_too_little_is_a_difference_and_finance_is_told(uow: UnitOfWork, clock: SetClock) -> None:
    frida = person(uow, "frida", StaffRole.FINANCE)
    person(uow, "moses", StaffRole.MODERATOR)
    funded_order(uow)
    reference = reference_of(uow)
    booked(uow, reference, net=NET - 1)
    unmatched_entry(uow, "txn_zz", net=4_825)
    uow = later(uow, clock)
    (row,) = write_report(uow, day=DAY)
    assert not row.is_even
    assert (row.clearing_minor, row.provider_minor) == (94_024, 94_023 + 4_825)
    names = ("what", "reference", "ledger_minor", "other_minor")
    assert [tuple(each[name] for name in names) for each in row.differences] == [
        ("amount", reference, 94_024, 94_023),
        ("other_only", "txn_zz", None, 4_825),
    ]  # fmt: skip
    told = uow.session.query(Message).filter_by(template="books_differ").all()
    assert [message.user_id for message in told] == [frida.id]


def test_what_is_booked_after_the_day_belongs_to_the_next_report(uow: UnitOfWork, clock: SetClock) -> None:
    funded_order(uow)
    uow = later(uow, clock)
    booked(uow, "txn_next_day", net=5)
    uow = later(uow, clock)
    (first,) = write_report(uow, day=DAY)
    (second,) = write_report(uow, day=DAY + TOMORROW)
    assert [each["what"] for each in first.differences] == ["ledger_only"]
    assert "txn_next_day" in {each["reference"] for each in second.differences}


def test_the_bank_s_balance_stands_beside_the_ledger_s(uow: UnitOfWork, clock: SetClock) -> None:
    post(uow, entry=recipes.bank_funded("operating", Money(50_000, "USD")), key="funding", external_ref="txn_payout")
    booked(uow, "txn_payout", net=-50_000)
    uow = later(uow, clock)

    def stating(minor: int, currency: str = "USD", on: date | None = None) -> Sequence[DailyReport]:
        def bank(_session: Session, day: date) -> Sequence[BankBalance]:
            return [BankBalance("operating", currency, on or day, Money(minor, currency))]

        return write_report(uow, day=DAY, bank=bank)

    (even,) = stating(50_000)
    assert (even.bank_ledger_minor, even.bank_minor, even.is_even) == (50_000, 50_000, True)
    (wrong,) = stating(49_999)
    assert (wrong.is_even, wrong.run) == (False, 2)
    assert wrong.differences[0] | {"on": ""} == {
        "side": "bank", "what": "amount", "reference": "bank:operating", "kind": "balance", "on": "",
        "ledger_minor": 50_000, "other_minor": 49_999,
    }  # fmt: skip
    (older,) = stating(1, on=DAY - TOMORROW)
    assert (older.bank_minor, older.is_even) == (None, True)
    euro, dollar = stating(7, "EUR")
    assert (euro.currency, euro.bank_ledger_minor, euro.bank_minor, euro.is_even) == ("EUR", 0, 7, False)
    assert (dollar.bank_minor, dollar.is_even) == (None, True)
    assert [(row.run, row.currency) for row in runs_of(uow.session, DAY)] == [
        (4, "EUR"), (4, "USD"), (3, "USD"), (2, "USD"), (1, "USD"),
    ]  # fmt: skip
    assert [(row.run, row.currency) for row in reports(uow.session).rows] == [(4, "EUR"), (4, "USD")]


@pytest.mark.parametrize("day", [DAY, DAY + TOMORROW, date(2019, 12, 31)])
def test_a_day_that_is_not_over_is_not_reported(uow: UnitOfWork, day: date) -> None:
    with pytest.raises(InvalidInput):
        write_report(uow, day=day)


@pytest.mark.parametrize("statement", ["UPDATE daily_report SET is_even = true", "DELETE FROM ledger_snapshot"])
def test_a_report_and_a_snapshot_are_never_changed(uow: UnitOfWork, clock: SetClock, statement: str) -> None:
    funded_order(uow)
    uow = later(uow, clock)
    close_day(uow, day=DAY)
    with pytest.raises(DBAPIError, match=r"never changed|permission denied"), uow.session.begin_nested():
        uow.session.execute(text(statement))


def test_days_are_closed_once_and_missed_ones_are_caught_up(uow: UnitOfWork, clock: SetClock) -> None:
    assert days_without(uow) == []
    funded_order(uow)
    assert days_without(uow) == []
    uow = later(uow, clock, days=3)
    assert days_without(uow) == [DAY, DAY + TOMORROW, DAY + 2 * TOMORROW]
    close_day(uow, day=DAY)
    assert days_without(uow) == [DAY + TOMORROW, DAY + 2 * TOMORROW]
    uow = later(uow, clock, days=30)
    assert len(days_without(uow)) == 7


def test_a_balance_from_a_snapshot_is_the_sum_of_all_postings(uow: UnitOfWork, clock: SetClock) -> None:
    funded_order(uow)
    with pytest.raises(ValueError, match="when it is over"):
        snapshots.take(uow, day=DAY)
    for number in (2, 3):
        uow = later(uow, clock)
        assert snapshots.take(uow, day=uow.now.date() - TOMORROW) > 0
        assert snapshots.take(uow, day=uow.now.date() - TOMORROW) == 0
        funded_order(uow, number=number, buyer_name=f"bob{number}")
    for account in (chart.STRIPE_CLEARING, chart.STRIPE_FEES):
        since = snapshots.balance_since(uow.session, account, "USD")
        assert since == queries.balance(uow.session, account, "USD")
    assert snapshots.balance_since(uow.session, chart.STRIPE_CLEARING, "USD") == Money(3 * NET, "USD")
    assert snapshots.balance_since(uow.session, chart.STRIPE_CLEARING, "JPY") == Money(0, "JPY")
    # A snapshot that lies is seen at once: the two ways of counting differ by it.
    first = uow.session.execute(text("SELECT min(debit), max(debit) FROM ledger_snapshot WHERE debit > 0")).one()
    assert first[1] > first[0]
