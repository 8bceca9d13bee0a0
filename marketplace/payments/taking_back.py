"""Take a transfer of the provider's back: one person of finance proposes it with a reason, another agrees.

What came back is posted, and owed to the cooperative again, when the provider's books say so.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict, FieldError, Forbidden, InvalidInput
from marketplace.core.text import N_
from marketplace.payments.commands import write
from marketplace.payments.models import Payout, ProviderCommand
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.unit_of_work import UnitOfWork

LONGEST_REASON = 1000
_KIND = "reversal"


class NotSent(Conflict):
    """Only a transfer that was sent, and did not come back, is taken back."""

    code = "transfer_not_sent"
    message = N_("There is nothing to take back: the money was not sent, or it came back.")


class NothingProposed(Conflict):
    """Nobody proposes to take the transfer back now, or somebody does already."""

    code = "reversal_not_proposed"
    message = N_("Somebody has answered this already. Look at the page again.")


class ProposedByYou(Forbidden):
    """Who proposes to take a transfer back does not agree to it."""

    code = "same_person"
    message = N_("You proposed this. Somebody else of finance must agree.")


def transfer_of_payout(session: Session, payout: Payout) -> ProviderTransfer | None:
    """Return the transfer that pays a payout, or None where no provider does."""
    return session.scalar(select(ProviderTransfer).where(ProviderTransfer.payout_id == payout.id))


def may_take_back(transfer: ProviderTransfer) -> bool:
    """Tell whether there is anything to take back."""
    return transfer.state == "sent" and transfer.reversed_minor < transfer.amount_minor


def propose(uow: UnitOfWork, *, transfer: ProviderTransfer, reason: str) -> None:
    """Propose it to a second person; raises InvalidInput without a reason, NotSent or NothingProposed."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\x00" in reason:
        raise InvalidInput({"reversal_reason": FieldError(N_("Write the reason, in at most 1,000 letters."))})
    _lock(uow, transfer)
    if transfer.reversal_proposed_by is not None:
        raise NothingProposed
    transfer.reversal_proposed_by, transfer.reversal_reason = uow.person(), reason
    uow.record("provider_transfer.propose_reversal", transfer, reason=reason)


def withdraw(uow: UnitOfWork, *, transfer: ProviderTransfer) -> None:
    """Let the money stay where it is."""
    _lock(uow, transfer)
    if transfer.reversal_proposed_by is None or transfer.reversal_agreed_by is not None:
        raise NothingProposed
    _forget(transfer)
    uow.record("provider_transfer.withdraw_reversal", transfer)


def agree(uow: UnitOfWork, *, transfer: ProviderTransfer) -> None:
    """Ask the provider, as the second person, to take back all that did not come back yet."""
    _lock(uow, transfer)
    if transfer.reversal_proposed_by is None or transfer.reversal_agreed_by is not None:
        raise NothingProposed
    if transfer.reversal_proposed_by == uow.actor.user_id:
        raise ProposedByYou
    transfer.reversal_agreed_by = uow.person()
    uow.record("provider_transfer.agree_reversal", transfer)
    tries = select(func.count()).where(ProviderCommand.kind == _KIND, ProviderCommand.subject_id == transfer.id)
    request = {
        "transfer_id": transfer.provider_ref,
        "amount_minor": transfer.amount_minor - transfer.reversed_minor,
        "currency": transfer.currency,
    }
    # A key is spent with a refusal: the next try has its own.
    key = f"{_KIND}:{transfer.id}:{uow.session.scalar(tries)}"
    write(uow, kind=_KIND, subject=transfer, key=key, request=request)


def refuse(uow: UnitOfWork, *, transfer: ProviderTransfer) -> None:
    """Note that the provider did not take it back (nothing is left on the account): it may be proposed again."""
    _forget(transfer)
    uow.record("provider_transfer.refuse_reversal", transfer)


def _forget(transfer: ProviderTransfer) -> None:
    transfer.reversal_proposed_by = transfer.reversal_agreed_by = transfer.reversal_reason = None


def _lock(uow: UnitOfWork, transfer: ProviderTransfer) -> None:
    uow.session.refresh(transfer, with_for_update=True)
    if not may_take_back(transfer):
        raise NotSent
