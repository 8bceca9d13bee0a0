"""The sandbox as a real process, and a small receiver that stands where our webhook endpoint will be."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

SECRET_KEY = "sk_test_of_the_tests"
WEBHOOK_SECRET = "whsec_of_the_tests"
GIVE_UP_SECONDS = 15.0


def wait_until(true: Callable[[], bool], *, why: str) -> None:
    """Poll until something holds, at most for a while."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while not true():
        assert time.monotonic() < give_up, f"waited too long: {why}"
        time.sleep(0.02)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Delivery:
    """One webhook request as it came in."""

    payload: bytes
    signature: str

    @property
    def event(self) -> dict[str, Any]:
        """The event it carries."""
        event: dict[str, Any] = json.loads(self.payload)
        return event


class Receiver:
    """Take webhooks in and answer each with the next wanted status, else 200."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.deliveries.append(Delivery(payload, self.headers["Stripe-Signature"]))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep the test output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/stripe"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def types(self) -> list[str]:
        """The types of the events in the order of arrival."""
        return [delivery.event["type"] for delivery in self.deliveries]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Sandbox:
    """A running sandbox; it can be killed and started again over the same state."""

    state: Path
    webhook_url: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The base address of the API."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process and wait until it answers."""
        self.process = subprocess.Popen(
            [*command(self.port, self.state), "--webhook-url", self.webhook_url, "--webhook-secret", WEBHOOK_SECRET],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self.answers, why="the sandbox starts")

    def answers(self) -> bool:
        """Say whether the process answers."""
        assert self.process is not None
        assert self.process.poll() is None, "the sandbox ended at once"
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except requests.ConnectionError:
            return False

    def kill(self) -> None:
        """End the process as `kill -9` does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=10)

    def order(self, path: str, **orders: int) -> dict[str, Any]:
        """Give an order on the control address."""
        response = requests.post(f"{self.url}/control/{path}", json=orders, timeout=5)
        assert response.status_code == 200, response.text
        state: dict[str, Any] = response.json()
        return state

    def deliveries(self) -> dict[str, int]:
        """Count the webhook deliveries by state."""
        counts: dict[str, int] = requests.get(f"{self.url}/control/state", timeout=5).json()["deliveries"]
        return counts

    def settle(self) -> None:
        """Switch all faults off and wait until every event was delivered."""
        self.order("faults/clear")
        self.order("release")
        wait_until(lambda: self.deliveries()["waiting"] == 0, why="the webhook queue drains")

    def pay(self, session_id: str, number: str = "4242 4242 4242 4242") -> requests.Response:
        """Send the form of the payment page as a browser does, without following the redirect."""
        return requests.post(f"{self.url}/pay/{session_id}", data={"number": number}, allow_redirects=False, timeout=5)

    def call(self, path: str, parameters: dict[str, str], *, key: str) -> requests.Response:
        """Post to the API without Stripe's library."""
        return requests.post(
            f"{self.url}/v1/{path}",
            data=parameters,
            headers={"Authorization": f"Bearer {SECRET_KEY}", "Idempotency-Key": key},
            timeout=5,
        )


def command(port: int, state: Path, *, secret_key: str = SECRET_KEY) -> list[str]:
    """Return the command that starts a sandbox."""
    start = [sys.executable, "-m", "marketplace.sandbox", "--port", str(port), "--state", str(state)]
    return [*start, "--secret-key", secret_key]


def environment(**more: str) -> dict[str, str]:
    """Return our environment with additions."""
    return {**os.environ, "ENVIRONMENT": "test", **more}
