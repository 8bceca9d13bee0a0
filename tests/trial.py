"""The trial balance after a test: whatever it did, the ledger must close."""

from sqlalchemy import Connection, text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from marketplace.ledger.queries import trial_balance

# A posting without its journal, or a journal that sealed another number of lines.
_OPEN = text(
    "SELECT count(*) FROM (SELECT posting.journal_id, count(*) AS written, max(journal.lines) AS sealed"
    " FROM ledger_posting AS posting LEFT JOIN ledger_journal AS journal ON journal.id = posting.journal_id"
    " GROUP BY posting.journal_id) AS found WHERE sealed IS NULL OR sealed <> written"
)


def check_ledger(connection: Connection) -> None:
    """Assert that debits equal credits in every currency, live balances their postings, and every journal is sealed.

    A test without a posting costs one look at an empty table; one that ended in a failed transaction left nothing.
    """
    try:
        if connection.scalar(text("SELECT NOT EXISTS (SELECT FROM ledger_posting)")):
            return
    except InternalError:
        return
    trial = trial_balance(Session(bind=connection))
    assert not any(trial.differences.values()), f"debits and credits differ: {trial.differences}"
    assert not trial.wrong_balances, f"live balances differ from their postings: {trial.wrong_balances}"
    assert connection.scalar(_OPEN) == 0, "a journal is not sealed with all its lines"
