"""Two hundred seeds: nothing that happens to orders and their money breaks an invariant."""

import pytest

from tests.simulation.run import Report, Run
from tests.simulation.stage import Stage

SEEDS = 200
AT_ONCE = 10


def told(report: Report) -> str:
    """Return what a person needs to look into a violation."""
    return "\n".join([f"make simulate SEED={report.seed}", *report.trace])


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_no_seed_breaks_an_invariant(stage: Stage, first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        report = Run(stage, seed).play()
        assert report.violation is None, told(report)


@pytest.mark.slow
def test_a_seed_happens_again_exactly_as_before(stage: Stage) -> None:
    reports = (Run(stage, seed, "fee_forgotten").play() for seed in range(50))
    first = next(report for report in reports if report.violation is not None)
    again = Run(stage, first.seed, "fee_forgotten").play()

    assert (again.trace, str(again.violation)) == (first.trace, str(first.violation))
    assert "clearing has the providers lines" in first.trace[-1]


def test_two_seeds_are_two_stories(stage: Stage) -> None:
    assert Run(stage, 1).play().digest != Run(stage, 2).play().digest
