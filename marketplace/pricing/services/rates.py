"""Rates by hand: one curator enters, another releases; a quarantined import is released the same way."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.core.errors import Conflict, DomainError, Forbidden, NotFound
from marketplace.core.text import N_
from marketplace.pricing.models import ReferenceRate, ReferenceSeries
from marketplace.pricing.queries import rate_by_id
from marketplace.unit_of_work import UnitOfWork


class RateRefused(DomainError):
    """The rate entered cannot be: not above zero, or observed in the future."""

    code = "rate_refused"
    message = N_("Enter a rate above zero, observed today or before.")


def enter_rate(uow: UnitOfWork, *, series: str, observed_on: date, value: Decimal, source: str) -> ReferenceRate:
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
    uow.record("reference_rate.enter", rate, held, value=str(value), observed_on=observed_on.isoformat(), source=source)
    return rate


def release_rate(uow: UnitOfWork, *, rate_id: UUID, reason: str) -> ReferenceRate:
    """Put a quarantined rate into force by a new row; raises Forbidden for who entered it, Conflict when done before.

    The row in force on that day, when there is one, is superseded.
    """
    waiting = rate_by_id(uow.session, rate_id)
    series = _locked_series(uow, waiting.series)
    if waiting.imported_by == _who(uow):
        raise Forbidden(N_("Somebody else must release what you entered."))
    if not waiting.quarantined or _is_released(uow, waiting):
        raise Conflict
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
    uow.record("reference_rate.release", rate, series, value=str(rate.value), reason=reason)
    return rate


def _locked_series(uow: UnitOfWork, code: str) -> ReferenceSeries:
    series = uow.session.get(ReferenceSeries, code, with_for_update=True)
    if series is None:
        raise NotFound
    return series


def _is_released(uow: UnitOfWork, rate: ReferenceRate) -> bool:
    return uow.session.scalar(select(ReferenceRate.id).where(ReferenceRate.releases_id == rate.id)) is not None


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
