"""Gather what onboarding knows: who leads a cooperative, and when Pact was at a mine site."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.monitoring.facts import Decided, KnownSite, OfficersCounted
from marketplace.monitoring.models import OfficerCount
from marketplace.monitoring.periods import year_before
from marketplace.monitoring.wanted import Wanted, bounded, hours
from marketplace.onboarding.models import CooperativeApplication, FieldVisit
from marketplace.onboarding.steps import Step

Found = tuple[Sequence[Any], bool]
_MEMBERS: Final = Step.MEMBERS.value
ANSWERED: Final = ("approved", "changes_requested", "refused")


def officers(session: Session, wanted: Wanted) -> Found:
    """Return every count up to the end of the period: those of approved applications, then those that staff entered.

    The last one of each cooperative counts; of two of one day that of staff.
    """
    told, is_cut = _told(session, wanted)
    counted, is_cut_too = _counted(session, wanted)
    return [*told, *counted], is_cut or is_cut_too


def sites(session: Session, wanted: Wanted) -> Found:
    """Return the mine sites with the days on which Pact recorded a visit there."""
    visits = (
        select(FieldVisit.site_id, func.array_agg(FieldVisit.visited_on).label("days"))
        .where(FieldVisit.visited_on > year_before(wanted.period.since))
        .where(FieldVisit.visited_on <= wanted.period.until)
        .group_by(FieldVisit.site_id)
        .subquery()
    )
    query = (
        select(MineSite, visits.c.days, Cooperative.reference, Cooperative.country)
        .join(Cooperative, Cooperative.id == MineSite.cooperative_id)
        .outerjoin(visits, visits.c.site_id == MineSite.id)
        .where(MineSite.created_at < wanted.before, *wanted.of_place())
        .order_by(MineSite.created_at.desc(), MineSite.id)
    )
    rows, is_cut = bounded(session, query)
    return [
        KnownSite(
            site=row.reference, known_on=row.created_at.date(), is_active=row.activity == "active",
            visited_on=tuple(days or ()), cooperative=reference, country=country,
        )
        for row, days, reference, country in rows
    ], is_cut  # fmt: skip


def applications(session: Session, wanted: Wanted) -> Found:
    """Return the applications decided in the period, from handing in to the answer, or to the second approval.

    An application that was sent back and handed in again counts by its last answer.
    """
    until = answered_at()
    query = (
        select(CooperativeApplication.handed_in_at, until, Cooperative.reference, Cooperative.country)
        .join(Cooperative, Cooperative.id == CooperativeApplication.cooperative_id)
        .where(CooperativeApplication.state.in_(ANSWERED), *wanted.within(until), *wanted.of_place())
        .order_by(until.desc(), CooperativeApplication.id)
    )
    rows, is_cut = bounded(session, query)
    return [
        Decided(on=end.date(), kind="cooperative", hours=hours(since, end), cooperative=reference, country=country)
        for since, end, reference, country in rows
    ], is_cut


def answered_at() -> ColumnElement[datetime]:
    """Return when an application was decided."""
    return func.coalesce(CooperativeApplication.second_at, CooperativeApplication.answered_at)


def _told(session: Session, wanted: Wanted) -> Found:
    """Return the leaders as approved applications tell them: two people looked at the evidence."""
    query = (
        select(CooperativeApplication.answers[_MEMBERS], Cooperative.reference, Cooperative.country)
        .join(Cooperative, Cooperative.id == CooperativeApplication.cooperative_id)
        .where(CooperativeApplication.state == "approved", *wanted.of_place())
        .order_by(CooperativeApplication.second_at.desc(), CooperativeApplication.id)
    )
    rows, is_cut = bounded(session, query)
    found = [_of_answers(told, reference, country) for told, reference, country in reversed(rows)]
    return [each for each in found if each is not None and each.on <= wanted.period.until], is_cut


def _counted(session: Session, wanted: Wanted) -> Found:
    query = (
        select(OfficerCount, Cooperative.reference, Cooperative.country)
        .join(Cooperative, Cooperative.id == OfficerCount.cooperative_id)
        .where(OfficerCount.withdrawn_at.is_(None), OfficerCount.counted_on <= wanted.period.until, *wanted.of_place())
        .order_by(OfficerCount.counted_on.desc(), OfficerCount.id)
    )
    rows, is_cut = bounded(session, query)
    return [
        OfficersCounted(
            on=row.counted_on, officers=row.officers, women=row.women, cooperative=reference, country=country
        )
        for row, reference, country in reversed(rows)
    ], is_cut


def _of_answers(told: Mapping[str, str] | None, reference: str, country: str) -> OfficersCounted | None:
    """Return the leaders of an approved application; None where it is older than this question."""
    if not told or not told.get("leaders_total") or not told.get("counted_on"):
        return None
    return OfficersCounted(
        on=date.fromisoformat(told["counted_on"].strip()),
        officers=int(told["leaders_total"]),
        women=int(told["leaders_women"] or 0),
        cooperative=reference,
        country=country,
    )
