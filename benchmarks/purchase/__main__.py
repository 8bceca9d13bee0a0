"""`make bench-purchase` or `python -m benchmarks.purchase`: purchases over HTTP beside pgbench, alternating in one run.

Ratios of two things that alternate on one machine stay honest when the machine is busy; absolute figures do not.
Budgets: 0.5 of pgbench with 1 client, 0.2 with 16, no deadlock; with slow commits, 16 clients at least 6 times 1.

Slow commits show what is hot inside the transaction only where the disk is the bottleneck. One purchase of `c` ms of
processor time beside a commit of `d` ms makes at most `cores / c` purchases a ms, and 1 client `1 / (c + d)`: 16
clients reach at most `cores * (c + d) / c` times 1. For 6 times, two cores need `d` at least twice `c`; the ceiling
is printed.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from benchmarks.purchase import capture, pgbench, processor
from benchmarks.purchase.buyers import Buyers
from benchmarks.purchase.capture import Script
from benchmarks.purchase.processor import Milliseconds
from benchmarks.purchase.stage import Stage, key_of, staged
from marketplace.core import embedded_postgres
from tests.builders import copies

LOTS: Final = 16_000
BUDGETS: Final = {1: 0.5, 16: 0.2}
BUDGET_SLOW_DISK: Final = 6.0
MOST_COMMIT_MS: Final = 100
REPEATED: Final = 500
# Purchases of earlier rounds would use up the buyers' limits of 12 months.
_RESET: Final = (
    "SET session_replication_role = replica",
    "UPDATE lot_claim SET state = 'released' WHERE state <> 'released'",
    "UPDATE lot_listing SET availability = 'available' WHERE availability <> 'available'",
    "UPDATE orders SET created_at = created_at - interval '2 years' WHERE created_at > now() - interval '1 year'",
    "SET session_replication_role = DEFAULT",
    "VACUUM (ANALYZE) lot_claim, lot_listing, orders",
    "CHECKPOINT",
)


@dataclass
class Bench:
    """One run: the program, its buyers, the script, and the number of the next round."""

    on: Stage
    buyers: Buyers
    script: Script
    seconds: int
    number: int = 0
    failed: int = 0
    bought: int = 0
    spent: Milliseconds = field(default_factory=Milliseconds)

    def ours(self, clients: int) -> tuple[float, list[float]]:
        """Let buyers buy over HTTP; return purchases a second and latencies."""
        self.begin()
        before = processor.used(self.on)
        done = self.buyers.run(clients=clients, seconds=self.seconds, lots=LOTS, key=f"round-{self.number}")
        self.failed += len(done.refused)
        self.note(before, done.latencies)
        if done.refused:
            print(f"refused: {done.refused[:3]}")
        return done.per_second, done.latencies

    def theirs(self, clients: int) -> tuple[float, list[float]]:
        """Let pgbench send the same statements."""
        self.begin()
        before = processor.used(self.on)
        done = pgbench.run(
            self.script,
            socket=embedded_postgres.socket_directory(self.on.server),
            folder=self.on.live.folder,
            clients=clients,
            seconds=self.seconds,
            number=self.number,
        )
        self.failed += done.failed
        self.note(before, done.latencies)
        return done.per_second, done.latencies

    def note(self, before: Milliseconds, latencies: list[float]) -> None:
        """Add up what was bought since a look at the processes, and what it cost them."""
        self.spent += processor.used(self.on) - before
        self.bought += len(latencies)

    def deadlocks(self) -> int:
        """Return how many deadlocks the server broke since it began."""
        with self.on.administer() as admin:
            row = admin.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = 'marketplace'").fetchone()
            assert row is not None
            return int(str(row[0]))

    def begin(self) -> None:
        """Put every lot on sale again, so that both sides find the same."""
        self.number += 1
        with self.on.administer() as admin:
            for statement in _RESET:
                admin.execute(statement)


def main() -> int:
    """Print the machine, the rounds, the ratios and their budgets; return 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--commit-ms", type=_milliseconds, nargs="*", default=[2], help="slow commits to try, in ms")
    parser.add_argument("--slow-only", action="store_true", help="leave out the rounds with the disk as it is")
    chosen = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("web server, client and database share the cores; the ratios are honest on a busy machine, the rest is not")
    with (
        tempfile.TemporaryDirectory(prefix="bench-purchase-") as folder,
        staged(Path(folder), lots=LOTS, LOG_LEVEL="INFO", WEB_WORKERS="2", WEB_THREADS="8") as on,
    ):
        bench = _prepared(on, chosen.seconds)
        within = []
        if not chosen.slow_only:
            within = [_compare(bench, clients, chosen.rounds) for clients in BUDGETS]
        for commit_ms in chosen.commit_ms:
            within += _slow_disk(bench, chosen.rounds, commit_ms=commit_ms)
        deadlocks = bench.deadlocks()
        print(f"deadlocks: {deadlocks}, failed: {bench.failed}")
    return 0 if all(within) and not deadlocks and not bench.failed else 1


