"""What a buyer may buy in 12 months: used, left, and how to ask for more."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from marketplace.accounts.queries import find_buyer
from marketplace.compliance.services import clearances
from marketplace.core.errors import NotFound, Unavailable
from marketplace.core.text import N_
from marketplace.http.access import BUYER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.orders.limit_queries import clearances_in_force, figures_of_buyer

bp = Blueprint("account_limit", __name__, url_prefix="/account/limit")


@bp.get("")
@allow(BUYER)
def show() -> str:
    """Show what is used, what is left, and what to do."""
    uow = current_uow()
    buyer = find_buyer(uow.session, uow.actor.user_id)
    if buyer is None:
        raise NotFound
    limits = uow.settings.limits_file
    try:
        figures = figures_of_buyer(uow.session, buyer.id, limits=limits, now=uow.now)
    except Unavailable:
        figures = None
    return render_template(
        "account/limit.html",
        buyer=buyer,
        figures=figures,
        clearance=clearances_in_force(uow.session, [buyer.id], now=uow.now).get(buyer.id),
        source=limits.of_level(buyer.level, on=uow.now.date()).source,
    )


@bp.post("")
@allow(BUYER)
@once
def ask() -> Response:
    """Ask Pact to check a higher limit."""
    clearances.ask(current_uow())
    flash(_(N_("Pact was asked to check a higher limit. You get a letter with the answer.")), "good")
    return redirect("/account/limit", code=303)
