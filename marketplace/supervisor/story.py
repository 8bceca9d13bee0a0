"""The order of a start and of an end."""

from __future__ import annotations

import signal
import threading
from types import FrameType

from config.settings import Settings
from marketplace.core import embedded_postgres
from marketplace.supervisor import programs, steps
from marketplace.supervisor.children import Children
from marketplace.supervisor.readiness import READY_TIMEOUT_SECONDS, probe_address, wait_until_ready

WATCH_SECONDS = 0.5


def run(settings: Settings) -> int:
    """Start everything, watch it until a signal or a hopeless crash, stop everything; return the exit status."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    children = Children(settings.data_dir, programs.environment(settings))
    try:
        return _serve(settings, children=children, stopping=stopping)
    finally:
        print("\nStopping…", flush=True)
        children.stop()
        if settings.embedded_database:
            embedded_postgres.stop(settings.data_dir)
        print("Stopped. The data is kept; `make run` goes on with it.", flush=True)


def _serve(settings: Settings, *, children: Children, stopping: threading.Event) -> int:
    _prepare(settings)
    # the sandbox first: the demonstration's orders are paid through it
    children.start(programs.sandbox(settings))
    steps.load_once(settings)
    if stopping.is_set():
        return 0
    children.start(programs.web(settings))
    children.start(programs.worker(settings))
    if wait_until_ready(probe_address(settings.host, settings.port), stopping=stopping):
        _welcome(settings)
    elif not stopping.is_set():
        raise steps.StepFailed(
            f"The web server did not become ready within {READY_TIMEOUT_SECONDS} seconds; "
            f"see {settings.data_dir / 'logs' / 'web.log'}"
        )
    return _watch(children, stopping=stopping)


def _prepare(settings: Settings) -> None:
    if settings.embedded_database:
        print("Starting the database…", flush=True)
        embedded_postgres.start(settings.data_dir)
        steps.begin_again_if_broken_off(settings)
    steps.migrate(settings)


def _watch(children: Children, *, stopping: threading.Event) -> int:
    while not stopping.wait(WATCH_SECONDS):
        if hopeless := children.tend():
            print(f"{hopeless} keeps crashing; giving up.", flush=True)
            return 1
    return 0


def _welcome(settings: Settings) -> None:
    print(f"\n{steps.people(settings)}\n", flush=True)
    print(f"The marketplace is open at {settings.base_url}")
    print(f"Letters it would send are in {settings.mail_dir}; logs are in {settings.data_dir / 'logs'}")
    print("Ctrl-C stops it.", flush=True)
