"""Open positions by currency, valued at the day's rates, and what exchanges won or lost by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger import snapshots
from marketplace.ledger.chart import FX_GAIN_LOSS, FX_POSITION
from marketplace.ledger.exchange import valued
from marketplace.ledger.models import LedgerAccount, LedgerJournal, LedgerPosting
from marketplace.pricing.queries import units_per_usd
from marketplace.pricing.rates import RateAsOf

IN: Final = "USD"


@dataclass(frozen=True, slots=True)
class Position:
    """What we hold (above zero) or owe in a currency beyond the other side; its worth by a rate, None without one."""

    amount: Money
    worth: Money | None
    rate: RateAsOf | None


@dataclass(frozen=True, slots=True)
class Result:
    """What exchanges won (above zero) or lost in one month and currency."""

    month: date
    amount: Money


def positions(session: Session, *, on: date) -> Sequence[Position]:
    """Return every open position with its worth in US dollars at a day's rates."""
    codes = session.scalars(
        select(LedgerAccount.currency).where(LedgerAccount.code.endswith(f":{FX_POSITION.name}")).order_by("currency")
    )
    amounts = {code: snapshots.balance_since(session, FX_POSITION, code) for code in codes}
    rates = {code: units_per_usd(session, code, on) for code in amounts if code != IN}
    known = {code: rate.value for code, rate in rates.items() if rate is not None} | {IN: Decimal(1)}
    worth = valued(amounts, known, IN)
    return [Position(amount, worth.get(code), rates.get(code)) for code, amount in amounts.items() if amount]


def results(session: Session, *, since: date, until: date) -> Sequence[Result]:
    """Return gains and losses by month and currency, newest first."""
    start, end = (datetime.combine(day, time.min, tzinfo=UTC) for day in (since, until + timedelta(days=1)))
    account = LedgerAccount.id
    moved = func.sum(case((LedgerPosting.credit_account == account, LedgerPosting.amount), else_=-LedgerPosting.amount))
    month = func.date_trunc("month", LedgerJournal.event_at, "UTC")
    rows = session.execute(
        select(month, LedgerAccount.currency, moved)
        .join(LedgerPosting, (LedgerPosting.debit_account == account) | (LedgerPosting.credit_account == account))
        .join(LedgerJournal, LedgerJournal.id == LedgerPosting.journal_id)
        .where(
            LedgerAccount.code.endswith(f":{FX_GAIN_LOSS.name}"),
            LedgerJournal.event_at >= start,
            LedgerJournal.event_at < end,
        )
        .group_by(month, LedgerAccount.currency)
        .order_by(month.desc(), LedgerAccount.currency)
    )
    return [Result(at.astimezone(UTC).date(), Money(int(minor), currency)) for at, currency, minor in rows]
