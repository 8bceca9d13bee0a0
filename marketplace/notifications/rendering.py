"""Write a letter in its reader's language: jinja2 and the catalogues, no web."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from marketplace.core.money import DISPLAY_DECIMALS, EXPONENT, Money

_PACKAGE = Path(__file__).parent
TEMPLATES = _PACKAGE / "templates"
CATALOGUES = _PACKAGE.parent / "web" / "translations"
# A language alone does not say how numbers and days look; these are the countries most readers are in.
_REGION = {"en": "en_KE", "sw": "sw_TZ", "fr": "fr_CD", "es": "es_CO"}

_GAP = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")  # what a condition that does not hold leaves behind


class Rendered(NamedTuple):
    """A letter's words."""

    subject: str
    body: str


def render(template: str, params: Mapping[str, object], *, language: str) -> Rendered:
    """Write `templates/TEMPLATE.txt`: its first line is the subject, the rest the letter.

    A parameter the template needs and does not get raises jinja2.UndefinedError.
    """
    text = _environment(language).get_template(f"{template}.txt").render(params)
    subject, _, body = text.strip().partition("\n")
    return Rendered(" ".join(subject.split()), _GAP.sub("\n\n", body.strip()) + "\n")


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - letters are plain text
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(_catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    locale = Locale.parse(_REGION.get(language, "en_KE"))
    environment.filters.update(
        money=lambda amount: _money(amount, locale),
        date=lambda day: _day(day, locale),
        rate=lambda number: format_decimal(Decimal(number), format="#,##0.00######", locale=locale),
        datetime=lambda moment: format_datetime(moment, "d MMM y, HH:mm 'UTC'", locale=locale),
        tr=lambda message: _catalogue(language).ugettext(message) if message else "",
    )
    return environment


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [language])


def _money(amount: Money, locale: Locale) -> str:
    digits = DISPLAY_DECIMALS[amount.currency]
    if amount.minor % 10 ** (EXPONENT[amount.currency] - digits):
        digits = EXPONENT[amount.currency]
    value = amount.amount
    pattern = "¤¤ #,##0" + ("." + "0" * digits if digits else "")
    return format_currency(value, amount.currency, format=pattern, locale=locale, currency_digits=False)


def _day(day: date | datetime, locale: Locale) -> str:
    return format_date(day, "d MMM y", locale=locale)
