"""Read the accounts of cooperatives at the provider, for staff."""

from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.payments.finance_queries import PAGE, Page
from marketplace.payments.provider_models import RecipientAccount


def recipients_page(session: Session, *, state: str = "", after: str = "") -> Page[RecipientAccount]:
    """Return the accounts, or those of a state, newest first; raise NotFound for an unknown place."""
    wanted = select(RecipientAccount)
    if state:
        wanted = wanted.where(RecipientAccount.state == state)
    if after:
        last = _by_text(session, after)
        wanted = wanted.where(tuple_(RecipientAccount.created_at, RecipientAccount.id) < (last.created_at, last.id))
    ordered = wanted.order_by(RecipientAccount.created_at.desc(), RecipientAccount.id.desc())
    rows = session.scalars(ordered.limit(PAGE + 1)).all()
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def _by_text(session: Session, account_id: str) -> RecipientAccount:
    try:
        found = session.get(RecipientAccount, UUID(account_id))
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found
