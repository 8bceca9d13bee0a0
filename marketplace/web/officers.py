"""The officers' page, the same for a cooperative and for Pact: who acts, who is invited, and the form to invite."""

from collections.abc import Mapping

from flask import render_template, request

from marketplace.accounts import queries
from marketplace.accounts.forms import read_officer_invitee
from marketplace.accounts.services import invitations
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import MemberRole
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.http.context import current_uow
from marketplace.web.account.places import language_choices

ROLES: Mapping[str, str] = {
    MemberRole.SECRETARY: N_("Secretary: lists lots, answers, ships"),
    MemberRole.SIGNATORY: N_("Signatory: also signs for money"),
    MemberRole.VIEWER: N_("Viewer: sees everything, changes nothing"),
}


def officers_page(
    cooperative: Cooperative, *, place: str, values: Mapping[str, str], errors: Mapping[str, str], may_change: bool
) -> str:
    """Return the page; `place` is its own address, under which its forms are answered."""
    uow = current_uow()
    return render_template(
        "cooperative/people.html",
        cooperative=cooperative,
        place=place,
        officers=queries.officers_of(uow.session, cooperative.id),
        invitations=queries.open_invitations(uow.session, now=uow.now, cooperative_id=cooperative.id),
        roles=list(ROLES.items()),
        role_names=ROLES,
        values=values,
        errors=errors,
        may_change=may_change,
        own_id=uow.actor.user_id,
        language_choices=language_choices(),
    )


def invite_from_form(cooperative: Cooperative) -> None:
    """Send the invitation the form asks for; raise InvalidInput."""
    invitee = read_officer_invitee(request.form)
    invitations.invite_officer(
        current_uow(), cooperative_id=cooperative.id, organisation=cooperative.legal_name, invitee=invitee
    )


def role_from_form() -> MemberRole:
    """Return the role chosen in the list; raise NotFound for one that does not exist."""
    typed = request.form.get("role", "")
    if typed not in set(MemberRole):
        raise NotFound
    return MemberRole(typed)
