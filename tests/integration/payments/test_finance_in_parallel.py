"""Two people of finance at one moment, each in a transaction of her own: one wins, the other reads why."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.actor import Actor, StaffRole
from marketplace.core.clock import SetClock
from marketplace.core.errors import DomainError
from marketplace.core.money import Money
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.http.errors import status_of
from marketplace.ledger import chart
from marketplace.ledger.queries import balance, trial_balance
from marketplace.orders.services import payout_parts, settlement
from marketplace.payments import destinations
from marketplace.payments.bank_statements import receipts, services
from marketplace.payments.models import Payout
from marketplace.payments.payouts import returns
from marketplace.payments.payouts.part_moves import only_part
from marketplace.payments.rail_models import BankEntry, PayoutReturn, UnmatchedReceipt
from marketplace.unit_of_work import UnitOfWork, running
from tests import databases
from tests.builders.payments import BANK, releasing_order, sent_payout
from tests.conftest import TODAY
from tests.unit.payments.bank_files import camt053

pytestmark = pytest.mark.slow
Deed = Callable[[UnitOfWork], object]


@dataclass
class Office:
    """An application on a database of its own, with two people of finance and a confirmed payout."""

    app: Flask
    frida: Actor
    grace: Actor
    payout_id: UUID
    reference: str
    amount: int

    def race(self, deeds: Sequence[tuple[Actor, Deed]]) -> Counter[str]:
        """Do everything at once; return what came of it."""
        outcomes: list[str] = []
        start = threading.Barrier(len(deeds))

        def run(who: Actor, deed: Deed) -> None:
            start.wait(timeout=60)
            with self.app.app_context():
                try:
                    with running(lambda: make_uow(who)) as uow:
                        deed(uow)
                    outcomes.append("done")
                except DomainError as error:
                    outcomes.append(f"{error.code} {status_of(error)}")
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=run, args=each) for each in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        assert len(outcomes) == len(deeds), "nobody waits for ever"
        return Counter(outcomes)

    def do(self, deed: Deed) -> object:
        """Do one thing as grace."""
        with self.app.app_context(), running(lambda: make_uow(self.grace)) as uow:
            return deed(uow)

    def bring(self, *lines: tuple[str, int, str, str]) -> None:
        """Let grace import a statement."""
        content = camt053(entries=lines)
        self.do(lambda uow: services.import_file(uow, content=content, news=payout_parts))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with databases.copy("finance_parallel") as url:
        app = databases.application(url, data_dir=tmp_path, clock=SetClock(TODAY))
        with app.app_context(), running(make_uow) as uow:
            sale = releasing_order(uow, form=BANK)
            payout = sent_payout(sale)
            settlement.confirm_payout(sale.as_staff("grace"), payout=payout, proof="statement 9")
            part = only_part(uow, payout)
            frida, grace = (sale.as_staff(name, StaffRole.FINANCE).actor for name in ("frida", "grace"))
            found = Office(app, frida, grace, payout.id, part.reference, part.amount_minor)
        yield found
        with app.app_context():
            assert found.do(lambda uow: trial_balance(uow.session).is_sound)
            db.engine.dispose()


def the_receipt(uow: UnitOfWork) -> UnmatchedReceipt:
    return uow.session.scalars(select(UnmatchedReceipt)).one()


def sum_of(uow: UnitOfWork) -> Money:
    return balance(uow.session, chart.UNMATCHED_RECEIPTS, "USD")


def test_the_same_file_by_two_people_is_imported_once(office: Office) -> None:
    content = camt053(entries=[("B1", 500, "", "thank you"), ("B2", office.amount, office.reference, "closed")])

    def bring(uow: UnitOfWork) -> object:
        return services.import_file(uow, content=content, news=payout_parts)

    assert office.race([(office.frida, bring), (office.grace, bring)]) == {"done": 2}
    assert office.do(lambda uow: uow.session.scalar(select(func.count()).select_from(BankEntry))) == 2
    assert office.do(sum_of) == Money(500, "USD")
    assert office.do(lambda uow: uow.session.scalar(select(func.count()).select_from(PayoutReturn))) == 1


def test_an_entry_is_dealt_with_by_one_of_two(office: Office) -> None:
    office.bring(("B1", 500, "", "interest"))

    def close(uow: UnitOfWork) -> None:
        receipt = the_receipt(uow)
        receipts.propose(uow, receipt=receipt, remedy="bank_correction", whose="", reason="interest")

    assert office.race([(office.frida, close), (office.grace, close)]) == {"done": 1, "receipt_moved 409": 1}
    assert office.do(sum_of) == Money(0, "USD")


def test_a_return_is_paid_again_by_one_of_two(office: Office) -> None:
    office.bring(("B1", office.amount, office.reference, "closed"))

    def check(uow: UnitOfWork) -> None:
        payout = uow.session.get_one(Payout, office.payout_id)
        destination = destinations.live_destination(uow.session, payout.cooperative_id)
        assert destination is not None
        destinations.verify(uow, destination=destination)

    office.do(check)

    def again(uow: UnitOfWork) -> None:
        ((returned, _payout),) = returns.waiting(uow.session)
        payout_parts.pay_again(uow, returned=returned)

    assert office.race([(office.frida, again), (office.grace, again)]) == {"done": 1, "payout_exists 409": 1}
    assert office.do(lambda uow: uow.session.scalar(select(func.count()).where(Payout.is_repeat))) == 1


def test_a_return_found_by_the_file_and_by_a_person_is_owed_once(office: Office) -> None:
    office.bring(("B1", office.amount, "", "return of funds"))

    def by_person(uow: UnitOfWork) -> None:
        receipt = the_receipt(uow)
        receipts.propose(uow, receipt=receipt, remedy="owe_again", whose=office.reference, reason="letter")

    content = camt053(entries=[("B2", office.amount, office.reference, "closed")], number="S2")

    def by_file(uow: UnitOfWork) -> None:
        services.import_file(uow, content=content, news=payout_parts)

    outcomes = office.race([(office.frida, by_person), (office.grace, by_file)])
    assert outcomes["done"] >= 1
    assert office.do(lambda uow: uow.session.scalar(select(func.count()).select_from(PayoutReturn))) == 1
