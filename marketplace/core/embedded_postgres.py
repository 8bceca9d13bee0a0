"""Run the PostgreSQL that ships inside a Python wheel, so that a fresh machine needs no database set-up.

One process starts and stops the server (the supervisor, or a test run); any number of processes
may use it at the address that `database_address` derives from the data directory.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

DATABASE = "marketplace"
OWNER = "postgres"


def socket_directory(data_dir: Path) -> Path:
    """Return the short directory of the server's socket.

    A Unix socket's path may have 107 bytes; a data directory can be deeper than that.
    """
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"marketplace-{digest}"


def database_address(data_dir: Path, *, database: str = DATABASE) -> str:
    """Return the SQLAlchemy address of a database of the embedded server, running or not."""
    return f"postgresql+psycopg://{OWNER}@/{database}?host={socket_directory(data_dir)}"
