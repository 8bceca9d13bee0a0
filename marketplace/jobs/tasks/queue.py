"""The queue looks after itself: jobs of a killed worker are done again, old ones are removed."""

from typing import Final

import structlog
from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from marketplace.jobs.app import queue

# A worker tells every five seconds that it lives; after three times that its jobs belong to nobody.
HEARTBEAT_SECONDS: Final = 5
SILENT_SECONDS: Final = 3 * HEARTBEAT_SECONDS
# Commands to the provider are leased: what a dead worker had leased goes out again as well.
SENDING: Final = frozenset({"payments.send", "payments.resend", "payments.send_abandoned"})
KEEP_FAILED_HOURS: Final = 24 * 30

log = structlog.get_logger()


@queue.periodic(cron="* * * * * */10")
@queue.task(name="queue.rescue", queueing_lock="queue.rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int = 0) -> None:
    """Put back the jobs whose worker died while it did them."""
    del timestamp
    jobs = context.app.job_manager
    stalled = list(await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in stalled:
        await _put_back(jobs, job)
    if any(job.task_name in SENDING for job in stalled):
        await queue.configure_task("payments.send_abandoned").defer_async(silent_seconds=SILENT_SECONDS)


async def _put_back(jobs: JobManager, job: Job) -> None:
    try:
        await jobs.retry_job(job)
    except UniqueViolation:  # the same work waits already under the job's own lock, and does for both
        await jobs.finish_job(job, status=Status.ABORTED, delete_job=True)
        log.warning("job_waits_already", job=job.id, task=job.task_name)
    else:
        log.warning("job_rescued", job=job.id, task=job.task_name)


@queue.periodic(cron="17 3 * * *")
@queue.task(name="queue.clean", queueing_lock="queue.clean", pass_context=True)
async def clean(context: JobContext, timestamp: int = 0) -> None:
    """Remove jobs that ended, and after a month also those that failed."""
    del timestamp
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)
