"""What waits, failed, stands in quarantine or has no journal: pages for finance, and how alive the machine is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.core.errors import NotFound
from marketplace.ledger.models import LedgerJournal
from marketplace.payments.finance_models import FinanceNote
from marketplace.payments.liveness import Figures
from marketplace.payments.models import (
    Payment,
    PaymentProblem,
    ProviderCommand,
    ProviderCursor,
    ProviderEntry,
    ProviderNews,
    Refund,
)
from marketplace.payments.outbox import NO_FUNDS
from marketplace.payments.provider_models import Chargeback
from marketplace.payments.sweep import ENTRIES

PAGE: Final = 30
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows and the id behind which the next page begins."""

    rows: Sequence[Row]
    after: str | None


def commands_page(session: Session, *, state: str = "", kind: str = "", after: str = "") -> Page[ProviderCommand]:
    """Return commands: those not done, or those of a state, oldest first (done ones newest first)."""
    found = select(ProviderCommand).where(
        ProviderCommand.state == state if state else ProviderCommand.state.in_(("waiting", "leased", "failed"))
    )
    if not state:
        found = found.where(~_is_closed("command", cast(ProviderCommand.id, String)))
    if kind:
        found = found.where(ProviderCommand.kind == kind)
    rows = _paged(
        session, found, ProviderCommand, (ProviderCommand.created_at, ProviderCommand.id),
        key=ProviderCommand.id, after=_uuid(after), newest=state == "done",
    )  # fmt: skip
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def news_page(session: Session, *, state: str = "quarantined", kind: str = "", after: str = "") -> Page[ProviderNews]:
    """Return news of a state and a beginning of its type, newest first."""
    found = select(ProviderNews).where(ProviderNews.state == state)
    if kind:
        found = found.where(ProviderNews.type.startswith(kind, autoescape=True))
    rows = _paged(
        session, found, ProviderNews, (ProviderNews.received_at, ProviderNews.event_id),
        key=ProviderNews.event_id, after=after, newest=True,
    )  # fmt: skip
    return Page(rows[:PAGE], rows[PAGE - 1].event_id if len(rows) > PAGE else None)


def problems_page(session: Session, *, is_open: bool = True, kind: str = "", after: str = "") -> Page[PaymentProblem]:
    """Return open problems, oldest first, or closed ones, newest first."""
    closed = PaymentProblem.resolved_at
    found = select(PaymentProblem).where(closed.is_(None) if is_open else closed.is_not(None))
    if kind:
        found = found.where(PaymentProblem.kind == kind)
    rows = _paged(
        session, found, PaymentProblem, (PaymentProblem.opened_at, PaymentProblem.id),
        key=PaymentProblem.id, after=_uuid(after), newest=not is_open,
    )  # fmt: skip
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


def unmatched_page(session: Session, *, is_open: bool = True, after: str = "") -> Page[ProviderEntry]:
    """Return the lines of the provider's books without a journal, newest first: open ones, or those closed."""
    closed = _is_closed("entry", ProviderEntry.id)
    found = select(ProviderEntry).where(_has_no_journal(), ~closed if is_open else closed)
    rows = _paged(
        session, found, ProviderEntry, (ProviderEntry.created_at, ProviderEntry.id),
        key=ProviderEntry.id, after=after, newest=True,
    )  # fmt: skip
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def count_unmatched(session: Session) -> int:
    """Return how many lines of the provider's books have no journal and were not closed."""
    found = select(func.count()).select_from(ProviderEntry)
    return session.scalar(found.where(_has_no_journal(), ~_is_closed("entry", ProviderEntry.id))) or 0


def count_quarantined(session: Session) -> int:
    """Return how much news stands in quarantine."""
    return session.scalar(select(func.count()).where(ProviderNews.state == "quarantined")) or 0


def command_by_id(session: Session, command_id: UUID) -> ProviderCommand:
    """Return a command; raise NotFound."""
    return _one(session.get(ProviderCommand, command_id))


def news_by_id(session: Session, event_id: str) -> ProviderNews:
    """Return news; raise NotFound."""
    return _one(session.get(ProviderNews, event_id) if "\x00" not in event_id else None)


