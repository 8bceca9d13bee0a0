"""Compare our clearing account with the provider's own books, line by line and in sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger.chart import STRIPE_CLEARING
from marketplace.ledger.models import LedgerAccount, LedgerJournal, LedgerPosting
from marketplace.payments.comparison import BookLine, Compared, Difference, Side, compare_lines
from marketplace.payments.models import ProviderCursor, ProviderEntry
from marketplace.payments.sweep import ENTRIES

MOST_SHOWN = 200
NO_SHIFT: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Totals:
    """One currency: what our ledger says the provider owes us, and what the provider says."""

    ledger: Money
    provider: Money

    @property
    def difference(self) -> Money:
        """Return ledger minus provider."""
        return self.ledger - self.provider


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the two sides stand; `read_at` is when the provider's books were last copied."""

    totals: Sequence[Totals]
    mismatches: Sequence[Difference]
    read_at: datetime | None

    @property
    def is_even(self) -> bool:
        """Tell whether every line has its counterpart and every sum agrees."""
        return not self.mismatches and not any(total.difference for total in self.totals)


def compare(session: Session) -> Comparison:
    """Compare all journals on the clearing account with all copied lines."""
    found = compare_clearing(session)
    totals = [Totals(sums.ledger, sums.other) for sums in found.sums.values()]
    return Comparison(totals, found.differences[:MOST_SHOWN], read_at(session))


def compare_clearing(session: Session, *, until: date | None = None, shift: timedelta = NO_SHIFT) -> Compared:
    """Compare the clearing account with the provider's books up to a day, or whole.

    `shift` is how far business time is ahead of the machine's, in whose time the provider writes.
    """
    return compare_lines(_ours(session), _theirs(session, shift), side=Side.PROVIDER, until=until)


def read_at(session: Session) -> datetime | None:
    """Return when the provider's books were last copied."""
    cursor = session.get(ProviderCursor, ENTRIES)
    return cursor.read_at if cursor is not None else None


def _ours(session: Session) -> list[BookLine]:
    """Return what each journal moved on the clearing account, by the provider's reference."""
    clearing = select(LedgerAccount.id).where(LedgerAccount.code.endswith(f":{STRIPE_CLEARING.name}"))
    is_debit = LedgerPosting.debit_account.in_(clearing)
    is_credit = LedgerPosting.credit_account.in_(clearing)
    moved = func.sum(case((is_debit, LedgerPosting.amount), else_=-LedgerPosting.amount))
    reference = func.coalesce(LedgerJournal.external_ref, LedgerJournal.idempotency_key)
    rows = session.execute(
        select(reference, LedgerJournal.kind, LedgerJournal.event_at, LedgerPosting.currency, moved, LedgerJournal.id)
        .join(LedgerJournal, LedgerJournal.id == LedgerPosting.journal_id)
        .where(is_debit | is_credit)
        .group_by(LedgerJournal.id, LedgerPosting.currency)
    )
    return [
        BookLine(ref, kind, at.date(), Money(int(minor), currency), name=str(journal_id))
        for ref, kind, at, currency, minor, journal_id in rows
    ]


def _theirs(session: Session, shift: timedelta) -> list[BookLine]:
    return [
        BookLine(entry.id, entry.type, (entry.created_at + shift).date(), Money(entry.net_minor, entry.currency))
        for entry in session.scalars(select(ProviderEntry))
    ]
