"""Prices for curators: where something waits."""

from typing import Final, NamedTuple

from flask import Blueprint, current_app, render_template

from marketplace.core.text import N_
from marketplace.http.access import allow
from marketplace.http.context import current_uow
from marketplace.pricing.queries import board
from marketplace.web.staff.rates import READERS

bp = Blueprint("staff_prices", __name__, url_prefix="/staff/prices")


class Card(NamedTuple):
    """A page of the curators, and what a number waiting there counts."""

    path: str
    counted: str
    label: str


CARDS: Final = (
    Card("/staff/rates", "rates", N_("rates held back")),
    Card("/staff/price-book", "editions", N_("editions proposed")),
    Card("/staff/charges", "charges", N_("charges not verified")),
)


@bp.get("")
@allow(READERS)
def index() -> str:
    """Show what waits: rates, editions of the price book, charges; each as a link where its page exists."""
    uow = current_uow()
    waiting = board.to_do(uow.session, on=uow.now.date())
    pages = {rule.rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    cards = [(getattr(waiting, card.counted), card.label, card.path if card.path in pages else None) for card in CARDS]
    return render_template("staff/rates/prices.html", cards=cards)
