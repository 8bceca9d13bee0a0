"""Post an entry to the ledger: once per key, sealed by the database."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from marketplace.core.errors import Conflict
from marketplace.core.ids import new_id
from marketplace.core.text import N_
from marketplace.ledger import queries
from marketplace.ledger.chart import FX_POSITION, Account, nature_of
from marketplace.ledger.models import LedgerAccount, LedgerJournal, LedgerPosting
from marketplace.ledger.recipes import Entry, Line
from marketplace.unit_of_work import UnitOfWork


class Overdraft(Conflict):
    """The entry would take more from an account than it holds; nothing was posted."""

    code = "overdraft"
    message = N_("There is not that much money left to move. Look at the order's ledger first.")


class EntryDiffers(Conflict):
    """The key was used for another entry: a program error that must not pass silently."""

    code = "entry_differs"
    message = N_("This money was already moved in another way. Ask finance to look at it.")


def post(
    uow: UnitOfWork,
    *,
    entry: Entry,
    key: str,
    order_id: UUID | None = None,
    external_ref: str | None = None,
    event_at: datetime | None = None,
    memo: str = "",
    rate_ids: Sequence[str] = (),
) -> LedgerJournal:
    """Write the entry's postings and seal them with their journal; the same key again returns the first journal.

    An exchange names the rates it was made by. Raises Overdraft when a held or payable account would go below zero,
    EntryDiffers when the key belongs to another entry.
    """
    _check(entry, rate_ids)
    earlier = queries.journal_by_key(uow.session, key)
    if earlier is not None:
        return _same(uow, earlier, entry)
    journal = LedgerJournal(
        id=new_id(),
        idempotency_key=key,
        kind=entry.kind,
        lines=len(entry.lines),
        order_id=order_id,
        external_ref=external_ref,
        event_at=event_at or uow.now,
        created_at=uow.now,
        actor=str(uow.actor.user_id or uow.actor.kind.value),
        memo=memo,
        rate_ids=list(rate_ids),
    )
    try:
        with uow.session.begin_nested():
            _write(uow, journal, entry)
    except IntegrityError as error:
        if "no_overdraft" in str(error.orig):
            raise Overdraft from error
        raise
    uow.record("ledger_journal.post", journal, key=key, kind=entry.kind, lines=[_words(line) for line in entry.lines])
    return journal


def _write(uow: UnitOfWork, journal: LedgerJournal, entry: Entry) -> None:
    accounts = _accounts(uow, entry)
    postings = [
        {
            "journal_id": journal.id,
            "line": number,
            "debit_account": accounts[line.debit.code(line.amount.currency)],
            "credit_account": accounts[line.credit.code(line.amount.currency)],
            "currency": line.amount.currency,
            "amount": line.amount.minor,
        }
        for number, line in enumerate(entry.lines, start=1)
    ]
    uow.session.execute(insert(LedgerPosting), postings)
    uow.session.add(journal)
    uow.session.flush()


def _accounts(uow: UnitOfWork, entry: Entry) -> dict[str, int]:
    """Return the ids of the entry's accounts by code, opening those that are new."""
    wanted: dict[str, tuple[Account, str]] = {}
    for line in entry.lines:
        for account in (line.debit, line.credit):
            wanted[account.code(line.amount.currency)] = (account, line.amount.currency)
    found = _known(uow, set(wanted))
    missing = sorted(set(wanted) - set(found))
    if missing:
        rows = [_row(code, *wanted[code]) for code in missing]
        uow.session.execute(upsert(LedgerAccount).on_conflict_do_nothing(index_elements=["code"]), rows)
        found |= _known(uow, set(missing))
    return found


def _known(uow: UnitOfWork, codes: set[str]) -> dict[str, int]:
    rows = uow.session.execute(select(LedgerAccount.code, LedgerAccount.id).where(LedgerAccount.code.in_(codes)))
    return dict(rows.all())


def _row(code: str, account: Account, currency: str) -> dict[str, object]:
    nature = nature_of(account)
    return {
        "code": code,
        "currency": currency,
        "kind": nature.kind.value,
        "rule": nature.rule.value,
        "tracked": nature.tracked,
    }


def _check(entry: Entry, rate_ids: Sequence[str]) -> None:
    if not entry.lines:
        raise ValueError(f"an entry {entry.kind!r} of nothing")
    if not rate_ids and any(FX_POSITION in (line.debit, line.credit) for line in entry.lines):
        raise ValueError(f"an exchange {entry.kind!r} without its rates")


def _same(uow: UnitOfWork, earlier: LedgerJournal, entry: Entry) -> LedgerJournal:
    written = queries.postings(uow.session, [earlier.id])[earlier.id]
    there = Counter((line.debit, line.credit, line.amount.minor) for line in written)
    wanted = Counter(
        (line.debit.code(line.amount.currency), line.credit.code(line.amount.currency), line.amount.minor)
        for line in entry.lines
    )
    if earlier.kind != entry.kind or there != wanted:
        raise EntryDiffers
    return earlier


def _words(line: Line) -> str:
    return f"{line.debit.name} <- {line.credit.name} {line.amount.minor} {line.amount.currency}"
