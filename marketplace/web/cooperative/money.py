"""A cooperative's money: offered, held, on its way, received; and the account it is paid to."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperatives_of_member
from marketplace.core.actor import MemberRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import MEMBER, Rule, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.orders import receivables
from marketplace.orders.queries import net_of
from marketplace.orders.receivables import STAGE_OF, Stage
from marketplace.orders.transitions import State
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.payments.rail_files import rail_table
from marketplace.payments.rails import MOBILE_PROVIDERS, Rail

bp = Blueprint("cooperative_money", __name__, url_prefix="/cooperative/money")
SIGNATORY = Rule("signatory", member=frozenset({MemberRole.SIGNATORY}))
Page = Response | str | tuple[str, int]
STAGES = {
    Stage.OFFERED: N_("On sale"),
    Stage.HELD: N_("Paid by the buyer, held safely"),
    Stage.ON_ITS_WAY: N_("On its way to you"),
    Stage.RECEIVED: N_("Received"),
}


@bp.get("")
@allow(MEMBER)
def overview() -> Page:
    """Show the four sums and the orders behind them; amounts stay hidden until asked for."""
    uow = current_uow()
    ids = uow.actor.memberships.keys()
    orders = receivables.orders_with_money(uow.session, ids)
    return render_template(
        "cooperative/money/overview.html",
        sums=receivables.sums_of(uow.session, ids),
        stages=STAGES,
        orders=[(order, net_of(order), STAGES[STAGE_OF[State(order.state)]]) for order in orders],
        accounts=[(each, destinations.live_destination(uow.session, each.id)) for each in _cooperatives()],
        providers=MOBILE_PROVIDERS,
        paid_by_stripe={each.id for each in _cooperatives() if Rail.STRIPE in rail_table().rails_of(each.country)},
    )


@bp.get("/destination")
@allow(MEMBER)
def destination() -> Page:
    """Lead to the account of the only cooperative, or let the officer choose one."""
    found = _cooperatives()
    if len(found) == 1:
        return redirect(url_for("cooperative_money.account", reference=found[0].reference))
    return render_template("cooperative/money/choose.html", cooperatives=found)


@bp.get("/destination/<reference>")
@allow(MEMBER)
def account(reference: str) -> Page:
    """Show the account the cooperative is paid to, its number masked."""
    uow, cooperative = current_uow(), _own(reference)
    live = destinations.live_destination(uow.session, cooperative.id)
    return render_template(
        "cooperative/money/account.html",
        cooperative=cooperative,
        destination=live,
        entered_by=_name(live.created_by) if live is not None else "",
        providers=MOBILE_PROVIDERS,
        is_signatory=_is_signatory(cooperative.id),
    )


@bp.get("/destination/<reference>/change")
@allow(SIGNATORY)
def change_form(reference: str) -> Page:
    """Ask a signatory where to pay."""
    return _form(_own(reference), values={}, errors={})


@bp.post("/destination/<reference>/change")
@allow(SIGNATORY)
@once
def change(reference: str) -> Page:
    """Replace the account; every officer is told."""
    uow, cooperative = current_uow(), _own(reference)
    try:
        details = read_details(request.form, country=cooperative.country, rail_table=rail_table())
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _form(cooperative, values=request.form, errors=errors), 422
    destinations.enter(uow, cooperative_id=cooperative.id, details=details, currency=cooperative.payout_currency)
    flash(translate(N_("Saved. We wrote to every officer of your cooperative.")), "good")
    return redirect(url_for("cooperative_money.account", reference=reference), code=303)


def _form(cooperative: Cooperative, *, values: object, errors: object) -> str:
    return render_template(
        "cooperative/money/change.html",
        cooperative=cooperative,
        providers=list(MOBILE_PROVIDERS.items()),
        values=values,
        errors=errors,
    )


def _cooperatives() -> Sequence[Cooperative]:
    uow = current_uow()
    return cooperatives_of_member(uow.session, uow.actor)


def _own(reference: str) -> Cooperative:
    found = next((each for each in _cooperatives() if each.reference == reference), None)
    if found is None:
        raise NotFound
    return found


def _is_signatory(cooperative_id: UUID) -> bool:
    return current_uow().actor.memberships.get(cooperative_id) is MemberRole.SIGNATORY


def _name(user_id: UUID) -> str:
    return current_uow().session.get_one(User, user_id).name
