"""How pure is this gold? Weigh it in air and in water: an answer with its range, and what it would be worth."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.compliance.answers import Answers
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.core.weight import to_mg
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.languages import translate_error
from marketplace.lots.answers import WaterReading
from marketplace.lots.answers.water import WATER_FIELDS, read_water
from marketplace.pricing.gold import reference_value
from marketplace.pricing.purity import ROOM_CELSIUS, Alloy
from marketplace.pricing.queries import rate_as_of
from marketplace.pricing.rates import GOLD_SERIES, age_in_days, is_stale, is_too_old
from marketplace.web.public.currencies import (
    PRICED_IN,
    currency_choices,
    currency_error,
    exchange_to,
    remember_currency,
    wanted_currency,
)
from marketplace.web.water_words import alloy_choices, answer_of, step_choices

bp = Blueprint("water_test", __name__)
_DEFAULTS: Final[Mapping[str, str]] = {
    "balance_step": "0.01",
    "water_celsius": str(ROOM_CELSIUS),
    "alloy": Alloy.UNKNOWN.value,
}


@bp.get("/gold/water-test")
@allow(PUBLIC)
def show() -> Response:
    """Show the form, and the answer to what was typed; a refused reading keeps every value."""
    uow = current_uow()
    currency = wanted_currency()
    is_asked = any(name in request.args for name in WATER_FIELDS)
    reading, errors = _read(request.args) if is_asked else (None, {})
    body = render_template(
        "public/water_test.html",
        values={**_DEFAULTS, **request.args.to_dict(), "currency": currency},
        errors={**errors, **currency_error()},
        steps=step_choices(),
        alloys=alloy_choices(),
        currencies=currency_choices(),
        answer=answer_of(reading) if reading else None,
        worth=_worth(uow.session, reading, currency=currency, on=uow.now.date()) if reading else None,
    )
    return remember_currency(make_response(body))


def _read(typed: Mapping[str, str]) -> tuple[WaterReading | None, dict[str, str]]:
    """Return the reading, or each field's problem in the reader's language."""
    answers = Answers(typed)
    alloy = answers.typed("alloy") or Alloy.UNKNOWN.value
    if alloy not in set(Alloy):
        answers.refuse("alloy", N_("Choose what is in the gold, or that you do not know."))
        alloy = Alloy.UNKNOWN.value
    reading = read_water(answers, alloy=Alloy(alloy))
    return (None if answers.errors else reading), {
        name: translate_error(error) for name, error in answers.errors.items()
    }


def _worth(session: Session, reading: WaterReading, *, currency: str, on: date) -> dict[str, Any]:
    """Return what the gold is worth by the rate of today, without amounts where range or rate are of no use."""
    rate = rate_as_of(session, GOLD_SERIES, on)
    exchange = exchange_to(session, currency, on)
    if rate is None:
        return {"rate": None}
    known = {
        "rate": rate,
        "age_days": age_in_days(rate.observed_on, on),
        "stale": is_stale(rate, on),
        "too_old": is_too_old(rate, on),
        "exchange": exchange,
        "is_in_dollars_only": exchange is None and currency != PRICED_IN,
    }
    if reading.found.is_too_light or known["too_old"]:
        return known
    weight_mg = to_mg(reading.air_g, "g")
    dollars = [
        reference_value(weight_mg, Decimal(permille), rate.value) if permille and weight_mg else Money.zero(PRICED_IN)
        for permille in (reading.found.low, reading.found.high)
    ]
    low, high = (exchange.about(money) if exchange else money for money in dollars)
    return {**known, "low": low, "high": high}
