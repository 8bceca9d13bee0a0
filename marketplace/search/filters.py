"""What a reader asks for: parsed from an address, kept as exact values, written back as the same address."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self

from marketplace.core.errors import FieldError
from marketplace.core.money import Money
from marketplace.core.numbers import NumberRefused, parse_money, parse_weight_mg
from marketplace.core.text import N_
from marketplace.core.weight import from_mg
from marketplace.lots.vocabulary import FORMS, TREATMENTS, varieties

LONGEST_SEARCH: Final = 100
MOST_CHOICES: Final = 40
# Every lot is priced in US dollars: the amount that binds. Other currencies are shown beside it.
CURRENCY: Final = "USD"
WEIGHT_UNITS: Final = ("ct", "g", "kg")
KINDS: Final = ("gold", "gem")
FACETS: Final = ("kind", "form", "variety", "country", "treatment")
AMOUNTS: Final = ("weight_from", "weight_to", "price_from", "price_to")
_COUNTRY: Final = re.compile("[A-Z]{2}")

Arguments = Mapping[str, Sequence[str]]


class Sort(StrEnum):
    """In which order lots are shown."""

    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"
    UNIT_PRICE = "unit_price"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Filters:
    """Hold what was asked for. Choices of one facet widen the result, different facets narrow it."""

    words: str = ""
    kind: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    variety: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    treatment: tuple[str, ...] = ()
    weight_from: int | None = None
    weight_to: int | None = None
    weight_unit: str = "ct"
    price_from: Money | None = None
    price_to: Money | None = None
    women: bool = False
    sold: bool = False
    sort: Sort = Sort.NEWEST

    def without(self, name: str, value: str | None = None) -> Self:
        """Return the filters with one of them, or one choice of a facet, taken away."""
        changes: dict[str, Any]
        if name in FACETS:
            kept = tuple(each for each in getattr(self, name) if value is not None and each != value)
            changes = {name: kept}
            if name == "kind" and self.sort is Sort.UNIT_PRICE and len(kept) != 1:
                changes["sort"] = Sort.NEWEST
        else:
            changes = {name: "" if name == "words" else (False if name in {"women", "sold"} else None)}
        return replace(self, **changes)

    def applied(self) -> tuple[tuple[str, str | None], ...]:
        """Return what narrows the result, as pairs for `without`; a facet's choices come one by one."""
        choices = [(facet, value) for facet in FACETS for value in getattr(self, facet)]
        single = [name for name in ("words", *AMOUNTS, "women") if getattr(self, name) not in ("", None, False)]
        return (*choices, *((name, None) for name in single))

    def pairs(self) -> list[tuple[str, str]]:
        """Return the address of these filters; parsing it gives the same filters."""
        found = [("q", self.words)] if self.words else []
        found += [(facet, value) for facet in FACETS for value in getattr(self, facet)]
        found += [(name, self._weight(name)) for name in AMOUNTS[:2] if getattr(self, name) is not None]
        if self.weight_from is not None or self.weight_to is not None:
            found.append(("weight_unit", self.weight_unit))
        found += [(name, f"{getattr(self, name).amount:f}") for name in AMOUNTS[2:] if getattr(self, name) is not None]
        found += [(name, "yes") for name in ("women", "sold") if getattr(self, name)]
        if self.sort is not Sort.NEWEST:
            found.append(("sort", self.sort.value))
        return found

    def _weight(self, name: str) -> str:
        return f"{from_mg(getattr(self, name), self.weight_unit):f}"


def parse(arguments: Arguments) -> tuple[Filters, dict[str, FieldError]]:
    """Return the filters of an address and, by field, why a value was left out; the other filters still hold."""
    errors: dict[str, FieldError] = {}
    unit = _one(arguments, "weight_unit") or WEIGHT_UNITS[0]
    if unit not in WEIGHT_UNITS:
        errors["weight_unit"] = FieldError(N_("Choose a unit from the list."))
        unit = WEIGHT_UNITS[0]
    filters = Filters(
        words=_words(arguments, errors),
        kind=_choices(arguments, "kind", errors),
        form=_choices(arguments, "form", errors),
        variety=_choices(arguments, "variety", errors),
        country=_choices(arguments, "country", errors),
        treatment=_choices(arguments, "treatment", errors),
        weight_unit=unit,
        women=_is_ticked(arguments, "women", errors),
        sold=_is_ticked(arguments, "sold", errors),
        **_bounds(arguments, unit, errors),
    )
    return replace(filters, sort=_sort(arguments, filters.kind, errors)), errors


def is_known(facet: str, value: str) -> bool:
    """Say whether a facet has this choice."""
    if facet == "country":
        return _COUNTRY.fullmatch(value) is not None
    known: Mapping[str, Any] = {
        "kind": KINDS,
        "form": FORMS,
        "variety": varieties(),
        "treatment": TREATMENTS,
    }
    return value in known[facet]


def _one(arguments: Arguments, name: str) -> str:
    """Return the last value given for a field: what a person changed by hand stands at the end."""
    values = arguments.get(name) or ("",)
    return values[-1].strip()


def _words(arguments: Arguments, errors: dict[str, FieldError]) -> str:
    readable = "".join(
        " " if unicodedata.category(sign).startswith("C") else sign for sign in _one(arguments, "q")[:1000]
    )
    words = " ".join(readable.split())
    if len(words) > LONGEST_SEARCH:
        errors["q"] = FieldError(N_("Search for at most %(most)s letters."), most=LONGEST_SEARCH)
        return ""
    return words


def _choices(arguments: Arguments, facet: str, errors: dict[str, FieldError]) -> tuple[str, ...]:
    asked = [value.strip() for value in arguments.get(facet, ()) if value.strip()]
    known = tuple(sorted({value for value in asked[:MOST_CHOICES] if is_known(facet, value)}))
    if any(not is_known(facet, value) for value in asked):
        errors[facet] = FieldError(N_("This choice does not exist. Choose from the list."))
    return known


def _is_ticked(arguments: Arguments, name: str, errors: dict[str, FieldError]) -> bool:
    value = _one(arguments, name)
    if value not in {"", "yes"}:
        errors[name] = FieldError(N_("This choice does not exist. Choose from the list."))
    return value == "yes"


def _bounds(arguments: Arguments, unit: str, errors: dict[str, FieldError]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in AMOUNTS:
        text = _one(arguments, name)
        if not text:
            continue
        try:
            found[name] = parse_weight_mg(text, unit) if name in AMOUNTS[:2] else parse_money(text, CURRENCY)
        except NumberRefused as refused:
            errors[name] = FieldError(refused.message, **refused.params)
    for low, high in (AMOUNTS[:2], AMOUNTS[2:]):
        if low in found and high in found and found[high] < found[low]:
            errors[high] = FieldError(N_("The highest is below the lowest. Change one of them."))
            del found[high]
    return found


def _sort(arguments: Arguments, kinds: tuple[str, ...], errors: dict[str, FieldError]) -> Sort:
    asked = _one(arguments, "sort") or Sort.NEWEST.value
    if asked not in set(Sort):
        errors["sort"] = FieldError(N_("This choice does not exist. Choose from the list."))
        return Sort.NEWEST
    if asked == Sort.UNIT_PRICE and len(kinds) != 1:
        errors["sort"] = FieldError(N_("Choose gold or stones first: a gram and a carat do not compare."))
        return Sort.NEWEST
    return Sort(asked)
