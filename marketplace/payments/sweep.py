"""Read the provider's own lists, so that a webhook that never came is found, and copy its books for comparison."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.core.actor import PROVIDER, SYSTEM
from marketplace.ledger import provider_recipes, recipes
from marketplace.ledger.services import post
from marketplace.payments import inbox
from marketplace.payments.alone import each_alone
from marketplace.payments.consequences import Desk
from marketplace.payments.models import Payment, Payout, ProviderCursor, ProviderEntry, Refund
from marketplace.payments.provider import (
    LARGEST_PAGE,
    BalanceTransaction,
    ProviderEvent,
    ProviderRefused,
    ProviderUnavailable,
)
from marketplace.payments.provider_models import BankPayout, Chargeback, ProviderTransfer, RecipientAccount
from marketplace.payments.provider_time import business_time
from marketplace.payments.rails import OUR_BANK
from marketplace.unit_of_work import UnitOfWork, running

EVENTS: Final = "events"
ENTRIES: Final = "balance_transactions"
MOST_PAGES: Final = 200
# The provider's payout to our own bank account.
TO_OUR_BANK: Final = "payout"
BACK_FROM_OUR_BANK: Final = frozenset({"payout_failure", "payout_cancel"})
AT_ONCE: Final = 200


def sweep(desk: Desk) -> bool:
    """Read everything new and look again at all that is open; return False when the provider did not answer."""
    try:
        read_events(desk)
        read_entries(desk)
    except ProviderUnavailable:
        return False
    look_again(desk)
    return True


def read_events(desk: Desk) -> None:
    """Take in the events since the last sweep; those that came as webhooks are known by their id."""
    for _ in range(MOST_PAGES):
        position = _position(desk, EVENTS)
        try:
            events = desk.provider.events_since(position)
        except ProviderRefused:
            if position is None:
                raise
            # The provider forgot the event we stand at: begin with the oldest it keeps.
            _move(desk, EVENTS, None)
            continue
        if events:
            _take_in(desk, events)
        if len(events) < LARGEST_PAGE:
            return


def read_entries(desk: Desk) -> None:
    """Copy the new lines of the provider's books."""
    for _ in range(MOST_PAGES):
        entries = desk.provider.balance_transactions_since(_position(desk, ENTRIES))
        if entries:
            _copy(desk, entries)
        if len(entries) < LARGEST_PAGE:
            return


def look_again(desk: Desk) -> None:
    """Apply news that waits, and fetch everything that is open."""
    with running(lambda: desk.make_uow(SYSTEM), read_only=True) as uow:
        news, payments, refunds = inbox.overdue(uow), _open_payments(uow), _open_refunds(uow)
        others = [*_open_chargebacks(uow), *_open_payouts(uow), *_open_recipients(uow), *_open_transfers(uow)]
    each_alone(news, lambda event_id: inbox.apply_news(desk, event_id=event_id))
    each_alone(payments, lambda payment_id: inbox.check_payment(desk, payment_id=payment_id))
    each_alone(refunds, lambda refund_id: inbox.check_refund(desk, refund_id=refund_id))
    each_alone(others, lambda named: inbox.check_object(desk, *named))


def _open_payments(uow: UnitOfWork) -> Sequence[UUID]:
    found = select(Payment.id).where(Payment.state.in_(("creating", "open")), Payment.session_id.is_not(None))
    return uow.session.scalars(found.order_by(Payment.created_at).limit(AT_ONCE)).all()


def _open_refunds(uow: UnitOfWork) -> Sequence[UUID]:
    found = select(Refund.id).where(Refund.state.in_(("decided", "sent")), Refund.provider_ref.is_not(None))
    return uow.session.scalars(found.order_by(Refund.created_at).limit(AT_ONCE)).all()


def _open_chargebacks(uow: UnitOfWork) -> Iterator[tuple[str, str]]:
    found = select(Chargeback.provider_ref).where(Chargeback.closed_at.is_(None))
    for reference in uow.session.scalars(found.order_by(Chargeback.opened_at).limit(AT_ONCE)):
        yield "dispute", reference


def _open_payouts(uow: UnitOfWork) -> Iterator[tuple[str, str]]:
    found = select(BankPayout.provider_ref).where(BankPayout.state.in_(("pending", "in_transit")))
    for reference in uow.session.scalars(found.order_by(BankPayout.created_at).limit(AT_ONCE)):
        yield "payout", str(reference)


def _open_recipients(uow: UnitOfWork) -> Iterator[tuple[str, str]]:
    found = select(RecipientAccount.provider_ref).where(RecipientAccount.state.in_(("onboarding", "restricted")))
    for reference in uow.session.scalars(found.order_by(RecipientAccount.created_at).limit(AT_ONCE)):
        yield "account", str(reference)


def _open_transfers(uow: UnitOfWork) -> Iterator[tuple[str, str]]:
    found = (
        select(ProviderTransfer.provider_ref)
        .join(Payout, Payout.id == ProviderTransfer.payout_id)
        .where(ProviderTransfer.state == "sent", Payout.state == "sent")
    )
    for reference in uow.session.scalars(found.order_by(ProviderTransfer.created_at).limit(AT_ONCE)):
        yield "transfer", str(reference)


def _take_in(desk: Desk, events: Sequence[ProviderEvent]) -> None:
    with running(lambda: desk.make_uow(PROVIDER)) as uow:
        for event in events:
            inbox.receive(uow, event=event)
        _set(uow, EVENTS, events[-1].id)


def _copy(desk: Desk, entries: Sequence[BalanceTransaction]) -> None:
    with running(lambda: desk.make_uow(PROVIDER)) as uow:
        rows = [_row(entry) for entry in entries]
        uow.session.execute(insert(ProviderEntry).values(rows).on_conflict_do_nothing(index_elements=["id"]))
        for entry in entries:
            _book_payout(uow, entry)
        _set(uow, ENTRIES, entries[-1].id)


def _book_payout(uow: UnitOfWork, entry: BalanceTransaction) -> None:
    """Post a payout to our bank, or its return, that no news told of."""
    if entry.type == TO_OUR_BANK and entry.net.is_negative:
        posted, key = recipes.bank_funded(OUR_BANK, -entry.net), f"bank_funded:{entry.id}"
    elif entry.type in BACK_FROM_OUR_BANK and not entry.net.is_negative:
        posted, key = provider_recipes.bank_returned(OUR_BANK, entry.net), f"bank_returned:{entry.id}"
    else:
        return
    post(uow, entry=posted, key=key, external_ref=entry.id, event_at=business_time(uow, entry.created))


def _row(entry: BalanceTransaction) -> dict[str, object]:
    return {
        "id": entry.id,
        "type": entry.type,
        "source_id": entry.source_id,
        "amount_minor": entry.amount.minor,
        "fee_minor": entry.fee.minor,
        "net_minor": entry.net.minor,
        "currency": entry.net.currency,
        "created_at": entry.created,
    }


def _position(desk: Desk, name: str) -> str | None:
    with running(lambda: desk.make_uow(SYSTEM), read_only=True) as uow:
        cursor = uow.session.get(ProviderCursor, name)
        return cursor.position if cursor is not None else None


def _move(desk: Desk, name: str, position: str | None) -> None:
    with running(lambda: desk.make_uow(SYSTEM)) as uow:
        _set(uow, name, position)


def _set(uow: UnitOfWork, name: str, position: str | None) -> None:
    values = {"name": name, "position": position, "read_at": uow.now}
    statement = insert(ProviderCursor).values(values)
    uow.session.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"position": position, "read_at": uow.now})
    )
