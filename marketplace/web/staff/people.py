"""People as staff see them: the list, one person, invitations, roles and buyers' levels."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts import queries
from marketplace.accounts.answers import searched
from marketplace.accounts.forms import read_level, read_staff_invitee
from marketplace.accounts.models import Invitation, User
from marketplace.accounts.services import invitations, levels, roles
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.web.account.places import Page, field_errors, language_choices

bp = Blueprint("staff_people", __name__, url_prefix="/staff/people")
READERS = staff(StaffRole.ADMINISTRATOR, StaffRole.MODERATOR, StaffRole.AUDITOR)
ADMINISTRATORS = staff(StaffRole.ADMINISTRATOR)
FRESH_ADMINISTRATORS = staff(StaffRole.ADMINISTRATOR, fresh=True)
MODERATORS = staff(StaffRole.MODERATOR)
KINDS = ("", "staff", "buyers", "officers")
ROLE_WORDS: Mapping[str, str] = {
    StaffRole.MODERATOR: N_("Moderator: reviews cooperatives and lots, decides disputes"),
    StaffRole.VERIFIER: N_("Verifier: checks goods on their way, never decides about money"),
    StaffRole.CURATOR: N_("Price curator: proposes and approves reference prices"),
    StaffRole.FINANCE: N_("Finance: prepares and approves payouts"),
    StaffRole.AUDITOR: N_("Auditor: reads everything, changes nothing"),
    StaffRole.ADMINISTRATOR: N_("Administrator: people and roles, never money"),
}


@bp.get("")
@allow(READERS)
def people() -> Page:
    """Show a page of people, newest first."""
    words, only = searched(request.args.get("q", "")), request.args.get("only", "")
    waiting = "level" if request.args.get("waiting") == "level" else ""
    found = queries.listed_people(
        current_uow().session,
        words=words,
        only=only if only in KINDS else "",
        waits_for_level=waiting == "level",
        before=_cursor(),
    )
    shown = found[: queries.PAGE]
    return render_template(
        "staff/people/list.html",
        people=shown,
        values={"q": words, "only": only, "waiting": waiting},
        next_before=shown[-1].user.id if len(found) > queries.PAGE else None,
        may_invite=current_uow().actor.has_role(StaffRole.ADMINISTRATOR),
    )


@bp.get("/invitations")
@allow(ADMINISTRATORS)
def invitations_page() -> Page:
    """Show who is invited to the staff, and the form to invite."""
    return _invitations_page(values={}, errors={}, chosen=[])


@bp.post("/invitations")
@allow(FRESH_ADMINISTRATORS)
@once
def invite() -> Page:
    """Invite a person to the staff."""
    chosen = request.form.getlist("roles")
    try:
        invitations.invite_staff(current_uow(), invitee=read_staff_invitee(request.form, roles=chosen))
    except InvalidInput as error:
        return _invitations_page(values=request.form, errors=field_errors(error), chosen=chosen), 422
    flash(_("The invitation is on its way. Its link works for 14 days."), "good")
    return redirect("/staff/people/invitations", code=303)


@bp.post("/invitations/<uuid:invitation_id>/withdrawal")
@allow(ADMINISTRATORS)
def withdraw(invitation_id: UUID) -> Response:
    """Make an invitation useless."""
    uow = current_uow()
    invitation = uow.session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or invitation.kind != "staff":
        raise NotFound
    invitations.withdraw(uow, invitation=invitation)
    flash(_("The invitation is withdrawn."), "good")
    return redirect("/staff/people/invitations", code=303)


@bp.get("/<uuid:user_id>")
@allow(READERS)
def person(user_id: UUID) -> Page:
    """Show a person."""
    return _person_page(user_id, values={}, errors={})


@bp.post("/<uuid:user_id>/roles")
@allow(FRESH_ADMINISTRATORS)
def give_role(user_id: UUID) -> Response:
    """Give a role."""
    roles.give(current_uow(), user=_locked(user_id), role=_role())
    flash(_("The role is given. The administrators get a letter about it."), "good")
    return _to(user_id)


@bp.post("/<uuid:user_id>/roles/removal")
@allow(FRESH_ADMINISTRATORS)
def take_role(user_id: UUID) -> Response:
    """Take a role; the person is signed out everywhere."""
    roles.take(current_uow(), user=_locked(user_id), role=_role())
    flash(_("The role is taken. The person was signed out everywhere."), "good")
    return _to(user_id)


@bp.post("/<uuid:user_id>/disabling")
@allow(FRESH_ADMINISTRATORS)
def disable(user_id: UUID) -> Response:
    """Close the account."""
    roles.disable(current_uow(), user=_locked(user_id))
    flash(_("The account is closed."), "good")
    return _to(user_id)


@bp.post("/<uuid:user_id>/enabling")
@allow(FRESH_ADMINISTRATORS)
def enable(user_id: UUID) -> Response:
    """Open the account again."""
    roles.enable(current_uow(), user=_locked(user_id))
    flash(_("The account is open again."), "good")
    return _to(user_id)


@bp.post("/<uuid:user_id>/level")
@allow(MODERATORS)
def set_level(user_id: UUID) -> Page:
    """Set a buyer's level."""
    uow = current_uow()
    buyer = queries.find_buyer(uow.session, user_id, lock=True)
    if buyer is None:
        raise NotFound
    try:
        level, note = read_level(request.form)
    except InvalidInput as error:
        return _person_page(user_id, values=request.form, errors=field_errors(error)), 422
    levels.set_buyer_level(uow, buyer, level, note=note)
    flash(_("The level is set. The buyer gets a letter."), "good")
    return _to(user_id)


def _person_page(user_id: UUID, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    facts = queries.person_facts(uow.session, user_id)
    is_self = uow.actor.user_id == user_id
    held = {grant.role for grant in facts.grants}
    return render_template(
        "staff/people/person.html",
        facts=facts,
        role_words=ROLE_WORDS,
        free_roles=[(role, words) for role, words in ROLE_WORDS.items() if role not in held],
        values=values or {"level": str(facts.buyer.level) if facts.buyer else ""},
        errors=errors,
        is_self=is_self,
        may_rule=uow.actor.has_role(StaffRole.ADMINISTRATOR) and not is_self,
        may_level=uow.actor.has_role(StaffRole.MODERATOR) and not is_self,
    )


def _invitations_page(*, values: Mapping[str, str], errors: Mapping[str, str], chosen: list[str]) -> str:
    uow = current_uow()
    found = queries.open_invitations(uow.session, now=uow.now, before=_cursor())
    shown = found[: queries.PAGE]
    return render_template(
        "staff/people/invitations.html",
        invitations=shown,
        next_before=shown[-1].id if len(found) > queries.PAGE else None,
        role_words=ROLE_WORDS,
        language_choices=language_choices(),
        values=values,
        errors=errors,
        chosen=chosen,
    )


def _locked(user_id: UUID) -> User:
    return queries.user_by_id(current_uow().session, user_id, lock=True)


def _role() -> StaffRole:
    typed = request.form.get("role", "")
    if typed not in set(StaffRole):
        raise NotFound
    return StaffRole(typed)


def _cursor() -> UUID | None:
    try:
        return UUID(request.args.get("before", ""))
    except ValueError:
        return None  # a cut or made-up cursor shows the first page


def _to(user_id: UUID) -> Response:
    return redirect(url_for("staff_people.person", user_id=user_id), code=303)
