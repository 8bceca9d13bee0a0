"""Reference prices of metals over time, a gram of fine metal in the reader's currency."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from flask import Blueprint, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate, translate_error
from marketplace.pricing.price_history import Observed, prices_per_gram, reference_line
from marketplace.pricing.queries import RateMissing, rate_as_of
from marketplace.pricing.queries.history import pair_history
from marketplace.pricing.rates import REFUSED_AFTER_DAYS, age_in_days, is_stale, is_too_old
from marketplace.web.filters import money_about, short_date
from marketplace.web.plots import Reading
from marketplace.web.price_plots import LinePlot, line_plot, range_links, since_of, wanted_range
from marketplace.web.public.currencies import (
    PRICED_IN,
    currency_choices,
    currency_error,
    remember_currency,
    wanted_currency,
)

bp = Blueprint("metal_history", __name__)


@dataclass(frozen=True, slots=True)
class Metal:
    """A metal with the pair of its reference price and its words."""

    code: str
    pair: str
    name: str
    title: str
    one_gram: str


METALS: Final = {
    metal.code: metal
    for metal in (
        Metal("gold", "XAU/USD", N_("Gold"), N_("Gold over time"), N_("One gram of fine gold")),
        Metal("silver", "XAG/USD", N_("Silver"), N_("Silver over time"), N_("One gram of fine silver")),
        Metal("platinum", "XPT/USD", N_("Platinum"), N_("Platinum over time"), N_("One gram of fine platinum")),
    )
}


@bp.get("/prices/<metal>")
@allow(PUBLIC)
def show(metal: str) -> Response:
    """Show what a gram of fine metal was worth, day by day."""
    found = METALS.get(metal)
    if found is None:
        raise NotFound
    uow, chosen = current_uow(), wanted_range()
    today, errors, currency = uow.now.date(), currency_error(), wanted_currency()
    since = since_of(chosen, today)
    exchange = _line(uow.session, f"{PRICED_IN}/{currency}", since, today) if currency != PRICED_IN else None
    if exchange == ():
        errors = {"currency": translate_error(RateMissing(currency=currency)), **errors}
        exchange, currency = None, PRICED_IN
    line = tuple(each for each in _line(uow.session, found.pair, since, today) if each.on >= since)
    drawn = _drawn(found, line, exchange, since=since, today=today, currency=currency)
    newest = rate_as_of(uow.session, found.pair, today)
    body = render_template(
        "public/metal_history.html",
        metal=found,
        metals=METALS.values(),
        currency=currency,
        currencies=currency_choices(),
        values={"currency": currency},
        errors=errors,
        chosen=chosen,
        range_links=range_links(chosen, lambda name: _address(metal, name)),
        drawn=drawn,
        points=[{"on": short_date(each.on), "price": _money(each.value, currency)} for each in drawn.rows]
        if drawn
        else [],
        newest=newest,
        age_days=age_in_days(newest.observed_on, today) if newest else 0,
        is_old=newest is not None and is_stale(newest, today),
        is_too_old=newest is not None and is_too_old(newest, today),
        sources=_sources(line, exchange or ()),
    )
    return remember_currency(make_response(body))


def _line(session: Session, pair: str, since: date, until: date) -> tuple[Observed, ...]:
    """Return what counted on each day, from a little earlier, so that the first days know their newest rate too."""
    before = since - timedelta(days=REFUSED_AFTER_DAYS)
    return reference_line(pair_history(session, pair, since=before, until=until))


def _drawn(
    metal: Metal,
    line: tuple[Observed, ...],
    exchange: tuple[Observed, ...] | None,
    *,
    since: date,
    today: date,
    currency: str,
) -> LinePlot | None:
    prices = prices_per_gram(line, exchange, currency=currency)
    return line_plot(
        [Reading(price.on, price.per_gram.amount) for price in prices],
        since=since,
        until=today,
        what=translate(metal.one_gram),
        write=lambda value: _money(value, currency),
    )


def _money(value: Decimal, currency: str) -> str:
    return money_about(Money.from_decimal(value, currency))


def _sources(*lines: tuple[Observed, ...]) -> list[str]:
    found = [
        translate(N_("%(source)s (%(licence)s)"), source=each.source, licence=each.licence)
        for line in lines
        for each in line
    ]
    return list(dict.fromkeys(found))


def _address(metal: str, name: str) -> str:
    # A currency in the address stays there: not everybody keeps cookies.
    return url_for("metal_history.show", metal=metal, range=name, currency=request.args.get("currency") or None)
