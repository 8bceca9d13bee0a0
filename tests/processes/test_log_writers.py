"""A short version of `make log-test`."""

from tests import databases
from tests.processes import log


def test_sixteen_writers_and_two_sequencers_leave_no_gap_and_nothing_twice() -> None:
    with databases.copy("log_writers") as url:
        outcome = log.play(url, writers=16, seconds=3, seed=7)

    assert outcome.violations == []
    assert outcome.committed > 0
    assert outcome.undone > 0
