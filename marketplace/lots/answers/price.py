"""Step six, how much the cooperative wants to receive."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.core.money import Money
from marketplace.core.numbers import NumberRefused, parse_money, parse_weight_mg
from marketplace.core.text import N_

# Valuers of Sierra Leone write their certificates in US dollars.
VALUED_IN: Final = "USD"
EXPORT_UNITS: Final = ("g", "kg")


@dataclass(frozen=True, slots=True)
class PriceAnswers:
    """Hold the amount wanted after sale, in the currency typed, and the reason for an unusual one.

    Some countries charge more than the sale: `government_valuation` and `independent_valuation` are in US dollars,
    `exported_mg` is what the cooperative exported in this calendar month already.
    """

    wanted: Money
    reason: str
    government_valuation: Money | None = None
    independent_valuation: Money | None = None
    exported_mg: int = 0

    @property
    def valuations(self) -> tuple[Money, ...]:
        """Return the valuations made of the goods."""
        return tuple(each for each in (self.government_valuation, self.independent_valuation) if each is not None)


def read_price(typed: Mapping[str, str], *, currencies: Collection[str]) -> PriceAnswers:
    """Return the amount and the reason, or raise InvalidInput; `currencies` are those the form offers."""
    answers = Answers(typed)
    currency = answers.typed("wanted_currency")
    if currency not in currencies:
        answers.refuse("wanted_currency", N_("Choose the currency."))
    wanted = _wanted(answers, currency if currency in currencies else "USD")
    reason = answers.typed("reason")
    if len(reason) > 500:
        answers.refuse("reason", N_("Use at most %(most)s letters."), most=500)
    price = PriceAnswers(
        wanted=wanted,
        reason=reason,
        government_valuation=_valuation(answers, "government_valuation"),
        independent_valuation=_valuation(answers, "independent_valuation"),
        exported_mg=_exported_mg(answers),
    )
    answers.finish()
    return price


def _valuation(answers: Answers, name: str) -> Money | None:
    text = answers.typed(name)
    if not text:
        return None
    try:
        found = parse_money(text, VALUED_IN)
    except NumberRefused as refused:
        answers.refuse(name, refused.message, **refused.params)
        return None
    if not found:
        answers.refuse(name, N_("Enter an amount above zero, or leave it empty."))
    return found or None


def _exported_mg(answers: Answers) -> int:
    """Return what was exported this month; empty and zero mean nothing yet."""
    text = answers.typed("exported")
    unit = answers.typed("exported_unit") or "g"
    if unit not in EXPORT_UNITS:
        answers.refuse("exported_unit", N_("Choose grams or kilograms."))
        return 0
    if not text or not text.strip("0., "):
        return 0
    try:
        return parse_weight_mg(text, unit)
    except NumberRefused as refused:
        answers.refuse("exported", refused.message, **refused.params)
        return 0


def _wanted(answers: Answers, currency: str) -> Money:
    try:
        wanted = parse_money(answers.typed("wanted"), currency)
    except NumberRefused as refused:
        answers.refuse("wanted", refused.message, **refused.params)
        return Money.zero(currency)
    if not wanted:
        answers.refuse("wanted", N_("Enter an amount above zero."))
    return wanted
