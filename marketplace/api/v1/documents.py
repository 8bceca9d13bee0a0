"""What several resources write alike: amounts, guidance with its working, splits."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from marketplace.core.errors import FieldError
from marketplace.core.money import Money
from marketplace.http.languages import translate, translate_error
from marketplace.lots.models import LotVersion
from marketplace.pricing.guidance import Step, differences, steps_of, without_orders
from marketplace.pricing.guidance.result import StepValue
from marketplace.pricing.guidance.words import FORMULA_LINES, FORMULA_WORDS
from marketplace.pricing.labels import BASIS_LABELS
from marketplace.pricing.split import Split

_AMOUNTS: Final = ("low", "middle", "high", "floor", "premium", "per_unit")
_RANGES: Final = ("per_piece", "per_carat")


_LINE_FACTS: Final = ("code", "label", "payee", "evidence", "source", "beneficiary", "basis")


def money_document(money: Money | None) -> dict[str, Any] | None:
    """Return an amount as MoneySchema has it."""
    return None if money is None else {"amount_minor": money.minor, "currency": money.currency}


def guidance_document(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored or fresh guidance as GuidanceSchema has it."""
    result, inputs = snapshot["result"], snapshot.get("inputs") or {}
    description = inputs.get("description") or {}
    shaped = (*_AMOUNTS, *_RANGES)
    return {
        **{name: value for name, value in result.items() if name not in shaped},
        **{name: money_document(_money(result.get(name))) for name in _AMOUNTS},
        **{name: _range(result.get(name)) for name in _RANGES},
        "per_lot": _range(result) if result.get("low") else None,
        "parcel": description.get("parcel"),
        "basis_text": translate(BASIS_LABELS[result["basis"]]),
        "formula_version": snapshot["formula_version"],
        "formula": _formula(str(snapshot["formula_version"]), str(description.get("kind"))),
        "set_aside": inputs.get("set_aside") or [],
        "working": [_step(step) for step in steps_of(snapshot)],
    }


def stored_guidance_document(version: LotVersion) -> dict[str, Any]:
    """Return the guide stored with a version as StoredGuidanceSchema has it, worked out again on the way."""
    found = differences(without_orders(version.guidance))
    return {
        **guidance_document(version.guidance),
        "version_sha256": version.sha256,
        "recomputes": not found,
        "differences": list(found),
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
            "base": line.get("basis") or None,
            "base_amount": _base_amount(line, currency),
        }
        for line in lines
    ]


def split_document(split: Split) -> list[dict[str, Any]]:
    """Return who gets what of a price in the making."""
    lines = (
        {
            **{name: getattr(line, name) for name in _LINE_FACTS},
            "base_minor": None if line.base is None else line.base.minor,
            "amount_minor": line.amount.minor,
            "rate": None if line.rate is None else f"{line.rate.normalize():f}",
        }
        for line in split.lines
    )
    return lines_document(lines, split.price.currency)


def _base_amount(line: Mapping[str, Any], currency: str) -> dict[str, Any] | None:
    """Return what a charge was taken of; versions of before do not hold it."""
    minor = line.get("base_minor")
    return None if minor is None else {"amount_minor": minor, "currency": currency}


def _step(step: Step) -> dict[str, Any]:
    return {
        "text": translate_error(FieldError(step.text, **step.params)),
        "values": {name: _value(value) for name, value in step.params.items()},
    }


def _value(value: StepValue) -> Any:
    """Return a value for programs: exact numbers and days as canonical text."""
    if isinstance(value, Money):
        return money_document(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _range(stored: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: money_document(_money(stored[name])) for name in ("low", "middle", "high")} if stored else None


def _formula(version: str, kind: str) -> dict[str, Any]:
    key = (version, kind)
    return {
        "version": version,
        "description": translate(FORMULA_WORDS[key]) if key in FORMULA_WORDS else "",
        "lines": [translate(line) for line in FORMULA_LINES.get(key, ())],
    }


def _money(stored: Any) -> Money | None:
    return Money(stored["minor"], stored["currency"]) if stored else None
