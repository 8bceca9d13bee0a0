"""Send written commands to the provider: lease, call, note the answer. Each step commits by itself.

A crash between the steps is healed by the lease's end: the command goes out again under the same key, and the provider
answers what it answered before. No transaction is open while the provider is asked.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from marketplace.core.actor import PROVIDER, SYSTEM
from marketplace.payments import calls, further_answers
from marketplace.payments.answers import Refused, note
from marketplace.payments.consequences import Consequences, Desk
from marketplace.payments.models import Payment, ProviderCommand, Refund
from marketplace.payments.provider import FundsNotThere, ProviderRefused, ProviderUnavailable
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.payments.receipts import close_payment
from marketplace.unit_of_work import UnitOfWork, running

# Longer than the provider's client can take with all its own tries.
LEASE: Final = timedelta(minutes=2)
BACK_OFF: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600))
# After this an unknown outcome is looked up first: the provider forgets keys after a day.
LOOK_UP_AFTER: Final = timedelta(hours=20)
AT_ONCE: Final = 50
NOT_AVAILABLE: Final = "not available"
HELD_BACK: Final = "held back"
NO_FUNDS: Final = "waits for funds"


Leased = calls.Leased
_call = calls.call


def send(desk: Desk, *, command_id: UUID) -> None:
    """Send one command if it waits and nobody else sends it now."""
    with running(lambda: desk.make_uow(SYSTEM)) as uow:
        leased = _lease(uow, command_id, desk.consequences)
    if leased is None:
        return
    try:
        answer = _call(desk.provider, leased)
    except ProviderUnavailable as error:
        with running(lambda: desk.make_uow(SYSTEM)) as uow:
            _postpone(uow, leased, error)
        return
    except ProviderRefused as error:
        answer = Refused(error.reason, error.detail)
    with running(lambda: desk.make_uow(PROVIDER)) as uow:
        note(uow, command_id=command_id, answer=answer, attempt=leased.attempt, consequences=desk.consequences)


def waiting(uow: UnitOfWork) -> Sequence[UUID]:
    """Return the commands that should go out now, oldest first."""
    now = uow.clock.wall()
    due = or_(
        (ProviderCommand.state == "waiting") & or_(ProviderCommand.retry_at.is_(None), ProviderCommand.retry_at <= now),
        (ProviderCommand.state == "leased") & (ProviderCommand.leased_until <= now),
    )
    found = select(ProviderCommand.id).where(due).order_by(ProviderCommand.created_at).limit(AT_ONCE)
    return uow.session.scalars(found).all()


def _lease(uow: UnitOfWork, command_id: UUID, consequences: Consequences) -> Leased | None:
    now = uow.clock.wall()
    command = uow.session.get(ProviderCommand, command_id)
    if command is None or command.state in ("done", "failed"):
        return None
    payment, refund = _subjects(uow, command)
    if payment is not None:
        consequences.lock_order(uow, payment.order_id)
    uow.session.refresh(command, with_for_update=True)
    if not _is_free(command, now) or (payment is not None and _is_settled(uow, command, payment, consequences)):
        return None
    if command.kind == "transfer" and _surely_not_sent(command) and not _may_go(uow, command, consequences):
        return None
    command.state, command.leased_until = "leased", now + LEASE
    command.attempts += 1
    command.first_sent_at = command.first_sent_at or now
    uow.record("provider_command.lease", command, attempt=command.attempts)
    return Leased(
        id=command.id,
        kind=command.kind,
        key=command.key,
        attempt=command.attempts,
        request=dict(command.request),
        session_id=payment.session_id if payment is not None else None,
        former_refs=_other_refs(uow, refund) if refund is not None else (),
        look_up=command.attempts > 1 and now - command.first_sent_at > LOOK_UP_AFTER,
    )


def _subjects(uow: UnitOfWork, command: ProviderCommand) -> tuple[Payment | None, Refund | None]:
    """Return the payment of a command, whose order is locked first, and the refund; neither for the other kinds."""
    if command.kind in further_answers.KINDS:
        return None, None
    if command.kind != "refund":
        return uow.session.get_one(Payment, command.subject_id), None
    refund = uow.session.get_one(Refund, command.subject_id)
    return uow.session.get_one(Payment, refund.payment_id), refund


def _other_refs(uow: UnitOfWork, refund: Refund) -> tuple[str, ...]:
    """Return the provider's refunds that are not this try: earlier ones, and those of the order's other refunds."""
    others = select(Refund.provider_ref).where(
        Refund.order_id == refund.order_id, Refund.id != refund.id, Refund.provider_ref.is_not(None)
    )
    return (*refund.former_refs, *(str(reference) for reference in uow.session.scalars(others)))


def _is_free(command: ProviderCommand, now: datetime) -> bool:
    if command.state == "waiting":
        return command.retry_at is None or command.retry_at <= now
    return command.state == "leased" and (command.leased_until is None or command.leased_until <= now)


def _is_settled(uow: UnitOfWork, command: ProviderCommand, payment: Payment, consequences: Consequences) -> bool:
    """Tell whether a page need not, or cannot yet, be closed; end a payment whose page was never asked for."""
    if command.kind != "expiry":
        return False
    if payment.state not in ("creating", "open"):
        return _finish(uow, command)
    if payment.session_id is not None:
        return False
    opening = uow.session.scalars(
        select(ProviderCommand)
        .where(ProviderCommand.subject_id == payment.id, ProviderCommand.kind == "checkout")
        .with_for_update()
    ).one()
    if opening.attempts == 0:
        opening.state, opening.last_error = "failed", "closed before it was sent"
        uow.record("provider_command.drop", opening, payment)
        # No page exists, so nobody can pay: our own word counts as the provider's.
        close_payment(uow.acting_as(PROVIDER), payment=payment, state="expired", consequences=consequences)
        return _finish(uow, command)
    command.retry_at = uow.clock.wall() + BACK_OFF[0]
    uow.record("provider_command.wait", command)
    return True


def _surely_not_sent(command: ProviderCommand) -> bool:
    return command.attempts == 0 or (
        command.state == "waiting" and command.last_error in (NOT_AVAILABLE, HELD_BACK, NO_FUNDS)
    )


def _may_go(uow: UnitOfWork, command: ProviderCommand, consequences: Consequences) -> bool:
    """Hold back a transfer that nobody sent yet and that something stops; look again later."""
    if consequences.transfer_may_go(uow, uow.session.get_one(ProviderTransfer, command.subject_id)):
        return True
    command.retry_at, command.last_error = uow.clock.wall() + BACK_OFF[-1], HELD_BACK
    uow.record("provider_command.wait", command)
    return False


def _finish(uow: UnitOfWork, command: ProviderCommand) -> bool:
    command.state, command.done_at = "done", uow.clock.wall()
    uow.record("provider_command.finish", command)
    return True


def _postpone(uow: UnitOfWork, leased: Leased, error: ProviderUnavailable) -> None:
    command = uow.session.get_one(ProviderCommand, leased.id, with_for_update=True, populate_existing=True)
    if command.state != "leased" or command.attempts != leased.attempt:
        return
    wait = BACK_OFF[min(leased.attempt, len(BACK_OFF)) - 1]
    command.state, command.leased_until = "waiting", None
    command.retry_at = uow.clock.wall() + wait
    command.last_error = _told(error)
    uow.record("provider_command.postpone", command, attempt=leased.attempt, error=command.last_error)


def _told(error: ProviderUnavailable) -> str:
    if isinstance(error, FundsNotThere):
        return NO_FUNDS
    return "no answer, outcome unknown" if error.outcome_unknown else NOT_AVAILABLE
