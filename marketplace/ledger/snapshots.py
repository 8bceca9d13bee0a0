"""Daily sums of the untracked accounts, so that a balance is a sum of few postings however old the ledger grows."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.ledger.chart import Account
from marketplace.ledger.queries import TrialRow
from marketplace.unit_of_work import UnitOfWork

# Postings of journals written in [since, until) on one side of each untracked account.
_TAKE: Final = text("""
INSERT INTO ledger_snapshot (account_id, day, debit, credit, taken_at)
SELECT account.id, :day, coalesce(last.debit, 0) + added.debit, coalesce(last.credit, 0) + added.credit, :now
FROM ledger_account AS account
LEFT JOIN LATERAL (
    SELECT day, debit, credit FROM ledger_snapshot
    WHERE account_id = account.id AND day < :day ORDER BY day DESC LIMIT 1
) AS last ON true
CROSS JOIN LATERAL (
    SELECT coalesce(sum(posting.amount) FILTER (WHERE posting.debit_account = account.id), 0) AS debit,
           coalesce(sum(posting.amount) FILTER (WHERE posting.credit_account = account.id), 0) AS credit
    FROM ledger_posting AS posting JOIN ledger_journal AS journal ON journal.id = posting.journal_id
    WHERE (posting.debit_account = account.id OR posting.credit_account = account.id)
      AND journal.created_at < :until
      AND (last.day IS NULL OR journal.created_at >= (last.day + 1)::timestamp AT TIME ZONE 'UTC')
) AS added
WHERE NOT account.tracked
ON CONFLICT (account_id, day) DO NOTHING
""")
_BALANCE: Final = text("""
SELECT account.code, account.currency, account.kind,
       coalesce(last.debit, 0) + coalesce(sum(posting.amount) FILTER (WHERE posting.debit_account = account.id), 0),
       coalesce(last.credit, 0) + coalesce(sum(posting.amount) FILTER (WHERE posting.credit_account = account.id), 0)
FROM ledger_account AS account
LEFT JOIN LATERAL (
    SELECT day, debit, credit FROM ledger_snapshot WHERE account_id = account.id ORDER BY day DESC LIMIT 1
) AS last ON true
LEFT JOIN (ledger_posting AS posting JOIN ledger_journal AS journal ON journal.id = posting.journal_id)
    ON (posting.debit_account = account.id OR posting.credit_account = account.id)
   AND (last.day IS NULL OR journal.created_at >= (last.day + 1)::timestamp AT TIME ZONE 'UTC')
WHERE account.code = :code
GROUP BY account.id, last.debit, last.credit
""")


def take(uow: UnitOfWork, *, day: date) -> int:
    """Write what every untracked account took in and gave out by the end of a day that is over; once a day."""
    if day >= uow.now.date():
        raise ValueError("a day is counted when it is over")
    until = datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)
    return uow.session.execute(_TAKE, {"day": day, "until": until, "now": uow.now}).rowcount  # type: ignore[attr-defined,no-any-return]


def balance_since(session: Session, account: Account, currency: str) -> Money:
    """Return an untracked account's balance from its own side: its last snapshot and what was posted since."""
    row = session.execute(_BALANCE, {"code": account.code(currency)}).one_or_none()
    if row is None:
        return Money.zero(currency)
    code, of, kind, debit, credit = row
    return TrialRow(code, of, kind, int(debit), int(credit)).balance
