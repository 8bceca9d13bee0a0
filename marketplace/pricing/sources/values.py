"""Figures and days as documents write them: exact, in the unit the marketplace keeps, plausible, or refused by name."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final

from config.rate_sources import SourceSeries

# Exact by definition since 1959 (international troy ounce).
GRAMS_PER_TROY_OUNCE: Final = Fraction("31.1034768")
OLDEST_YEARS: Final = 20
LARGEST_EXPONENT: Final = 20
FUTURE: Final = "the day is in the future"
# Quotients are rounded as the shipped series are: metals to four decimals of a dollar, currencies to six of a unit.
METAL_PLACES: Final = 4
CURRENCY_PLACES: Final = 6
_Range = tuple[str | int, str | int]
# Wide enough for twenty years, narrow enough to catch grams or kilograms in the place of troy ounces.
_METALS: Final[Mapping[str, _Range]] = {
    "XAU/USD": (500, 100_000), "XAG/USD": (4, 500), "XPT/USD": (200, 20_000), "XPD/USD": (100, 20_000),
}  # fmt: skip
# Wide enough for the years since 2006, narrow enough to catch most upside-down rates.
_CURRENCIES: Final[Mapping[str, _Range]] = {
    "EUR": ("0.4", 2), "GBP": ("0.3", 2), "CHF": ("0.4", 2), "AUD": ("0.7", 4), "CAD": ("0.7", 4), "AED": (3, 5),
    "CNY": (3, 20), "HKD": (5, 12), "INR": (30, 500), "THB": (15, 120), "ZAR": (4, 100), "JPY": (50, 500),
    "XOF": (300, 1_500), "TZS": (1_000, 20_000), "KES": (50, 1_000), "CDF": (400, 30_000), "COP": (1_000, 30_000),
    "SLE": (2, 500), "RWF": (400, 20_000), "UGX": (1_200, 30_000), "LKR": (80, 3_000), "MGA": (1_000, 50_000),
}  # fmt: skip
_ANY: Final[_Range] = ("0.0001", 10_000_000)
_FIGURE: Final = re.compile(r"([+-]?)([0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE]([+-]?[0-9]{1,9}))?")
_SEPARATED: Final = re.compile(r"[+-]?[0-9]+([ ,.'’_\u00a0\u202f][0-9]+)+")
_MANY_DIGITS: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?|[+-]?\.[0-9]+")
_NOT_FINITE: Final = re.compile(r"[+-]?(nan|snan|inf|infinity)", re.IGNORECASE)
_DAYS: Final = {
    "YYYY-MM-DD": re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"),
    "YYYYMMDD": re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    "DD/MM/YYYY": re.compile(r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})"),
    "MM/DD/YYYY": re.compile(r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})"),
    "DD.MM.YYYY": re.compile(r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})"),
    "timestamp": re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})[T ][0-9:.]{4,20}(?:Z|[+-][0-9:]{2,6})?"),
}


class RowRefused(Exception):
    """A row cannot be used; the text says why in plain words."""


def shown(value: object) -> str:
    """Return a value from outside, short and in plain letters, to stand in a reason."""
    text = ascii(str(value))[1:-1]
    return text if len(text) <= 30 else f"{text[:30]}…"


def figure(value: object) -> Fraction:
    """Return the exact number a document wrote as text; raises RowRefused for all that is no number above zero."""
    text = value.strip() if isinstance(value, str) else None
    if value is None or text == "":
        raise RowRefused("the value is empty")
    if text is None:
        raise RowRefused(f"the value is not a number: {shown(value)}")
    found = _FIGURE.fullmatch(text)
    if found is None:
        raise RowRefused(f"{shown(text)} {_why_no_figure(text)}")
    sign, digits, exponent = found.groups()
    if abs(int(exponent or 0)) > LARGEST_EXPONENT:
        raise RowRefused(f"{shown(text)} has an exponent beyond reason")
    exact = Fraction(digits) * Fraction(10) ** int(exponent or 0)
    if exact == 0:
        raise RowRefused("the value is zero")
    if sign == "-":
        raise RowRefused(f"{shown(text)} is negative")
    return exact


def _why_no_figure(text: str) -> str:
    if _NOT_FINITE.fullmatch(text):
        return "is not a finite number"
    if _MANY_DIGITS.fullmatch(text):
        return "has more digits than a rate"
    if _SEPARATED.fullmatch(text):
        return "has separators: only a decimal point may stand between digits"
    return "is not a number"


def day(value: object, form: str) -> date:
    """Return the day a document wrote in a form such as DD.MM.YYYY; raises RowRefused."""
    text = value.strip() if isinstance(value, str) else ""
    found = _DAYS[form].fullmatch(text)
    if found is None:
        raise RowRefused(f"{shown(text)} is not a day written as {form}" if text else "the day is missing")
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise RowRefused(f"{shown(text)} is no day of the calendar") from None


def checked_day(of: date, *, today: date) -> None:
    """Raise RowRefused for a day after today or more than twenty years before it."""
    if of > today:
        raise RowRefused(f"{FUTURE}: {of}")
    if (today.year - of.year, (today.month, today.day)) > (OLDEST_YEARS, (of.month, of.day)):
        raise RowRefused(f"the day is more than {OLDEST_YEARS} years ago: {of}")


def in_own_unit(series: SourceSeries, exact: Fraction) -> tuple[Fraction, bool]:
    """Return a figure of the document in the unit the marketplace keeps, and whether a quotient was computed."""
    if series.quoted in ("ozt per USD", f"USD per {series.pair[4:]}"):
        return 1 / exact, True
    if series.quoted == "USD per g":
        return exact * GRAMS_PER_TROY_OUNCE, False
    if series.quoted == "USD per kg":
        return exact * GRAMS_PER_TROY_OUNCE / 1000, False
    return exact, False


def kept(series: SourceSeries, exact: Fraction, *, is_computed: bool) -> Decimal:
    """Return the value to keep, exact or a quotient rounded half-even; raises RowRefused when it is not plausible."""
    least, most = plausible(series)
    if not least <= exact <= most:
        about = Context(prec=6).divide(Decimal(exact.numerator), Decimal(exact.denominator))
        raise RowRefused(
            f"{about} {series.unit} is outside {least:f} to {most:f}: is the unit or the currency another one?"
        )
    if is_computed:
        places = METAL_PLACES if series.pair.endswith("/USD") else CURRENCY_PLACES
        return Decimal(round(exact * 10**places)).scaleb(-places)
    return Context(prec=100).divide(Decimal(exact.numerator), Decimal(exact.denominator))


def plausible(series: SourceSeries) -> tuple[Decimal, Decimal]:
    """Return the smallest and the largest value that a series can have."""
    least, most = {**_CURRENCIES, **_METALS}.get(series.pair.removeprefix("USD/"), _ANY)
    return (
        Decimal(least) if series.least is None else series.least,
        Decimal(most) if series.most is None else series.most,
    )
