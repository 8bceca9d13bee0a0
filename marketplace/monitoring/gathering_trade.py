"""Gather sales and orders with their disputes for a report."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.weight import fine_mass_g
from marketplace.lots.models import LotVersion
from marketplace.monitoring.facts import Ordered, Sold
from marketplace.monitoring.wanted import MOST_RECORDS, Wanted, bounded
from marketplace.orders.fair_sales import SalesFilter, achieved_basis_points, figures_query
from marketplace.orders.models import Order, ProblemReport

_GOLD: Final = "gold"
_MERCURY_FREE: Final = "mercury_free"
# Staff decided; the others were agreed, taken back, or went on.
_DECISIONS: Final = ("release", "refund", "split", "return")
_FOR_BUYER: Final = ("refund", "return")


def sales(session: Session, wanted: Wanted) -> tuple[Sequence[Sold], bool]:
    """Return completed sales: accepted and not disputed at the end, in US dollars."""
    ids = None if wanted.cooperative_id is None else (wanted.cooperative_id,)
    since, until = wanted.period
    filtered = SalesFilter(since=since, until=until, kind=wanted.mineral, country=wanted.country, cooperative_ids=ids)
    content = LotVersion.content
    query = (
        figures_query(filtered, part=Order.__table__.c.id)
        .add_columns(
            Order.accepted_at,
            Cooperative.reference,
            Cooperative.country,
            Buyer.country.label("buyer_country"),
            content["variety"].astext.label("variety"),
            content["standard"].astext.label("standard"),
            # What the lot says of its gold comes before what is usual at its site.
            func.coalesce(content["mercury"].astext, MineSite.mercury_practice).label("mercury"),
        )
        .join(Buyer, Buyer.id == Order.buyer_id)
        .outerjoin(MineSite, MineSite.reference == content["site_reference"].astext)
        .order_by(Order.accepted_at.desc(), Order.id)
    )
    rows, is_cut = bounded(session, query)
    return [_sold(row) for row in rows], is_cut


def orders(session: Session, wanted: Wanted) -> tuple[Sequence[Ordered], bool]:
    """Return orders that were paid, or about which a dispute began or was decided, in the period."""
    touched = select(ProblemReport.order_id).where(
        or_(*(_both(wanted, column) for column in (ProblemReport.reported_at, ProblemReport.resolved_at)))
    )
    query = (
        select(Order.id, Order.funded_at, Cooperative.reference, Cooperative.country)
        .join(Cooperative, Cooperative.id == Order.cooperative_id)
        .where(or_(_both(wanted, Order.funded_at), Order.id.in_(touched)), *wanted.of_place())
        .order_by(Order.created_at.desc(), Order.id)
    )
    rows, is_cut = bounded(session, query)
    reports = _reports(session, wanted)
    return [
        Ordered(
            funded_on=funded_at.date() if funded_at else None,
            opened_on=tuple(report.reported_at.date() for report in reports.get(key, ())),
            decided=tuple(_decision(report) for report in reports.get(key, ()) if _is_decided(report)),
            cooperative=reference,
            country=country,
        )
        for key, funded_at, reference, country in rows
    ], is_cut


def _reports(session: Session, wanted: Wanted) -> Mapping[UUID, list[ProblemReport]]:
    found: defaultdict[UUID, list[ProblemReport]] = defaultdict(list)
    rows = session.scalars(
        select(ProblemReport)
        .where(ProblemReport.reported_at < wanted.before)
        .where(or_(ProblemReport.resolved_at.is_(None), ProblemReport.resolved_at >= wanted.since))
        .order_by(ProblemReport.reported_at.desc())
        .limit(MOST_RECORDS)
    )
    for row in rows:
        found[row.order_id].append(row)
    return found


def _both(wanted: Wanted, column: Any) -> Any:
    since, until = wanted.within(column)
    return since & until


def _is_decided(report: ProblemReport) -> bool:
    return report.resolved_at is not None and report.resolution in _DECISIONS


def _decision(report: ProblemReport) -> tuple[date, bool]:
    assert report.resolved_at is not None, "what was decided has a day"
    return report.resolved_at.date(), report.resolution in _FOR_BUYER


def _sold(row: Any) -> Sold:
    is_gold = row.kind == _GOLD
    return Sold(
        on=row.accepted_at.date(),
        cooperative=row.reference,
        country=row.country,
        mineral=row.kind,
        buyer_country=row.buyer_country,
        variety=_GOLD if is_gold else row.variety or "",
        standard=row.standard or "none",
        price=row.price_minor,
        net=row.net_minor,
        premium=row.premium_minor,
        weight_mg=row.weight_mg,
        fine_g=fine_mass_g(row.weight_mg, row.fineness_permille) if is_gold else Fraction(0),
        achieved=achieved_basis_points(row),
        is_mercury_free=row.mercury == _MERCURY_FREE,
    )
