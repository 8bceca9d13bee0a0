"""The shop under test: orders by the services, jobs as the worker runs them, webhooks as the provider sends them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select, text

from marketplace.core.actor import StaffRole
from marketplace.core.money import Money
from marketplace.jobs.app import queue
from marketplace.jobs.tasks import import_tasks
from marketplace.ledger.queries import trial_balance
from marketplace.orders.models import Order
from marketplace.payments.models import (
    Payment,
    PaymentProblem,
    ProviderCommand,
    ProviderCursor,
    ProviderNews,
    Refund,
)
from marketplace.payments.provider import PaymentProvider
from marketplace.payments.reconciliation import Comparison, compare
from marketplace.payments.sweep import ENTRIES, EVENTS
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, placed_order
from tests.integration.sandbox.processes import Delivery, Receiver, Sandbox, wait_until

import_tasks()


@dataclass
class Shop:
    """Everything between bob's click and the provider's books."""

    app: Flask
    uow: UnitOfWork
    sandbox: Sandbox
    receiver: Receiver

    @property
    def provider(self) -> PaymentProvider:
        """The real provider, pointed at the sandbox."""
        found: PaymentProvider = self.app.extensions["payment_provider"]
        return found

    def forget_the_past(self) -> None:
        """Stand at the end of the provider's lists."""
        for name, read in ((EVENTS, self.provider.events_since), (ENTRIES, self.provider.balance_transactions_since)):
            position = None
            while page := read(position):
                position = page[-1].id
            self.uow.session.add(ProviderCursor(name=name, position=position, read_at=self.uow.now))
        self.uow.commit()

    def order(self, **other: object) -> Sale:
        """Let bob order; the payment page is not asked for yet."""
        sale = placed_order(self.uow, **other)  # type: ignore[arg-type]
        self.uow.commit()
        return sale

    def order_with_page(self, **other: object) -> Sale:
        """Let bob order and the worker open the payment page."""
        sale = self.order(**other)
        self.work()
        return sale

    def paid_order(self, **other: object) -> Sale:
        """Let bob order and pay, and the news arrive."""
        sale = self.order_with_page(**other)
        self.pay(sale)
        self.deliver()
        return sale

    def pay(self, sale: Sale) -> None:
        """Let bob pay on the hosted page."""
        session_id = self.payment(sale).session_id
        assert session_id is not None
        assert self.sandbox.pay(session_id).status_code == 303

    def work(self) -> list[str]:
        """Run the waiting jobs about payments as the worker does; return their names."""
        done: list[str] = []
        while found := self._take_job():
            name, arguments = found
            queue.tasks[name].func(**arguments)
            done.append(name)
        self.uow.session.expire_all()
        return done

    def run(self, task: str) -> None:
        """Run a periodic task, then what it asked for."""
        self.uow.commit()
        queue.tasks[task].func()
        self.work()

    def news(self, kind: str | None = None) -> list[Delivery]:
        """Wait for the webhooks and take them off the receiver; of one type when named."""
        wait_until(lambda: self.sandbox.deliveries()["waiting"] == 0, why="the webhooks arrive")
        found = list(self.receiver.deliveries)
        self.receiver.deliveries.clear()
        return [each for each in found if kind is None or each.event["type"] == kind]

    def deliver(self) -> None:
        """Let the waiting webhooks in and the worker apply them."""
        for delivery in self.news():
            assert self.post(delivery) == 200
        self.work()

    def post(self, delivery: Delivery) -> int:
        """Send a webhook to the application; return the status."""
        self.uow.commit()
        headers = {"Stripe-Signature": delivery.signature, "Content-Type": "application/json"}
        answer = self.app.test_client().post("/webhooks/stripe", data=delivery.payload, headers=headers)
        return answer.status_code

    def let_leases_end(self) -> None:
        """Make every command free again, as if the time of lease or back-off had passed."""
        for command in self.uow.session.scalars(select(ProviderCommand)):
            past = self.uow.clock.wall() - timedelta(seconds=1)
            command.leased_until = past if command.leased_until else None
            command.retry_at = past if command.retry_at else None
            self.uow.record("provider_command.test", command)
        self.uow.commit()

    def payment(self, sale: Sale) -> Payment:
        """Return the order's payment as it stands."""
        return self.uow.session.scalars(select(Payment).where(Payment.order_id == sale.order.id)).one()

    def refund(self, sale: Sale) -> Refund:
        """Return the order's refund as it stands."""
        return self.uow.session.scalars(select(Refund).where(Refund.order_id == sale.order.id)).one()

    def order_now(self, sale: Sale) -> Order:
        """Return the order as it stands."""
        self.uow.session.refresh(sale.order)
        return sale.order

    def command(self, subject_id: UUID, kind: str) -> ProviderCommand:
        """Return the newest command about a payment or refund."""
        found = select(ProviderCommand).where(ProviderCommand.subject_id == subject_id, ProviderCommand.kind == kind)
        return self.uow.session.scalars(found.order_by(ProviderCommand.created_at.desc())).first()  # type: ignore[return-value]

    def problems(self) -> list[str]:
        """Return the kinds of the open problems."""
        found = select(PaymentProblem.kind).where(PaymentProblem.resolved_at.is_(None)).order_by(PaymentProblem.kind)
        return list(self.uow.session.scalars(found))

    def news_states(self) -> set[str]:
        """Return the states of all news."""
        return set(self.uow.session.scalars(select(ProviderNews.state)))

    def books(self) -> Comparison:
        """Copy the provider's books and compare; the trial balance must be zero too."""
        self.run("payments.sweep")
        assert trial_balance(self.uow.session).is_sound
        return compare(self.uow.session)

    def finance(self, sale: Sale, name: str) -> UnitOfWork:
        """Act as a finance person."""
        return sale.as_staff(name, StaffRole.FINANCE)

    def _take_job(self) -> tuple[str, dict[str, str]] | None:
        self.uow.commit()
        row = self.uow.session.execute(
            text(
                "SELECT id, task_name, args FROM procrastinate_jobs"
                " WHERE status = 'todo' AND task_name LIKE 'payments.%' ORDER BY id LIMIT 1"
            )
        ).one_or_none()
        if row is None:
            return None
        self.uow.session.execute(text("DELETE FROM procrastinate_jobs WHERE id = :id"), {"id": row.id})
        self.uow.commit()
        return row.task_name, row.args


def price(sale: Sale) -> Money:
    """Return what bob pays."""
    return Money(sale.order.price_minor, sale.order.currency)
