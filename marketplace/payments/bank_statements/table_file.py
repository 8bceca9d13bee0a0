"""Read a bank's movements from CSV with named columns, for banks without camt. Pure.

Columns: booked_on (YYYY-MM-DD), reference, amount (below zero: money that left), currency, and, where the bank has
them, end_to_end_id, text, counterparty, balance (after the movement; then opening and closing are known).
"""

import csv
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Final

from marketplace.core.errors import FieldError
from marketplace.core.money import EXPONENT, Money
from marketplace.core.text import N_
from marketplace.payments.bank_statements.statement import (
    LARGEST_FILE,
    LONGEST_TEXT,
    MOST_ENTRIES,
    Entry,
    Statement,
    StatementRefused,
    checked,
)

REQUIRED: Final = ("booked_on", "reference", "amount", "currency")
OPTIONAL: Final = ("end_to_end_id", "text", "counterparty", "balance")


def read_csv(content: bytes, *, account: str) -> tuple[Statement, ...]:
    """Return the statement of a file about one account of ours; raise StatementRefused naming the line."""
    rows = _rows(content)
    entries = tuple(_entry(row, line) for line, row in enumerate(rows, 2))
    currencies = {entry.amount.currency for entry in entries}
    if len(currencies) != 1:
        raise StatementRefused(N_("A file has entries of one currency only."))
    opening, closing = _balances(rows, entries)
    days = [entry.booked_on for entry in entries]
    statement = Statement(
        kind="csv",
        number=f"csv-{sha256(content).hexdigest()[:16]}",
        account=account,
        currency=currencies.pop(),
        first_day=min(days),
        last_day=max(days),
        opening=opening,
        closing=closing,
        entries=entries,
    )
    return (checked(statement),)


def _rows(content: bytes) -> list[Mapping[str, str]]:
    if len(content) > LARGEST_FILE:
        raise StatementRefused(N_("The file is larger than 5 megabytes. Ask the bank for a shorter one."))
    try:
        text = content.decode("utf-8-sig")
        head = text.partition("\n")[0]
        delimiter = ";" if head.count(";") > head.count(",") else ","
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        _check_names(names)
        rows: list[Mapping[str, str]] = [dict(row) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise StatementRefused(N_("The file is cut off or is not a CSV file in UTF-8.")) from None
    if not rows:
        raise StatementRefused(N_("The file has no statement in it."))
    if len(rows) > MOST_ENTRIES:
        raise StatementRefused(N_("The file has more than %(most)s entries. Ask for a shorter one."), most=MOST_ENTRIES)
    return rows


def _check_names(names: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise StatementRefused(N_("The first line lacks these columns: %(names)s."), names=", ".join(missing))
    unknown = [name for name in names if name not in (*REQUIRED, *OPTIONAL)]
    if unknown or len(set(names)) < len(names):
        raise StatementRefused(N_("The first line has columns that we do not know, or one twice."))


def _entry(row: Mapping[str, str], line: int) -> Entry:
    if None in row or None in row.values():
        raise StatementRefused(N_("Line %(line)s has too many or too few columns."), line=line)
    reference = _words(row, "reference")
    if not reference:
        raise StatementRefused(N_("Line %(line)s has no reference."), line=line)
    try:
        booked = date.fromisoformat(row["booked_on"].strip())
    except ValueError:
        raise StatementRefused(N_("Line %(line)s has a date that is none. Write 2026-09-29."), line=line) from None
    amount = _money(row, "amount", line)
    if not amount:
        raise StatementRefused(N_("Line %(line)s has an amount of nothing."), line=line)
    return Entry(
        reference=reference,
        booked_on=booked,
        amount=amount,
        end_to_end_id=_words(row, "end_to_end_id"),
        remittance=_words(row, "text"),
        counterparty=_words(row, "counterparty"),
    )


def _balances(rows: list[Mapping[str, str]], entries: tuple[Entry, ...]) -> tuple[Money | None, Money | None]:
    if "balance" not in rows[0]:
        return None, None
    balances = [_money(row, "balance", line) for line, row in enumerate(rows, 2)]
    opening = balances[0] - entries[0].amount
    expected = opening
    for line, (balance, entry) in enumerate(zip(balances, entries, strict=True), 2):
        if (expected := expected + entry.amount) != balance:
            raise StatementRefused(N_("The balance of line %(line)s does not follow from the line before."), line=line)
    return opening, balances[-1]


def _money(row: Mapping[str, str], name: str, line: int) -> Money:
    currency = row["currency"].strip().upper()
    error = FieldError(N_("Line %(line)s has an amount or currency that we cannot read."), line=line)
    if currency not in EXPONENT:
        raise StatementRefused(error.message, **error.params)
    try:
        amount = Decimal(row[name].strip())
    except InvalidOperation:
        raise StatementRefused(error.message, **error.params) from None
    if not amount.is_finite() or abs(amount) >= 10**15 or amount.scaleb(EXPONENT[currency]) % 1:
        raise StatementRefused(error.message, **error.params)
    return Money(int(amount.scaleb(EXPONENT[currency])), currency)


def _words(row: Mapping[str, str], name: str) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in row.get(name) or "")
    return " ".join(text.split())[:LONGEST_TEXT]
