"""One day with everything in it: ledger, provider and bank agree to the cent, and every cent planted is named."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from beancount import loader
from sqlalchemy.orm import Session

from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.core.money import Money
from marketplace.http.context import make_uow
from marketplace.ledger.beancount import exported
from marketplace.ledger.queries import book_entries, trial_balance
from marketplace.orders import services
from marketplace.orders.transitions import Action
from marketplace.payments import bank_payouts, reconciliation
from marketplace.payments.bank_statements.queries import BankBalance
from marketplace.payments.comparison import BookLine
from marketplace.payments.daily_report import write_report
from marketplace.payments.finance_models import DailyReport
from marketplace.payments.own_exchange import Deal, exchange_own
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import papers_of_order
from tests.builders.orders import Sale, parcel
from tests.conftest import TODAY
from tests.integration.payments.exchanging import euro, exchanges, order_in_euros
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_chargebacks import disputed
from tests.integration.sandbox.banks import tell_bank
from tests.people import actor, person

DAY, ONE = TODAY.date(), timedelta(days=1)
# What the bank holds after its exchange of US$100.00 for €87.60; the provider's US$500.00 are on their way.
AT_NIGHT = {"USD": -10_000, "EUR": 8_760}


@pytest.fixture
def even_pace(shop: Shop, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let business time run ahead of the machine's by a constant, as in a deployment; leave the sandbox as it was."""
    ahead = clock.time - datetime.now(UTC)
    monkeypatch.setattr(SetClock, "wall", lambda self: self.time - ahead)
    shop.sandbox.order("settling", seconds=0)
    yield
    shop.sandbox.order("settling", seconds=2 * 24 * 60 * 60)
    exchanges(shop, "usd", "eur", "0")


def lived(shop: Shop) -> None:
    """Let a day pass with a foreign fee, a chargeback, a partial refund, an exchange and a payout under way."""
    euro(shop.uow)
    exchanges(shop, "usd", "eur", "0.9")
    foreign = shop.paid_order()
    exchanges(shop, "usd", "eur", "0.88")
    disputed(shop, foreign)
    exchanges(shop, "usd", "eur", "0")
    agreed_on_less(shop, order_in_euros(shop, number=2, name="carol"))
    shop.paid_order(number=3, buyer_name="dave")
    bank_payouts.request_bank_payout(shop.uow, amount=Money(50_000, "USD"))
    frida = shop.uow.acting_as(actor(shop.uow.session, person(shop.uow, "fiona", StaffRole.FINANCE)))
    exchange_own(frida, deal=Deal(Money(10_000, "USD"), Money(8_760, "EUR"), "ADV 1"))
    shop.uow.commit()
    shop.work()
    shop.deliver()
    assert shop.books().is_even


def agreed_on_less(shop: Shop, sale: Sale) -> None:
    """Let the goods arrive, US$100.00 of the price go back, and the rest be shared out."""
    services.advance(sale.as_cooperative(), order=shop.order_now(sale), action=Action.CONFIRM)
    papers_of_order(shop.uow, sale.order, sale.amina)
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))
    services.advance(sale.as_buyer(), order=sale.order, action=Action.RECEIVE)
    services.ask_adjustment(sale.as_buyer(), order=sale.order, refund=Money(10_000, "USD"), text="A chip.")
    services.agree_adjustment(sale.as_cooperative(), order=sale.order)
    shop.uow.commit()
    shop.work()
    shop.deliver()
    # The first US$100.00 of US$976.50, for which €855.95 were paid: €87.6549…, €87.65.
    assert (shop.refund(sale).amount_minor, shop.refund(sale).currency) == (8_765, "EUR")


def stating(closing: dict[str, int]) -> object:
    def bank(_session: Session, day: date) -> Sequence[BankBalance]:
        return [BankBalance("operating", code, day, Money(minor, code)) for code, minor in closing.items()]

    return bank


def report(uow: UnitOfWork, day: date, closing: dict[str, int]) -> dict[str, DailyReport]:
    rows = write_report(uow, day=day, bank=stating(closing))  # type: ignore[arg-type]
    uow.commit()
    return {row.currency: row for row in rows}


