"""One seed: an opening, some moves with faults, the invariants after each, and the end."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from marketplace.core.errors import DomainError, Forbidden
from marketplace.orders.transitions import ROWS, MoneyMove
from tests.simulation.ending import drain, require_a_good_end
from tests.simulation.faults import Crash, Fault, Faults
from tests.simulation.folding import is_barred
from tests.simulation.invariants import Violation, check
from tests.simulation.look import look
from tests.simulation.moves import LIKELIHOOD
from tests.simulation.mutants import planted
from tests.simulation.openings import OPENINGS, opening
from tests.simulation.provider import some_of
from tests.simulation.stage import Open, Stage
from tests.simulation.worker import PERIODIC, run_task

MOVES: Final = 18


@dataclass
class Report:
    """What a seed did, and what it found. `trace` has a line for every move."""

    seed: int
    trace: list[str] = field(default_factory=list)
    operations: int = 0
    crashes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    violation: Violation | None = None
    seconds: float = 0.0

    @property
    def digest(self) -> str:
        """A short name of the whole trace: the same seed gives the same one."""
        return sha256("\n".join(self.trace).encode()).hexdigest()[:16]


@dataclass
class Run:
    """A seed at work."""

    stage: Stage
    seed: int
    bug: str | None = None
    report: Report = field(init=False)
    faults: Faults = field(init=False)
    chance: random.Random = field(init=False)
    frozen: set[str] = field(default_factory=set)
    steps_seen: int = 0

    def __post_init__(self) -> None:
        self.report = Report(self.seed)
        self.faults = Faults(random.Random(f"{self.seed} faults"))
        self.chance = random.Random(f"{self.seed} moves")

    def play(self, moves: int = MOVES) -> Report:
        """Play the seed to its end, or to the first violation."""
        started = time.perf_counter()
        name = self.chance.choice(sorted(OPENINGS))
        opening(self.stage, name)
        self._tell(f"opening {name}", "")
        try:
            with planted(self.bug), self.stage.under(self.faults, self.seed):
                self._look_around()
                for _ in range(moves):
                    self._move()
                drain(self.stage)
                self._look_around(drained=True)
                require_a_good_end(self.stage)
        except Violation as violation:
            self.report.violation = violation
        except Exception as error:  # noqa: BLE001 - without faults nothing of the program may raise
            self.report.violation = Violation("no unexpected error", f"at the end: {error!r:.300}")
        if self.report.violation is not None:
            self._tell("violation", str(self.report.violation))
        self.report.crashes, self.report.faults = self.faults.crashes, self.faults.counts
        self.report.seconds = time.perf_counter() - started
        return self.report

    def _move(self) -> None:
        self.stage.world.clock.advance(timedelta(seconds=self.chance.randint(1, 40)))
        kinds, weights = zip(*KINDS.items(), strict=True)
        kind = self.chance.choices(kinds, weights)[0]
        self.faults.in_this_move.clear()
        self.stage.line.fails_on = 0
        commits = self.faults.commits
        what, outcome = self._attempt(kind)
        self.report.operations += 1
        self._tell(what, outcome)
        if self.faults.commits > commits:
            self._look_around()

    def _attempt(self, kind: Callable[["Run"], tuple[str, Callable[[], object]]]) -> tuple[str, str]:
        """Do one thing while everything may go wrong."""
        what, do = kind(self)
        self.faults.active = True
        try:
            return what, str(do() or "done")
        except Crash as crash:
            return what, f"killed: {crash}"
        except DomainError as error:
            return what, f"refused: {error.code}"
        except Violation:
            raise
        except (SQLAlchemyError, psycopg.Error) as error:
            if Fault.CONNECTION_LOST in self.faults.in_this_move:
                return what, "database gone"
            raise Violation("no unexpected error", f"{what}: {error!r:.300}") from error
        except Exception as error:
            raise Violation("no unexpected error", f"{what}: {error!r:.300}") from error
        finally:
            self.faults.active = False

    def _look_around(self, *, drained: bool = False) -> None:
        """Check every invariant."""
        if self.stage.line.doubled:
            raise Violation("one worker asks at a time", str(self.stage.line.doubled))
        now = look(self.stage.world.database, self.stage.sandbox, drained=drained)
        check(now)
        frozen = {order.id for order in now.orders if order.frozen_since is not None}
        for step in now.steps[self.steps_seen :]:
            if step.order in self.frozen & frozen and is_barred(step):
                raise Violation("a frozen order waits", f"{step.action} by {step.party} while it was frozen")
        self.steps_seen, self.frozen = len(now.steps), frozen
        self.report.steps = Counter(f"{step.source} {step.action}" for step in now.steps)

    def _tell(self, what: str, outcome: str) -> None:
        moment = self.stage.world.clock.now().strftime("%m-%d %H:%M:%S")
        self.report.trace.append(f"{len(self.report.trace):3} {moment} {what}{' -> ' if outcome else ''}{outcome}")

    # The kinds of moves: each says what will be done, and returns what does it.

    def act(self) -> tuple[str, Callable[[], object]]:
        """Let somebody do what is open to him or her."""
        orders = self.stage.open_orders()
        if not orders:
            return self.buy()
        options = self.stage.open_actions(self.chance.choice(orders)[0])
        if not options:
            return self.work()
        weights = [LIKELIHOOD.get(each.action, 1.0) for each in options]
        chosen = self.chance.choices(options, weights)[0]
        actor = self.stage.world.people[chosen.person]
        return f"{chosen.person}: {chosen.action} {chosen.reference}", lambda: self._legally(chosen, actor)

    def _legally(self, chosen: Open, actor: object) -> None:
        try:
            self.stage.act(actor, chosen.order_id, chosen.action, self.chance)  # type: ignore[arg-type]
        except Forbidden:
            raise  # a second person is needed
        except DomainError as error:
            raise Violation("what is offered is possible", f"{chosen.action}: {error!r}") from error

    def press(self) -> tuple[str, Callable[[], object]]:
        """Let somebody try what is not open to him or her."""
        orders = self.stage.open_orders()
        if not orders:
            return self.buy()
        order_id, reference = self.chance.choice(orders)
        name = self.chance.choice(sorted(self.stage.world.people))
        is_open = {each.action for each in self.stage.open_actions(order_id) if each.person == name}
        # Half of the tries are for what moves money.
        rows = [row for row in ROWS if row.money is not MoneyMove.NONE] if self.chance.random() < 0.5 else ROWS
        action = self.chance.choice(list(dict.fromkeys(row.action for row in rows if row.action not in is_open)))

        def do() -> str:
            try:
                self.stage.press(self.stage.world.people[name], order_id, action)
            except DomainError as error:
                return f"refused: {error.code}"
            raise Violation("what is not offered is refused", f"{action} by {name}")

        return f"{name} presses {action} {reference}", do

    def freeze(self) -> tuple[str, Callable[[], object]]:
        """Let compliance stop an order, or another person lift what was stopped."""
        orders = self.stage.open_orders()
        if not orders:
            return self.buy()
        order_id, reference = self.chance.choice(orders)
        name = self.chance.choice(("zawadi", "juma"))
        return f"{name} freezes or lifts {reference}", lambda: self.stage.freeze_or_lift(name, order_id)

    def buy(self) -> tuple[str, Callable[[], object]]:
        """Let a buyer order a lot, free or not."""
        lot, name = self.chance.choice(self.stage.world.lots), self.chance.choice(sorted(self.stage.world.buyers))
        verified = self.chance.random() < 0.3
        return f"{name} buys {lot.reference}", lambda: self.stage.buy(name, lot, verified=verified)

    def pay(self) -> tuple[str, Callable[[], object]]:
        """Let a buyer type a card's number; now and then a card that is refused."""
        rows = self.stage.world.database.rows(
            "SELECT session_id, order_reference FROM payment WHERE session_url IS NOT NULL AND state = 'open'"
            " ORDER BY order_reference"
        )
        if not rows:
            return self.work()
        row, card = self.chance.choice(rows), self.chance.choice((0, 0, 0, 1))
        return f"pay {row.order_reference} with card {card}", lambda: self.stage.sandbox.pay(row.session_id, card=card)

    def pay_late(self) -> tuple[str, Callable[[], object]]:
        """Let money arrive after its page closed."""
        rows = self.stage.world.database.rows(
            "SELECT session_id, order_reference FROM payment WHERE session_id IS NOT NULL AND state = 'expired'"
            " ORDER BY order_reference"
        )
        if not rows:
            return self.pay()
        row = self.chance.choice(rows)
        return f"late money for {row.order_reference}", lambda: self.stage.sandbox.pay_late(row.session_id)

    def pay_wrong(self) -> tuple[str, Callable[[], object]]:
        """Let a stranger pay another amount in the name of an order."""
        orders = self.stage.open_orders()
        if not orders:
            return self.buy()
        reference = self.chance.choice(orders)[1]
        amount, currency = self.chance.choice(((100, "USD"), (93_000, "EUR")))
        pay = self.stage.sandbox.pay_as_stranger
        return f"a stranger pays {amount} {currency} for {reference}", lambda: pay(
            reference, amount=amount, currency=currency
        )

    def webhooks(self) -> tuple[str, Callable[[], object]]:
        """Let some events arrive: in any order, twice, or not at all."""
        some = list(some_of(self.stage.sandbox.waiting(), self.chance))
        if not some:
            return self.act()
        fates = [self.chance.choices(("once", "twice", "lost"), (8, 1, 1))[0] for _ in some]

        def do() -> str:
            return ", ".join(
                f"{webhook.kind} {self._send(webhook, fate)}" for webhook, fate in zip(some, fates, strict=True)
            )

        return f"{len(some)} webhooks", do

    def _send(self, webhook: object, fate: str) -> str:
        if fate == "lost":
            self.stage.sandbox.settle(webhook, "dropped")  # type: ignore[arg-type]
            return "lost"
        statuses = [self.stage.deliver(webhook) for _ in range(2 if fate == "twice" else 1)]  # type: ignore[arg-type]
        if max(statuses) >= 500 and Fault.CONNECTION_LOST not in self.faults.in_this_move:
            raise Violation("no unexpected error", f"{statuses} for a webhook")
        return " ".join(map(str, statuses))

    def work(self) -> tuple[str, Callable[[], object]]:
        """Let the worker do up to three jobs, in any order."""
        if not self.stage.worker.has_work():
            return self.periodic()
        count = self.chance.randint(1, 3)
        chance = random.Random(self.chance.random())
        return f"{count} jobs", lambda: ", ".join(str(self.stage.worker.run_one(chance)) for _ in range(count))

    def periodic(self) -> tuple[str, Callable[[], object]]:
        """Let the worker run a periodic task; a killed worker's jobs are put back before."""
        task = self.chance.choice(PERIODIC)

        def do() -> None:
            self.stage.worker.rescue()
            run_task(task)

        return f"{task}", do

    def wait(self) -> tuple[str, Callable[[], object]]:
        """Let time pass: minutes, hours, days, or until the clock has something to do; then the clock looks."""
        step = self.chance.choice(
            (timedelta(minutes=self.chance.randint(1, 10)), timedelta(hours=self.chance.randint(1, 26)), None, None)
        )
        if step is None:
            due = self.stage.world.database.value("SELECT min(next_due_at) FROM orders")
            step = max(due - self.stage.world.clock.now(), timedelta(0)) if due else timedelta(days=1)
        self.stage.world.clock.advance(step + timedelta(seconds=self.chance.randint(0, 5)))
        return f"{step} pass", lambda: run_task("orders.clock")

    def clock_back(self) -> tuple[str, Callable[[], object]]:
        """Let our clock jump back some minutes, or be set right."""
        clock = self.stage.world.clock
        clock.skew = timedelta(0) if clock.skew else -timedelta(minutes=self.chance.randint(1, 9))
        return f"our clock is wrong by {clock.skew}", lambda: None

    def failing_refund(self) -> tuple[str, Callable[[], object]]:
        """Let the card's bank refuse the next refund."""
        return "the next refund will fail", lambda: self.stage.sandbox.set_fault("fail_refunds_next", 1)


# How often each kind of move is drawn.
KINDS: Final[dict[Callable[[Run], tuple[str, Callable[[], object]]], float]] = {
    Run.act: 8,
    Run.buy: 1.2,
    Run.pay: 2,
    Run.pay_late: 0.4,
    Run.pay_wrong: 0.2,
    Run.webhooks: 2.5,
    Run.work: 3.5,
    Run.periodic: 2.5,
    Run.wait: 2.5,
    Run.press: 1.5,
    Run.freeze: 0.7,
    Run.clock_back: 0.3,
    Run.failing_refund: 0.7,
}
