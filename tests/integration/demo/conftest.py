"""A quick demonstration loaded through the command, once for all tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.http.database import db
from tests.live import Live, prepared


@dataclass
class Loaded:
    """An application on the database that was loaded, and what the command said."""

    live: Live
    app: Flask
    said: Result

    def run(self, *arguments: str) -> Result:
        """Run a command."""
        return run(self.app, *arguments)


def run(app: Flask, *arguments: str) -> Result:
    """Run one of the program's commands in this process."""
    return app.test_cli_runner().invoke(args=list(arguments))


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with prepared("demo", folder) as live:
        live.start_sandbox()
        app = live.app()
        yield Loaded(live, app, run(app, "demo", "load", "--quick"))


@pytest.fixture
def session(loaded: Loaded) -> Iterator[Session]:
    """A session on the loaded database, for reading."""
    with loaded.app.app_context():
        session = db.session()
        yield session
        session.rollback()
