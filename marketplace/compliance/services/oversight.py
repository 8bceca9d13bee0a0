"""Pact's oversight of a cooperative: screening, suspension and its lifting."""

from marketplace.compliance.models import Cooperative
from marketplace.compliance.transitions import Action, after
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.text import N_
from marketplace.unit_of_work import UnitOfWork

SHORTEST_REASON = 20


class SamePerson(Forbidden):
    """One person may not do both halves of this."""

    code = "same_person"
    message = N_("Another person must do this: you took the first step yourself.")


def screen(uow: UnitOfWork, *, cooperative: Cooperative, lists: str, note: str = "") -> None:
    """Record that a person checked the cooperative and its officers against `lists` today and found nothing."""
    if not lists.strip():
        raise InvalidInput({"lists": N_("Name the lists you checked, with their dates.")})
    cooperative.screened_on = uow.now.date()
    uow.record("cooperative.screen", cooperative, lists=lists.strip(), note=note)


def unscreen(uow: UnitOfWork, *, cooperative: Cooperative) -> None:
    """Let the last screening no longer count: nothing of the cooperative is published until it is screened again."""
    cooperative.screened_on = None
    uow.record("cooperative.unscreen", cooperative)


def suspend(uow: UnitOfWork, *, cooperative: Cooperative, reason: str) -> None:
    """Suspend an approved cooperative: nothing of it is sent, approved or bought until it is lifted."""
    state = after(cooperative.state, Action.SUSPEND)
    cooperative.state_reason = _reason(reason)
    cooperative.state = state.value
    cooperative.suspended_at, cooperative.suspended_by = uow.now, uow.actor.user_id
    uow.record("cooperative.suspend", cooperative, reason=cooperative.state_reason)


def lift(uow: UnitOfWork, *, cooperative: Cooperative, reason: str) -> None:
    """Lift a suspension; by another person than the one who set it."""
    state = after(cooperative.state, Action.LIFT)
    if cooperative.suspended_by is not None and cooperative.suspended_by == uow.actor.user_id:
        raise SamePerson
    text = _reason(reason)
    cooperative.state = state.value
    cooperative.state_reason = None
    cooperative.suspended_at = cooperative.suspended_by = None
    uow.record("cooperative.lift", cooperative, reason=text)


def _reason(text: str) -> str:
    if len(text.strip()) < SHORTEST_REASON:
        raise InvalidInput({"reason": N_("Say why, in one sentence or more.")})
    return text.strip()[:2000]
