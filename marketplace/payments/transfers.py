"""Money from our balance at the provider to a recipient, in the name of one payout.

The payout's own rules (two people, its states) stand above; here only the provider's part is asked for and noted.
"""

from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.ledger import provider_recipes, return_recipes
from marketplace.ledger.chart import STRIPE_CLEARING
from marketplace.ledger.services import post
from marketplace.payments.commands import write
from marketplace.payments.consequences import Consequences
from marketplace.payments.findings import APPLIED, NOT_OURS, NOT_YET, Outcome
from marketplace.payments.models import Payment, Payout
from marketplace.payments.problems import Kind, open_problem
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.payments.provider_recipients import Transfer
from marketplace.payments.recipients import NotReady, account_of_cooperative
from marketplace.payments.settlements import settlement_of
from marketplace.unit_of_work import UnitOfWork

CAME_BACK = "The transfer was taken back at Stripe."


def request_transfer(uow: UnitOfWork, *, payout: Payout) -> ProviderTransfer:
    """Ask to send an approved payout to the cooperative's account at the provider, out of the order's own charge."""
    known = uow.session.scalar(select(ProviderTransfer).where(ProviderTransfer.payout_id == payout.id))
    if known is not None:
        return known
    recipient = account_of_cooperative(uow.session, payout.cooperative_id)
    if payout.state != "approved" or recipient is None or recipient.state != "ready":
        raise NotReady
    payment = uow.session.scalars(select(Payment).where(Payment.order_id == payout.order_id)).one()
    transfer = ProviderTransfer(
        payout_id=payout.id,
        recipient_id=recipient.id,
        reference=payout.reference,
        state="decided",
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        created_at=uow.now,
    )
    uow.session.add(transfer)
    uow.session.flush()
    uow.record("provider_transfer.request", transfer, amount=amount_of(transfer))
    request = {
        "recipient_id": recipient.provider_ref,
        "amount_minor": transfer.amount_minor,
        "currency": transfer.currency,
        "group": payment.order_reference,
        # Another currency than the charge's comes out of what is available.
        "source_charge_id": payment.charge_id if _counted_in(uow, payment) == transfer.currency else None,
        "reference": transfer.reference,
    }
    write(uow, kind="transfer", subject=transfer, key=f"transfer:{transfer.id}", request=request)
    return transfer


def _counted_in(uow: UnitOfWork, payment: Payment) -> str:
    """Return the currency of our balance that a payment's money stands in."""
    exchanged = settlement_of(uow.session, payment.id)
    return payment.currency if exchanged is None else exchanged.currency


def amount_of(transfer: ProviderTransfer) -> Money:
    """Return what is sent."""
    return Money(transfer.amount_minor, transfer.currency)


def apply_transfer(uow: UnitOfWork, found: Transfer, consequences: Consequences) -> Outcome:
    """Note how a transfer stands; one we did not ask for, or of another amount, is quarantined."""
    transfer = _transfer_of(uow, found)
    if transfer is None:
        if found.reference is None:
            return NOT_OURS
        return _quarantine(uow, Kind.UNKNOWN_ORDER, found)
    consequences.lock_order(uow, uow.session.get_one(Payout, transfer.payout_id).order_id)
    uow.session.refresh(transfer, with_for_update=True)
    if found.amount != amount_of(transfer):
        return _quarantine(uow, Kind.OTHER_AMOUNT, found)
    if found.balance_transaction_id is None:
        return NOT_YET
    if transfer.state == "decided":
        _mark_sent(uow, transfer, found, consequences)
    elif transfer.state == "sent" and not found.reversed:
        # The answer to our call came first, or other news: this is the provider's word by itself.
        consequences.transfer_confirmed(uow, transfer)
    _note_reversals(uow, transfer, found, consequences)
    return APPLIED


def refuse_transfer(uow: UnitOfWork, *, transfer: ProviderTransfer, reason: str, consequences: Consequences) -> None:
    """Note that the provider did not send the money: it never left."""
    if transfer.state == "decided":
        transfer.state, transfer.done_at = "failed", uow.now
        uow.record("provider_transfer.fail", transfer, reason=reason)
        consequences.transfer_failed(uow, transfer, reason)


def _mark_sent(uow: UnitOfWork, transfer: ProviderTransfer, found: Transfer, consequences: Consequences) -> None:
    transfer.state, transfer.provider_ref, transfer.done_at = "sent", found.id, uow.now
    transfer.balance_transaction_id = found.balance_transaction_id
    uow.record("provider_transfer.send", transfer, provider_ref=found.id)
    post(
        uow,
        entry=provider_recipes.transfer_sent(transfer.payout_id, found.amount),
        key=f"{transfer.id}:transfer_sent",
        external_ref=found.balance_transaction_id,
    )
    consequences.transfer_sent(uow, transfer)


def _note_reversals(uow: UnitOfWork, transfer: ProviderTransfer, found: Transfer, consequences: Consequences) -> None:
    if found.reversed.minor <= transfer.reversed_minor:
        return
    is_confirmed = uow.session.get_one(Payout, transfer.payout_id).state == "confirmed"
    for entry_id, amount in found.reversal_entries:
        post(
            uow,
            entry=return_recipes.payout_returned(transfer.payout_id, STRIPE_CLEARING, amount)
            if is_confirmed
            else provider_recipes.transfer_reversed(transfer.payout_id, amount),
            key=f"transfer_reversed:{entry_id}",
            external_ref=entry_id,
        )
    transfer.reversed_minor = found.reversed.minor
    if transfer.reversed_minor == transfer.amount_minor:
        transfer.state = "reversed"
    uow.record("provider_transfer.reverse", transfer, amount=found.reversed)
    open_problem(uow, kind=Kind.RETURNED, subject=f"transfer {transfer.id}", detail=str(found.reversed))
    if transfer.state == "reversed":
        consequences.transfer_failed(uow, transfer, CAME_BACK)


def _transfer_of(uow: UnitOfWork, found: Transfer) -> ProviderTransfer | None:
    known = uow.session.scalar(select(ProviderTransfer).where(ProviderTransfer.provider_ref == found.id))
    if known is not None:
        return known
    # News may come before the answer to our own call.
    return uow.session.scalar(
        select(ProviderTransfer).where(
            ProviderTransfer.reference == found.reference, ProviderTransfer.state == "decided"
        )
    )


def _quarantine(uow: UnitOfWork, kind: Kind, found: Transfer) -> Outcome:
    open_problem(uow, kind=kind, subject=found.id, detail=f"transfer {found.reference} {found.amount}")
    return Outcome("quarantined", kind.value)
