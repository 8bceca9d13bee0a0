"""The whole program as processes on a database of its own: web server, worker and the stand-in for Stripe."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests
from flask import Flask

from config.settings import Settings
from marketplace.app import create_app
from marketplace.http.database import db
from tests import databases
from tests.conftest import TODAY

ROOT = Path(__file__).parent.parent
SECONDS_TO_START = 120
GUNICORN = ("-m", "gunicorn", "--config", "config/gunicorn.conf.py")


@dataclass
class Live:
    """A running program; `start` and `kill` its parts by name."""

    database_url: str
    folder: Path
    port: int
    sandbox_port: int
    extra: Mapping[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    apps: list[Flask] = field(default_factory=list)
    # Business time begins at the newest shipped rates, as in the demonstration.
    offset: int = field(default_factory=lambda: round((TODAY - datetime.now(UTC)).total_seconds()))

    @property
    def url(self) -> str:
        """The address of the web server."""
        return f"http://localhost:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """The address of the stand-in for Stripe."""
        return f"http://localhost:{self.sandbox_port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of every part."""
        return {
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.folder),
            "BASE_URL": self.url,
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "STRIPE_API_KEY": "sk_test_tests",
            "STRIPE_WEBHOOK_SECRET": "whsec_tests",
            "SCREENING_WITHOUT_LISTS": "yes",
            "STRIPE_API_BASE": self.sandbox_url,
            "WEB_WORKERS": "1",
            "LOG_LEVEL": "WARNING",
            "CLOCK_OFFSET_SECONDS": str(self.offset),
            **self.extra,
        }

    def app(self) -> Flask:
        """Build the application in this process, on the same database and files: to prepare and to look."""
        app = create_app(Settings.from_environment(self.settings))
        self.apps.append(app)
        return app

    def start(self, name: str, *arguments: str) -> None:
        """Start a part: `python ARGUMENTS`, its words kept in a file."""
        environment = {**os.environ, **self.settings, "PYTHONPATH": str(ROOT)}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_web(self, entry: str = "wsgi:app") -> None:
        """Start gunicorn and wait until it answers."""
        self.start("web", *GUNICORN, entry)
        self.wait_for(lambda: answers(f"{self.url}/health/ready"), "the web server")

    def start_worker(self, *arguments: str) -> None:
        """Start the worker, or a test's own entry to it."""
        self.start("worker", *(arguments or ("-m", "flask", "--app", "wsgi", "worker")))

    def start_sandbox(self) -> None:
        """Start the stand-in for Stripe and wait until it answers."""
        state = str(self.folder / "sandbox.db")
        hook = f"{self.url}/webhooks/stripe"
        keys = ("--webhook-secret", "whsec_tests", "--secret-key", "sk_test_tests")
        port = str(self.sandbox_port)
        self.start(
            "sandbox", "-m", "marketplace.sandbox", "--port", port, "--state", state, "--webhook-url", hook, *keys
        )
        self.wait_for(lambda: answers(f"{self.sandbox_url}/healthz"), "the sandbox")

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """End a part with all its children and wait for its end."""
        process = self.processes.pop(name)
        if process.poll() is None:
            os.killpg(process.pid, number)
        process.wait(timeout=20)

    def wait_for(self, happened: Callable[[], object], what: str, seconds: float = SECONDS_TO_START) -> None:
        """Look again and again until it happened; raise with the parts' last words when it does not."""
        deadline = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > deadline:
                words = "\n".join(f"{log.name}: {log.read_text()[-6000:]}" for log in self.folder.glob("*.log"))
                raise AssertionError(f"{what} did not come within {seconds} s\n{words}")
            time.sleep(0.05)  # between two looks at another process; nothing here depends on its length


def answers(url: str) -> bool:
    """Tell whether an address answers with success."""
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def prepared(name: str, folder: Path, **extra: str) -> Iterator[Live]:
    """Yield a program that is not started yet, on a fresh database; stop all its parts afterwards."""
    with databases.copy(name) as url:
        live = Live(url, folder, free_port(), free_port(), extra)
        try:
            yield live
        finally:
            for part in list(live.processes):
                live.kill(part)
            for app in live.apps:
                with app.app_context():
                    db.engine.dispose()
