"""The words of filters and orders, and the links that take one away."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from marketplace.core.text import N_
from marketplace.core.weight import from_mg
from marketplace.http.languages import translate as _
from marketplace.lots.vocabulary import FORMS, TREATMENTS
from marketplace.search.filters import FACETS, Filters, Sort
from marketplace.search.queries import Counts
from marketplace.web.filters import country, money, number, variety

FACET_LABELS: Final[Mapping[str, str]] = {
    "kind": N_("What"),
    "form": N_("Form"),
    "variety": N_("Kind of stone"),
    "country": N_("Country"),
    "treatment": N_("Treatment"),
}
KIND_LABELS: Final[Mapping[str, str]] = {"gold": N_("Gold"), "gem": N_("Stones")}
UNIT_LABELS: Final[Mapping[str, str]] = {"ct": N_("carats"), "g": N_("grams"), "kg": N_("kilograms")}
SORT_LABELS: Final[Mapping[Sort, str]] = {
    Sort.NEWEST: N_("Newest first"),
    Sort.PRICE_UP: N_("Lowest price first"),
    Sort.PRICE_DOWN: N_("Highest price first"),
    Sort.UNIT_PRICE: N_("Lowest price a gram or carat first"),
    Sort.SHARE: N_("Highest share to the miners first"),
}


def facet_groups(filters: Filters, counts: Counts) -> list[dict[str, Any]]:
    """Return the facets with those choices that show lots or are chosen, the counts behind the words."""
    return [_group(facet, filters, counts.choices[facet]) for facet in FACETS]


def sort_choices(filters: Filters) -> list[tuple[str, str]]:
    """Return the orders on offer: a price a gram or carat compares only inside one kind."""
    offered = [sort for sort in Sort if sort is not Sort.UNIT_PRICE or len(filters.kind) == 1]
    return [(sort.value, _(SORT_LABELS[sort])) for sort in offered]


def unit_choices() -> list[tuple[str, str]]:
    """Return the units of the weight filter."""
    return [(unit, _(label)) for unit, label in UNIT_LABELS.items()]


def applied_filters(filters: Filters) -> list[dict[str, str]]:
    """Return each filter applied in words, with the address of the page without it."""
    return [
        {"label": label_of(filters, name, value), "href": address_of(filters.without(name, value))}
        for name, value in filters.applied()
    ]


def label_of(filters: Filters, name: str, value: str | None) -> str:
    """Return one applied filter in words."""
    if name in FACETS:
        return choice_label(name, value or "")
    if name == "words":
        return _("“%(words)s”", words=filters.words)
    if name == "women":
        return _("Women’s cooperatives")
    if name.startswith("weight"):
        unit = filters.weight_unit
        amount = f"{number(from_mg(getattr(filters, name), unit))} {unit}"
    else:
        amount = money(getattr(filters, name))
    return _("From %(amount)s", amount=amount) if name.endswith("from") else _("Up to %(amount)s", amount=amount)


def choice_label(facet: str, value: str) -> str:
    """Return the word of one choice of a facet."""
    if facet == "country":
        return country(value)
    if facet == "variety":
        return variety(value)
    labels = {"kind": KIND_LABELS, "form": FORMS, "treatment": TREATMENTS}[facet]
    return _(labels[value]) if value in labels else value


def address_of(filters: Filters, **more: str) -> str:
    """Return the address of a page of results."""
    pairs = [*filters.pairs(), *more.items()]
    return f"/lots?{urlencode(pairs)}" if pairs else "/lots"


def hidden_pairs(filters: Filters) -> list[tuple[str, str]]:
    """Return what the search form carries along besides its words."""
    return replace(filters, words="").pairs()


def _group(facet: str, filters: Filters, found: Mapping[str, int]) -> dict[str, Any]:
    chosen = getattr(filters, facet)
    values = sorted({*found, *chosen}, key=lambda value: (-found.get(value, 0), choice_label(facet, value)))
    options = [{"value": value, "label": _counted(facet, value, found.get(value, 0))} for value in values]
    return {"name": facet, "label": _(FACET_LABELS[facet]), "options": options, "chosen": chosen}


def _counted(facet: str, value: str, count: int) -> str:
    return _("%(choice)s (%(count)s)", choice=choice_label(facet, value), count=number(count))
