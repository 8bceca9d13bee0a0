"""Processor time of the web server and of the database, read from the system's own account of processes (Linux)."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.purchase.stage import Stage

_PROC: Final = Path("/proc")
# Where a process's own time, and that of its children that ended, stand behind its name (proc(5)).
_TIMES: Final = slice(11, 15)


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """Processor time in milliseconds."""

    web: float = 0.0
    database: float = 0.0

    def __add__(self, other: "Milliseconds") -> "Milliseconds":
        """Return both together."""
        return Milliseconds(self.web + other.web, self.database + other.database)

    def __sub__(self, other: "Milliseconds") -> "Milliseconds":
        """Return what was used between two looks."""
        return Milliseconds(self.web - other.web, self.database - other.database)

    def each(self, count: int) -> "Milliseconds":
        """Return the share of one of `count` things done."""
        return Milliseconds(self.web / max(count, 1), self.database / max(count, 1))


def used(on: Stage) -> Milliseconds:
    """Return what web server and database have used since they began, with all their processes."""
    postmaster = int((on.server / "postgres" / "postmaster.pid").read_text().split()[0])
    return Milliseconds(_of_family(on.live.processes["web"].pid), _of_family(postmaster))


def _of_family(pid: int) -> float:
    process = _PROC / str(pid)
    try:
        behind_name = (process / "stat").read_text().rpartition(")")[2].split()
        children = (process / "task" / str(pid) / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile, and its parent has its time
        return 0.0
    own = sum(map(int, behind_name[_TIMES])) * 1000 / os.sysconf("SC_CLK_TCK")
    return own + sum(_of_family(int(child)) for child in children)
