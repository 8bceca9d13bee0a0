"""Reads of the ledger. Amounts are signed from the account's own side: what is owed or earned is positive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger.beancount import BookEntry, BookLine
from marketplace.ledger.chart import Account, Kind
from marketplace.ledger.models import LedgerAccount, LedgerBalance, LedgerJournal, LedgerPosting

PAGE = 50
EXPORT_BATCH = 500


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account's sums: debit and credit totals in minor units."""

    code: str
    currency: str
    kind: str
    debit: int
    credit: int

    @property
    def balance(self) -> Money:
        """Return the balance from the account's own side."""
        net = self.debit - self.credit
        return Money(net if self.kind in (Kind.ASSET, Kind.EXPENSE) else -net, self.currency)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account with its sums, and per currency the difference of all debits and credits: always zero."""

    rows: Sequence[TrialRow]
    differences: dict[str, int]
    wrong_balances: Sequence[str]

    @property
    def is_sound(self) -> bool:
        """Tell whether debits equal credits in every currency and live balances equal their postings."""
        return not any(self.differences.values()) and not self.wrong_balances


def balance(session: Session, account: Account, currency: str) -> Money:
    """Return an account's balance from its own side; zero for one that was never used."""
    row = session.execute(_sums().where(LedgerAccount.code == account.code(currency))).one_or_none()
    return TrialRow(*row).balance if row else Money.zero(currency)


def trial_balance(session: Session) -> TrialBalance:
    """Sum every account and compare the live balances with the postings."""
    rows = [TrialRow(*row) for row in session.execute(_sums().order_by(LedgerAccount.code))]
    differences: dict[str, int] = {}
    for row in rows:
        differences[row.currency] = differences.get(row.currency, 0) + row.debit - row.credit
    live: dict[str, int] = dict(session.execute(_live()).all())
    wrong = [row.code for row in rows if row.code in live and live[row.code] != row.debit - row.credit]
    return TrialBalance(rows, differences, wrong)


def journal_by_key(session: Session, key: str) -> LedgerJournal | None:
    """Return the journal that was posted under a key, or None."""
    return session.scalar(select(LedgerJournal).where(LedgerJournal.idempotency_key == key))


def journals_of_order(session: Session, order_id: UUID) -> Sequence[LedgerJournal]:
    """Return an order's journals, oldest first."""
    return session.scalars(
        select(LedgerJournal)
        .where(LedgerJournal.order_id == order_id)
        .order_by(LedgerJournal.created_at, LedgerJournal.id)
    ).all()


def journals(session: Session, *, before: tuple[datetime, UUID] | None = None) -> Sequence[LedgerJournal]:
    """Return a page of journals, newest first, older than `before`."""
    found = select(LedgerJournal).order_by(LedgerJournal.created_at.desc(), LedgerJournal.id.desc()).limit(PAGE + 1)
    if before is not None:
        found = found.where(tuple_(LedgerJournal.created_at, LedgerJournal.id) < before)
    return session.scalars(found).all()


@dataclass(frozen=True, slots=True)
class PostingLine:
    """A posting as people read it."""

    journal_id: UUID
    line: int
    debit: str
    credit: str
    amount: Money


def postings(session: Session, journal_ids: Sequence[UUID]) -> dict[UUID, list[PostingLine]]:
    """Return the postings of journals, with the codes of their accounts."""
    debit, credit = LedgerAccount.__table__.alias("debit"), LedgerAccount.__table__.alias("credit")
    rows = session.execute(
        select(LedgerPosting, debit.c.code, credit.c.code)
        .join(debit, debit.c.id == LedgerPosting.debit_account)
        .join(credit, credit.c.id == LedgerPosting.credit_account)
        .where(LedgerPosting.journal_id.in_(journal_ids))
        .order_by(LedgerPosting.journal_id, LedgerPosting.line)
    )
    found: dict[UUID, list[PostingLine]] = {}
    for posting, debit_code, credit_code in rows:
        amount = Money(posting.amount, posting.currency)
        line = PostingLine(posting.journal_id, posting.line, debit_code, credit_code, amount)
        found.setdefault(posting.journal_id, []).append(line)
    return found


def book_entries(session: Session, *, since: date, until: date) -> Iterator[BookEntry]:
    """Yield the journals of some days with their postings, oldest first, a batch in memory at a time."""
    start, end = (datetime.combine(day, time.min, tzinfo=UTC) for day in (since, until + timedelta(days=1)))
    found = (
        select(LedgerJournal)
        .where(LedgerJournal.event_at >= start, LedgerJournal.event_at < end)
        .order_by(LedgerJournal.event_at, LedgerJournal.id)
        .execution_options(yield_per=EXPORT_BATCH)
    )
    kinds: dict[str, str] = dict(session.execute(select(LedgerAccount.code, LedgerAccount.kind)).all())
    for batch in session.scalars(found).partitions():
        lines = postings(session, [journal.id for journal in batch])
        for journal in batch:
            yield BookEntry(
                id=str(journal.id),
                on=journal.event_at.date(),
                kind=journal.kind,
                memo=journal.memo or "",
                lines=tuple(
                    BookLine(line.debit, kinds[line.debit], line.credit, kinds[line.credit], line.amount)
                    for line in lines[journal.id]
                ),
            )


def _sums() -> Select[str, str, str, int, int]:
    posting = LedgerPosting
    sides = union_all(
        select(posting.debit_account.label("account"), posting.amount, literal(value=True).label("is_debit")),
        select(posting.credit_account, posting.amount, literal(value=False)),
    ).subquery()

    def total(wanted: ColumnElement[bool]) -> ColumnElement[int]:
        return cast(func.coalesce(func.sum(case((wanted, sides.c.amount), else_=0)), 0), BigInteger)

    return (
        select(
            LedgerAccount.code,
            LedgerAccount.currency,
            LedgerAccount.kind,
            total(sides.c.is_debit),
            total(~sides.c.is_debit),
        )
        .outerjoin(sides, sides.c.account == LedgerAccount.id)
        .group_by(LedgerAccount.id)
    )


def _live() -> Select[str, int]:
    return select(LedgerAccount.code, LedgerBalance.balance).join(
        LedgerBalance, LedgerBalance.account_id == LedgerAccount.id
    )
