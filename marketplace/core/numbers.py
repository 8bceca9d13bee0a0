"""Read numbers as people type them; ask again rather than guess.

Weights and rates: one comma or point is always the decimal mark. Money: groups of three digits are thousands, one or
two last digits are a fraction only where the currency shows one. Signs, exponents and digits of other scripts are
refused.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.money import DISPLAY_DECIMALS, EXPONENT, Money, UnknownCurrency
from marketplace.core.text import N_
from marketplace.core.weight import to_mg

LONGEST_TEXT: Final = 40
MOST_DECIMALS: Final = 6
MOST_RATE_DECIMALS: Final = 10
LARGEST_NUMBER: Final = 10**12

# Phones put these between groups of digits: no-break, narrow no-break, thin and figure space, tab.
_SPACES: Final = re.compile("[ \t\u00a0\u202f\u2009\u2007]+")
_PLAIN: Final = re.compile(r"(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]+|)(?:[.,](?P<fraction>[0-9]+))?")
_GROUPED: Final = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[., ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<fraction>[0-9]{1,2}))?"
)
_UNGROUPED: Final = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<fraction>[0-9]{1,2}))?")
_FINENESS: Final = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)?) ?(?P<unit>%|‰|k|kt|karats?)?", re.IGNORECASE)
_PERCENT: Final = re.compile(r"(?P<number>[0-9]{1,3}(?:[.,][0-9]{1,4})?) ?%?")
_HUNDRED: Final = Decimal(100)
_KARATS: Final = frozenset({"k", "kt", "karat", "karats"})
_TENTH: Final = Decimal("0.1")


class NumberRefused(DomainError):
    """The text is not one clear number; `message` and `params` say what to change."""

    code = "number_refused"
    message = N_("Enter a number with digits only, such as 3.42.")


def parse_weight(text: str) -> Decimal:
    """Return a weight above zero as typed, in whatever unit the form asked for."""
    cleaned = _clean(text, empty=N_("Enter the weight."))
    return _plain_number(cleaned, most_decimals=MOST_DECIMALS, zero=N_("Enter a weight above zero."))


def parse_rate(text: str) -> Decimal:
    """Return a rate above zero as typed, with up to ten digits after the one decimal mark."""
    cleaned = _clean(text, empty=N_("Enter the rate."))
    return _plain_number(cleaned, most_decimals=MOST_RATE_DECIMALS, zero=N_("Enter a rate above zero."))


def parse_weight_mg(text: str, unit: str) -> int:
    """Return a typed weight in whole milligrams; refuses what rounds to nothing."""
    weight = parse_weight(text)
    try:
        weight_mg = to_mg(weight, unit)
    except ValueError:
        raise NumberRefused(N_("This weight is too large. Check the unit.")) from None
    if weight_mg == 0:
        raise NumberRefused(N_("This weight is too small to record: the smallest is one milligram."))
    return weight_mg


def parse_money(text: str, currency: str) -> Money:
    """Return an amount as typed in a currency; never negative."""
    if currency not in EXPONENT:
        raise UnknownCurrency(f"unknown currency: {currency!r}")
    cleaned = _clean(text, empty=N_("Enter the amount."))
    match = _GROUPED.fullmatch(cleaned) or _UNGROUPED.fullmatch(cleaned)
    if match is None:
        raise NumberRefused(N_("Enter the amount with digits only, such as 3,224,000."))
    fraction = match["fraction"] or ""
    if fraction and DISPLAY_DECIMALS[currency] == 0:
        raise NumberRefused(N_("Amounts in %(currency)s are whole: leave the cents out."), currency=currency)
    whole = re.sub("[., ]", "", match["whole"])
    amount = Decimal(f"{whole}.{fraction}") if fraction else Decimal(whole)
    return Money.from_decimal(_not_too_large(amount), currency)


def parse_percent(text: str) -> Decimal:
    """Return a share of one from a percentage such as 3, 0.05 or 3,5 %: below 100, at most four decimals."""
    cleaned = _clean(text, empty=N_("Enter a percentage, such as 3 or 0.05."))
    match = _PERCENT.fullmatch(cleaned)
    if match is None:
        raise NumberRefused(N_("Enter a percentage with digits only, such as 3 or 0.05."))
    percent = Decimal(match["number"].replace(",", "."))
    if percent >= _HUNDRED:
        raise NumberRefused(N_("Enter less than 100 percent."))
    return percent / _HUNDRED


def parse_fineness(text: str) -> Decimal:
    """Return gold's fineness in parts per thousand to one decimal from 916, 916.7, 91.6 % or 22 kt (karat ÷ 24)."""
    cleaned = _clean(text, empty=N_("Enter the fineness."))
    match = _FINENESS.fullmatch(cleaned)
    if match is None:
        raise NumberRefused(N_("Enter the fineness as 916, 91.6 % or 22 kt."))
    number = Decimal(match["number"].replace(",", "."))
    unit = (match["unit"] or "").lower()
    if unit in _KARATS:
        return _permille_of_karat(number)
    if unit == "%":
        return _permille(number * 10)
    if unit == "" and number < 100:
        raise NumberRefused(N_("Say which fineness you mean: 916, 91.6 % or 22 kt."))
    return _permille(number)


def _plain_number(cleaned: str, *, most_decimals: int, zero: str) -> Decimal:
    match = _PLAIN.fullmatch(cleaned)
    if match is None or not (match["whole"] or match["fraction"]):
        raise NumberRefused(_why_not_plain(cleaned))
    fraction = match["fraction"] or ""
    if len(fraction) > most_decimals:
        raise NumberRefused(N_("Enter at most %(most)s digits after the decimal mark."), most=most_decimals)
    whole = match["whole"].replace(" ", "") or "0"
    number = Decimal(f"{whole}.{fraction}") if fraction else Decimal(whole)
    if number == 0:
        raise NumberRefused(zero)
    return _not_too_large(number)


def _permille_of_karat(karat: Decimal) -> Decimal:
    if not 1 <= karat <= 24:
        raise NumberRefused(N_("Karat is between 1 and 24."))
    tenths = round(Fraction(karat) / 24 * 10_000)
    return Decimal(tenths) * _TENTH


def _permille(permille: Decimal) -> Decimal:
    if not 0 < permille <= 1000:
        raise NumberRefused(N_("Fineness is between 0 and 1000 parts per thousand."))
    tenths = permille.quantize(_TENTH)
    if tenths != permille:
        raise NumberRefused(N_("Enter the fineness to one tenth of a part per thousand, such as 916.7."))
    return tenths


def _clean(text: str, *, empty: str) -> str:
    cleaned = _SPACES.sub(" ", text).strip()
    if not cleaned:
        raise NumberRefused(empty)
    if len(cleaned) > LONGEST_TEXT:
        raise NumberRefused(N_("This number is too long. Check it."))
    return cleaned


def _not_too_large(number: Decimal) -> Decimal:
    if number > LARGEST_NUMBER:
        raise NumberRefused(N_("This number is too large. Check it."))
    return number


def _why_not_plain(cleaned: str) -> str:
    if re.fullmatch("[0-9., ]+", cleaned) and len(re.findall("[.,]", cleaned)) > 1:
        return N_("Use one comma or point only, before the part smaller than one.")
    return NumberRefused.message
