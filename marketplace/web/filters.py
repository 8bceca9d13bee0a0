"""Jinja filters: money, weight, dates and names in the reader's language. Exact numbers only, never a float."""

from __future__ import annotations

import re
from copy import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent, get_currency_symbol
from flask import Flask
from flask_babel import get_locale

from marketplace.core.money import DISPLAY_DECIMALS, EXPONENT, Money
from marketplace.http.languages import language as reading
from marketplace.http.languages import translate as gettext
from marketplace.moderation.reason_texts import ReasonWords
from marketplace.moderation.reason_texts import words_of as words_of_reason
from marketplace.moderation.reasons import Reason
from marketplace.web.charts import bar_parts, gauge_marks
from marketplace.web.journal_words import journal_kind
from marketplace.web.legal_moves import legal_moves
from marketplace.web.varieties import variety_name

# A language alone does not say how a number looks: 1,240.00 or 1.240,00. We take the country most readers are in.
_REGION: Final = {"en": "en_KE", "sw": "sw_TZ", "fr": "fr_CD", "es": "es_CO"}
# What people on the market write, where the locale data has only the ISO code.
_SYMBOL: Final = {"TZS": "TSh", "KES": "KSh", "USD": "US$", "EUR": "€", "GBP": "£", "UGX": "USh"}
_MG_PER_CARAT: Final = 200
_MG_PER_GRAM: Final = 1000
_KARAT_OF_PURE: Final = 24


def region_locale() -> Locale:
    """Return the locale of numbers and dates for the reader's language."""
    language = get_locale()
    return Locale.parse(_REGION.get(language.language if language else "en", "en_KE"))


def money(amount: Money | None) -> str:
    """Write an amount as "US$1,240.00"; the small unit appears where people use it, or where it is not zero."""
    if amount is None:
        return ""
    digits = DISPLAY_DECIMALS[amount.currency]
    if amount.minor % 10 ** (EXPONENT[amount.currency] - digits):
        digits = EXPONENT[amount.currency]
    return _write_money(amount, digits)


def money_about(amount: Money | None) -> str:
    """Write an amount rounded to the digits people use: for converted and guide prices, never for payments."""
    return "" if amount is None else _write_money(amount, DISPLAY_DECIMALS[amount.currency])


def weight(milligrams: int | None, kind: str = "gem") -> str:
    """Write a weight: stones in carats with grams beside them, "3.42 ct (0.684 g)"; gold in grams, "250.00 g"."""
    if milligrams is None:
        return ""
    grams = _number(Decimal(_whole(milligrams)) / _MG_PER_GRAM, least=2 if kind == "gold" else 1, most=3)
    if kind == "gold":
        return gettext("%(grams)s g", grams=grams)
    carats = _number(Decimal(milligrams) / _MG_PER_CARAT, least=2, most=3)
    return gettext("%(carats)s ct (%(grams)s g)", carats=carats, grams=grams)


def fineness(permille: Decimal | int | None) -> str:
    """Write a fineness with its karat: "916 ‰, 22 kt". Karat (purity) is never the carat of weight."""
    if permille is None:
        return ""
    exact = _exact(permille)
    karat = _number(exact * _KARAT_OF_PURE / 1000, least=0, most=1)
    return gettext("%(permille)s ‰, %(karat)s kt", permille=_number(exact, least=0, most=1), karat=karat)


def percent(share: Decimal | int | None, digits: int = 1) -> str:
    """Write a share of one as "78%" or "2.9%"; `digits` is the most digits after the mark."""
    if share is None:
        return ""
    pattern = "#,##0" + ("." + "#" * digits if digits else "") + ("\u00a0%" if _spaced_percent() else "%")
    exact, least = _exact(share), Decimal(1).scaleb(-2 - digits)
    if 0 < exact < least / 2:  # something is not nothing
        return "<" + format_percent(least, format=pattern, locale=region_locale())
    return format_percent(exact, format=pattern, locale=region_locale())


def number(value: Decimal | int | None, least: int = 0, most: int = 3) -> str:
    """Write a plain number with the marks of the reader's country."""
    return "" if value is None else _number(_exact(value), least=least, most=most)


def short_date(value: date | datetime | None) -> str:
    """Write a day as "22 Nov 2026" (UTC)."""
    return "" if value is None else format_date(value, "d MMM y", locale=region_locale())


def month(value: date | None) -> str:
    """Write the month of a day as "Nov 2026"."""
    return "" if value is None else format_date(value, "MMM y", locale=region_locale())


def date_time(value: datetime | None) -> str:
    """Write a moment as "22 Nov 2026, 14:05 UTC"."""
    if value is None:
        return ""
    return format_datetime(value, "d MMM y, HH:mm 'UTC'", locale=region_locale())


def ago(value: datetime | None, now: datetime) -> str:
    """Write how far a moment is from `now`: "2 minutes ago", "in 3 days"."""
    if value is None:
        return ""
    return format_timedelta(value - now, add_direction=True, threshold=1.5, locale=region_locale())


def duration(length: timedelta | None) -> str:
    """Write a length of time: "48 hours"."""
    return "" if length is None else format_timedelta(length, threshold=2.5, locale=region_locale())


def country(code: str | None) -> str:
    """Write a country's name from its ISO 3166 code; an unknown code is shown as it is."""
    name: str = region_locale().territories.get((code or "").upper(), code or "")
    return name


def variety(code: str | None) -> str:
    """Write the name of a gem variety in the reader's language."""
    return variety_name(code or "", region_locale().language)


def translate(message: str | None) -> str:
    """Translate a message that the domain marked; text that is not in the catalogue passes unchanged."""
    # The empty message is the catalogue's own header.
    return gettext(message) if message else ""


def reason(given: Reason) -> ReasonWords:
    """Return fact, rule and way to mend of a reviewer's reason in the reader's language."""
    return words_of_reason(given, language=reading())


def register_filters(app: Flask) -> None:
    """Give every template the filters and the two chart functions."""
    app.jinja_env.filters.update(
        {
            "ago": ago,
            "country": country,
            "date": short_date,
            "datetime": date_time,
            "duration": duration,
            "fineness": fineness,
            "journal_kind": journal_kind,
            "legal_moves": legal_moves,
            "money": money,
            "money_about": money_about,
            "month": month,
            "number": number,
            "percent": percent,
            "tr": translate,
            "reason": reason,
            "variety": variety,
            "weight": weight,
        }
    )
    app.jinja_env.globals.update(bar_parts=bar_parts, gauge_marks=gauge_marks)


def _write_money(amount: Money, digits: int) -> str:
    locale = region_locale()
    symbol = _SYMBOL.get(amount.currency) or get_currency_symbol(amount.currency, locale=locale)
    if symbol == "$":  # many countries have a $: say which
        symbol = f"{amount.currency} $"
    pattern = copy(locale.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    text = pattern.apply(amount.amount, locale, currency_digits=False)
    # "TSh3,224" reads as one word; "US$1,240" does not.
    space = "\u00a0" if symbol[-1].isalpha() and re.search(r"¤\d", text) else ""
    return str(text.replace("¤", symbol + space))


def _number(value: Decimal, *, least: int, most: int) -> str:
    pattern = "#,##0" + ("." + "0" * least + "#" * (most - least) if most else "")
    return format_decimal(value, format=pattern, locale=region_locale())


def _spaced_percent() -> bool:
    return "\u00a0" in region_locale().percent_formats[None].pattern


def _exact(value: Decimal | int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"an exact number is wanted, not {type(value).__name__}")
    return Decimal(value)


def _whole(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"a whole number is wanted, not {type(value).__name__}")
    return value
