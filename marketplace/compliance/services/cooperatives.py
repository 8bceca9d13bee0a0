"""A cooperative applies, sends its application and is decided on."""

from dataclasses import asdict

from marketplace.compliance.application import Application, OpenAnswers
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import sites_of
from marketplace.compliance.services.officers import add_officer, join
from marketplace.compliance.transitions import Action, State, after
from marketplace.core.actor import Actor, MemberRole, StaffRole
from marketplace.core.errors import Conflict, DomainError, Forbidden
from marketplace.core.ids import new_reference
from marketplace.core.text import N_
from marketplace.unit_of_work import UnitOfWork

_OF_THE_OFFICER = "officer_email"


class SitesMissing(DomainError):
    """An application names no mine site yet."""

    code = "sites_missing"
    message = N_("Add at least one mine site before you send the application.")


class ApplicationFrozen(Conflict):
    """The application is with Pact, or was decided: its answers stand still."""

    code = "application_frozen"
    message = N_("The application is being checked. Take it back first to change it.")


def apply(uow: UnitOfWork, *, application: Application) -> Cooperative:
    """Begin an application: by its first officer, or by a moderator on behalf of the cooperative (recorded as such)."""
    on_behalf = _is_on_behalf(uow.actor)
    cooperative = Cooperative(
        reference=new_reference(application.country),
        state=State.DRAFT.value,
        created_at=uow.now,
        created_by=uow.actor.user_id,
        **_columns(application),
    )
    uow.session.add(cooperative)
    uow.record("cooperative.apply", cooperative, name=application.legal_name, on_behalf=on_behalf)
    if not on_behalf and uow.actor.user_id is not None:
        join(uow, cooperative=cooperative, user_id=uow.actor.user_id, role=MemberRole.SECRETARY)
    elif application.officer_email:
        add_officer(uow, cooperative=cooperative, email=application.officer_email, role=MemberRole.SECRETARY)
    return cooperative


def amend(uow: UnitOfWork, *, cooperative: Cooperative, application: Application) -> None:
    """Change the answers of an application that is not with Pact."""
    check_may_write(uow.actor, cooperative)
    if State(cooperative.state) is State.SUBMITTED:
        raise ApplicationFrozen
    after(cooperative.state, Action.AMEND)
    changed = {name: value for name, value in _columns(application).items() if getattr(cooperative, name) != value}
    for name, value in changed.items():
        setattr(cooperative, name, value)
    uow.record("cooperative.amend", cooperative, changed=sorted(changed), on_behalf=uow.actor.is_staff)


def amend_open_answers(uow: UnitOfWork, *, cooperative: Cooperative, answers: OpenAnswers) -> None:
    """Change what an approved cooperative may change by itself: its size, its telephone and its story."""
    check_may_write(uow.actor, cooperative)
    if State(cooperative.state) is not State.APPROVED:
        raise ApplicationFrozen
    changed = {name: value for name, value in asdict(answers).items() if getattr(cooperative, name) != value}
    for name, value in changed.items():
        setattr(cooperative, name, value)
    uow.record("cooperative.update", cooperative, changed=sorted(changed))


def take_over(uow: UnitOfWork, *, cooperative: Cooperative, application: Application) -> None:
    """Put what a renewed application told into the record of an approved cooperative."""
    if State(cooperative.state) is not State.APPROVED:
        raise ApplicationFrozen
    changed = {name: value for name, value in _columns(application).items() if getattr(cooperative, name) != value}
    for name, value in changed.items():
        setattr(cooperative, name, value)
    uow.record("cooperative.update", cooperative, changed=sorted(changed))


def submit(uow: UnitOfWork, *, cooperative: Cooperative) -> None:
    """Send the application to Pact; it stands still until decided or taken back."""
    check_may_write(uow.actor, cooperative)
    state = after(cooperative.state, Action.SUBMIT)
    if not sites_of(uow.session, cooperative.id):
        raise SitesMissing
    cooperative.state = state.value
    cooperative.state_reason = None
    cooperative.submitted_at, cooperative.submitted_by = uow.now, uow.actor.user_id
    uow.record("cooperative.submit", cooperative, on_behalf=uow.actor.is_staff)


def withdraw(uow: UnitOfWork, *, cooperative: Cooperative) -> None:
    """Take an undecided application back to change it."""
    check_may_write(uow.actor, cooperative)
    cooperative.state = after(cooperative.state, Action.WITHDRAW).value
    uow.record("cooperative.withdraw", cooperative)


def approve(uow: UnitOfWork, *, cooperative: Cooperative, note: str = "") -> None:
    """Approve an application."""
    _decide(uow, cooperative, Action.APPROVE, note)
    uow.record("cooperative.approve", cooperative, note=note)


def request_changes(uow: UnitOfWork, *, cooperative: Cooperative, note: str) -> None:
    """Ask for changes; the cooperative may amend and send again."""
    _decide(uow, cooperative, Action.REQUEST_CHANGES, note)
    uow.record("cooperative.request_changes", cooperative, note=note)


def refuse(uow: UnitOfWork, *, cooperative: Cooperative, note: str) -> None:
    """Refuse an application."""
    _decide(uow, cooperative, Action.REFUSE, note)
    uow.record("cooperative.refuse", cooperative, note=note)


def reopen(uow: UnitOfWork, *, cooperative: Cooperative) -> None:
    """Put an application that was sent back or refused under decision again, as it was sent."""
    _decide(uow, cooperative, Action.REOPEN, "")
    uow.record("cooperative.reopen", cooperative)


def check_may_write(actor: Actor, cooperative: Cooperative) -> None:
    """Raise Forbidden unless the actor is a writing officer, or a moderator acting on behalf."""
    if not actor.may_write_for(cooperative.id) and not actor.has_role(StaffRole.MODERATOR):
        raise Forbidden


def _decide(uow: UnitOfWork, cooperative: Cooperative, action: Action, note: str) -> None:
    cooperative.state = after(cooperative.state, action).value
    cooperative.state_reason = note or None
    cooperative.decided_at, cooperative.decided_by = uow.now, uow.actor.user_id


def _is_on_behalf(actor: Actor) -> bool:
    if not actor.is_staff:
        return False
    if not actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    return True


def _columns(application: Application) -> dict[str, object]:
    return {name: value for name, value in asdict(application).items() if name != _OF_THE_OFFICER}
