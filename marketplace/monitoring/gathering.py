"""Gather the records of a report by bounded queries. What is beyond the bound is named, never dropped in silence."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.money import EXPONENT
from marketplace.incidents.models import Incident
from marketplace.incidents.words import CHILD_LABOUR
from marketplace.moderation.models import ModerationCase
from marketplace.monitoring.facts import (
    ChildLabour,
    Decided,
    Facts,
    MinerPaid,
    PaidOut,
    TaxPaid,
    Trained,
)
from marketplace.monitoring.gathering_places import applications, officers, sites
from marketplace.monitoring.gathering_trade import orders, sales
from marketplace.monitoring.models import MinerPayment, MinerSheet, TaxReceipt, TrainingSession
from marketplace.monitoring.traceability import published_lots
from marketplace.monitoring.wanted import Wanted, bounded, hours
from marketplace.orders.models import Order
from marketplace.payments.models import Payout

Found = tuple[Sequence[Any], bool]
_DECIDED: Final = ("approved", "changes_requested", "refused")
_CENTS: Final = 100
_CLOSED: Final = "closed"


def gather(session: Session, wanted: Wanted, *, sources: Sequence[str] | None = None) -> Facts:
    """Return the records of a report; only those of `sources` when they are named."""
    found = {name: read(session, wanted) for name, read in _READERS.items() if sources is None or name in sources}
    cut = frozenset(name for name, (_records, is_cut) in found.items() if is_cut)
    return Facts(**{name: records for name, (records, _is_cut) in found.items()}, cut=cut)


def cents_of(minor: int, currency: str, units_per_usd: Decimal) -> Fraction:
    """Return an amount in minor units as exact US cents at a rate of units a dollar."""
    return Fraction(minor, 10 ** EXPONENT[currency]) / Fraction(units_per_usd) * _CENTS


def _miners(session: Session, wanted: Wanted) -> Found:
    query = (
        select(MinerPayment, MinerSheet, Cooperative.reference, Cooperative.country)
        .join(MinerSheet, MinerSheet.id == MinerPayment.sheet_id)
        .join(Cooperative, Cooperative.id == MinerSheet.cooperative_id)
        .where(MinerSheet.withdrawn_at.is_(None), MinerSheet.paid_on.between(*wanted.period))
        .where(*wanted.of_place(), *wanted.of_goods(MinerSheet.mineral))
        .order_by(MinerSheet.paid_on.desc(), MinerSheet.id, MinerPayment.position)
    )
    rows, is_cut = bounded(session, query)
    return [
        MinerPaid(
            on=sheet.paid_on, miner=line.miner, sex=line.sex, age_band=line.age_band, mineral=sheet.mineral,
            cents=cents_of(line.amount_minor, sheet.currency, sheet.units_per_usd), cooperative=reference,
            country=country,
        )
        for line, sheet, reference, country in rows
    ], is_cut  # fmt: skip


def _incidents(session: Session, wanted: Wanted) -> Found:
    """Return the incidents of child labour of which anything happened in the period."""
    query = (
        select(Incident, MineSite.reference, Cooperative.reference, Cooperative.country)
        .join(Cooperative, Cooperative.id == Incident.cooperative_id)
        .outerjoin(MineSite, MineSite.id == Incident.site_id)
        .where(Incident.code == CHILD_LABOUR, Incident.opened_at < wanted.before, *wanted.of_place())
        .where(or_(Incident.ended_at.is_(None), Incident.ended_at >= wanted.since))
        .order_by(Incident.opened_at.desc(), Incident.id)
    )
    rows, is_cut = bounded(session, query)
    return [
        ChildLabour(
            site=site or "", severity=row.severity, opened_on=row.opened_at.date(),
            substantiated_on=_day(row.substantiated_at), ended_on=_day(row.ended_at),
            is_remediated=row.state == _CLOSED, cooperative=reference, country=country,
        )
        for row, site, reference, country in rows
    ], is_cut  # fmt: skip


def _cases(session: Session, wanted: Wanted) -> Found:
    query = (
        select(
            ModerationCase.kind, ModerationCase.opened_at, ModerationCase.closed_at, Cooperative.reference,
            Cooperative.country,
        )
        .join(Cooperative, Cooperative.id == ModerationCase.cooperative_id)
        .where(ModerationCase.state.in_(_DECIDED), *wanted.within(ModerationCase.closed_at), *wanted.of_place())
        .order_by(ModerationCase.closed_at.desc(), ModerationCase.id)
    )  # fmt: skip
    rows, is_cut = bounded(session, query)
    return [
        Decided(on=until.date(), kind=kind, hours=hours(since, until), cooperative=reference, country=country)
        for kind, since, until, reference, country in rows
    ], is_cut


def _decided(session: Session, wanted: Wanted) -> Found:
    """Return the cases that were decided, and the applications."""
    cases, is_cut = _cases(session, wanted)
    applied, is_cut_too = applications(session, wanted)
    return [*cases, *applied], is_cut or is_cut_too


def _payouts(session: Session, wanted: Wanted) -> Found:
    query = (
        select(Order.accepted_at, Payout.confirmed_at, Payout.rail, Cooperative.reference, Cooperative.country)
        .join(Order, Order.id == Payout.order_id)
        .join(Cooperative, Cooperative.id == Payout.cooperative_id)
        .where(Payout.state == "confirmed", ~Payout.is_repeat, Order.accepted_at.is_not(None))
        .where(*wanted.within(Payout.confirmed_at), *wanted.of_place())
        .order_by(Payout.confirmed_at.desc(), Payout.id)
    )
    rows, is_cut = bounded(session, query)
    return [
        PaidOut(on=until.date(), rail=rail, hours=hours(since, until), cooperative=reference, country=country)
        for since, until, rail, reference, country in rows
    ], is_cut


def _taxes(session: Session, wanted: Wanted) -> Found:
    query = (
        select(TaxReceipt, Cooperative.reference, Cooperative.country)
        .join(Cooperative, Cooperative.id == TaxReceipt.cooperative_id)
        .where(TaxReceipt.withdrawn_at.is_(None), TaxReceipt.paid_on.between(*wanted.period), *wanted.of_place())
        .order_by(TaxReceipt.paid_on.desc(), TaxReceipt.id)
    )
    rows, is_cut = bounded(session, query)
    return [
        TaxPaid(
            on=row.paid_on, authority=row.authority, cents=cents_of(row.amount_minor, row.currency, row.units_per_usd),
            cooperative=reference, country=country,
        )
        for row, reference, country in rows
    ], is_cut  # fmt: skip


def _trainings(session: Session, wanted: Wanted) -> Found:
    query = (
        select(TrainingSession, Cooperative.reference, Cooperative.country)
        .join(Cooperative, Cooperative.id == TrainingSession.cooperative_id)
        .where(TrainingSession.withdrawn_at.is_(None), TrainingSession.held_on.between(*wanted.period))
        .where(*wanted.of_place())
        .order_by(TrainingSession.held_on.desc(), TrainingSession.id)
    )
    rows, is_cut = bounded(session, query)
    return [
        Trained(on=row.held_on, topic=row.topic, sex=sex, people=people, cooperative=reference, country=country)
        for row, reference, country in rows
        for sex, people in (("f", row.women), ("m", row.men))
        if people
    ], is_cut


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


_READERS: Final[dict[str, Callable[[Session, Wanted], Found]]] = {
    "miners": _miners,
    "sales": sales,
    "incidents": _incidents,
    "cases": _decided,
    "payouts": _payouts,
    "orders": orders,
    "lots": published_lots,
    "officers": officers,
    "taxes": _taxes,
    "sites": sites,
    "trainings": _trainings,
}
