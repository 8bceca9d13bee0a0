"""What a person of finance may do with money that waits: try it again or close it, always with a reason."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.core.errors import Conflict, Forbidden, InvalidInput
from marketplace.core.text import N_
from marketplace.payments.commands import SEND
from marketplace.payments.finance_models import FinanceNote
from marketplace.payments.finance_queries import is_resolved, is_unmatched, payment_of_source
from marketplace.payments.inbox import APPLY
from marketplace.payments.models import PaymentProblem, ProviderCommand, ProviderEntry, ProviderNews
from marketplace.payments.problems import Kind, resolve
from marketplace.unit_of_work import UnitOfWork

LONGEST_REASON: Final = 1000
# A refused refund is tried again on the order's page, a refused payment page ended its order; only these just repeat.
REPEATABLE_AFTER_REFUSAL: Final = frozenset({"expiry"})
CHECK: Final = "payments.check"
SWEEP: Final = "payments.sweep"


class NotNow(Conflict):
    """It is being done, or done, or somebody closed it."""

    code = "not_now"
    message = N_("This cannot be done now. Look at its history: it is done, closed, or being sent.")


def may_retry_command(command: ProviderCommand, *, now_wall: datetime) -> bool:
    """Tell whether a command may be sent at once instead of later."""
    if command.state == "waiting":
        return True
    if command.state == "leased":
        return command.leased_until is not None and command.leased_until <= now_wall
    return command.state == "failed" and command.kind in REPEATABLE_AFTER_REFUSAL


def retry_command(uow: UnitOfWork, *, command: ProviderCommand, reason: str) -> None:
    """Send a waiting command now, or a refused one again under a new key; raise NotNow."""
    reason = _reason(reason)
    uow.session.refresh(command, with_for_update=True)
    if not may_retry_command(command, now_wall=uow.clock.wall()):
        raise NotNow
    if command.state == "failed":  # the provider keeps its refusal under the old key
        command.key, command.attempts = f"{command.key}:{command.attempts}", 0
        command.first_sent_at = command.done_at = None
    command.state, command.leased_until, command.retry_at = "waiting", None, None
    uow.record("provider_command.retry", command, reason=reason)
    _note(uow, "command", str(command.id), action="retry", reason=reason)
    uow.defer(SEND, command_id=command.id)


def resolve_command(uow: UnitOfWork, *, command: ProviderCommand, reason: str) -> None:
    """Close a refused command, and the problem that was opened about it."""
    reason = _reason(reason)
    uow.session.refresh(command, with_for_update=True)
    if command.state != "failed" or is_resolved(uow.session, "command", str(command.id)):
        raise NotNow
    _note(uow, "command", str(command.id), action="resolve", reason=reason)
    about = f"{command.kind} {command.id}"
    problem = uow.session.scalar(
        select(PaymentProblem).where(
            PaymentProblem.kind == Kind.REFUSED,
            PaymentProblem.subject == about,
            PaymentProblem.resolved_at.is_(None),
        )
    )
    if problem is not None:
        resolve(uow, problem=problem, note=reason)


def retry_news(uow: UnitOfWork, *, news: ProviderNews, reason: str) -> None:
    """Fetch again what news is about and apply it: quarantined news, or news that waits."""
    reason = _reason(reason)
    uow.session.refresh(news, with_for_update=True)
    if news.state not in ("quarantined", "received"):
        raise NotNow
    news.state, news.reason, news.applied_at = "received", None, None
    _note(uow, "news", news.event_id, action="retry", reason=reason)
    uow.defer(APPLY, event_id=news.event_id)


def resolve_news(uow: UnitOfWork, *, news: ProviderNews, reason: str) -> None:
    """Close quarantined news: a person saw to it."""
    reason = _reason(reason)
    uow.session.refresh(news, with_for_update=True)
    if news.state != "quarantined":
        raise NotNow
    news.state, news.reason = "ignored", f"closed by finance, was {news.reason}"
    _note(uow, "news", news.event_id, action="resolve", reason=reason)


def retry_entry(uow: UnitOfWork, *, entry: ProviderEntry, reason: str) -> None:
    """Look again at the payment behind a line of the provider's books, or read all its lists."""
    reason = _reason(reason)
    if not is_unmatched(uow.session, entry):
        raise NotNow
    _note(uow, "entry", entry.id, action="retry", reason=reason)
    payment = payment_of_source(uow.session, entry.source_id)
    if payment is not None:
        uow.defer(CHECK, payment_id=payment.id)
    else:
        uow.defer(SWEEP, queueing_lock=SWEEP)


def resolve_entry(uow: UnitOfWork, *, entry: ProviderEntry, reason: str) -> None:
    """Close a line without a journal. The books differ as before; the reason says why, and what was done."""
    reason = _reason(reason)
    if not is_unmatched(uow.session, entry) or is_resolved(uow.session, "entry", entry.id):
        raise NotNow
    _note(uow, "entry", entry.id, action="resolve", reason=reason)


def _note(uow: UnitOfWork, about: str, subject: str, *, action: str, reason: str) -> None:
    if uow.actor.user_id is None:
        raise Forbidden
    row = FinanceNote(
        about=about, subject=subject, action=action, reason=reason, written_by=uow.actor.user_id, written_at=uow.now
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("finance_note.write", row, about=about, subject=subject, move=action, reason=reason)


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_REASON or "\x00" in text:
        raise InvalidInput({"reason": N_("Write the reason, in at most 1,000 letters.")})
    return text
