"""What a cooperative types into the price field: near the guide it has just seen, in round figures."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.core.money import Money
from marketplace.lots.asking import describe, facts_of
from marketplace.lots.queries import Sheet
from marketplace.pricing.gems import for_the_lot
from marketplace.pricing.queries import charges_for, convert_between
from marketplace.unit_of_work import UnitOfWork

# People type 1,450,000 rather than 1,447,823.
_FIGURES: Final = 3


class NoGuide(Exception):
    """The scenario names a share of a guide that there is not."""


def typed_amount(uow: UnitOfWork, sheet: Sheet, *, asking: str, currency: str, leaning: Fraction) -> str:
    """Return the amount to type: `asking` is a share of the guide's middle, or @ and US dollars a carat to receive."""
    net = Money.from_decimal(Fraction(_net(uow, sheet, asking).amount) * leaning, "USD")
    wanted = convert_between(uow.session, net, currency, uow.now.date()).money
    return _round(wanted.amount)


def _net(uow: UnitOfWork, sheet: Sheet, asking: str) -> Money:
    weight = sheet.answers.weight
    if asking.startswith("@"):
        if weight is None:
            raise NoGuide(f"{sheet.lot.reference} has no weight")
        return for_the_lot(Fraction(Decimal(asking[1:])) * 100, weight.weight_mg)
    guidance, description = sheet.asking.guidance, describe(sheet.answers, country=_country(sheet))
    if guidance is None or guidance.middle is None or description is None or sheet.answers.kind is None:
        raise NoGuide(f"{description}: {guidance.basis if guidance else 'nothing known'}")
    charges = charges_for(
        uow.session,
        country=_country(sheet),
        commodity=description.commodity,
        form=sheet.answers.kind.form,
        on=uow.now.date(),
        facts=facts_of(sheet.answers, guidance),
    )
    gross = Money.from_decimal(Fraction(guidance.middle.amount) * Fraction(Decimal(asking)), "USD")
    rules = charges.rules(platform_fee_bps=uow.settings.platform_fee_bps)
    return gross - Money(round(rules.deducted(gross.minor)), "USD")


def _country(sheet: Sheet) -> str:
    return sheet.site.country if sheet.site else sheet.cooperative.country


def _round(amount: Decimal) -> str:
    digits = len(str(int(amount)))
    step = Decimal(10) ** max(0, digits - _FIGURES)
    return f"{int((amount / step).to_integral_value() * step):,}"
