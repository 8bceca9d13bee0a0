"""The ledger as a Beancount file (beancount.github.io, version 3), for an accountant's own tools. Pure.

Account codes such as `USD:held:order:0192…` become `Liabilities:Held:Order-0192…`; a debit is a positive posting.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.core.money import Money
from marketplace.ledger.chart import Kind

_ROOTS: Final[Mapping[str, str]] = {
    Kind.ASSET: "Assets",
    Kind.LIABILITY: "Liabilities",
    Kind.INCOME: "Income",
    Kind.EXPENSE: "Expenses",
}
_NOT_ALLOWED: Final = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class BookLine:
    """One posting: the same amount on both sides, accounts by code and kind."""

    debit: str
    debit_kind: str
    credit: str
    credit_kind: str
    amount: Money


@dataclass(frozen=True, slots=True)
class BookEntry:
    """One journal with its postings."""

    id: str
    on: date
    kind: str
    memo: str
    lines: tuple[BookLine, ...]


def exported(entries: Iterable[BookEntry], *, title: str) -> Iterator[str]:
    """Yield the lines of a Beancount file for journals in the order of their dates; each account opens on first use."""
    yield f'option "title" "{_text(title)}"'
    opened: set[tuple[str, str]] = set()
    for entry in entries:
        yield ""
        for name, currency in _accounts(entry):
            if (name, currency) not in opened:
                opened.add((name, currency))
                yield f"{entry.on.isoformat()} open {name} {currency}"
        yield f'{entry.on.isoformat()} * "{_text(entry.kind)}" "{_text(entry.memo)}"'
        yield f'  journal: "{entry.id}"'
        for line in entry.lines:
            currency = line.amount.currency
            yield f"  {account_name(line.debit, line.debit_kind)}  {line.amount.amount:f} {currency}"
            yield f"  {account_name(line.credit, line.credit_kind)}  {-line.amount.amount:f} {currency}"


def account_name(code: str, kind: str) -> str:
    """Return an account's Beancount name; the currency, first in our code, is in it so that names stay unique."""
    currency, _, name = code.partition(":")
    parts = [currency, *name.replace("_", "-").split(":", 2)]
    return ":".join([_ROOTS[kind], *(_component(part) for part in parts)])


def _component(part: str) -> str:
    cleaned = _NOT_ALLOWED.sub("-", part).strip("-") or "X"
    # A component begins with a capital or a digit.
    return cleaned[0].upper() + cleaned[1:]


def _accounts(entry: BookEntry) -> Iterator[tuple[str, str]]:
    for line in entry.lines:
        yield account_name(line.debit, line.debit_kind), line.amount.currency
        yield account_name(line.credit, line.credit_kind), line.amount.currency


def _text(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
