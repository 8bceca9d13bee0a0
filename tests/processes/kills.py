"""`make kill-test`: web and worker are killed with SIGKILL again and again under load, and started again at once.

The moments come from a seed. Nothing that was answered may be lost, nothing done twice: orders, captures, journals,
webhooks, refunds and payouts are compared with the provider's own state, and 60 s after the last kill nothing waits.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import Final

import psutil
from flask import Flask

from tests.live import GUNICORN, Live, answers
from tests.processes.commands import conclude, program, tell
from tests.processes.market import Market, keep_signed_in, open_market
from tests.processes.traffic import Record, run_clients
from tests.processes.truth import Tally, start_program, sweep, tally, waiting

# All of the web server, the worker, both, or one process of the web server that its master replaces.
TARGETS: Final = ("web", "worker", "both", "one web process")
SECONDS_TO_DRAIN: Final = 60
# More than so many waiting jobs, and the clients hold on: the machine is small, and its queues must stay short.
MOST_WAITING: Final = 60
LOTS, BUYERS = 1_500, 24
_FRESH_EVERY: Final = 240


@dataclass(frozen=True, slots=True)
class Killed:
    """What was killed how often, what happened, and how long the queues took after the last kill, in seconds."""

    kills: Counter[str]
    record: Record
    result: Tally
    drained_in: float


class Killer:
    """Kills parts of the program at moments from a seed and starts them again."""

    def __init__(self, live: Live, *, seed: int) -> None:
        self._live, self._random = live, random.Random(seed)
        self.kills: Counter[str] = Counter()

    def strike(self) -> None:
        """Wait a random moment, then kill something; come back when the program answers again."""
        time.sleep(self._random.uniform(0.2, 3.0))  # the moment of the kill, chosen by the seed
        target = self._random.choice(TARGETS)
        self.kills[target] += 1
        if target == "one web process":
            self._kill_child()
            return
        parts = ("web", "worker") if target == "both" else (target,)
        for part in parts:
            self._live.kill(part)
        for part in parts:
            self._start(part)
        self._live.wait_for(lambda: answers(f"{self._live.url}/health/ready"), "the web server", seconds=120)

    def _start(self, part: str) -> None:
        if part == "web":
            self._live.start("web", *GUNICORN, "wsgi:app")
        else:
            self._live.start_worker()

    def _kill_child(self) -> None:
        children = psutil.Process(self._live.processes["web"].pid).children()
        if children:
            os.kill(self._random.choice(children).pid, signal.SIGKILL)


def play(live: Live, app: Flask, market: Market, *, kills: int, clients: int, seed: int) -> Killed:
    """Kill so many times while the clients act, wait until every queue is empty, and check."""
    record, killer = Record(), Killer(live, seed=seed)
    over: list[bool] = []
    crowded: list[bool] = []
    threads = run_clients(
        market, record, clients=clients, seed=seed, is_over=lambda: bool(over), may_act=lambda: not crowded
    )
    fresh = time.monotonic()
    for number in range(1, kills + 1):
        killer.strike()
        crowded[:] = [True] if waiting(live, app)["jobs"] > MOST_WAITING else []
        if time.monotonic() - fresh > _FRESH_EVERY:
            keep_signed_in(market)
            fresh = time.monotonic()
        if number % 10 == 0:
            tell(f"  {number} kills, {len(record.bought)} orders, {record.cut} connections cut")
    last = time.monotonic()
    over.append(True)
    for thread in threads:
        thread.join()
    live.wait_for(lambda: not any(waiting(live, app).values()), "the end of the queues", seconds=SECONDS_TO_DRAIN * 5)
    drained_in = time.monotonic() - last
    sweep(live, app)
    return Killed(killer.kills, record, tally(live, app, record), drained_in)


def main() -> int:
    """Run the test and print its table; return 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with program("kills") as live:
        app = live.app()
        market = open_market(live, app, lots=LOTS, buyers=BUYERS)
        start_program(live, app)
        tell(f"{chosen.kills} kills under {chosen.clients} clients, seed {chosen.seed}")
        played = play(live, app, market, kills=chosen.kills, clients=chosen.clients, seed=chosen.seed)
        if played.drained_in > SECONDS_TO_DRAIN:
            late = f"the queues took {played.drained_in:.0f} s after the last kill, not {SECONDS_TO_DRAIN}"
            played.result.violations.append(late)
        more = {
            **{f"kill -9 of {name}": played.kills[name] for name in TARGETS},
            "answered requests": sum(played.record.answers.values()),
            "connections cut": played.record.cut,
            "orders answered": len(played.record.bought),
            "moves answered": len(played.record.moved),
            "lost": sum(violation.startswith("lost") for violation in played.result.violations),
            "doubled": sum(violation.startswith("doubled") for violation in played.result.violations),
            "queues drained in": f"{played.drained_in:.1f} s",
        }
        return conclude(played.result, more)


if __name__ == "__main__":
    sys.exit(main())
