"""Many seeds on all cores, one seed with its story, or the planted bugs: what `python -m tests.simulation` runs.

The functions that the worker processes are given stand here: those of a package's `__main__` cannot be found there.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from tests import databases
from tests.simulation.mutants import names, words_of
from tests.simulation.run import Report, Run
from tests.simulation.stage import Stage, set_up

MOST_SHOWN: Final = 5
WIDTH: Final = 30
WITHIN: Final = 200

_stage: list[Stage] = []
_kept = ExitStack()

Job = tuple[str | None, int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; return 1 when something was found, or when a planted bug was not."""
    options = _parser().parse_args(arguments)
    databases.choose_folder()
    try:
        databases._template()
        if options.mutants:
            return _mutants(options.processes)
        if options.seed is not None:
            return _one(options.seed, options.bug)
        return _many([(options.bug, options.first + number) for number in range(options.seeds)], options.processes)
    finally:
        databases.stop_server()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=WITHIN, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--seed", type=int, help="play one seed and tell its story")
    parser.add_argument("--bug", choices=names(), help="with a planted bug")
    parser.add_argument("--mutants", action="store_true", help="look for every planted bug")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return parser


def _one(seed: int, bug: str | None) -> int:
    with set_up("simulation", _folder()) as stage:
        report = Run(stage, seed, bug).play()
    print("\n".join(report.trace))
    print(f"\nseed {seed}: {report.operations} operations, {report.crashes} crashes, trace {report.digest}")
    print(report.violation or "no violation")
    return 1 if report.violation else 0


def _many(jobs: list[Job], processes: int) -> int:
    started, sums, violations = time.perf_counter(), Counter[str](), list[Report]()
    faults, steps = Counter[str](), Counter[str]()
    with _workers(processes) as pool:
        for report in _with_bar(pool.imap_unordered(_play, jobs), len(jobs)):
            sums.update(operations=report.operations, crashes=report.crashes)
            faults, steps = faults + report.faults, steps + report.steps
            violations += [report] if report.violation else []
    seconds, seeds = time.perf_counter() - started, len(jobs)
    print(f"{seeds} seeds, {sums['operations']} operations, {sums['crashes']} crashes, {len(violations)} violations")
    print(f"{seconds:.0f} s, {seeds / seconds:.1f} seeds a second with {processes} processes")
    print("faults:", ", ".join(f"{name} {count}" for name, count in faults.most_common()))
    print(
        f"{len(steps)} different steps of orders, the rarest:", ", ".join(name for name, _ in steps.most_common()[-5:])
    )
    for report in sorted(violations, key=lambda each: each.seed)[:MOST_SHOWN]:
        print(f"\nmake simulate SEED={report.seed}\n{report.violation}")
    return 1 if violations else 0


def _mutants(processes: int) -> int:
    print(f"{'planted bug':36} {'seed':>4} {'seconds':>7}  invariant")
    escaped = []
    with _workers(processes) as pool:
        for name, seed, seconds, invariant in pool.imap(_hunt, names()):
            escaped += [name] if seed is None else []
            print(
                f"{name:36} {'-' if seed is None else seed:>4} {seconds:7.1f}  {invariant or 'not caught'}", flush=True
            )
    print(f"\n{len(names()) - len(escaped)} of {len(names())} planted bugs caught within {WITHIN} seeds")
    for name in escaped:
        print(f"not caught: {name}: {words_of(name)}")
    return 1 if escaped else 0


def _workers(processes: int) -> Any:
    context = multiprocessing.get_context("spawn")
    return context.Pool(processes, initializer=_begin, maxtasksperchild=None)


def _begin() -> None:
    """Build this process's own stage; it stands until the process ends."""
    stage = _kept.enter_context(set_up("simulation", _folder()))
    _stage[:] = [stage]


def _folder() -> Path:
    """Make a folder for photos beside the server's data, which goes with it."""
    folder = Path(os.environ[databases.FOLDER]) / f"files_{os.getpid()}"
    folder.mkdir()
    return folder


def _play(job: Job) -> Report:
    bug, seed = job
    return Run(_stage[0], seed, bug).play()


def _hunt(name: str) -> tuple[str, int | None, float, str]:
    started = time.perf_counter()
    for seed in range(WITHIN):
        report = _play((name, seed))
        if report.violation is not None:
            return name, seed, time.perf_counter() - started, report.violation.invariant
    return name, None, time.perf_counter() - started, ""


def _with_bar(reports: Iterable[Report], total: int) -> Iterator[Report]:
    """Yield the reports, drawing on standard error how many came."""
    found, started = 0, time.perf_counter()
    for done, report in enumerate(reports, start=1):
        found += report.violation is not None
        if sys.stderr.isatty() or done == total or done % max(1, total // 20) == 0:
            bar = "#" * (WIDTH * done // total)
            rate = done / (time.perf_counter() - started)
            end = "" if sys.stderr.isatty() and done < total else "\n"
            words = f"{done}/{total} seeds, {rate:.1f}/s, {found} violations"
            print(f"\r[{bar:{WIDTH}}] {words}", end=end, file=sys.stderr, flush=True)
        yield report
