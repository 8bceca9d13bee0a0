"""Reads of the tries to read a source: the newest of each, and the history of one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from marketplace.pricing.models import RateFetch

_READ = ("imported", "unchanged")
# More failures in a row change nothing: the pause has long reached the source's own interval.
_MOST_FAILURES = 10


def latest_fetches(session: Session) -> Sequence[RateFetch]:
    """Return the newest try of every source, by source."""
    newest = (
        select(RateFetch)
        .ext(distinct_on(RateFetch.source))
        .order_by(RateFetch.source, RateFetch.started_at.desc(), RateFetch.id.desc())
    )
    return session.scalars(newest).all()


def fetches_of(session: Session, source: str, *, limit: int = 50) -> Sequence[RateFetch]:
    """Return the tries of one source, newest first."""
    tries = select(RateFetch).where(RateFetch.source == source)
    return session.scalars(tries.order_by(RateFetch.started_at.desc(), RateFetch.id.desc()).limit(limit)).all()


def last_read(session: Session, source: str) -> RateFetch | None:
    """Return the newest try whose marks may be sent again, or None."""
    read = select(RateFetch).where(RateFetch.source == source, RateFetch.outcome.in_(_READ))
    return session.scalar(read.order_by(RateFetch.started_at.desc(), RateFetch.id.desc()).limit(1))


def failures_in_a_row(session: Session, source: str) -> int:
    """Return how many of the newest tries of a source failed or were refused, at most ten; one at work counts too."""
    outcomes = [each.outcome for each in fetches_of(session, source, limit=_MOST_FAILURES)]
    return next(
        (place for place, outcome in enumerate(outcomes) if outcome in ("imported", "unchanged")), len(outcomes)
    )


def last_start(session: Session, source: str) -> datetime | None:
    """Return when a source was last tried, or None."""
    tries = fetches_of(session, source, limit=1)
    return tries[0].started_at if tries else None
