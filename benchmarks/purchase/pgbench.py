"""Run pgbench, which comes with the embedded PostgreSQL, with the statements of a purchase."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.purchase.capture import Script
from benchmarks.purchase.stage import BUYERS
from marketplace.core.postgres_programs import program

# The same role and limits as the program's own connections.
_OPTIONS: Final = "-c role=marketplace_app -c lock_timeout=5s -c statement_timeout=20s -c timezone=UTC"
_HEAD: Final = """\\set place :place + 1
\\set lot :client_id + {clients} * :place
\\set buyer mod(:client_id + 16 * :place, {buyers})
\\set unique {run} * 100000000 + :lot
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What pgbench did: transactions a second, latencies of them in seconds, and how many failed."""

    per_second: float
    latencies: list[float]
    failed: int


def run(script: Script, *, socket: Path, folder: Path, clients: int, seconds: int, number: int) -> Figures:
    """Run the script for a while; raise RuntimeError with pgbench's own words when it fails."""
    file, log = folder / "purchase.sql", folder / f"pgbench-{number}"
    file.write_text(_HEAD.format(clients=clients, buyers=BUYERS, run=number) + script.text, encoding="utf-8")
    command = [
        str(program("pgbench")), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
        f"--jobs={min(clients, os.cpu_count() or 1)}", f"--time={seconds}", f"--file={file}", f"--host={socket}",
        "--username=marketplace", "--log", f"--log-prefix={log}", "--define=place=-1",
        *(f"--define={name}={value}" for name, value in script.constants.items()), "marketplace",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 (a program of the wheel)
        command, capture_output=True, text=True, check=False, timeout=seconds + 120,
        env={**os.environ, "PGOPTIONS": _OPTIONS},
    )  # fmt: skip
    if done.returncode or "aborted" in done.stderr:
        raise RuntimeError(f"pgbench failed:\n{done.stdout}\n{done.stderr[-3000:]}")
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench told no figure:\n{done.stdout}")
    return Figures(float(found[1]), _latencies(log), int(failed[1]) if failed else 0)


def version() -> str:
    """Return which pgbench this is."""
    asked = [str(program("pgbench")), "--version"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def _latencies(prefix: Path) -> list[float]:
    lines = [line for log in prefix.parent.glob(f"{prefix.name}.*") for line in log.read_text().splitlines()]
    return [int(line.split()[2]) / 1_000_000 for line in lines]