def entry_by_id(session: Session, entry_id: str) -> ProviderEntry:
    """Return a line of the provider's books; raise NotFound."""
    return _one(session.get(ProviderEntry, entry_id) if "\x00" not in entry_id else None)


def notes_about(session: Session, about: str, subject: str) -> Sequence[FinanceNote]:
    """Return what finance wrote about one thing, oldest first."""
    found = select(FinanceNote).where(FinanceNote.about == about, FinanceNote.subject == subject)
    return session.scalars(found.order_by(FinanceNote.written_at, FinanceNote.id)).all()


def is_resolved(session: Session, about: str, subject: str) -> bool:
    """Tell whether finance closed it."""
    return any(note.action == "resolve" for note in notes_about(session, about, subject))


def is_unmatched(session: Session, entry: ProviderEntry) -> bool:
    """Tell whether a line of the provider's books has no journal."""
    return session.scalar(select(LedgerJournal.id).where(LedgerJournal.external_ref == entry.id).limit(1)) is None


def order_of_command(session: Session, command: ProviderCommand) -> UUID | None:
    """Return the order a command is about."""
    found = session.scalar(select(Payment.order_id).where(Payment.id == command.subject_id))
    for table in (Refund, Chargeback):
        found = found or session.scalar(select(table.order_id).where(table.id == command.subject_id))
    return found


def order_of_object(session: Session, object_id: str | None) -> UUID | None:
    """Return the order behind an object of the provider's: a page, payment, charge or refund."""
    payment = payment_of_source(session, object_id)
    if payment is not None:
        return payment.order_id
    return session.scalar(select(Refund.order_id).where(Refund.provider_ref == object_id)) if object_id else None


def payment_of_source(session: Session, source_id: str | None) -> Payment | None:
    """Return the payment that has an id of the provider's, or None."""
    if source_id is None:
        return None
    ids = (Payment.session_id, Payment.payment_intent_id, Payment.charge_id, Payment.balance_transaction_id)
    return session.scalars(select(Payment).where(or_(*(each == source_id for each in ids))).limit(1)).first()


def figures(session: Session) -> Figures:
    """Return when the machine last did what it does all the time."""
    waiting = select(func.min(ProviderCommand.created_at)).where(ProviderCommand.state.in_(("waiting", "leased")))
    for_funds = func.coalesce(ProviderCommand.last_error, "") == NO_FUNDS
    cursor = session.get(ProviderCursor, ENTRIES)
    return Figures(
        oldest_command=session.scalar(waiting.where(~for_funds)),
        last_sweep=cursor.read_at if cursor is not None else None,
        last_news=session.scalar(select(func.max(ProviderNews.received_at))),
        oldest_news=session.scalar(select(func.min(ProviderNews.received_at)).where(ProviderNews.state == "received")),
        payments_open=session.scalar(select(func.count()).where(Payment.state == "open")) or 0,
        oldest_for_funds=session.scalar(waiting.where(for_funds)),
    )


def _paged(
    session: Session,
    found: Select[Any],
    table: type[Any],
    order: tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]],
    *,
    key: InstrumentedAttribute[Any],
    after: object,
    newest: bool,
) -> Sequence[Any]:
    if after:
        last = None if isinstance(after, str) and "\x00" in after else session.scalar(select(table).where(key == after))
        if last is None:
            raise NotFound
        place = tuple_(*order)
        there = tuple(getattr(last, column.key) for column in order)
        found = found.where(place < there if newest else place > there)
    ordered = found.order_by(*(column.desc() if newest else column for column in order))
    return session.scalars(ordered.limit(PAGE + 1)).all()


def _has_no_journal() -> ColumnElement[bool]:
    return ~select(LedgerJournal.id).where(LedgerJournal.external_ref == ProviderEntry.id).exists()


def _is_closed(about: str, subject: Any) -> ColumnElement[bool]:
    return (
        select(FinanceNote.id)
        .where(FinanceNote.about == about, FinanceNote.subject == subject, FinanceNote.action == "resolve")
        .exists()
    )


def _uuid(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _one(found: Row | None) -> Row:
    if found is None:
        raise NotFound
    return found
