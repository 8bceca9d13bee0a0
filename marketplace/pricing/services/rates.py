"""Rates by hand: one curator enters, another releases or dismisses; so are quarantined imports."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.core.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.core.text import N_
from marketplace.pricing.models import RateDismissal, ReferenceRate, ReferenceSeries
from marketplace.pricing.queries import rate_by_id
from marketplace.pricing.rate_entry import read_reason
from marketplace.unit_of_work import UnitOfWork


class RateRefused(DomainError):
    """The rate entered cannot be: not above zero, or observed in the future."""

    code = "rate_refused"
    message = N_("Enter a rate above zero, observed today or before.")


class RateDecided(Conflict):
    """The rate waits no more: somebody released or dismissed it before."""

    code = "rate_decided"
    message = N_("This rate is already in force. Nothing was changed by you.")


def enter_rate(
    uow: UnitOfWork, *, series: str, observed_on: date, value: Decimal, source: str, reason: str = ""
) -> ReferenceRate:
    """Enter a rate by hand; it waits in quarantine until another curator releases it.

    The rate in force on that day stays in force meanwhile.
    """
    held = _locked_series(uow, series)
    if not value.is_finite() or value <= 0 or observed_on > uow.now.date() or not source.strip():
        raise RateRefused
    rate = ReferenceRate(
        series=held.code,
        observed_on=observed_on,
        value=value,
        source=source.strip(),
        licence=held.licence,
        imported_at=uow.now,
        imported_by=_who(uow),
        quarantined=True,
        quarantine_reason="entered by hand; waits for a second curator",
    )
    uow.session.add(rate)
    uow.record(
        "reference_rate.enter",
        rate,
        held,
        value=str(value),
        observed_on=observed_on.isoformat(),
        source=rate.source,
        reason=reason,
    )
    return rate


def release_rate(uow: UnitOfWork, *, rate_id: UUID, reason: str) -> ReferenceRate:
    """Put a quarantined rate into force by a new row, for a reason that the audit entry keeps.

    The row in force on that day, when there is one, is superseded. Raises InvalidInput without a reason, Forbidden for
    who entered the rate, RateDecided when it was released or dismissed before.
    """
    reason = read_reason(reason)
    waiting, series = _locked_waiting(uow, rate_id)
    if waiting.imported_by == _who(uow):
        raise Forbidden(N_("Somebody else must release what you entered."))
    rate = ReferenceRate(
        series=waiting.series,
        observed_on=waiting.observed_on,
        value=waiting.value,
        source=waiting.source,
        licence=waiting.licence,
        imported_at=uow.now,
        imported_by=_who(uow),
        supersedes_id=_in_force(uow, waiting),
        releases_id=waiting.id,
        quarantined=False,
    )
    uow.session.add(rate)
    uow.record("reference_rate.release", rate, waiting, series, value=str(rate.value), reason=reason)
    return rate


def dismiss_rate(uow: UnitOfWork, *, rate_id: UUID, reason: str) -> RateDismissal:
    """Say that a quarantined rate is wrong, so that it waits no more and is never used.

    Whoever entered it may take it back like this. Raises InvalidInput without a reason, RateDecided when it was
    released or dismissed before.
    """
    reason = read_reason(reason)
    waiting, series = _locked_waiting(uow, rate_id)
    dismissal = RateDismissal(rate_id=waiting.id, reason=reason, dismissed_by=_who(uow), dismissed_at=uow.now)
    uow.session.add(dismissal)
    uow.record("reference_rate.dismiss", dismissal, waiting, series, value=str(waiting.value), reason=reason)
    return dismissal


def _locked_series(uow: UnitOfWork, code: str) -> ReferenceSeries:
    series = uow.session.get(ReferenceSeries, code, with_for_update=True)
    if series is None:
        raise NotFound
    return series


def _locked_waiting(uow: UnitOfWork, rate_id: UUID) -> tuple[ReferenceRate, ReferenceSeries]:
    """Return a rate that still waits, its series locked: of two curators at one moment the second sees the first."""
    rate = rate_by_id(uow.session, rate_id)
    series = _locked_series(uow, rate.series)
    if uow.session.scalar(select(RateDismissal.rate_id).where(RateDismissal.rate_id == rate.id)) is not None:
        raise RateDecided(N_("This rate was already dismissed. Nothing was changed by you."))
    is_released = uow.session.scalar(select(ReferenceRate.id).where(ReferenceRate.releases_id == rate.id)) is not None
    if not rate.quarantined or is_released:
        raise RateDecided
    return rate, series


def _in_force(uow: UnitOfWork, rate: ReferenceRate) -> UUID | None:
    later = aliased(ReferenceRate)
    return uow.session.scalar(
        select(ReferenceRate.id).where(
            ReferenceRate.series == rate.series,
            ReferenceRate.observed_on == rate.observed_on,
            ~ReferenceRate.quarantined,
            ~select(later.id).where(later.supersedes_id == ReferenceRate.id).exists(),
        )
    )


def _who(uow: UnitOfWork) -> str:
    return str(uow.actor.user_id or uow.actor.name)
