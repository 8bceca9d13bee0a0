"""The queue looks after itself: jobs of a killed worker are done again, old ones are removed."""

from typing import Final

import structlog
from procrastinate import JobContext

from marketplace.jobs.app import queue

# A worker tells every ten seconds that it lives; after three times that its jobs belong to nobody.
SILENT_SECONDS: Final = 30
KEEP_FAILED_HOURS: Final = 24 * 30

log = structlog.get_logger()


@queue.periodic(cron="* * * * *")
@queue.task(name="queue.rescue", queueing_lock="queue.rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int = 0) -> None:
    """Put back the jobs whose worker died while it did them."""
    del timestamp
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        log.warning("job_rescued", job=job.id, task=job.task_name)
        await jobs.retry_job(job)


@queue.periodic(cron="17 3 * * *")
@queue.task(name="queue.clean", queueing_lock="queue.clean", pass_context=True)
async def clean(context: JobContext, timestamp: int = 0) -> None:
    """Remove jobs that ended, and after a month also those that failed."""
    del timestamp
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_FAILED_HOURS, include_failed=True)
