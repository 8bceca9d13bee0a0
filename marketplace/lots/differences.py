"""What changed between two versions of a lot, in the order a reviewer reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from marketplace.compliance.vocabulary import MERCURY_PRACTICES, words_of
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.core.weight import from_mg
from marketplace.lots.titles import plain
from marketplace.lots.vocabulary import (
    CLARITIES,
    FINENESS_METHODS,
    FORMS,
    GRADES,
    PARCELS,
    PHOTO_SLOTS,
    SHAPES,
    STANDARDS,
    TREATMENTS,
    varieties,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that is not the same: `label` is a msgid, `before` and `after` are words, msgids where coded."""

    field: str
    label: str
    before: str
    after: str


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return every answer that differs; nothing for equal documents, something for any two that are not equal."""
    found = [
        Change(name, label, _shown(before, name), _shown(after, name))
        for name, label in LABELS.items()
        if before.get(name) != after.get(name)
    ]
    found += _photo_changes(before, after)
    named = {*LABELS, "photos"}
    others = sorted((set(before) | set(after)) - named)
    found += [
        Change(name, N_("Other facts"), _text(before.get(name)), _text(after.get(name)))
        for name in others
        if before.get(name) != after.get(name)
    ]
    return found


LABELS: Final[Mapping[str, str]] = {
    "title": N_("Title"),
    "kind": N_("Kind"),
    "form": N_("Form"),
    "weight_mg": N_("Weight"),
    "weight_unit": N_("Unit of weight"),
    "pieces": N_("Pieces"),
    "parcel": N_("Parcel"),
    "parts": N_("Sold in parts"),
    "variety": N_("Stone"),
    "treatment": N_("Treatment"),
    "colour": N_("Colour"),
    "clarity": N_("Clarity"),
    "shape": N_("Shape"),
    "dimensions": N_("Size in millimetres"),
    "grade": N_("Quality grade"),
    "fineness_permille": N_("Fineness"),
    "fineness_method": N_("How the fineness is known"),
    "water_test": N_("Weighed in water"),
    "standard": N_("Standard"),
    "mercury": N_("Mercury"),
    "report_number": N_("Report number"),
    "country": N_("Country"),
    "place": N_("District"),
    "site_reference": N_("Mine site"),
    "mined_from": N_("Mined from"),
    "mined_to": N_("Mined until"),
    "group": N_("Group or market day"),
    "miners": N_("People who mined it"),
    "miners_women": N_("Women among them"),
    "tag_number": N_("Number of the bag"),
    "price": N_("Price"),
    "reason_for_price": N_("Reason for the price"),
    "cooperative": N_("Cooperative"),
    "claims": N_("How it is known"),
}


def _shown(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if value is None:
        return ""
    if name == "weight_mg" and content.get("kind") == "gold":
        return f"{from_mg(value, 'g')} g"  # carats are for stones: beside gold they would be read as karat
    writer = _WRITERS.get(name)
    return writer(value) if writer else _text(value)


def _photo_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = _photos(before), _photos(after)
    found = [
        Change(f"photos.{slot}", PHOTO_SLOTS.get(slot, slot), _photo(old.get(slot)), _photo(new.get(slot)))
        for slot in dict.fromkeys([*old, *new])
        if old.get(slot) != new.get(slot)
    ]
    if not found and before.get("photos") != after.get("photos"):
        found.append(Change("photos", N_("Order of the photos"), ", ".join(old), ", ".join(new)))
    return found


def _photos(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {photo["slot"]: photo for photo in content.get("photos") or ()}


def _photo(photo: Mapping[str, Any] | None) -> str:
    return "" if photo is None else f"{photo['width']} × {photo['height']}, {photo['sha256'][:12]}"


def _weight(value: int) -> str:
    return f"{from_mg(value, 'g')} g ({from_mg(value, 'ct')} ct)"


def _price(value: Mapping[str, Any]) -> str:
    currency = value["currency"]
    lines = "; ".join(f"{line['code']} {Money(line['amount_minor'], currency)}" for line in value["lines"])
    facts = [
        *(f"{who} {Money(minor, currency)}" for who, minor in (value.get("valuations_minor") or {}).items() if minor),
        *([f"exported {from_mg(value['exported_mg'], 'g')} g"] if value.get("exported_mg") else []),
    ]
    return f"{Money(value['price_minor'], currency)} ({'; '.join([lines, *facts])})"


def _fineness(value: str) -> str:
    return f"{plain(Decimal(value))} ‰"


def _water(value: Mapping[str, Any]) -> str:
    weights = f"{value['air_g']} g → {value['water_g']} g ({value['step_g']} g), {value['celsius']} °C"
    return f"{weights}: {value['low_permille']}–{value['high_permille']} ‰"


def _cooperative(value: Mapping[str, Any]) -> str:
    return f"{value['name']} ({value['reference']}, {value['country']}, {value['women_led']})"


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {value[name]}" for name in sorted(value))
    return "" if value is None else str(value)


def _word(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: words.get(code, code)


_WRITERS: Final[Mapping[str, Callable[[Any], str]]] = {
    "form": _word(FORMS),
    "treatment": _word(TREATMENTS),
    "clarity": _word(CLARITIES),
    "shape": _word(SHAPES),
    "grade": _word(GRADES),
    "parcel": _word(PARCELS),
    "fineness_method": _word(FINENESS_METHODS),
    "standard": _word(STANDARDS),
    "mercury": lambda code: words_of(MERCURY_PRACTICES, code),
    "variety": lambda code: varieties().get(code, code),
    "weight_mg": _weight,
    "fineness_permille": _fineness,
    "water_test": _water,
    "price": _price,
    "cooperative": _cooperative,
}
