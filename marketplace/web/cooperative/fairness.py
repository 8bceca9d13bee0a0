"""How fair a cooperative's own sales were, beside the figure of its country where that tells on nobody."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from marketplace.compliance.queries import cooperatives_of_member
from marketplace.http.access import MEMBER, allow
from marketplace.http.context import current_uow
from marketplace.orders.fair_sales import PAGE, SalesFilter, fair_sales
from marketplace.orders.fairness_report import report
from marketplace.orders.shown_shares import share_of_country

bp = Blueprint("cooperative_fairness", __name__, url_prefix="/cooperative/fairness")


@bp.get("")
@allow(MEMBER)
def show() -> str:
    """Show what share of each price reached the cooperative. There is no filter: two filters could be compared."""
    uow = current_uow()
    own, today = list(uow.actor.memberships), uow.now.date()
    wanted = SalesFilter(cooperative_ids=own)
    found = fair_sales(uow.session, wanted, after=_cursor(), limit=PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    countries = sorted({each.country for each in cooperatives_of_member(uow.session, uow.actor)})
    return render_template(
        "cooperative/fairness.html",
        group=report(uow.session, wanted).whole,
        sales=found[:PAGE],
        countries=[(code, share_of_country(uow.session, code, own=own, on=today)) for code in countries],
        next_url=url_for(".show", after=f"{last.accepted_at.isoformat()}~{last.key}") if last else None,
    )


def _cursor() -> tuple[datetime, UUID] | None:
    at, _tilde, key = request.args.get("after", "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(key)) if moment.tzinfo else None
    except ValueError:
        return None  # a cut or made-up cursor shows the first page
