"""Deadlines and notices that stand still while force majeure lasts. Pure; all times are given.

Source: the overlay of the order chapter. Nobody can act in a closed region, so its time does not count: a deadline
comes later by exactly the time of force majeure between the beginning of the stretch and the deadline itself. Two
declarations about the same hours count once, in whatever order they were made.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """A time from its first moment up to, and without, its last."""

    start: datetime
    end: datetime


def in_force(start: datetime, end: datetime, *, ended_at: datetime | None) -> Period:
    """Return the time a declaration covers: ended early it keeps what had passed by then, and no more."""
    return Period(start, end if ended_at is None else min(end, max(start, ended_at)))


def written(periods: Iterable[Period]) -> list[list[str]]:
    """Return periods as an order keeps them."""
    return [[period.start.isoformat(), period.end.isoformat()] for period in periods]


def read_periods(kept: Iterable[Iterable[str]]) -> list[Period]:
    """Return the periods that an order keeps."""
    return [Period(*map(datetime.fromisoformat, times)) for times in kept]


def merged(periods: Iterable[Period]) -> list[Period]:
    """Return the same moments as periods that neither touch nor overlap, oldest first; empty ones are left out."""
    kept: list[Period] = []
    for period in sorted(period for period in periods if period.start < period.end):
        if kept and period.start <= kept[-1].end:
            kept[-1] = Period(kept[-1].start, max(kept[-1].end, period.end))
        else:
            kept.append(period)
    return kept


def without(periods: Iterable[Period], stopped: Iterable[Period]) -> list[Period]:
    """Return the moments of `periods` that are in none of `stopped`."""
    left = merged(periods)
    for gap in merged(stopped):
        left = [part for period in left for part in _around(period, gap)]
    return left


def shifted(deadline: datetime, *, since: datetime, pauses: Iterable[Period]) -> datetime:
    """Return when the deadline comes if the time of `pauses` from `since` on does not count; never earlier.

    A pause that begins at the deadline, or after it, comes too late to move it.
    """
    for pause in merged(pauses):
        if pause.start >= deadline:
            break
        deadline += max(pause.end - max(pause.start, since), timedelta())
    return deadline


def net_deadline(deadline: datetime, *, at: datetime, pauses: Iterable[Period]) -> datetime:
    """Return the deadline without the time of `pauses` that is still to come at `at`.

    What interrupts a stretch keeps this: how much working time was left. What is left of a pause afterwards is given
    to the next stretch, and so never twice.
    """
    ahead = (min(pause.end, deadline) - max(pause.start, at) for pause in merged(pauses))
    return deadline - sum((span for span in ahead if span > timedelta()), start=timedelta())


def worked(*, since: datetime, now: datetime, pauses: Iterable[Period]) -> timedelta:
    """Return how much of the time from `since` to `now` was in no pause."""
    return net_deadline(now, at=since, pauses=pauses) - since


def capped(moved: datetime, *, original: datetime, latest: datetime | None) -> datetime:
    """Return the moved deadline, at most the last day of the hold; a deadline already behind it stays as it was."""
    return moved if latest is None else min(moved, max(original, latest))


def _around(period: Period, gap: Period) -> Iterator[Period]:
    parts = (Period(period.start, min(period.end, gap.start)), Period(max(period.start, gap.end), period.end))
    return (part for part in parts if part.start < part.end)
