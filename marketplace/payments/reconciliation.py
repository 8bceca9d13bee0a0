"""Compare our clearing account with the provider's own books, line by line and in sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger.chart import STRIPE_CLEARING
from marketplace.ledger.models import LedgerAccount, LedgerJournal, LedgerPosting
from marketplace.payments.models import ProviderCursor, ProviderEntry
from marketplace.payments.sweep import ENTRIES

MOST_SHOWN = 200


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
class Mismatch:
    """A line of one side with no line, or another amount, on the other side."""

    reference: str
    kind: str
    at: datetime
    ledger: Money | None
    provider: Money | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the two sides stand; `read_at` is when the provider's books were last copied."""

    totals: Sequence[Totals]
    mismatches: Sequence[Mismatch]
    read_at: datetime | None

    @property
    def is_even(self) -> bool:
        """Tell whether every line has its counterpart and every sum agrees."""
        return not self.mismatches and not any(total.difference for total in self.totals)


@dataclass(frozen=True, slots=True)
class _Line:
    kind: str
    at: datetime
    amount: Money


def compare(session: Session) -> Comparison:
    """Compare all journals on the clearing account with all copied lines."""
    ours, theirs = _ours(session), _theirs(session)
    currencies = sorted({line.amount.currency for lines in (ours, theirs) for line in lines.values()})
    totals = [Totals(_sum(ours, currency), _sum(theirs, currency)) for currency in currencies]
    mismatches = [
        _mismatch(reference, ours.get(reference), theirs.get(reference))
        for reference in sorted(ours.keys() | theirs.keys())
        if _amount(ours.get(reference)) != _amount(theirs.get(reference))
    ]
    cursor = session.get(ProviderCursor, ENTRIES)
    return Comparison(totals, mismatches[:MOST_SHOWN], cursor.read_at if cursor is not None else None)


def _ours(session: Session) -> dict[str, _Line]:
    """Return what each journal moved on the clearing account, by the provider's reference."""
    clearing = select(LedgerAccount.id).where(LedgerAccount.code.endswith(f":{STRIPE_CLEARING.name}"))
    is_debit = LedgerPosting.debit_account.in_(clearing)
    is_credit = LedgerPosting.credit_account.in_(clearing)
    moved = func.sum(case((is_debit, LedgerPosting.amount), else_=-LedgerPosting.amount))
    reference = func.coalesce(LedgerJournal.external_ref, LedgerJournal.idempotency_key)
    rows = session.execute(
        select(reference, LedgerJournal.kind, LedgerJournal.event_at, LedgerPosting.currency, moved)
        .join(LedgerJournal, LedgerJournal.id == LedgerPosting.journal_id)
        .where(is_debit | is_credit)
        .group_by(LedgerJournal.id, LedgerPosting.currency)
    )
    return {ref: _Line(kind, at, Money(int(minor), currency)) for ref, kind, at, currency, minor in rows}


def _theirs(session: Session) -> dict[str, _Line]:
    return {
        entry.id: _Line(entry.type, entry.created_at, Money(entry.net_minor, entry.currency))
        for entry in session.scalars(select(ProviderEntry))
    }


def _sum(lines: dict[str, _Line], currency: str) -> Money:
    return Money(sum(line.amount.minor for line in lines.values() if line.amount.currency == currency), currency)


def _amount(line: _Line | None) -> Money | None:
    return line.amount if line is not None else None


def _mismatch(reference: str, ours: _Line | None, theirs: _Line | None) -> Mismatch:
    shown = ours or theirs
    assert shown is not None
    return Mismatch(reference, shown.kind, shown.at, _amount(ours), _amount(theirs))
