"""The working of a guide in the reader's words, numbers, unit and currency: every input, every step, the formula."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from marketplace.core.errors import FieldError
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.core.weight import MG_PER_GRAM, MG_PER_UNIT, from_mg
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.vocabulary import PARCELS
from marketplace.pricing.guidance import (
    GuidanceInputs,
    SnapshotRefused,
    differences,
    inputs_of,
    steps_of,
    without_orders,
)
from marketplace.pricing.guidance.words import FORMULA_LINES, FORMULA_WORDS
from marketplace.pricing.labels import BASIS_LABELS, CONFIDENCE_LABELS
from marketplace.web.filters import money, number
from marketplace.web.public.currencies import Exchange
from marketplace.web.working_inputs import Row, charge_row, inputs_in_words

Snapshot = Mapping[str, Any]
UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {"g": N_("grams"), "ct": N_("carats"), "kg": N_("kilograms"), "tola": N_("tola"), "ozt": N_("troy ounces")}
)
_ONE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "g": N_("One gram"),
        "ct": N_("One carat"),
        "kg": N_("One kilogram"),
        "tola": N_("One tola"),
        "ozt": N_("One troy ounce"),
    }
)
_SIZES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tola": N_("One tola is %(grams)s g here. Some bazaars use a tola of 11.4 g."),
        "ozt": N_("One troy ounce is %(grams)s g."),
    }
)


def sentences(snapshot: Snapshot) -> list[str]:
    """Return the stored steps of a guide, amounts, numbers and days as the reader writes them."""
    return [translate_error(FieldError(step.text, **step.params)) for step in steps_of(snapshot)]


def unit_choices() -> list[tuple[str, str]]:
    """Return the units a guide can be read in."""
    return [(code, _(words)) for code, words in UNITS.items()]


def unit_wanted(asked: str, snapshot: Snapshot) -> str:
    """Return the unit asked for, or the usual one of these goods: grams for gold, carats for stones."""
    if asked in UNITS:
        return asked
    kind = ((snapshot.get("inputs") or {}).get("description") or {}).get("kind")
    return "ct" if kind == "gem" else "g"


def explained(snapshot: Snapshot, *, unit: str, exchange: Exchange | None) -> dict[str, Any]:
    """Return what public/working.html shows of a guide: its result, its check, its steps and all it rests on."""
    result: Mapping[str, Any] = snapshot.get("result") or {}
    try:
        inputs: GuidanceInputs | None = inputs_of(snapshot)
    except SnapshotRefused:
        inputs = None
    low, middle, high = (_money(result.get(name)) for name in ("low", "middle", "high"))
    return {
        "is_guided": low is not None and high is not None,
        "range": {"low": low, "middle": middle, "high": high},
        "basis": _(BASIS_LABELS.get(str(result.get("basis")), BASIS_LABELS["no_band_no_sales"])),
        "is_unsorted": result.get("basis") == "unsorted",
        "confidence": _(CONFIDENCE_LABELS.get(str(result.get("confidence")), CONFIDENCE_LABELS["none"])),
        "is_unverified": bool(result.get("unverified")),
        "is_stale": bool(result.get("stale")),
        "amounts": _amounts(result, inputs, unit=unit, exchange=None),
        "about": _amounts(result, inputs, unit=unit, exchange=exchange) if exchange else [],
        "goods": _goods(inputs, unit) if inputs else [],
        "size": _(_SIZES[unit], grams=number(grams_of(unit), most=7)) if unit in _SIZES else "",
        "differences": differences(without_orders(snapshot)),
        "steps": sentences(snapshot),
        "formula": _formula(snapshot, inputs),
        "inputs": inputs_in_words(inputs) if inputs else [],
    }


def charge_rows(lines: Iterable[Mapping[str, Any]], gross: Money) -> list[dict[str, str]]:
    """Return who gets what of a price with base, share, evidence and source; `gross` is the price of the goods."""
    return [charge_row(line, gross) for line in lines]


def grams_of(unit: str) -> Decimal:
    """Return the grams of one unit, exactly."""
    return MG_PER_UNIT[unit] / MG_PER_GRAM


def _formula(snapshot: Snapshot, inputs: GuidanceInputs | None) -> dict[str, Any]:
    version = str(snapshot.get("formula_version", ""))
    key = (version, inputs.description.kind if inputs else "")
    if key not in FORMULA_WORDS:
        return {"version": version, "words": "", "lines": []}
    return {
        "version": version,
        "words": _(FORMULA_WORDS[key]),
        "lines": [_(line) for line in FORMULA_LINES[key]],
    }


def _goods(inputs: GuidanceInputs, unit: str) -> list[Row]:
    description = inputs.description
    shown = number(from_mg(description.weight_mg, unit), most=6)
    rows: list[Row] = [{"term": _("Weight"), "value": _("%(number)s %(unit)s", number=shown, unit=_(UNITS[unit]))}]
    if description.pieces > 1:
        rows.append({"term": _("Pieces"), "value": number(description.pieces)})
    if description.parcel and description.parcel != "single":
        rows.append({"term": _("Parcel"), "value": _(PARCELS[description.parcel])})
    return rows


def _amounts(
    result: Mapping[str, Any], inputs: GuidanceInputs | None, *, unit: str, exchange: Exchange | None
) -> list[dict[str, str]]:
    """Return low, middle and high of the lot, a piece and a unit of weight as rows of a table."""
    lot = _range(result)
    if lot is None:
        return []
    rows = [(_("The lot"), lot), (_("One piece"), _range(result.get("per_piece")))]
    carat = _range(result.get("per_carat"))
    if unit == "ct" and carat:
        rows.append((_(_ONE_OF[unit]), carat))
    elif inputs:
        rows.append((_(_ONE_OF[unit]), _by_weight(lot, inputs.description.weight_mg, unit)))
    return [{"what": what, **_written(found, exchange)} for what, found in rows if found]


def _written(found: Sequence[Money], exchange: Exchange | None) -> dict[str, str]:
    shown = [exchange.about(each) if exchange else each for each in found]
    return dict(zip(("low", "middle", "high"), (money(each) for each in shown), strict=True))


def _by_weight(lot: Sequence[Money], weight_mg: int, unit: str) -> list[Money]:
    share = Fraction(MG_PER_UNIT[unit]) / weight_mg
    return [Money(round(amount.minor * share), amount.currency) for amount in lot]


def _range(stored: Mapping[str, Any] | None) -> list[Money] | None:
    amounts = [_money((stored or {}).get(name)) for name in ("low", "middle", "high")]
    found = [amount for amount in amounts if amount is not None]
    return found if len(found) == len(amounts) else None


def _money(stored: Any) -> Money | None:
    return Money(int(stored["minor"]), str(stored["currency"])) if isinstance(stored, Mapping) else None
