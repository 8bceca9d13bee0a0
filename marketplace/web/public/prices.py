"""Reference prices of today with their source and age, how guidance is made of them, and the price book."""

from datetime import date
from typing import Any

from flask import Blueprint, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.vocabulary import GEM_FORMS, GRADES
from marketplace.pricing.models import PriceBand
from marketplace.pricing.queries import (
    MetalPrice,
    RateMissing,
    bands_of,
    published_edition,
    todays_prices,
    varieties_of,
)
from marketplace.pricing.rates import STALE_AFTER_WORKING_DAYS
from marketplace.web.filters import country, fineness, money, money_about, number, short_date, variety
from marketplace.web.public.currencies import (
    PRICED_IN,
    currency_choices,
    currency_error,
    exchange_to,
    remember_currency,
    wanted_currency,
)
from marketplace.web.public.metal_history import METALS

bp = Blueprint("prices", __name__)

_EVIDENCE = {
    "verified": N_("Verified: %(source)s"),
    "sourced": N_("From a source, not verified: %(source)s"),
    "unverified": N_("Not verified: %(source)s"),
}
_BARE_EVIDENCE = {
    "verified": N_("Verified"),
    "sourced": N_("From a source, not verified"),
    "unverified": N_("Not verified"),
}


@bp.get("/prices")
@allow(PUBLIC)
def index() -> Response:
    """Show today's reference prices a gram and the price book of one kind of stone."""
    uow = current_uow()
    currency, errors = wanted_currency(), currency_error()
    prices, missing = _prices(uow.session, currency, uow.now.date())
    body = render_template(
        "public/prices.html",
        currencies=currency_choices(),
        values={"currency": currency},
        errors={**errors, **missing},
        groups=_groups(prices),
        sources=_sources(prices),
        exchange=exchange_to(uow.session, currency, uow.now.date()),
        age_limit=STALE_AFTER_WORKING_DAYS,
        book=_book(uow.session, request.args.get("variety", "")),
    )
    return remember_currency(make_response(body))


def _prices(session: Session, currency: str, on: date) -> tuple[tuple[MetalPrice, ...], dict[str, str]]:
    """Return the prices in a currency; without its rate those in dollars, and why."""
    try:
        return todays_prices(session, currency, on), {}
    except RateMissing as error:
        return todays_prices(session, PRICED_IN, on), {"currency": translate_error(error)}


def _groups(prices: tuple[MetalPrice, ...]) -> list[dict[str, Any]]:
    found: dict[str, list[MetalPrice]] = {}
    for price in prices:
        found.setdefault(price.metal, []).append(price)
    return [
        {
            "code": metal,
            "name": _(METALS[metal].name),
            "over_time": METALS[metal].title,
            "rows": [{"purity": _purity(price), "price": money_about(price.per_gram)} for price in each],
            "stale": any(price.stale for price in each),
            "too_old": any(price.too_old for price in each),
            "newest": each[0],
        }
        for metal, each in found.items()
    ]


def _purity(price: MetalPrice) -> str:
    """Write a fineness; karat is a word for gold alone."""
    if price.metal == "gold":
        return fineness(price.fineness_permille)
    return _("%(permille)s ‰", permille=number(price.fineness_permille))


def _sources(prices: tuple[MetalPrice, ...]) -> list[str]:
    lines = [_("%(source)s (%(licence)s)", source=price.source, licence=price.licence) for price in prices]
    return list(dict.fromkeys(lines))


def _book(session: Session, asked: str) -> dict[str, Any] | None:
    """Return the bands of one kind of stone in the edition in force: the one asked for, else the first."""
    edition = published_edition(session, current_uow().now)
    if edition is None:
        return None
    codes = sorted(varieties_of(session, edition.id), key=variety)
    if not codes:
        return None
    chosen = asked if asked in codes else codes[0]
    place = codes.index(chosen)
    bands = bands_of(session, edition.id, variety=chosen)
    return {
        "edition": edition,
        "name": variety(chosen),
        "rows": [_band(band) for band in bands],
        "is_unverified": any(band.evidence == "unverified" for band in bands),
        "is_sourced": any(band.evidence == "sourced" for band in bands),
        "is_unknown": bool(asked) and asked not in codes,
        "choices": [(code, variety(code)) for code in codes],
        "chosen": chosen,
        "previous": codes[place - 1] if place else None,
        "next": codes[place + 1] if place + 1 < len(codes) else None,
        "next_name": variety(codes[place + 1]) if place + 1 < len(codes) else "",
    }


def _band(band: PriceBand) -> dict[str, str]:
    low, high = Money(band.low_minor_per_ct, "USD"), Money(band.high_minor_per_ct, "USD")
    return {
        "weight": _("%(low)s to %(high)s ct", low=number(band.weight_from_ct), high=number(band.weight_to_ct)),
        "form": _(GEM_FORMS.get(band.form, band.form)),
        "grade": _(GRADES.get(band.grade, band.grade)),
        "origin": country(band.origin) if band.origin else "",
        "price": _("%(low)s to %(high)s", low=money(low), high=money(high)),
        "source": _source(band),
    }


def _source(band: PriceBand) -> str:
    """Write what the prices rest on; only what a curator compared counts as verified."""
    day = short_date(band.dated)
    source = _("%(source)s, %(date)s", source=band.source, date=day) if day and band.source else band.source or day
    words = _EVIDENCE.get(band.evidence, _EVIDENCE["unverified"])
    return _(words, source=source) if source else _(_BARE_EVIDENCE.get(band.evidence, _BARE_EVIDENCE["unverified"]))
