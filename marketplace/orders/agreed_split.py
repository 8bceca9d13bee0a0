"""Share an agreed price by the rules that shared the lot's own price, read back from its frozen lines. Pure.

The lines of a version say of every charge its rate and what it is a share of; so the same charges, premium and fee are
taken of another price, or of the price of a part, without asking what the rules are today. A base that does not follow
the sale (a reference value, a valuation) and a premium by weight shrink with the weight of the part.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from marketplace.core.money import Money
from marketplace.lots.parts import share_of
from marketplace.lots.versions import price_document
from marketplace.pricing.split import Deduction, Split, SplitRules, split_from_price

_BASIS_POINTS: Final = 10_000
_VALUED: Final = frozenset({"highest_valuation", "sale_is_highest"})
_MISSING: Final = "_missing"


def lines_at(content: Mapping[str, Any], price: Money, *, part_mg: int | None = None) -> Mapping[str, Any]:
    """Return the price document of an agreed price: lines, net and gross; that of the version for its own price.

    Raises SplitRefused when nothing would be left for the cooperative.
    """
    own: Mapping[str, Any] = content["price"]
    if part_mg is None and price == Money(own["price_minor"], own["currency"]):
        return own
    return price_document(split_at(content, price, part_mg=part_mg))


def split_at(content: Mapping[str, Any], price: Money, *, part_mg: int | None = None) -> Split:
    """Return who gets what of a price for the lot, or for a part of it in milligrams."""
    return split_from_price(price, rules_of(content["price"], share=share_of(content, part_mg)))


def rules_of(document: Mapping[str, Any], *, share: Fraction = Fraction(1)) -> SplitRules:
    """Return the rules that made a frozen price, for goods of `share` of the lot's weight."""
    lines = document["lines"]
    premium = next((line for line in lines if line["payee"] == "premium"), None)
    fee = next(line for line in lines if line["payee"] == "platform")
    return SplitRules(
        platform_fee_bps=int(Decimal(fee["rate"]) * _BASIS_POINTS),
        deductions=tuple(_deduction(line, document, share) for line in lines if line["payee"] == "deduction"),
        premium=_shrunk(premium["amount_minor"], document, share) if premium is not None else None,
    )


def _deduction(line: Mapping[str, Any], document: Mapping[str, Any], share: Fraction) -> Deduction:
    basis = line["basis"] or "sale"
    return Deduction(
        code=line["code"],
        label=line["label"],
        payee=line["beneficiary"],
        rate=Decimal(line["rate"]),
        evidence=line["evidence"],
        source=line["source"],
        basis="highest_valuation" if basis in _VALUED else basis.removesuffix(_MISSING),
        part=_part(line, document) if basis == "first_mass" else Fraction(1),
        fixed_base=_fixed_base(basis, line, document, share),
        or_sale_if_more=basis in _VALUED,
        fallback=basis.endswith(_MISSING),
    )


def _part(line: Mapping[str, Any], document: Mapping[str, Any]) -> Fraction:
    """Return the part of the goods that is charged at all, as the frozen base tells it (to one minor unit)."""
    return min(Fraction(line["base_minor"], document["gross_minor"]), Fraction(1))


def _fixed_base(basis: str, line: Mapping[str, Any], document: Mapping[str, Any], share: Fraction) -> Money | None:
    if basis == "reference":
        return _shrunk(line["base_minor"], document, share)
    if basis not in _VALUED:
        return None
    valued = [minor for minor in (document.get("valuations_minor") or {}).values() if minor]
    return _shrunk(max(valued, default=line["base_minor"]), document, share)


def _shrunk(minor: int, document: Mapping[str, Any], share: Fraction) -> Money:
    """Return an amount that goes with the weight, rounded once, half to even."""
    return Money(round(minor * share), document["currency"])
