"""The sequencer inside the worker: once a second, without a job, so that an empty queue stays empty."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from marketplace.audit.refusals import LogRefused
from marketplace.http.context import make_uow
from marketplace.http.database import db
from marketplace.transparency.checkpoints import sequence_all

INTERVAL_SECONDS: Final = 1.0
# After a failure: what stands in the log each second is read by nobody.
PAUSE_SECONDS: Final = 30.0

log = structlog.get_logger()


@contextmanager
def sequencing(app: Flask) -> Iterator[None]:
    """Give places to committed events beside what the block does."""
    stopping = threading.Event()
    thread = threading.Thread(target=_run, args=(app, stopping), name="sequencer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=INTERVAL_SECONDS)


def _run(app: Flask, stopping: threading.Event) -> None:
    pause = INTERVAL_SECONDS
    while not stopping.wait(pause):
        with app.app_context():
            pause = _once()
            db.session.remove()


def _once() -> float:
    try:
        sequence_all(make_uow)
    except (LogRefused, SQLAlchemyError) as problem:
        log.exception("sequencer_stopped", reason=str(problem))
        return PAUSE_SECONDS
    return INTERVAL_SECONDS
