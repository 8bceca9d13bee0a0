"""Remove the demonstration's data: `python -m marketplace.supervisor.reset`, behind `make reset`, which asks first."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from config.settings import demonstration_file
from marketplace.core import embedded_postgres
from marketplace.supervisor.lock import AlreadyRunning, only_one


def reset(data_dir: Path) -> None:
    """Stop the embedded database and remove the data directory.

    Raises `FileNotFoundError` for a directory that no demonstration has used: a mistyped name must not be removed.
    """
    if not demonstration_file(data_dir).is_file():
        raise FileNotFoundError(f"{data_dir} holds no demonstration; nothing was removed.")
    with only_one(data_dir):
        embedded_postgres.stop(data_dir)
        shutil.rmtree(embedded_postgres.socket_directory(data_dir), ignore_errors=True)
        shutil.rmtree(data_dir)


def main() -> int:
    """Remove the data named by DATA_DIR and return the exit status."""
    data_dir = Path(os.environ.get("DATA_DIR", "").strip() or "var").absolute()
    try:
        reset(data_dir)
    except (AlreadyRunning, FileNotFoundError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{data_dir} is removed; `make run` begins anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
