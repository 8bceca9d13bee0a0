"""`make bank-test`: 16 clients for a minute move money at random over HTTP; afterwards every invariant must hold.

Debits equal credits, our clearing account equals the provider's books, a lot has at most one live claim, an order at
most one capture. `python -m tests.processes.bank --help` tells the options.
"""

import argparse
import sys
import time
from dataclasses import dataclass

from flask import Flask

from tests.live import Live
from tests.processes.commands import conclude, program, tell
from tests.processes.market import Market, open_market
from tests.processes.traffic import Record, run_clients
from tests.processes.truth import Tally, start_program, sweep, tally, waiting

SECONDS_TO_DRAIN = 180
LOTS, BUYERS = 400, 24


@dataclass(frozen=True, slots=True)
class Played:
    """What happened, and how long the queues took afterwards, in seconds."""

    record: Record
    result: Tally
    drained_in: float


def play(live: Live, app: Flask, market: Market, *, clients: int, seconds: float, seed: int) -> Played:
    """Let the clients act for a while, wait until every queue is empty, and check."""
    record = Record()
    until = time.monotonic() + seconds
    threads = run_clients(market, record, clients=clients, seed=seed, is_over=lambda: time.monotonic() > until)
    for thread in threads:
        thread.join()
    begun = time.monotonic()
    live.wait_for(lambda: not any(waiting(live, app).values()), "the end of the queues", seconds=SECONDS_TO_DRAIN)
    drained_in = time.monotonic() - begun
    sweep(live, app)
    result = tally(live, app, record)
    if record.cut:
        result.violations.append(f"{record.cut} connections were cut though nobody was killed")
    return Played(record, result, drained_in)


def main() -> int:
    """Run the test and print its table; return 1 when an invariant is violated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with program("bank") as live:
        app = live.app()
        market = open_market(live, app, lots=LOTS, buyers=BUYERS)
        start_program(live, app)
        tell(f"{chosen.clients} clients act for {chosen.seconds:.0f} s, seed {chosen.seed}")
        played = play(live, app, market, clients=chosen.clients, seconds=chosen.seconds, seed=chosen.seed)
        answers = {
            f"{name} {status}": count
            for (name, status), count in sorted(played.record.answers.items(), key=lambda found: found[0])
        }
        more = {"requests": sum(answers.values()), **answers, "queues drained in": f"{played.drained_in:.1f} s"}
        return conclude(played.result, more)


if __name__ == "__main__":
    sys.exit(main())