def told(rows: dict[str, DailyReport]) -> list[tuple[str, str, int]]:
    """Return side, reference and how much the ledger has more, of every difference."""
    found = [each for row in rows.values() for each in row.differences]
    return [(each["side"], each["reference"], each["ledger_minor"] - each["other_minor"]) for each in found]


def an_accountant_takes(uow: UnitOfWork) -> None:
    """Read the whole day with an accountant's own tool."""
    book = "\n".join(exported(book_entries(uow.session, since=DAY, until=DAY), title="Books"))
    entries, errors, _options = loader.load_string(book)
    assert (errors, len(entries) > 20) == ([], True)
    for kind in ("captured", "chargeback_taken", "refund_sent", "released", "bank_funded", "exchanged_at_bank"):
        assert f'* "{kind}"' in book


@pytest.mark.usefixtures("even_pace")
def test_the_books_of_a_full_day_agree_and_every_planted_cent_is_named(
    shop: Shop, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(shop)
    assert trial_balance(shop.uow.session).is_sound
    shop.uow.commit()
    clock.advance(ONE)
    uow = make_uow()
    rows = report(uow, DAY, AT_NIGHT)
    assert (told(rows), {code: row.is_even for code, row in rows.items()}) == ([], {"USD": True, "EUR": True})
    assert [rows[code].clearing_minor == rows[code].provider_minor for code in ("USD", "EUR")] == [True, True]
    dollars = rows["USD"]
    assert (dollars.on_the_way_minor, dollars.bank_ledger_minor, dollars.bank_minor) == (50_000, -10_000, -10_000)

    an_accountant_takes(uow)

    # A cent in each line of the provider's books, and in each statement, one after the other.
    true_lines, shift = reconciliation._theirs, uow.now - uow.clock.wall()
    lines = true_lines(uow.session, shift)
    assert {line.kind for line in lines} == {"charge", "adjustment", "refund", "payout"}
    assert {line.amount.currency for line in lines} == {"USD", "EUR"}
    for planted in lines:
        wrong = [
            replace(line, amount=line.amount + Money(1, line.amount.currency)) if line is planted else line
            for line in lines
        ]
        monkeypatch.setattr(reconciliation, "_theirs", lambda *_args, wrong=wrong: wrong)
        found = report(uow, DAY, AT_NIGHT)
        assert told(found) == [("provider", planted.reference, -1)]
        assert not found[planted.amount.currency].is_even
    for missing in lines:
        left: list[BookLine] = [line for line in lines if line is not missing]
        monkeypatch.setattr(reconciliation, "_theirs", lambda *_args, left=left: left)
        (difference,) = [each for row in report(uow, DAY, AT_NIGHT).values() for each in row.differences]
        assert (difference["what"], difference["reference"]) == ("ledger_only", missing.reference)
    monkeypatch.setattr(reconciliation, "_theirs", true_lines)
    for code, minor in AT_NIGHT.items():
        assert told(report(uow, DAY, {**AT_NIGHT, code: minor - 1})) == [("bank", "bank:operating", 1)]
    uow.session.close()


@pytest.mark.usefixtures("even_pace")
def test_a_payout_over_midnight_is_on_its_way_then_at_the_bank_and_late_after_its_day(
    shop: Shop, clock: SetClock
) -> None:
    lived(shop)
    payout = shop.uow.session.query(bank_payouts.BankPayout).one()
    shop.uow.commit()
    clock.advance(2 * ONE)
    # It was promised for the second day: on the first it is still under way, on the second the bank should have it.
    assert told(report(make_uow(), DAY + ONE, AT_NIGHT)) == []
    clock.advance(ONE)
    assert told(report(make_uow(), DAY + 2 * ONE, AT_NIGHT)) == [("bank", "bank:operating", 50_000)]
    assert told(report(make_uow(), DAY + 2 * ONE, {**AT_NIGHT, "USD": 40_000})) == []
    # It comes back the day after: neither at the bank nor on its way.
    tell_bank(shop.sandbox, "payouts", payout=payout.provider_ref, outcome="failed")
    assert shop.books().is_even
    clock.advance(ONE)
    rows = report(make_uow(), DAY + 3 * ONE, AT_NIGHT)
    assert (rows["USD"].on_the_way_minor, rows["USD"].bank_ledger_minor) == (0, -10_000)
    assert [each for each in told(rows) if each[0] == "bank"] == []
