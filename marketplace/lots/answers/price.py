"""Step six, how much the cooperative wants to receive."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from marketplace.compliance.answers import Answers
from marketplace.core.money import Money
from marketplace.core.numbers import NumberRefused, parse_money
from marketplace.core.text import N_


@dataclass(frozen=True, slots=True)
class PriceAnswers:
    """Hold the amount wanted after sale, in the currency typed, and the reason for an unusual one."""

    wanted: Money
    reason: str


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
    answers.finish()
    return PriceAnswers(wanted, reason)


def _wanted(answers: Answers, currency: str) -> Money:
    try:
        wanted = parse_money(answers.typed("wanted"), currency)
    except (NumberRefused, OverflowError) as refused:
        message = refused.message if isinstance(refused, NumberRefused) else NumberRefused.message
        answers.refuse("wanted", message, **(refused.params if isinstance(refused, NumberRefused) else {}))
        return Money.zero(currency)
    if not wanted:
        answers.refuse("wanted", N_("Enter an amount above zero."))
    return wanted
