"""The price of the day on the lightest page there is, and as the text that a gateway fetches."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Final

from flask import Blueprint, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, current_viewer, settings
from marketplace.http.languages import language
from marketplace.http.languages import translate as _
from marketplace.notifications.queries import sms_sender_of
from marketplace.notifications.short_texts import say
from marketplace.pricing.daily_text import daily_text
from marketplace.pricing.queries import MetalPrice, RateMissing, price_of_the_day, todays_prices
from marketplace.web.filters import fineness, money_about, number
from marketplace.web.public.currencies import (
    PRICED_IN,
    currency_choices,
    currency_error,
    exchange_to,
    remember_currency,
    wanted_currency,
)
from marketplace.web.public.metal_history import METALS

bp = Blueprint("today", __name__)
KEPT: Final = "private, no-cache"  # ask again each time; unchanged, the answer is 304 and empty


@bp.get("/prices/today")
@allow(PUBLIC)
def page() -> Response:
    """Show the prices of today without photos, scripts or a second request but the style sheet."""
    uow = current_uow()
    currency, on = wanted_currency(), uow.now.date()
    prices, shown_in = _prices(uow.session, currency, on)
    body = render_template(
        "public/today.html",
        rows=[_row(price) for price in prices],
        oldest=min(prices, key=lambda price: price.observed_on) if prices else None,
        is_stale=any(price.stale for price in prices),
        is_too_old=any(price.too_old for price in prices),
        sources=list(dict.fromkeys(f"{price.source} ({price.licence})" for price in prices)),
        exchange=exchange_to(uow.session, shown_in, on),
        is_in_dollars_only=shown_in != currency,
        currencies=currency_choices(),
        values={"currency": currency},
        errors=currency_error(),
        text=_text(uow.session, currency, on),
        currency=currency,
        offers_texts=sms_sender_of(settings()) is not None,
    )
    return remember_currency(_kept(make_response(body)))


@bp.get("/prices/today.txt")
@allow(PUBLIC)
def text() -> Response:
    """Answer with the very text message, for a gateway: `?currency=TZS&lang=sw`."""
    if errors := currency_error():
        return _plain(errors["currency"], status=400)
    uow = current_uow()
    answer = _plain(_text(uow.session, wanted_currency(), uow.now.date()), status=200)
    answer.headers["Content-Language"] = language()
    answer.vary.update(("Accept-Language", "Cookie"))
    return _kept(answer)


def _plain(words: str, *, status: int) -> Response:
    return Response(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def _kept(response: Response) -> Response:
    """Put the tag of its own words on an answer, and answer 304 to who has it; a signed-in page is never kept."""
    if current_viewer() is None:
        response.set_etag(sha256(response.get_data()).hexdigest()[:32])
        response.headers["Cache-Control"] = KEPT
        response.make_conditional(request)
    return response


def _text(session: Session, currency: str, on: date) -> str:
    chosen = language()
    price = price_of_the_day(session, currency, on)
    return daily_text(price, currency=currency, language=chosen, say=partial(say, language=chosen))


def _prices(session: Session, currency: str, on: date) -> tuple[Sequence[MetalPrice], str]:
    """Return the prices with the currency they are in: the dollar where the one asked for has no rate."""
    try:
        return todays_prices(session, currency, on), currency
    except RateMissing:
        return todays_prices(session, PRICED_IN, on), PRICED_IN


def _row(price: MetalPrice) -> dict[str, str]:
    is_gold = price.metal == "gold"  # karat is a word for gold alone
    purity = fineness(price.fineness_permille) if is_gold else f"{number(price.fineness_permille)} ‰"
    return {"metal": f"{_(METALS[price.metal].name)} {purity}", "price": money_about(price.per_gram)}
