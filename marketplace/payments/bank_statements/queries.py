"""Reads of the bank's statements, and of what nothing explains yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.payments.rail_models import BankEntry, BankStatement, UnmatchedReceipt

PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class BankBalance:
    """What the bank says one of our accounts held at the end of `on`, the last day its statements reach."""

    account: str
    currency: str
    on: date
    closing: Money


def bank_balances(session: Session, day: date) -> list[BankBalance]:
    """Return the closing balance of each account and currency by its newest statement up to the day."""
    found = (
        select(BankStatement)
        .where(BankStatement.last_day <= day, BankStatement.closing_minor.is_not(None))
        .ext(distinct_on(BankStatement.account, BankStatement.currency))
        .order_by(
            BankStatement.account,
            BankStatement.currency,
            BankStatement.last_day.desc(),
            BankStatement.imported_at.desc(),
            BankStatement.id.desc(),
        )
    )
    return [
        BankBalance(row.account, row.currency, row.last_day, Money(row.closing_minor or 0, row.currency))
        for row in session.scalars(found)
    ]


def statements(session: Session, *, before: UUID | None = None) -> Sequence[BankStatement]:
    """Return a page of statements, newest first, and one more when there is another page."""
    found = select(BankStatement).order_by(BankStatement.id.desc()).limit(PAGE + 1)
    return session.scalars(found.where(BankStatement.id < before) if before else found).all()


def receipts(
    session: Session, *, is_done: bool = False, after: UUID | None = None
) -> Sequence[tuple[UnmatchedReceipt, BankEntry]]:
    """Return a page of unmatched receipts with their entries, oldest first, and one more when there is another."""
    found = (
        select(UnmatchedReceipt, BankEntry)
        .join(BankEntry, BankEntry.id == UnmatchedReceipt.entry_id)
        .where(UnmatchedReceipt.state == "done" if is_done else UnmatchedReceipt.state != "done")
        .order_by(UnmatchedReceipt.id)
        .limit(PAGE + 1)
    )
    rows = session.execute(found.where(UnmatchedReceipt.id > after) if after else found).all()
    return [(receipt, entry) for receipt, entry in rows]


def count_receipts(session: Session) -> int:
    """Return how many unmatched receipts finance has to work off."""
    found = select(func.count()).select_from(UnmatchedReceipt)
    return session.scalar(found.where(UnmatchedReceipt.state != "done")) or 0


def receipt_by_id(session: Session, receipt_id: UUID) -> UnmatchedReceipt:
    """Return an unmatched receipt; raise NotFound."""
    found = session.get(UnmatchedReceipt, receipt_id)
    if found is None:
        raise NotFound
    return found
