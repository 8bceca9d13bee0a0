"""Give a chargeback up: one person of finance proposes it with a reason, another accepts the loss."""

from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict, FieldError, Forbidden, InvalidInput
from marketplace.core.text import N_
from marketplace.payments.chargebacks import NotOpen, may_give_in, request_close
from marketplace.payments.provider_models import Chargeback
from marketplace.unit_of_work import UnitOfWork

LONGEST_REASON = 1000


class ProposedByYou(Forbidden):
    """Who proposes to give a chargeback up does not accept the loss."""

    code = "same_person"
    message = N_("You proposed this. Somebody else must accept the loss.")


class NotProposed(Conflict):
    """Nobody proposes to give it up now, or somebody does already."""

    code = "not_proposed"


def propose_loss(uow: UnitOfWork, *, chargeback: Chargeback, reason: str) -> None:
    """Propose to a second person not to fight a chargeback any more."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\x00" in reason:
        raise InvalidInput({"loss_reason": FieldError(N_("Write the reason, in at most 1,000 letters."))})
    _lock(uow, chargeback)
    if chargeback.loss_proposed_by is not None and chargeback.loss_accepted_by is None:
        raise NotProposed
    chargeback.loss_proposed_by, chargeback.loss_reason, chargeback.loss_accepted_by = uow.person(), reason, None
    uow.record("chargeback.propose_loss", chargeback, reason=reason)


def withdraw_loss(uow: UnitOfWork, *, chargeback: Chargeback) -> None:
    """Take the proposal back: the chargeback is fought on."""
    _lock(uow, chargeback)
    if chargeback.loss_proposed_by is None:
        raise NotProposed
    chargeback.loss_proposed_by = chargeback.loss_reason = chargeback.loss_accepted_by = None
    uow.record("chargeback.withdraw_loss", chargeback)


def accept_loss(uow: UnitOfWork, *, chargeback: Chargeback) -> None:
    """Give the chargeback up as the second person; the money moves when the provider's books say so."""
    _lock(uow, chargeback)
    if chargeback.loss_proposed_by is None or chargeback.loss_accepted_by is not None:
        raise NotProposed
    if chargeback.loss_proposed_by == uow.actor.user_id:
        raise ProposedByYou
    chargeback.loss_accepted_by = uow.person()
    uow.record("chargeback.accept_loss", chargeback)
    request_close(uow, chargeback=chargeback)


def is_loss_proposed(session: Session, chargeback: Chargeback) -> bool:
    """Tell whether a second person is waited for."""
    is_waiting = chargeback.loss_proposed_by is not None and chargeback.loss_accepted_by is None
    return is_waiting and may_give_in(session, chargeback)


def _lock(uow: UnitOfWork, chargeback: Chargeback) -> None:
    uow.session.refresh(chargeback, with_for_update=True)
    if not may_give_in(uow.session, chargeback):
        raise NotOpen
