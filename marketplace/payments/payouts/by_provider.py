"""Payouts by a transfer of the provider's: sent with the second person's word, confirmed by the provider's own.

The command stands in the outbox with the approval; the ledger is posted when the provider's answer is known.
"""

from sqlalchemy import select

from marketplace.core.errors import Conflict
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.ledger import recipes
from marketplace.ledger.services import post
from marketplace.payments.fingerprints import fingerprint_of
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts.part_moves import lock, mark_sent, only_part
from marketplace.payments.payouts.transitions import PartState, State
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.payments.rail_files import rail_table
from marketplace.payments.rail_models import PayoutPart
from marketplace.payments.rails import Rail
from marketplace.payments.recipients import NotReady, account_of_cooperative
from marketplace.payments.transfers import request_transfer
from marketplace.unit_of_work import UnitOfWork


class ProviderCannotPay(Conflict):
    """The provider does not pay this account, or not in this currency; the message says why."""

    code = "provider_cannot_pay"
    message = N_("Stripe cannot pay this cooperative. Ask it for a bank account.")


def check(uow: UnitOfWork, *, destination: PayoutDestination, amount: Money) -> None:
    """Raise NotReady or ProviderCannotPay with the reason when a transfer to the destination is not possible now.

    The account that finance checked must be the very one that the provider would send the money to.
    """
    recipient = account_of_cooperative(uow.session, destination.cooperative_id)
    if recipient is None or recipient.state != "ready" or recipient.provider_ref is None:
        raise NotReady
    known = fingerprint_of(
        rail=Rail.STRIPE,
        institution=destination.institution,
        number=recipient.provider_ref,
        key=uow.settings.field_key,
    )
    if destination.fingerprint != known:
        raise ProviderCannotPay(
            N_("The account that was checked is not the one Stripe knows. A signatory must enter it again.")
        )
    row = rail_table().row_for(country=recipient.country, currency=amount.currency, rail=Rail.STRIPE)
    if row is None:
        raise ProviderCannotPay(
            N_("Stripe does not pay %(currency)s to an account in %(country)s. Ask for a bank account."),
            currency=amount.currency,
            country=recipient.country,
        )


def send(uow: UnitOfWork, *, payout: Payout) -> ProviderTransfer:
    """Ask the provider to send an approved payout; raises what `check` raises."""
    destination = uow.session.get_one(PayoutDestination, payout.destination_id)
    amount = Money(payout.amount_minor, payout.currency)
    check(uow, destination=destination, amount=amount)
    transfer = request_transfer(uow, payout=payout)
    part = only_part(uow, payout)
    mark_sent(uow, payout=payout, part=part, reference=part.reference, batch_id=None)
    return transfer


def confirm(uow: UnitOfWork, *, payout: Payout, transfer: ProviderTransfer) -> bool:
    """Note that the provider itself counts the money as sent; return False when that is known."""
    part = only_part(uow, payout)
    lock(uow, payout, part)
    if part.state != PartState.SENT:
        return False
    proof = str(transfer.provider_ref)
    part.state, part.confirmed_at, part.proof = PartState.CONFIRMED.value, uow.now, proof
    entry = recipes.payout_confirmed(payout.id, payout.cooperative_id, Money(part.amount_minor, part.currency))
    post(uow, entry=entry, key=f"{part.id}:{entry.kind}", order_id=payout.order_id)
    uow.record("payout_part.confirm", part, proof=proof)
    payout.state, payout.confirmed_at, payout.proof = State.CONFIRMED.value, uow.now, proof
    uow.record("payout.confirm", payout, proof=proof)
    return True


def fail(uow: UnitOfWork, *, payout: Payout, reason: str) -> bool:
    """Note that the money never left, or came back before it was confirmed; return False when that is known.

    What the transfer moved is posted with the transfer; here only the payable stands again.
    """
    part = only_part(uow, payout)
    lock(uow, payout, part)
    if part.state != PartState.SENT:
        return False
    reason = reason[:300]
    part.state, part.failed_at, part.failure = PartState.FAILED.value, uow.now, reason
    uow.record("payout_part.fail", part, reason=reason)
    payout.state, payout.failure = State.FAILED.value, reason
    entry = recipes.payout_released(payout.id, payout.cooperative_id, Money(payout.amount_minor, payout.currency))
    post(uow, entry=entry, key=f"{payout.id}:{entry.kind}", order_id=payout.order_id)
    uow.record("payout.fail", payout, reason=reason)
    return True


def confirmed_part(uow: UnitOfWork, payout: Payout) -> PayoutPart | None:
    """Return the part of a payout that the provider confirmed, or None."""
    return uow.session.scalar(
        select(PayoutPart).where(PayoutPart.payout_id == payout.id, PayoutPart.state == PartState.CONFIRMED)
    )
