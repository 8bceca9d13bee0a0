"""The price of the day in one text message: gold a gram at three finenesses, its date, its age and where it is from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.dates import format_date

from marketplace.core.money import DISPLAY_DECIMALS, Money, exponent_of
from marketplace.core.sms import sms_safe
from marketplace.notifications.short_texts import S_

FINENESSES: Final = (999, 916, 750)
LONGEST_SOURCE: Final = 35
PRICE: Final = S_(
    "Gold per gram, %(currency)s, %(date)s: 999=%(p999)s; 916=%(p916)s; 750=%(p750)s. "
    "Reference price, no offer. Source: %(source)s"
)
OLD_PRICE: Final = S_(
    "OLD RATE, %(days)s days. Gold per gram, %(currency)s, %(date)s: 999=%(p999)s; 916=%(p916)s; 750=%(p750)s. "
    "No offer. Source: %(source)s"
)
TOO_OLD: Final = S_("No price today. The newest rate is %(days)s days old.")
NO_RATE: Final = S_("No price today. There is no rate for %(currency)s.")
# The mark between thousands, and before the part smaller than one, as in the country most readers are in.
_MARKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({"fr": (" ", ","), "es": (".", ",")})
_REGION: Final[Mapping[str, str]] = MappingProxyType({"sw": "sw_TZ", "fr": "fr_CD", "es": "es_CO"})


@dataclass(frozen=True, slots=True)
class DayPrice:
    """Hold the price of one gram at each of FINENESSES; date and age are those of the oldest rate used."""

    currency: str
    per_gram: Mapping[int, Money]
    observed_on: date
    age_days: int
    stale: bool
    too_old: bool
    sources: tuple[str, ...]


def daily_text(price: DayPrice | None, *, currency: str, language: str, say: Callable[[str], str]) -> str:
    """Return the text in GSM-7 letters, at most 160; `say` translates a sentence and keeps its placeholders."""
    if price is None:
        return sms_safe(say(NO_RATE) % {"currency": currency})
    if price.too_old:
        return sms_safe(say(TOO_OLD) % {"days": price.age_days})
    amounts = {f"p{fineness}": amount_in(price.per_gram[fineness], language) for fineness in FINENESSES}
    locale = Locale.parse(_REGION.get(language, "en_KE"))
    params = {
        "currency": price.currency,
        "date": format_date(price.observed_on, "d MMM y", locale=locale),
        "days": price.age_days,
        "source": short_source(price.sources),
    }
    return sms_safe(say(OLD_PRICE if price.stale else PRICE) % {**params, **amounts})


def amount_in(money: Money, language: str) -> str:
    """Write an amount without its currency, rounded half to even to the digits people use."""
    thousands, decimal = _MARKS.get(language, (",", "."))
    digits = DISPLAY_DECIMALS[money.currency]
    units = round(Fraction(money.minor, 10 ** (exponent_of(money.currency) - digits)))
    whole, rest = divmod(units, 10**digits)
    grouped = f"{whole:,}".replace(",", thousands)
    return f"{grouped}{decimal}{rest:0{digits}d}" if digits else grouped


def short_source(sources: tuple[str, ...]) -> str:
    """Return the names of the sources without their explanations, cut where a message would grow too long."""
    names = dict.fromkeys(source.replace(";", ",").partition(",")[0].strip() for source in sources)
    return ", ".join(names)[:LONGEST_SOURCE].rstrip(", ")
