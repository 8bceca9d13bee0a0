"""What one of many buyer processes does. Imports little: sixteen of them start at once."""

from multiprocessing.synchronize import Barrier

from tests.visitor import Visitor

_together: list[Barrier] = []


def remember(barrier: Barrier) -> None:
    """Keep the barrier that all buyers of this run wait at."""
    _together[:] = [barrier]


def press_buy(url: str, path: str, token: str, answers: dict[str, str]) -> int:
    """Open the page, wait for the others, send the form; return the status."""
    visitor = Visitor(url, token)
    visitor.open(path)
    form = {**visitor.form(path), **answers}
    _together[0].wait(timeout=120)
    return visitor.send(path, form).status_code
