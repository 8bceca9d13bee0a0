"""Databases for tests: one server a run, one migrated template, quick copies of it."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from flask import Flask, g

from config.settings import Settings
from marketplace.app import create_app
from marketplace.core import embedded_postgres
from marketplace.core.clock import Clock

FOLDER = "TEST_SERVER_FOLDER"
TEMPLATE = "marketplace_template"
ROOT = Path(__file__).parent.parent


def choose_folder() -> None:
    """Make a folder for this run's server, known to its workers through the environment."""
    os.environ.setdefault(FOLDER, tempfile.mkdtemp(prefix="market-test-"))


def stop_server() -> None:
    """Stop the run's server and remove its data."""
    folder = Path(os.environ[FOLDER])
    embedded_postgres.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def settings(url: str, *, data_dir: Path, **more: str) -> Settings:
    """Return test settings on a database."""
    return Settings.from_environment(
        {
            "ENVIRONMENT": "test",
            "DATABASE_URL": url,
            "DATA_DIR": str(data_dir),
            "BASE_URL": "http://localhost",
            "STRIPE_API_KEY": "sk_test_tests",
            "STRIPE_WEBHOOK_SECRET": "whsec_tests",
            "SCREENING_WITHOUT_LISTS": "yes",
            **more,
        }
    )


def application(url: str, *, data_dir: Path, clock: Clock | None = None, **more: str) -> Flask:
    """Build the application for tests; forms need no CSRF token here (tests/web/test_csrf.py covers it)."""
    app = create_app(settings(url, data_dir=data_dir, **more), clock=clock)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.before_request_funcs.setdefault(None, []).insert(0, _forget_the_request_before)
    return app


def _forget_the_request_before() -> None:
    """Begin with an empty `g`, as outside tests: an open application context lends its own to every request."""
    for name in tuple(g):
        g.pop(name)


@contextmanager
def copy(name: str) -> Iterator[str]:
    """Yield the address of a fresh copy of the migrated template; drop it afterwards."""
    template = _template()
    name = f"t_{os.getpid()}_{name}"
    with psycopg.connect(_plain(_named(template, "postgres")), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
    try:
        yield _named(template, name)
    finally:
        # A closed session may take a moment to go, and only a superuser may end another superuser's (the simulation's).
        with psycopg.connect(as_superuser(_named(template, "postgres")), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def as_superuser(url: str) -> str:
    """Return psycopg's address of a database for the embedded server's superuser; another server's user stays."""
    return _plain(url).replace(f"//{embedded_postgres.OWNER}@", f"//{embedded_postgres.SUPERUSER}@", 1)


def _template() -> str:
    """Return the template's address; the first caller of the run starts the server and migrates it."""
    folder = Path(os.environ[FOLDER])
    folder.mkdir(exist_ok=True)
    with (folder / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = os.environ.get("TEST_DATABASE_URL") or embedded_postgres.start_for_tests(folder)
        url = _named(server, TEMPLATE)
        if not (folder / "migrated").exists():
            with psycopg.connect(_plain(_named(server, "postgres")), autocommit=True) as admin:
                admin.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
                admin.execute(f"CREATE DATABASE {TEMPLATE}")
            migrate(url)
            (folder / "migrated").touch()
    return url


def migrate(url: str, *arguments: str) -> None:
    """Run `flask db upgrade` (or another db command) on a database in a process of its own."""
    environment = {
        **os.environ,
        "ENVIRONMENT": "test",
        "DATABASE_URL": url,
        "STRIPE_API_KEY": "sk_test_tests",
        "STRIPE_WEBHOOK_SECRET": "whsec_tests",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", *(arguments or ("upgrade",))]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[2:])} failed:\n{done.stdout}\n{done.stderr}")


def _named(url: str, database: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
