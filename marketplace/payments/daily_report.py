"""The daily report: ledger = provider = bank, to the minor unit of each currency, or the list of differences.

A run writes one row a currency and never changes it; another run of the same day stands beside it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StaffGrant, User
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import snapshots
from marketplace.ledger.models import LedgerAccount, LedgerJournal, LedgerPosting, LedgerSnapshot
from marketplace.notifications.services import tell
from marketplace.payments.bank_statements.queries import BankBalance, bank_balances
from marketplace.payments.comparison import Compared, Difference, Side, What
from marketplace.payments.finance_models import DailyReport
from marketplace.payments.on_the_way import OnTheWay, on_the_way
from marketplace.payments.rails import OUR_BANK
from marketplace.payments.reconciliation import compare_clearing, read_at
from marketplace.unit_of_work import UnitOfWork

BankBalances = Callable[[Session, date], Sequence[BankBalance]]
MOST_LISTED: Final = 500
TEMPLATE: Final = "books_differ"
EARLIEST: Final = date(2020, 1, 1)
# A worker that was away longer than this leaves older days to a person.
MOST_DAYS: Final = 7
WRITE: Final = "payments.write_report"


def days_without(uow: UnitOfWork) -> Sequence[date]:
    """Return the last days that are over and were not closed, oldest first; none before the first journal."""
    first = uow.session.scalar(select(func.min(LedgerJournal.created_at)))
    if first is None:
        return []
    days = [uow.now.date() - timedelta(days=back) for back in range(MOST_DAYS, 0, -1)]
    closed = set(uow.session.scalars(select(LedgerSnapshot.day).where(LedgerSnapshot.day >= days[0]).distinct()))
    return [day for day in days if day >= first.date() and day not in closed]


def close_day(uow: UnitOfWork, *, day: date) -> Sequence[DailyReport]:
    """Take the day's snapshot of the untracked accounts and write its report."""
    snapshots.take(uow, day=day)
    return write_report(uow, day=day)


def write_report(uow: UnitOfWork, *, day: date, bank: BankBalances = bank_balances) -> Sequence[DailyReport]:
    """Compare all books as they stood at the end of a day that is over; tell finance about differences.

    Only a statement that reaches just this day is put beside the ledger: an older one says nothing about it.
    """
    if not EARLIEST <= day < uow.now.date():
        raise InvalidInput({"day": N_("Choose a day that is over.")})
    shift = uow.now - uow.clock.wall()
    clearing, moving = compare_clearing(uow.session, until=day, shift=shift), on_the_way(uow.session, day, shift=shift)
    ours, stated = _at_the_bank(uow.session, day, moving), [each for each in bank(uow.session, day) if each.on == day]
    currencies = sorted({*clearing.sums, *(money.currency for money in ours.values()), *_currencies(stated)})
    run = (uow.session.scalar(select(func.max(DailyReport.run)).where(DailyReport.day == day)) or 0) + 1
    rows = [
        _row(uow, day, currency, run=run, clearing=clearing, ours=ours, stated=stated, moving=moving)
        for currency in currencies
    ]
    for row in rows:
        uow.session.add(row)
        uow.session.flush()
        uow.record("daily_report.write", row, day=str(day), currency=row.currency, run=run, is_even=row.is_even)
    if not all(row.is_even for row in rows):
        _tell_finance(uow, day)
    return rows


def bank_ledger(session: Session, day: date) -> dict[tuple[str, str], Money]:
    """Return what our ledger says each of our bank accounts held at the end of a day, by account and currency."""
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)
    is_debit = LedgerPosting.debit_account == LedgerAccount.id
    moved = func.sum(case((is_debit, LedgerPosting.amount), else_=-LedgerPosting.amount))
    rows = session.execute(
        select(LedgerAccount.code, LedgerAccount.currency, moved)
        .join(LedgerPosting, is_debit | (LedgerPosting.credit_account == LedgerAccount.id))
        .join(LedgerJournal, LedgerJournal.id == LedgerPosting.journal_id)
        .where(LedgerAccount.code.like("___:bank:%"), LedgerJournal.event_at < end)
        .group_by(LedgerAccount.id)
    )
    return {(code.split(":", 2)[2], currency): Money(int(minor), currency) for code, currency, minor in rows}


def _at_the_bank(session: Session, day: date, moving: Sequence[OnTheWay]) -> dict[tuple[str, str], Money]:
    """Return what our ledger says that the bank must show: without what the provider sent and promised for later."""
    ours = bank_ledger(session, day)
    for each in moving:
        place = (OUR_BANK, each.amount.currency)
        ours[place] = ours.get(place, Money.zero(each.amount.currency)) - each.amount
    return ours


def _row(
    uow: UnitOfWork,
    day: date,
    currency: str,
    *,
    run: int,
    clearing: Compared,
    ours: dict[tuple[str, str], Money],
    stated: list[BankBalance],
    moving: Sequence[OnTheWay],
) -> DailyReport:
    sums = clearing.sums.get(currency)
    of_bank = _bank_differences(day, currency, ours, stated)
    differences = [*(each for each in clearing.differences if each.currency == currency), *of_bank]
    told = [each.closing.minor for each in stated if each.currency == currency]
    return DailyReport(
        day=day,
        currency=currency,
        run=run,
        clearing_minor=sums.ledger.minor if sums else 0,
        provider_minor=sums.other.minor if sums else 0,
        bank_ledger_minor=sum(money.minor for (_, code), money in ours.items() if code == currency),
        on_the_way_minor=sum(each.amount.minor for each in moving if each.amount.currency == currency),
        bank_minor=sum(told) if told else None,
        is_even=not differences,
        differences=[each.document() for each in differences[:MOST_LISTED]],
        left_out=max(len(differences) - MOST_LISTED, 0),
        books_read_at=read_at(uow.session),
        written_at=uow.now,
    )


def _bank_differences(
    day: date, currency: str, ours: dict[tuple[str, str], Money], stated: list[BankBalance]
) -> list[Difference]:
    """Return the accounts whose statement shows another balance; without a statement nothing is claimed."""
    found = []
    for each in stated:
        if each.currency == currency:
            ledger = ours.get((each.account, currency), Money.zero(currency))
            if ledger != each.closing:
                found.append(
                    Difference(
                        Side.BANK,
                        What.AMOUNT,
                        f"bank:{each.account}",
                        "balance",
                        day,
                        currency,
                        ledger=ledger,
                        other=each.closing,
                    )
                )
    return found


def _currencies(stated: list[BankBalance]) -> set[str]:
    return {each.currency for each in stated}


def _tell_finance(uow: UnitOfWork, day: date) -> None:
    grants = select(StaffGrant.user_id).where(StaffGrant.role == StaffRole.FINANCE)
    for user_id in uow.session.scalars(select(User.id).where(User.id.in_(grants), User.state == "active")):
        tell(uow, user_id=user_id, template=TEMPLATE, params={"day": day, "path": f"/staff/finance/reports/{day}"})
