"""The steps before the programs start: the schema, and the demonstration's data on the first day."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import psycopg

from config.settings import Settings
from marketplace.core import embedded_postgres
from marketplace.supervisor import programs
from marketplace.supervisor.demonstration import write_privately
from marketplace.supervisor.programs import PROJECT, environment, flask

MIGRATIONS: Final = PROJECT / "migrations" / "versions"
MIGRATION_TIMEOUT_SECONDS = 120
LOADING_TIMEOUT_SECONDS = 900


class StepFailed(Exception):
    """A step before the start failed; nothing is served."""


def migrate(settings: Settings) -> None:
    """Bring the database's schema up to date, when it is not."""
    if is_current(settings.database_url):
        return
    log = settings.data_dir / "logs" / "migrations.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as words:
        done = subprocess.run(  # noqa: S603 (a command line of our own)
            flask("db", "upgrade"),
            cwd=PROJECT,
            env=environment(settings),
            stdout=words,
            stderr=subprocess.STDOUT,
            timeout=MIGRATION_TIMEOUT_SECONDS,
            check=False,
        )
    if done.returncode != 0:
        last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise StepFailed(f"The database could not be brought up to date ({log}):\n{last}")


def is_current(database_url: str) -> bool:
    """Say whether the database has the newest schema, without starting the whole program to ask."""
    try:
        with psycopg.connect(database_url.replace("+psycopg", "", 1), connect_timeout=5) as connection:
            held = connection.execute("select version_num from alembic_version").fetchall()
    except psycopg.Error:  # no such table yet, or no such database: the migration says what is wrong
        return False
    return held == [(newest_revision(),)]


def newest_revision() -> str:
    """Return the revision that no other one follows."""
    texts = [path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("*.py")]
    (newest,) = _named("revision", texts) - _named("down_revision", texts)
    return newest


def _named(name: str, texts: list[str]) -> set[str]:
    return {found for text in texts for found in re.findall(rf"""^{name} = ["'](\w+)["']""", text, re.MULTILINE)}


def begin_again_if_broken_off(settings: Settings) -> None:
    """Empty the database when the first loading was interrupted: half a demonstration would mislead."""
    if _loading(settings).exists() and not _loaded(settings).exists() and settings.embedded_database:
        print("The first loading was interrupted; beginning again.", flush=True)
        embedded_postgres.recreate_database(settings.data_dir)
        shutil.rmtree(settings.files_dir, ignore_errors=True)
        for file in programs.sandbox_files(settings):
            file.unlink(missing_ok=True)


def load_once(settings: Settings) -> None:
    """Load the reference data and the demonstration's people and lots, on the first start only."""
    if _loaded(settings).exists():
        return
    print("Loading the demonstration (once, about a minute)…", flush=True)
    _loading(settings).touch()
    done = subprocess.run(  # noqa: S603 (a command line of our own)
        flask("demo", "load"), cwd=PROJECT, env=environment(settings), timeout=LOADING_TIMEOUT_SECONDS, check=False
    )
    if done.returncode != 0:
        raise StepFailed("The demonstration could not be loaded; the reason stands above.")
    # the list cannot change before a reset, and keeping it spares each later start a second
    write_privately(_loaded(settings), _people(settings))
    _loading(settings).unlink()


def people(settings: Settings) -> str:
    """Return the list of people to sign in as, with their passwords."""
    return _loaded(settings).read_text(encoding="utf-8").rstrip()


def _people(settings: Settings) -> str:
    done = subprocess.run(  # noqa: S603 (a command line of our own)
        flask("demo", "people"),
        cwd=PROJECT,
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=MIGRATION_TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise StepFailed(f"The demonstration's people could not be listed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def _loading(settings: Settings) -> Path:
    return settings.data_dir / "demonstration.loading"


def _loaded(settings: Settings) -> Path:
    return settings.data_dir / "demonstration.people"
