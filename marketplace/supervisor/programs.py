"""The programs of the demonstration: their command lines and what they are told by the environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
WEBHOOK_PATH = "/webhooks/stripe"


@dataclass(frozen=True)
class Program:
    """One long-running program: its name in the logs and its command line."""

    name: str
    command: tuple[str, ...]


def sandbox(settings: Settings) -> Program:
    """Return the stand-in for the payment provider."""
    return Program(
        "sandbox",
        (
            *(sys.executable, "-m", "marketplace.sandbox"),
            *("--port", str(settings.sandbox_port)),
            *("--state", str(sandbox_files(settings)[0])),
            *("--webhook-url", f"http://127.0.0.1:{settings.port}{WEBHOOK_PATH}"),
            *("--webhook-secret", settings.stripe_webhook_secret),
            *("--secret-key", settings.stripe_api_key),
        ),
    )


def sandbox_files(settings: Settings) -> tuple[Path, Path, Path]:
    """Return the sandbox's own database file and the two that SQLite keeps beside it."""
    state = settings.data_dir / "sandbox.sqlite3"
    return state, state.with_name(f"{state.name}-wal"), state.with_name(f"{state.name}-shm")


def web(_settings: Settings) -> Program:
    """Return the web server."""
    return Program(
        "web", (sys.executable, "-m", "gunicorn", "--config", str(PROJECT / "config/gunicorn.conf.py"), "wsgi:app")
    )


def worker(_settings: Settings) -> Program:
    """Return the background worker."""
    return Program("worker", flask("worker"))


def flask(*arguments: str) -> tuple[str, ...]:
    """Return the command line of one of the program's own commands."""
    return (sys.executable, "-m", "flask", "--app", "wsgi", *arguments)


def environment(settings: Settings) -> dict[str, str]:
    """Return what each program finds in its environment: all of ours, and where the data is."""
    return {
        **os.environ,
        "ENVIRONMENT": settings.environment,
        "DATA_DIR": str(settings.data_dir),
        "PYTHONUNBUFFERED": "1",
    }
