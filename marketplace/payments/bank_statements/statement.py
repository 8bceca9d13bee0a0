"""A bank's statement as we keep it, whatever file it came in, and the checks every file must pass. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.money import Money, total
from marketplace.core.text import N_

LARGEST_FILE: Final = 5_000_000
MOST_ENTRIES: Final = 5_000
LONGEST_TEXT: Final = 500


class StatementRefused(DomainError):
    """The file is not a statement we can book; nothing was imported, the message says why."""

    code = "statement_refused"
    message = N_("This file is not a bank statement that we can read.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement: `amount` is above zero for money that arrived, below zero for money that left.

    `reference` is the bank's own and names the movement for good; `end_to_end_id` is ours coming back.
    """

    reference: str
    booked_on: date
    amount: Money
    end_to_end_id: str
    remittance: str
    counterparty: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Movements of one account in one currency; balances are None where the file has none (camt.054)."""

    kind: str
    number: str
    account: str
    currency: str
    first_day: date
    last_day: date
    opening: Money | None
    closing: Money | None
    entries: tuple[Entry, ...]


def checked(statement: Statement) -> Statement:
    """Return the statement; raise StatementRefused unless opening + entries = closing and each reference is once."""
    if len(statement.entries) > MOST_ENTRIES:
        raise StatementRefused(N_("The file has more than %(most)s entries. Ask for a shorter one."), most=MOST_ENTRIES)
    references = [entry.reference for entry in statement.entries]
    if len(set(references)) < len(references):
        raise StatementRefused(N_("Two entries of this file have the same reference."))
    if any(entry.amount.currency != statement.currency for entry in statement.entries):
        raise StatementRefused(N_("This file mixes currencies in one statement."))
    if (statement.opening is None) != (statement.closing is None):
        raise StatementRefused(N_("The file has only one of opening and closing balance."))
    if statement.opening is not None and statement.closing is not None:
        _check_sum(statement, statement.opening, statement.closing)
    return statement


def _check_sum(statement: Statement, opening: Money, closing: Money) -> None:
    moved = total([entry.amount for entry in statement.entries], currency=statement.currency)
    if opening + moved != closing:
        raise StatementRefused(
            N_("Opening balance and entries give %(found)s, but the closing balance is %(written)s."),
            found=str(opening + moved),
            written=str(closing),
        )
