"""The page before an order: who gets what, the terms, where to deliver; of a lot sold in parts, how much."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.parts import PartRefused, content_of_part
from marketplace.lots.queries import for_sale
from marketplace.orders import claims, services, terms
from marketplace.orders.agreed_split import lines_at
from marketplace.orders.answers import read_delivery
from marketplace.orders.assay import deposit_of
from marketplace.orders.countries import COUNTRIES
from marketplace.orders.currencies import read_choice, why_not_charged
from marketplace.orders.hold_limits import HoldTooShort
from marketplace.orders.levels import LevelTooLow
from marketplace.orders.limit_figures import LimitReached
from marketplace.orders.models import LotClaim
from marketplace.orders.offer_answers import read_part
from marketplace.orders.offer_prices import Quote, quote_for
from marketplace.orders.wishes import read_wishes
from marketplace.payments.quotes import quotes
from marketplace.pricing.split import SplitRefused
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.charge_words import notes_of_version
from marketplace.web.closure_view import closures_ahead
from marketplace.web.filters import country
from marketplace.web.offer_view import parts_view

bp = Blueprint("buyer_buying", __name__, url_prefix="/lots/<reference>/buy")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page is about: the lot, what the buyer keeps of it, and the price; None while a part must be chosen."""

    lot: Lot
    version: LotVersion
    kept: LotClaim | None
    parts: dict[str, Any] | None
    quote: Quote | None
    problem: str | None


@bp.get("")
@allow(SIGNED_IN)
def form(reference: str) -> str:
    """Show what buying means before anything is typed."""
    return _page(reference, values={}, errors={}, part=request.args.get("part"))


@bp.post("")
@allow(SIGNED_IN)
@once
def buy(reference: str) -> Response | tuple[str, int]:
    """Make the order and go to it."""
    uow, part, part_mg = current_uow(), request.form.get("part"), None
    if part:
        quote = _choice(reference, part).quote
        if quote is None:
            return _page(reference, values=request.form, errors={}, part=part), 422
        part_mg = quote.part_mg
    try:
        delivery, choice = read_delivery(request.form), read_choice(request.form)
        order = services.buy(
            uow,
            lot_reference=reference,
            version_sha256=request.form.get("version", ""),
            delivery=delivery,
            part_mg=part_mg,
            expected_minor=_shown_minor(),
            choice=choice,
            wishes=read_wishes(request.form),
        )
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _page(reference, values=request.form, errors=errors, part=part), 422
    except PartRefused:  # sold in parts, and the form names none: the page asks how much
        return _page(reference, values=request.form, errors={}, part=part), 422
    return redirect(url_for("buyer_orders.order", reference=order.reference), code=303)


def _shown_minor() -> int | None:
    """Return the price that the sent page showed; None when it does not say, then the version alone binds."""
    text = request.form.get("shown", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _choice(reference: str, part: str | None) -> Choice:
    uow = current_uow()
    lot, version, stock, _cooperative = for_sale(uow.session, reference)
    parts = parts_view(stock)
    kept = claims.kept_by(uow.session, lot_id=lot.id, buyer_id=uow.actor.buyer_id, now=uow.now, lock=False)
    problem = quote = None
    try:
        part_mg = read_part({"part": part}, unit=parts["unit"]) if parts and part and kept is None else None
        quote = quote_for(uow.session, version=version, stock=stock, part_mg=part_mg, kept=kept)
    except InvalidInput as error:
        problem = translate_error(error.fields["part"])
    except PartRefused as refused:
        problem = translate_error(refused) if part else None
    return Choice(lot, version, kept, parts, quote, problem)


def _page(reference: str, *, values: Mapping[str, str], errors: Mapping[str, str], part: str | None) -> str:
    uow, chosen = current_uow(), _choice(reference, part)
    lot, version, quote = chosen.lot, chosen.version, chosen.quote
    if quote is None:
        return render_template(
            "buyer/choose_part.html",
            lot=lot,
            title=version.content["title"],
            parts=chosen.parts,
            price=Money(version.price_minor, version.currency),
            values={"part": part or ""},
            errors={"part": chosen.problem} if chosen.problem else {},
        )
    refusal = services.refusal(uow, lot=lot, version=version, quote=quote)
    shown = _terms(uow, version.content, quote)
    unpaid = None if shown["quotes"] else shown["not_charged"]
    return render_template(
        "buyer/buy.html",
        lot=lot,
        version=version,
        title=content_of_part(version.content, quote.part_mg)["title"],
        refusal=translate_error(refusal) if refusal else unpaid,
        buyer=find_buyer(uow.session, uow.actor.user_id) if isinstance(refusal, LevelTooLow) else None,
        over_limit=isinstance(refusal, LimitReached),
        closures=closures_ahead(uow, lot),
        values=values,
        errors=errors,
        countries=sorted(((code, country(code)) for code in COUNTRIES), key=lambda pair: pair[1]),
        part=part if quote.part_mg is not None and chosen.kept is None else None,
        kept=chosen.kept,
        is_agreed=quote.is_agreed,
        **shown,
    )


def _terms(uow: Any, content: Mapping[str, Any], quote: Quote) -> dict[str, Any]:
    price = quote.price
    is_large = services.size_of(uow, price).is_large
    lines = _lines(content, quote)
    return {
        "price": price,
        "not_charged": translate_error(why) if (why := why_not_charged(price)) else None,
        "quotes": quotes(uow.session, price, taken=uow.settings.payment_currencies, on=uow.now.date()),
        "lines": [{**line, "amount": Money(line["amount_minor"], price.currency)} for line in lines],
        "charges": notes_of_version(lines, price.currency),
        "inspection_days": _days_to_inspect(uow, is_large=is_large),
        "tolerances": [_(line) for line in terms.TOLERANCES[content["kind"]]],
        "after_acceptance": _(terms.AFTER_ACCEPTANCE),
        "deposit": deposit_of(price) if content["kind"] == "gold" and quote.part_mg is None else None,
    }


def _lines(content: Mapping[str, Any], quote: Quote) -> Any:
    try:
        return lines_at(content, quote.price, part_mg=quote.part_mg)["lines"]
    except SplitRefused:  # the order will say so
        return []


def _days_to_inspect(uow: UnitOfWork, *, is_large: bool) -> int:
    """Return the days to inspect; where no order can end in time, the page says so and shows the usual ones."""
    try:
        return services.days_to_inspect(uow, is_large=is_large)
    except HoldTooShort:
        return terms.inspection_days(is_large=is_large)
