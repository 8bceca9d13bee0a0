"""A program in real processes with one lot on sale."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import Live, prepared


@pytest.fixture
def live(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Live]:
    """The program, its web server and payment sandbox running; the worker is for the test to start."""
    with prepared("live", tmp_path, **getattr(request, "param", {})) as program:
        program.start_sandbox()
        yield program
