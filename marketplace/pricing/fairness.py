"""How fair a finished sale was: two ratios that anyone can recompute."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.core.weight import fine_mass_g
from marketplace.pricing.gold import exact_usd_per_fine_gram

_TEN_THOUSANDTH: Final = 10_000


def miner_share(net: Money, price: Money) -> Decimal:
    """Return the cooperative's net ÷ the price paid by the buyer, to four decimals, half to even (indicator I5)."""
    return _ratio(net, price)


def price_achieved_gold(
    net: Money, *, weight_mg: int, fineness_permille: Decimal, usd_per_troy_ounce: Decimal
) -> Decimal:
    """Return net per fine gram ÷ the reference per gram, to four decimals, half to even (indicator I6)."""
    _require_dollars(net)
    reference = fine_mass_g(weight_mg, fineness_permille) * exact_usd_per_fine_gram(usd_per_troy_ounce)
    return _rounded(Fraction(net.amount) / reference)


def price_achieved_gem(price: Money, guidance_middle: Money) -> Decimal:
    """Return the sale price ÷ the middle of the guidance, to four decimals, half to even (indicator I6)."""
    return _ratio(price, guidance_middle)


def _ratio(part: Money, whole: Money) -> Decimal:
    if part.currency != whole.currency:
        raise CurrencyMismatch(f"{part.currency} and {whole.currency} have no ratio; convert first")
    if whole.minor <= 0:
        raise ValueError("a share is of an amount above zero")
    return _rounded(Fraction(part.minor, whole.minor))


def _rounded(exact: Fraction) -> Decimal:
    return Decimal(round(exact * _TEN_THOUSANDTH)).scaleb(-4)


def _require_dollars(money: Money) -> None:
    if money.currency != "USD":
        raise CurrencyMismatch("the gold reference is in US dollars; convert the net amount first")
