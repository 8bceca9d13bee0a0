"""What share of the price reaches cooperatives: one figure for everybody, once enough sales stand behind it."""

from flask import Blueprint, render_template

from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.orders.shown_shares import share_of_all

bp = Blueprint("fairness", __name__)


@bp.get("/fairness")
@allow(PUBLIC)
def show() -> str:
    """Show the median share of the newest quarter with enough sales."""
    uow = current_uow()
    return render_template("public/fairness.html", shown=share_of_all(uow.session, on=uow.now.date()))
