"""Fetch a source: note the try and commit, read it outside any transaction, import what it held in a second one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, text

from config.rate_sources import SourceDescription
from config.settings import Settings
from marketplace.core.fetching import Fetched, FetchPolicy, FetchRefused, fetch
from marketplace.pricing.fetch_times import KEEP_FETCHES, is_abandoned, next_try
from marketplace.pricing.models import RateFetch, ReferenceRate, ReferenceSeries
from marketplace.pricing.queries import fetches_of, last_read, last_start, latest_fetches
from marketplace.pricing.queries.fetches import failures_in_a_row
from marketplace.pricing.services.import_rates import import_observations
from marketplace.pricing.sources import DocumentRefused, Feed, RefusedRow, source_for
from marketplace.pricing.sources.values import FUTURE
from marketplace.unit_of_work import UnitOfWork, running

MOST_KEPT_ROWS: Final = 50
LONGEST_REASON: Final = 300
_LOST: Final = "abandoned: the worker ended before the fetch did"


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a try needs to know once its transaction is over."""

    fetch_id: UUID
    etag: str | None
    last_modified: str | None


def due_sources(uow: UnitOfWork) -> list[SourceDescription]:
    """Return the sources with an address whose time has come."""
    return [each for each in uow.settings.rate_sources_file.described if each.address and _is_due(uow, each)]


def _is_due(uow: UnitOfWork, source: SourceDescription) -> bool:
    started = last_start(uow.session, source.code)
    if started is None:
        return True
    failures = failures_in_a_row(uow.session, source.code)
    return next_try(started, every=timedelta(minutes=source.every_minutes), failures=failures) <= uow.now


def fetch_source(make_uow: Callable[[], UnitOfWork], *, source: SourceDescription) -> RateFetch | None:
    """Fetch one source and import what it holds; return the try, or None when another worker is at it.

    Nothing that the source does raises: the try says what was wrong, and the last good rates stay in force.
    """
    with running(make_uow) as uow:
        begun = _begin(uow, source)
        policy, today = policy_of(uow.settings), uow.now.date()
    if begun is None:
        return None
    answer: Fetched | None = None
    feed: Feed | None = None
    refusal = ""
    try:
        answer = fetch(
            source.address,
            policy=policy,
            headers={source.key_header: source.key} if source.key_header else None,
            etag=begun.etag,
            last_modified=begun.last_modified,
        )
        feed = None if answer.is_unchanged else source_for(source, today=today).parse(answer.body)
    except FetchRefused as refused:
        refusal = str(refused)
    except DocumentRefused as refused:
        refusal = f"document: {refused}"
    with running(make_uow) as uow:
        return _finish(uow, source, begun=begun, answer=answer, feed=feed, refusal=refusal)


def policy_of(settings: Settings) -> FetchPolicy:
    """Return what the settings allow to be asked."""
    return FetchPolicy(
        hosts=settings.rate_hosts,
        timeout_seconds=settings.rate_fetch_timeout_seconds,
        max_bytes=settings.rate_fetch_max_bytes,
        loopback=settings.rate_fetch_loopback,
    )


def _begin(uow: UnitOfWork, source: SourceDescription) -> _Begun | None:
    """Note that a source is being read; None when somebody reads it already. Closes the try of a lost worker."""
    uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 3))"), {"key": source.code})
    for each in fetches_of(uow.session, source.code, limit=1):
        if each.outcome == "running":
            if not is_abandoned(each.started_at, uow.now, timeout_seconds=uow.settings.rate_fetch_timeout_seconds):
                return None
            each.outcome, each.reason, each.finished_at = "failed", _LOST, uow.now
    read = last_read(uow.session, source.code)
    begun = RateFetch(source=source.code, started_at=uow.now, outcome="running", refused_rows=[])
    uow.session.add(begun)
    uow.session.flush()
    return _Begun(begun.id, read.etag if read else None, read.last_modified if read else None)


def _finish(
    uow: UnitOfWork,
    source: SourceDescription,
    *,
    begun: _Begun,
    answer: Fetched | None,
    feed: Feed | None,
    refusal: str,
) -> RateFetch:
    found = uow.session.get_one(RateFetch, begun.fetch_id, with_for_update=True)
    if found.outcome != "running":
        return found  # it took so long that somebody closed it; what it brought comes with the next
    found.finished_at = uow.now
    if answer is not None:
        found.status, found.bytes_read, found.sha256 = answer.status, len(answer.body), answer.sha256
    if answer is not None and answer.is_unchanged:
        found.outcome = "unchanged"
        found.etag, found.last_modified = answer.etag or begun.etag, answer.last_modified or begun.last_modified
    elif answer is None or feed is None:
        found.outcome, found.reason = ("failed" if answer is None else "refused"), refusal[:LONGEST_REASON]
    else:
        _import(uow, source, found=found, answer=answer, feed=feed)
    return found


def _import(uow: UnitOfWork, source: SourceDescription, *, found: RateFetch, answer: Fetched, feed: Feed) -> None:
    ensure_series(uow, source)
    imported = import_observations(uow, feed.observations, fetch_id=found.id)
    refused = (*feed.refused, *imported.refused)
    found.new_rates, found.quarantined = imported.new, imported.quarantined
    found.refused_rows = kept_rows(refused)
    found.outcome = "imported" if len(imported.refused) < len(feed.observations) else "refused"
    if refused:
        found.reason = f"rows: {len(refused)} refused, {len(feed.observations) - len(imported.refused)} read"
    # A row that was early today must be read again tomorrow, also when the document stays the same.
    if found.outcome == "imported" and not any(FUTURE in each.reason for each in refused):
        found.etag, found.last_modified = answer.etag, answer.last_modified


def kept_rows(refused: tuple[RefusedRow, ...]) -> list[dict[str, Any]]:
    """Return the first refused rows as they are stored; the rest are only counted."""
    return [{"place": each.place, "reason": each.reason} for each in refused[:MOST_KEPT_ROWS]]


def ensure_series(uow: UnitOfWork, source: SourceDescription) -> None:
    """Create the series of a source that are missing; those that are there stay as they are."""
    for each in source.series:
        if uow.session.get(ReferenceSeries, each.code) is None:
            series = ReferenceSeries(
                code=each.code,
                pair=each.pair,
                priority=each.priority,
                name=each.name,
                unit=each.unit,
                source=source.source,
                licence=source.licence,
                max_age_working_days=each.max_age_working_days,
                jump_limit=each.jump_limit,
            )
            uow.session.add(series)
            uow.record(
                "reference_series.add",
                series,
                source=series.source,
                licence=series.licence,
                pair=series.pair,
                priority=series.priority,
            )


def remove_old_fetches(uow: UnitOfWork) -> int:
    """Remove tries older than 400 days, but the newest of a source and those that brought a rate; return how many."""
    newest = [each.id for each in latest_fetches(uow.session)]
    brought = select(ReferenceRate.id).where(ReferenceRate.fetch_id == RateFetch.id).exists()
    old = delete(RateFetch).where(RateFetch.started_at < uow.now - KEEP_FETCHES, RateFetch.id.not_in(newest), ~brought)
    return len(uow.session.scalars(old.returning(RateFetch.id)).all())
