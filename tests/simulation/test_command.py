"""`make simulate` itself: processes of its own, the sums at the end."""

import re
import subprocess
import sys

import pytest

SECONDS = 240


@pytest.mark.slow
def test_the_command_plays_seeds_in_processes_of_its_own() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "2", "--processes", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)

    assert done.returncode == 0, done.stderr
    assert re.search(r"2 seeds, \d+ operations, \d+ crashes, 0 violations", done.stdout)
