"""One stage for every worker of the test run."""

from collections.abc import Iterator

import pytest

from marketplace.jobs import app as jobs
from tests.simulation.stage import Stage, set_up


@pytest.fixture(scope="session")
def built_stage(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Stage]:
    """A stage on this worker's own database; its changes are really committed."""
    with set_up(f"simulation_{worker_id}", tmp_path_factory.mktemp("simulation")) as stage:
        yield stage


@pytest.fixture
def stage(built_stage: Stage) -> Stage:
    """The stage, with the tasks bound to its application."""
    jobs.bind(built_stage.world.app)
    return built_stage
