"""`make simulate` itself: processes of its own, the sums at the end."""

import os
import re
import subprocess
import sys

import pytest

from tests import databases

SECONDS = 240


@pytest.mark.slow
def test_the_command_plays_seeds_in_processes_of_its_own() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "2", "--processes", "1"]
    # Without the name of this run's database server: the command starts one of its own, and stops it at its end.
    environment = {name: value for name, value in os.environ.items() if name != databases.FOLDER}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)

    assert done.returncode == 0, done.stderr
    assert re.search(r"2 seeds, \d+ operations, \d+ crashes, 0 violations", done.stdout)
