"""The page before an order: who gets what, the terms, where to deliver."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import find_buyer
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.http.access import SIGNED_IN, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.queries import published_version
from marketplace.orders import services, terms
from marketplace.orders.answers import read_delivery
from marketplace.orders.countries import COUNTRIES
from marketplace.orders.hold_limits import HoldTooShort
from marketplace.orders.levels import LevelTooLow
from marketplace.orders.limit_figures import LimitReached
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.charge_words import notes_of_version
from marketplace.web.closure_view import closures_ahead
from marketplace.web.filters import country

bp = Blueprint("buyer_buying", __name__, url_prefix="/lots/<reference>/buy")


@bp.get("")
@allow(SIGNED_IN)
def form(reference: str) -> str:
    """Show what buying means before anything is typed."""
    return _page(reference, values={}, errors={})


@bp.post("")
@allow(SIGNED_IN)
@once
def buy(reference: str) -> Response | tuple[str, int]:
    """Make the order and go to it."""
    try:
        delivery = read_delivery(request.form)
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _page(reference, values=request.form, errors=errors), 422
    order = services.buy(
        current_uow(),
        lot_reference=reference,
        version_sha256=request.form.get("version", ""),
        delivery=delivery,
    )
    return redirect(url_for("buyer_orders.order", reference=order.reference), code=303)


def _page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    lot, version = published_version(uow.session, reference)
    refusal = services.refusal(uow, lot=lot, version=version)
    return render_template(
        "buyer/buy.html",
        lot=lot,
        version=version,
        refusal=translate_error(refusal) if refusal else None,
        buyer=find_buyer(uow.session, uow.actor.user_id) if isinstance(refusal, LevelTooLow) else None,
        over_limit=isinstance(refusal, LimitReached),
        closures=closures_ahead(uow, lot),
        values=values,
        errors=errors,
        countries=sorted(((code, country(code)) for code in COUNTRIES), key=lambda pair: pair[1]),
        **_terms(uow, version.content, Money(version.price_minor, version.currency)),
    )


def _terms(uow: Any, content: Mapping[str, Any], price: Money) -> dict[str, Any]:
    is_large = services.size_of(uow, price).is_large
    return {
        "price": price,
        "lines": [
            {**line, "amount": Money(line["amount_minor"], price.currency)} for line in content["price"]["lines"]
        ],
        "charges": notes_of_version(content["price"]["lines"], price.currency),
        "inspection_days": _days_to_inspect(uow, is_large=is_large),
        "tolerances": [_(line) for line in terms.TOLERANCES[content["kind"]]],
        "after_acceptance": _(terms.AFTER_ACCEPTANCE),
    }


def _days_to_inspect(uow: UnitOfWork, *, is_large: bool) -> int:
    """Return the days to inspect; where no order can end in time, the page says so and shows the usual ones."""
    try:
        return services.days_to_inspect(uow, is_large=is_large)
    except HoldTooShort:
        return terms.inspection_days(is_large=is_large)
