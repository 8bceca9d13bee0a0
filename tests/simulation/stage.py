"""Where a seed is played: the world, the provider, the line between them and the worker; and what people do there."""

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from marketplace.core.actor import Actor
from marketplace.core.errors import DomainError
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.jobs import app as jobs
from marketplace.orders import services
from marketplace.orders.models import Order
from marketplace.orders.queries import freezes_of
from marketplace.orders.transitions import FINAL, Action, allowed_actions
from marketplace.orders.wishes import Wishes
from marketplace.unit_of_work import running
from tests.builders.orders import delivery
from tests.simulation.clock import decided_by
from tests.simulation.faults import Crash, Faults, injected
from tests.simulation.moves import FACTS
from tests.simulation.provider import Line, Sandbox, Webhook, signed
from tests.simulation.worker import Worker, run_task
from tests.simulation.world import Offered, World, built


@dataclass(frozen=True)
class Open:
    """An action that a person may take on an order now."""

    order_id: UUID
    reference: str
    person: str
    action: Action


@dataclass
class Stage:
    """Everything a seed is played with. `openings` holds the provider's state and the time of each opening."""

    world: World
    sandbox: Sandbox
    line: Line
    worker: Worker
    openings: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)

    def act(self, actor: Actor, order_id: UUID, action: str, chance: random.Random) -> None:
        """Let somebody take an action, in one transaction, as a request does."""
        with self.world.app.app_context(), running(lambda: make_uow(actor)) as uow:
            FACTS[action](uow, uow.session.get_one(Order, order_id), chance)

    def press(self, actor: Actor, order_id: UUID, action: Action) -> None:
        """Let somebody send an action without any facts: for those that are not open to him."""
        with self.world.app.app_context(), running(lambda: make_uow(actor)) as uow:
            services.advance(uow, order=uow.session.get_one(Order, order_id), action=action)

    def freeze_or_lift(self, name: str, order_id: UUID) -> str:
        """Let a person of staff stop an order, or lift what somebody else set; what a bank stopped is not lifted."""
        with self.world.app.app_context(), running(lambda: make_uow(self.world.staff[name])) as uow:
            open_ones = [each for each in freezes_of(uow.session, order_id) if each.lifted_at is None]
            ours = [each for each in open_ones if each.kind != "chargeback"]
            for freeze in ours or open_ones:
                services.lift(uow, freeze=freeze, reason="Nothing was found.")
            if not open_ones:
                order = uow.session.get_one(Order, order_id)
                services.freeze(uow, order=order, kind="compliance", reason="A name to check.")
            return "lifted" if open_ones else "frozen"

    def buy(self, name: str, lot: Offered, *, verified: bool = False) -> str:
        """Let a buyer order a lot, with an independent check or without; return the order's reference."""
        with self.world.app.app_context(), running(lambda: make_uow(self.world.buyers[name])) as uow:
            order = services.buy(
                uow,
                lot_reference=lot.reference,
                version_sha256=lot.sha256,
                delivery=delivery(name),
                wishes=Wishes(is_checked=verified),
            )
            return order.reference

    def open_orders(self) -> list[tuple[UUID, str]]:
        """Return the orders that have not ended, the oldest first."""
        with self.world.app.app_context():
            found = select(Order.id, Order.reference).where(Order.state.not_in(FINAL)).order_by(Order.id)
            return [(row.id, row.reference) for row in make_uow().session.execute(found)]

    def open_actions(self, order_id: UUID) -> list[Open]:
        """Return what people may do with an order now, as their pages and the API say."""
        with self.world.app.app_context():
            order = make_uow().session.get_one(Order, order_id)
            now = self.world.clock.now()
            return [
                Open(order_id, order.reference, name, action)
                for name, actor in self.world.people.items()
                for action in allowed_actions(order, actor, now=now)
            ]

    def deliver(self, webhook: Webhook) -> int:
        """Send an event to the program's own address; return the status."""
        signature = signed(webhook, timestamp=self.world.clock.true.timestamp())
        answer = self.world.app.test_client().post(
            "/webhooks/stripe",
            data=webhook.payload,
            headers={"Stripe-Signature": signature, "Content-Type": "application/json"},
        )
        if answer.status_code == 200:
            self.sandbox.settle(webhook, "sent")
        return answer.status_code

    def another_worker(self) -> None:
        """Let a second worker have the same job, thought lost, while the first one waits for the provider."""
        leased = self.world.database.rows("SELECT id FROM provider_command WHERE state = 'leased' ORDER BY key")
        try:
            for row in leased:
                run_task("payments.send", command_id=str(row.id))
            run_task("payments.resend")
        except (Crash, DomainError, SQLAlchemyError):
            return

    @contextmanager
    def under(self, faults: Faults, seed: int) -> Iterator[None]:
        """Let the seed decide everything while the block runs."""
        self.line.faults, self.line.calls = faults, 0
        self.line.doubled.clear()
        with self.world.app.app_context():
            engine = db.engine
        with decided_by(seed, self.world.clock), injected(faults, engine):
            yield


@contextmanager
def set_up(name: str, files: Path) -> Iterator[Stage]:
    """Yield a stage on a database of its own."""
    with built(name, files) as world:
        sandbox = Sandbox()
        line = Line(Faults(random.Random(0)), sandbox.app)
        world.app.extensions["payment_provider"] = sandbox.connect(line)
        stage = Stage(world, sandbox, line, Worker(world.database))
        line.meanwhile = stage.another_worker
        jobs.bind(world.app)
        gc.collect()
        gc.freeze()  # what stands now stays: looking through it again and again is a tenth of the time
        yield stage
