"""Be paid through Stripe: a cooperative's account there, filled in by a signatory on Stripe's own page."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperatives_of_member
from marketplace.core.actor import MemberRole
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.text import N_
from marketplace.http.access import MEMBER, Rule, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.payments import recipients
from marketplace.payments.provider_models import RecipientAccount
from marketplace.payments.rail_files import rail_table
from marketplace.payments.rails import Rail
from marketplace.web import recipient_words as words

bp = Blueprint("cooperative_recipient", __name__, url_prefix="/cooperative/money/stripe")
SIGNATORY = Rule("signatory", member=frozenset({MemberRole.SIGNATORY}))


class NotPaidThere(Conflict):
    """Stripe does not pay out in the cooperative's country."""

    code = "not_paid_there"
    message = N_("Stripe pays nobody in the country of your cooperative. Use a bank or mobile money account.")


@bp.get("/<reference>")
@allow(MEMBER)
def account(reference: str) -> str:
    """Show how far the account is, what is missing, and the link to the form."""
    uow, cooperative = current_uow(), _own(reference)
    found = recipients.account_of_cooperative(uow.session, cooperative.id)
    return render_template(
        "cooperative/money/stripe.html",
        cooperative=cooperative,
        account=found,
        words=words,
        wanted=words.wanted_words(found.wanted) if found is not None else [],
        link=recipients.live_link(found, now_wall=uow.clock.wall()) if found is not None else None,
        is_link_coming=found is not None and recipients.is_link_coming(uow.session, found),
        is_possible=_is_possible(cooperative),
        is_signatory=uow.actor.memberships.get(cooperative.id) is MemberRole.SIGNATORY,
    )


@bp.post("/<reference>")
@allow(SIGNATORY)
@once
def start(reference: str) -> Response:
    """Ask Stripe for an account."""
    uow, cooperative = current_uow(), _signed(reference)
    if not _is_possible(cooperative):
        raise NotPaidThere
    email = uow.session.get_one(User, uow.actor.user_id).email
    recipients.request_recipient(uow, cooperative_id=cooperative.id, country=cooperative.country, email=email)
    flash(_(N_("We ask Stripe for an account. Look again in a moment.")), "good")
    return _to(cooperative)


@bp.post("/<reference>/link")
@allow(SIGNATORY)
@once
def link(reference: str) -> Response:
    """Ask for a fresh link to the form."""
    uow, cooperative = current_uow(), _signed(reference)
    page = f"{uow.settings.base_url}{url_for('cooperative_recipient.account', reference=reference)}"
    recipients.request_link(uow, account=_account(cooperative.id), return_url=page, refresh_url=page)
    flash(_(N_("We ask Stripe for a link. It is good for a few minutes. Look again in a moment.")), "good")
    return _to(cooperative)


def _account(cooperative_id: UUID) -> RecipientAccount:
    found = recipients.account_of_cooperative(current_uow().session, cooperative_id)
    if found is None:
        raise NotFound
    return found


def _is_possible(cooperative: Cooperative) -> bool:
    return Rail.STRIPE in rail_table().rails_of(cooperative.country)


def _own(reference: str) -> Cooperative:
    uow = current_uow()
    found = next((each for each in cooperatives_of_member(uow.session, uow.actor) if each.reference == reference), None)
    if found is None:
        raise NotFound
    return found


def _signed(reference: str) -> Cooperative:
    """Return a cooperative that the person signs for; to be a signatory of another one is not enough."""
    found = _own(reference)
    if current_uow().actor.memberships.get(found.id) is not MemberRole.SIGNATORY:
        raise NotFound
    return found


def _to(cooperative: Cooperative) -> Response:
    return redirect(url_for("cooperative_recipient.account", reference=cooperative.reference), code=303)
