"""What the supervisor makes sure of before it starts anything."""

import os
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from config.settings import Settings, read_assignments
from marketplace.supervisor.demonstration import FIRST_MOMENT, ensure_secrets, made_up
from marketplace.supervisor.lock import AlreadyRunning, only_one
from marketplace.supervisor.ports import PortTaken, require_free
from marketplace.supervisor.programs import PROJECT
from marketplace.supervisor.reset import reset
from marketplace.supervisor.steps import is_current, newest_revision
from tests import databases


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "marketplace.supervisor"],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_taken_port_is_named_with_the_setting_that_moves_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = start(DATA_DIR=str(tmp_path), PORT=str(port))

    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "postgres").exists(), "nothing was started"


def test_a_free_port_is_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        with pytest.raises(PortTaken, match="SANDBOX_PORT"):
            require_free("127.0.0.1", port, setting="SANDBOX_PORT")

    require_free("127.0.0.1", port, setting="SANDBOX_PORT")


def test_a_second_supervisor_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path):
        done = start(DATA_DIR=str(tmp_path))

    assert done.returncode == 1
    assert f"already runs on {tmp_path} (process {os.getpid()})" in done.stderr


def test_the_lock_is_free_again_after_its_holder_is_gone(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyRunning), only_one(tmp_path):
        pass

    with only_one(tmp_path):
        pass


def test_production_is_not_started_by_make_run(tmp_path: Path) -> None:
    done = start(DATA_DIR=str(tmp_path), ENVIRONMENT="production")

    assert done.returncode == 2
    assert "demonstration only" in done.stdout


def test_a_setting_that_cannot_be_used_is_one_plain_sentence(tmp_path: Path) -> None:
    done = start(DATA_DIR=str(tmp_path), PORT="eighty")

    assert done.returncode == 1
    assert "PORT is 'eighty'; it must be a whole number" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demonstration_makes_its_keys_once_and_privately(tmp_path: Path) -> None:
    path = ensure_secrets(tmp_path)
    first = path.read_text()

    ensure_secrets(tmp_path)

    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path)})
    assert len(settings.field_key) == 32
    assert settings.stripe_api_key.startswith("sk_test_")


def test_a_key_added_by_a_newer_version_is_made_without_touching_the_others(tmp_path: Path) -> None:
    path = ensure_secrets(tmp_path)
    kept = {name: value for name, value in read_assignments(path).items() if name != "FIELD_KEY"}
    path.write_text("".join(f"{name}={value}\n" for name, value in kept.items()))

    ensure_secrets(tmp_path)

    assert read_assignments(path).items() >= kept.items()
    assert "FIELD_KEY" in read_assignments(path)


def test_business_time_begins_on_the_last_day_of_the_shipped_rates() -> None:
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    offset = timedelta(seconds=int(made_up(now=now)["CLOCK_OFFSET_SECONDS"]))

    assert now + offset == FIRST_MOMENT


def test_reset_removes_a_demonstration_and_nothing_else(tmp_path: Path) -> None:
    somebody_elses = tmp_path / "photographs"
    somebody_elses.mkdir()
    with pytest.raises(FileNotFoundError):
        reset(somebody_elses)
    assert somebody_elses.is_dir()

    demonstration = tmp_path / "var"
    demonstration.mkdir()
    ensure_secrets(demonstration)
    reset(demonstration)

    assert not demonstration.exists()


def test_the_newest_revision_is_the_one_alembic_would_reach() -> None:
    assert newest_revision() == ScriptDirectory(str(PROJECT / "migrations")).get_current_head()


def test_a_schema_is_current_after_the_last_migration_and_not_before() -> None:
    with databases.copy("current") as url:
        assert is_current(url)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("update alembic_version set version_num = '0001'")
        assert not is_current(url)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("drop table alembic_version")
        assert not is_current(url)
