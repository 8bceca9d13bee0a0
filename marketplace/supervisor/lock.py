"""Keep two supervisors from using one data directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another supervisor uses this data directory."""


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data directory's lock; the system lets go of it however this process ends."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "supervisor.lock"
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text(encoding="utf-8").strip() or "unknown"
            raise AlreadyRunning(
                f"The marketplace already runs on {data_dir} (process {holder}). "
                "Stop it first, or choose another folder: DATA_DIR=var2 make run"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)
