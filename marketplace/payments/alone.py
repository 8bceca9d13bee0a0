"""Look after many things one by one: what fails is logged and does not stop what stands behind it."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from marketplace.core.errors import DomainError

T = TypeVar("T")
_logger = logging.getLogger(__name__)


def each_alone(things: Iterable[T], attend: Callable[[T], object]) -> int:
    """Attend to each thing and return how many failed; what is no refusal of ours or the database's is raised."""
    failed = 0
    for thing in things:
        try:
            attend(thing)
        except (DomainError, SQLAlchemyError):
            failed += 1
            _logger.exception("could not attend to %s", thing)
    return failed