def _prepared(on: Stage, seconds: int) -> Bench:
    buyers = Buyers(on.live.url, on.live.port, on.sha256)
    buyers.run(clients=16, seconds=3, lots=LOTS, key="warm-up")
    bench = Bench(on, buyers, Script("", {}), seconds)
    bench.begin()
    since = time.time_ns() // 1_000_000
    lot, buyer = LOTS - 1, 5
    with capture.logged(on):
        buyers.press_once(lot=lot, buyer=buyer, key=key_of(lot))
    statements = capture.statements_of(on.server, session_with="INSERT INTO orders")
    bench.script = capture.script_of(statements, lot=lot, buyer=buyer, since_ms=since)
    print(f"{len(statements)} statements a purchase, BEGIN and COMMIT among them (POST {copies.reference_of(lot)})")
    print(f"pgbench: {pgbench.version()}, prepared statements, all values as bound parameters")
    return bench


def _compare(bench: Bench, clients: int, rounds: int) -> bool:
    pairs, ours, theirs = [], [], []
    for _ in range(rounds):
        (our_rate, our_times), (their_rate, their_times) = bench.ours(clients), bench.theirs(clients)
        pairs.append((our_rate, their_rate))
        ours += our_times
        theirs += their_times
    ratio, budget = median(our / their for our, their in pairs), BUDGETS[clients]
    print(f"{clients} client(s): {' '.join(f'{our:.0f}/{their:.0f}' for our, their in pairs)} purchases/s HTTP/pgbench")
    print(f"  HTTP p50 {_ms(ours, 50)} p95 {_ms(ours, 95)} ms; pgbench p50 {_ms(theirs, 50)} p95 {_ms(theirs, 95)} ms")
    print(f"  ratio {ratio:.2f}, budget {budget} ({'met' if ratio >= budget else 'MISSED'})")
    if clients == 1:
        _tell_ceiling(bench, median(theirs) * 1000)
    return ratio >= budget


def _tell_ceiling(bench: Bench, their_ms: float) -> None:
    """Print what everything around a purchase costs, and the ratio if buying itself cost no processor time at all.

    A form sent again passes the server, the session, the gate, the token and the key, and buys nothing.
    """
    lot, buyer = LOTS - 1, 5
    bench.begin()
    bench.buyers.press_once(lot=lot, buyer=buyer, key="sent-again")
    bench.buyers.repeat(100, lot=lot, buyer=buyer, key="sent-again")
    before = processor.used(bench.on)
    bench.buyers.repeat(REPEATED, lot=lot, buyer=buyer, key="sent-again")
    around = (processor.used(bench.on) - before).each(REPEATED).web
    print(f"  the same form sent again, without a purchase: {around:.1f} ms processor time of the web server")
    print(f"  a purchase that cost it nothing more would reach {their_ms / (their_ms + around):.2f}")


def _slow_disk(bench: Bench, rounds: int, *, commit_ms: int) -> list[bool]:
    """Let every commit wait, as on a slower disk; what is hot inside the transaction would then show."""
    with bench.on.administer() as admin:
        for setting in (f"commit_delay = {commit_ms * 1000}", "commit_siblings = 0"):
            admin.execute(f"ALTER SYSTEM SET {setting}")
        admin.execute("SELECT pg_reload_conf()")
    within = []
    for name, run in (("HTTP", bench.ours), ("pgbench", bench.theirs)):
        pairs, bench.spent, bench.bought = [], Milliseconds(), 0
        for _ in range(rounds):
            one, many = run(1)[0], run(16)[0]
            pairs.append((one, many))
        each = bench.spent.each(bench.bought)
        ratio = median(many / one for one, many in pairs)
        print(
            f"commits of {commit_ms} ms, {name}: {' '.join(f'{many:.0f}/{one:.0f}' for one, many in pairs)} /s of 16/1"
        )
        print(f"  processor time a purchase: {each.web:.1f} ms web, {each.database:.1f} ms database")
        met = "met" if ratio >= BUDGET_SLOW_DISK else "MISSED"
        cost = each.web + each.database
        ceiling = (os.cpu_count() or 1) * (cost + commit_ms) / cost
        words = f"budget {BUDGET_SLOW_DISK:.0f} ({met}); the cores allow at most {min(ceiling, 16):.1f}"
        print(f"  16 clients reach {ratio:.1f} times 1 client, {words}")
        within.append(ratio >= BUDGET_SLOW_DISK)
    return within


def _milliseconds(text: str) -> int:
    """Read a commit's time; PostgreSQL waits 100 ms at most."""
    found = int(text)
    if not 0 < found <= MOST_COMMIT_MS:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {MOST_COMMIT_MS} is needed, not {text}")
    return found


def _ms(latencies: list[float], percent: int) -> str:
    return f"{quantiles(latencies, n=100)[percent - 1] * 1000:.1f}" if len(latencies) > 1 else "-"


if __name__ == "__main__":
    sys.exit(main())
