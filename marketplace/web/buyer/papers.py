"""A buyer's papers: invoice, receipt, credit note."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from marketplace.http.access import BUYER, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.papers import queries
from marketplace.papers.models import Paper
from marketplace.web.paper_view import paper_page, paper_pdf

bp = Blueprint("buyer_papers", __name__, url_prefix="/papers")


@bp.get("/<number>")
@allow(BUYER)
def paper(number: str) -> str:
    """Show a paper."""
    found = _own(number)
    order = url_for("buyer_orders.order", reference=found.content["order"])
    back = (_("Order %(reference)s", reference=found.content["order"]), order)
    return paper_page(found, back=back, pdf=url_for("buyer_papers.pdf", number=found.number))


@bp.get("/<number>/pdf")
@allow(BUYER)
def pdf(number: str) -> Response:
    """Give a paper to keep."""
    return paper_pdf(_own(number))


def _own(number: str) -> Paper:
    uow = current_uow()
    return queries.paper_of_buyer(uow.session, number, buyer_id=uow.actor.buyer_id)
