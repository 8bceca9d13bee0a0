"""What `make kill-test`, `make bank-test` and `make race-test` share: a program of their own, a table at the end."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.live import Live, prepared
from tests.processes.truth import Tally

MOST_TOLD = 20


@contextmanager
def program(name: str) -> Iterator[Live]:
    """Yield the program on a database server of its own, its sandbox running; everything is gone afterwards."""
    databases.choose_folder()
    try:
        with (
            tempfile.TemporaryDirectory(prefix=f"{name}-") as folder,
            prepared(name, Path(folder), WEB_WORKERS="2", WEB_THREADS="8", LOG_LEVEL="ERROR") as live,
        ):
            live.start_sandbox()
            yield live
    finally:
        databases.stop_server()


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def conclude(result: Tally, more: Mapping[str, object]) -> int:
    """Print the table; return 1 when anything was violated."""
    rows = {**more, **result.counts, "violations": len(result.violations)}
    width = max(len(name) for name in rows)
    for name, value in rows.items():
        tell(f"  {name:<{width}}  {value}")
    for violation in result.violations[:MOST_TOLD]:
        tell(f"VIOLATION: {violation}")
    return 1 if result.violations else 0
