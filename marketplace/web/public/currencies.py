"""The currency a reader thinks in: chosen by address, remembered in a cookie, shown with "About" beside the price."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from babel.numbers import get_currency_name
from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.core.money import Money, convert
from marketplace.core.text import N_
from marketplace.http.context import settings
from marketplace.http.languages import translate
from marketplace.pricing.queries import units_per_usd
from marketplace.pricing.rates import RateAsOf, is_stale, is_too_old
from marketplace.web.filters import region_locale

COOKIE: Final = "currency"
YEAR: Final = 31_536_000
PRICED_IN: Final = "USD"
# The dollar, the currencies of the cooperatives, then those of buyers.
CHOICES: Final = (
    "USD", "TZS", "KES", "CDF", "COP", "XOF", "SLE", "RWF", "UGX", "LKR", "MGA", "AED", "AUD", "CAD", "CHF", "CNY",
    "EUR", "GBP", "HKD", "INR", "JPY", "THB", "ZAR",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exchange:
    """Convert dollars for reading, by one dated rate; never for paying."""

    currency: str
    rate: RateAsOf
    on: date

    @property
    def stale(self) -> bool:
        """Say whether the rate is older than its series allows."""
        return is_stale(self.rate, self.on)

    def about(self, money: Money) -> Money | None:
        """Return dollars in the reader's currency; nothing for other money."""
        return convert(money, Decimal(1), self.rate.value, self.currency) if money.currency == PRICED_IN else None


def wanted_currency() -> str:
    """Return the reader's currency: from the address, else the cookie, else the dollar."""
    asked = (_asked(), request.cookies.get(COOKIE, ""))
    return next((code for code in asked if code in CHOICES), PRICED_IN)


def currency_error() -> dict[str, str]:
    """Return what is wrong with the currency in the address, as a field's error."""
    asked = _asked()
    return {"currency": translate(N_("Choose a currency from the list."))} if asked and asked not in CHOICES else {}


def exchange_to(session: Session, currency: str, on: date) -> Exchange | None:
    """Return how dollars read in a currency today; None for the dollar and without a usable rate."""
    rate = None if currency == PRICED_IN else units_per_usd(session, currency, on)
    return None if rate is None or is_too_old(rate, on) else Exchange(currency, rate, on)


def currency_choices() -> list[tuple[str, str]]:
    """Return code and name of each currency, in the reader's language."""
    locale = region_locale()
    return [(code, f"{code} – {get_currency_name(code, locale=locale)}") for code in CHOICES]


def remember_currency(response: Response) -> Response:
    """Keep a currency chosen in the address for the next page."""
    if _asked() in CHOICES:
        secure = settings().base_url.startswith("https://")
        response.set_cookie(COOKIE, _asked(), max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def _asked() -> str:
    return request.args.get("currency", "").strip().upper()
