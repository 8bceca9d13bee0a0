"""The whole demonstration, started and stopped as a person does it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from marketplace.core import embedded_postgres
from marketplace.supervisor.programs import PROJECT

FIRST_START_SECONDS = 600
SECOND_START_SECONDS = 10


def two_free_ports() -> tuple[int, int]:
    with ExitStack() as held:
        servers = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        return servers[0].getsockname()[1], servers[1].getsockname()[1]


@contextmanager
def supervisor(data_dir: Path, ports: tuple[int, int]) -> Iterator[subprocess.Popen[str]]:
    """Start the supervisor as `make run` does and end it with Ctrl-C's signal."""
    settings = {"DATA_DIR": str(data_dir), "PORT": str(ports[0]), "SANDBOX_PORT": str(ports[1]), "WEB_WORKERS": "1"}
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "ENVIRONMENT")}
    process = subprocess.Popen(
        [sys.executable, "-m", "marketplace.supervisor"],
        cwd=PROJECT,
        env={**inherited, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        last_words, _ = process.communicate(timeout=40)
        assert process.returncode == 0, last_words


def words_until(process: subprocess.Popen[str], sentence: str, *, seconds: float) -> str:
    """Return what the supervisor says up to the sentence; end it when that takes too long."""
    assert process.stdout is not None
    alarm = threading.Timer(seconds, process.terminate)
    alarm.start()
    heard = []
    for line in process.stdout:
        heard.append(line)
        if sentence in line:
            alarm.cancel()
            return "".join(heard)
    alarm.cancel()
    raise AssertionError("".join(heard))


def busyness() -> float:
    """Return by how much the machine's other work slows ours: 1 on an idle one."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.slow
def test_the_demonstration_starts_from_nothing_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    ports = two_free_ports()
    with supervisor(tmp_path, ports) as process:
        words = words_until(process, "The marketplace is open at", seconds=FIRST_START_SECONDS)
        assert f"http://localhost:{ports[0]}" in words
        assert "password" in words.lower(), "the people to sign in as are listed"
        with urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/", timeout=10) as page:
            assert page.status == 200
    assert not embedded_postgres.is_running(tmp_path)

    began = time.monotonic()
    with supervisor(tmp_path, ports) as process:
        words = words_until(process, "The marketplace is open at", seconds=60)
        took = time.monotonic() - began
    assert "Loading the demonstration" not in words
    assert took < SECOND_START_SECONDS * busyness()
