"""Reads of the daily reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.payments.finance_models import DailyReport

DAYS: Final = 31


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The newest run of each currency for some days, newest first, and the day before which the next page begins."""

    rows: Sequence[DailyReport]
    before: date | None


def reports(session: Session, *, before: date | None = None) -> ReportPage:
    """Return a month of days that have a report."""
    days = select(DailyReport.day).distinct().order_by(DailyReport.day.desc()).limit(DAYS + 1)
    if before is not None:
        days = days.where(DailyReport.day < before)
    shown = session.scalars(days).all()
    newest = (
        select(DailyReport)
        .where(DailyReport.day.in_(shown[:DAYS]))
        .ext(distinct_on(DailyReport.day, DailyReport.currency))
        .order_by(DailyReport.day.desc(), DailyReport.currency, DailyReport.run.desc())
    )
    return ReportPage(session.scalars(newest).all(), shown[DAYS - 1] if len(shown) > DAYS else None)


def runs_of(session: Session, day: date) -> Sequence[DailyReport]:
    """Return every row of a day, the newest run first; raise NotFound for a day without."""
    found = select(DailyReport).where(DailyReport.day == day).order_by(DailyReport.run.desc(), DailyReport.currency)
    rows = session.scalars(found).all()
    if not rows:
        raise NotFound
    return rows


def money_of(report: DailyReport, minor: int | None) -> Money | None:
    """Return an amount of a report, None for what is not known."""
    return None if minor is None else Money(minor, report.currency)
