"""Read what people type on the forms of offers, holds and parts. Pure."""

from collections.abc import Mapping

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.money import Money
from marketplace.core.numbers import NumberRefused, parse_money, parse_weight_mg

Typed = Mapping[str, str]


def read_offer(typed: Typed, *, currency: str, unit: str | None) -> tuple[Money, int | None]:
    """Return the amount, and the part in milligrams where the lot is sold in parts (`unit` g or ct, else None)."""
    errors: dict[str, FieldError | str] = {}
    amount, part_mg = Money.zero(currency), None
    try:
        amount = read_amount(typed, currency=currency)
    except InvalidInput as refused:
        errors |= refused.fields
    try:
        part_mg = read_part(typed, unit=unit) if unit is not None else None
    except InvalidInput as refused:
        errors |= refused.fields
    if errors:
        raise InvalidInput(errors)
    return amount, part_mg


def read_amount(typed: Typed, *, currency: str, name: str = "amount") -> Money:
    """Return an amount of money; raise InvalidInput."""
    try:
        return parse_money(typed.get(name, ""), currency)
    except NumberRefused as refused:
        raise InvalidInput({name: FieldError(refused.message, **refused.params)}) from None


def read_part(typed: Typed, *, unit: str) -> int:
    """Return a part in milligrams; raise InvalidInput."""
    try:
        return parse_weight_mg(typed.get("part", ""), unit)
    except NumberRefused as refused:
        raise InvalidInput({"part": FieldError(refused.message, **refused.params)}) from None
