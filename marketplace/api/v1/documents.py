"""What several resources write alike: amounts, guidance with its working, splits."""

from collections.abc import Iterable, Mapping
from typing import Any

from marketplace.core.errors import FieldError
from marketplace.core.money import Money
from marketplace.http.languages import translate, translate_error
from marketplace.pricing.labels import BASIS_LABELS
from marketplace.pricing.split import Split


def money_document(money: Money | None) -> dict[str, Any] | None:
    """Return an amount as MoneySchema has it."""
    return None if money is None else {"amount_minor": money.minor, "currency": money.currency}


def guidance_document(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored or fresh guidance as GuidanceSchema has it."""
    result = snapshot["result"]
    amounts = ("low", "middle", "high", "floor", "premium", "per_unit")
    return {
        **{name: value for name, value in result.items() if name not in amounts},
        **{name: money_document(_value(result[name])) for name in amounts},
        "basis_text": translate(BASIS_LABELS[result["basis"]]),
        "formula_version": snapshot["formula_version"],
        "working": [_step(step) for step in snapshot["working"]],
    }


def lines_document(lines: Iterable[Mapping[str, Any]], currency: str) -> list[dict[str, Any]]:
    """Return the frozen lines of a split: who gets what of a price."""
    return [
        {
            "code": line["code"],
            "label": translate(line["label"]),
            "payee": line["payee"],
            "amount": {"amount_minor": line["amount_minor"], "currency": currency},
            **{name: line.get(name) or None for name in ("rate", "evidence", "source", "beneficiary")},
        }
        for line in lines
    ]


def split_document(split: Split) -> list[dict[str, Any]]:
    """Return who gets what of a price in the making."""
    lines = (
        {
            **{name: getattr(line, name) for name in ("code", "label", "payee", "evidence", "source", "beneficiary")},
            "amount_minor": line.amount.minor,
            "rate": None if line.rate is None else f"{line.rate.normalize():f}",
        }
        for line in split.lines
    )
    return lines_document(lines, split.price.currency)


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: _value(value) for name, value in step["params"].items()}
    return {
        "text": translate_error(FieldError(step["text"], **values)),
        "values": {
            name: money_document(value) if isinstance(value, Money) else value for name, value in values.items()
        },
    }


def _value(value: Any) -> Any:
    """Return a value of a snapshot, amounts as Money."""
    return Money(value["minor"], value["currency"]) if isinstance(value, dict) else value
