"""A real PostgreSQL for every test: one server a run, one database a worker, one rolled-back transaction a test."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from marketplace.audit.registry import plant
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.http.limits import limiter
from marketplace.jobs import app as jobs
from marketplace.unit_of_work import UnitOfWork
from tests import databases, made_up
from tests.trial import check_ledger

plant(*made_up.ACTIONS)
# A Tuesday; the newest day of the shipped reference rates.
TODAY = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
# How long an example takes says how busy the machine is; speed is measured in benchmarks/. The mutation tests bring a
# profile of their own.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if settings.get_current_profile_name() == "default":
    settings.load_profile("suite")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the server this run started."""
    if not hasattr(session.config, "workerinput"):
        databases.stop_server()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the run's server folder before the workers start, so that they share it."""
    if not hasattr(config, "workerinput"):
        databases.choose_folder()


@pytest.fixture(scope="session")
def files_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for photos."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="session")
def built_app(files_dir: Path, worker_id: str) -> Iterator[Flask]:
    """The application on this worker's own database."""
    with databases.copy(f"worker_{worker_id}") as url:
        app = databases.application(url, data_dir=files_dir, clock=SetClock(TODAY))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this xdist worker; `main` without xdist."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture
def app(built_app: Flask) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back after the test, once its ledger was found to close."""
    with built_app.app_context():
        engine = db.engine
    connection = engine.connect()
    transaction = connection.begin()
    db._app_engines[built_app][None] = connection  # type: ignore[assignment]
    built_app.extensions["clock"].time = TODAY
    limiter.reset()  # nobody's requests count for the next test
    jobs.bind(built_app)  # a test with an application of its own bound the tasks to that one
    try:
        yield built_app
        check_ledger(connection)
    finally:
        db._app_engines[built_app][None] = engine
        transaction.rollback()
        connection.close()


@pytest.fixture
def clock(app: Flask) -> SetClock:
    """The clock of the test: `clock.advance(timedelta(days=3))`."""
    found: SetClock = app.extensions["clock"]
    return found


@pytest.fixture
def uow(app: Flask) -> Iterator[UnitOfWork]:
    """A unit of work of the system; nothing is committed for good."""
    with app.app_context():
        unit = make_uow()
        yield unit
        unit.session.close()


@pytest.fixture
def session(uow: UnitOfWork) -> Session:
    """The session of the test's unit of work."""
    return uow.session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody signed in with. (Do not use together with an open `uow`: commit and close it first.)"""
    return app.test_client()
