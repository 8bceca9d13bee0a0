"""Wait until the web server says that it can serve."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request

PROBE_TIMEOUT_SECONDS = 2
READY_TIMEOUT_SECONDS = 60


def is_ready(address: str) -> bool:
    """Ask once whether the program is ready."""
    try:
        with urllib.request.urlopen(  # noqa: S310 (our own address, http only)
            f"{address}/health/ready", timeout=PROBE_TIMEOUT_SECONDS
        ) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def probe_address(host: str, port: int) -> str:
    """Return where to ask from this machine, also when the server listens everywhere."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (compared, not bound)
    near = everywhere.get(host, host)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


def wait_until_ready(address: str, *, stopping: threading.Event) -> bool:
    """Ask again and again for a minute at most; say whether it became ready."""
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < deadline and not stopping.is_set():
        if is_ready(address):
            return True
        stopping.wait(0.2)
    return False
