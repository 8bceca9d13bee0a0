"""The signed log: a checkpoint each minute, a verification of everything each night."""

from collections.abc import Callable

import structlog

from marketplace.audit.refusals import LogRefused
from marketplace.history.delivering import deliver_all
from marketplace.jobs.app import each_its_own, queue
from marketplace.transparency.checkpoints import checkpoint
from marketplace.transparency.verification import verify_and_tell
from marketplace.transparency.witnesses import ask_all
from marketplace.unit_of_work import UnitOfWork

log = structlog.get_logger()


@queue.periodic(cron="* * * * *")
@queue.task(name="audit.checkpoint", queueing_lock="audit.checkpoint", lock="audit.checkpoint")
@each_its_own
def sign(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Sign the log if it changed; a refusal is told in the log each time until somebody mends it."""
    del timestamp
    try:
        checkpoint(make_uow)
    except LogRefused as refused:
        log.warning("checkpoint_refused", code=refused.code, reason=refused.message)


@queue.periodic(cron="* * * * *")
@queue.task(name="audit.ask_witnesses", queueing_lock="audit.ask_witnesses", lock="audit.ask_witnesses")
@each_its_own
def ask_witnesses(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Ask the witnesses to sign the latest checkpoint; a job of its own, so that a slow one delays no signature."""
    del timestamp
    ask_all(make_uow)


@queue.periodic(cron="23 2 * * *")
@queue.task(name="audit.verify", queueing_lock="audit.verify", lock="audit.verify")
@each_its_own
def verify(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Rebuild the tree from the raw leaves and compare everything with it."""
    del timestamp
    report = verify_and_tell(make_uow)
    for finding in report.findings:
        log.error("audit_log_not_sound", code=finding.code, reason=finding.message)


@queue.periodic(cron="* * * * *")
@queue.task(name="audit.deliver_news", queueing_lock="audit.deliver_news", lock="audit.deliver_news")
@each_its_own
def deliver_news(make_uow: Callable[[], UnitOfWork], timestamp: int = 0) -> None:
    """Send news of the log to who subscribed; a job of its own, so that a slow receiver delays nothing else."""
    del timestamp
    deliver_all(make_uow)
