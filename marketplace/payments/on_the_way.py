"""Payouts of the provider to our bank that are booked by it and not at the bank yet: over midnight they are nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger.models import LedgerJournal
from marketplace.payments.models import ProviderEntry
from marketplace.payments.provider_models import BankPayout

# From here on the money is at the bank, or with the provider again.
_DONE: Final = frozenset({"paid", "failed", "canceled"})


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """One payout of ours: its reference, its amount, and the day the provider promised it for."""

    reference: str
    amount: Money
    arrives_on: date


def on_the_way(session: Session, day: date, *, shift: timedelta) -> Sequence[OnTheWay]:
    """Return the payouts that our ledger counts at the bank by the end of a day, though they arrive after it.

    One that is late is not among them: it is a difference to be asked for. `shift` is how far business time is ahead
    of the machine's, in which the provider promises.
    """
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)
    payouts = session.scalars(
        select(BankPayout)
        .join(ProviderEntry, ProviderEntry.source_id == BankPayout.provider_ref)
        .join(LedgerJournal, LedgerJournal.external_ref == ProviderEntry.id)
        .where(LedgerJournal.kind == "bank_funded", LedgerJournal.event_at < end)
        .order_by(BankPayout.reference)
    )
    found = [
        OnTheWay(payout.reference, Money(payout.amount_minor, payout.currency), (payout.arrival + shift).date())
        for payout in payouts
        if payout.arrival is not None and not _was_done(payout, end)
    ]
    return [each for each in found if each.arrives_on > day]


def _was_done(payout: BankPayout, end: datetime) -> bool:
    return payout.state in _DONE and payout.done_at is not None and payout.done_at < end
