"""What the bank says our accounts hold at the end of a day, for the daily report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from marketplace.core.money import Money


@dataclass(frozen=True, slots=True)
class BankBalance:
    """One account of ours by its name in the chart (`operating`): its balance on the newest statement up to a day."""

    account: str
    balance: Money
    stated_on: date


BankBalances = Callable[[Session, date], Sequence[BankBalance]]


def no_statements(_session: Session, _day: date) -> Sequence[BankBalance]:
    """Return nothing: no statement was imported."""
    return []
