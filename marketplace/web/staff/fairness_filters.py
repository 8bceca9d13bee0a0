"""What a reader of the fairness report asks for, read from the address or from the form that exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.orders.fair_sales import SalesFilter
from marketplace.orders.fairness_report import Seller
from marketplace.web.days import read_day

FIELDS: Final = ("since", "until", "kind", "country", "cooperative", "floor")
KINDS: Final = {"gold": N_("Gold"), "gem": N_("Stones")}
LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the filter, the fields as typed, what is wrong with them, and the cooperatives to choose."""

    wanted: SalesFilter
    sellers: Sequence[Seller]
    values: dict[str, str]
    errors: dict[str, str]

    @property
    def args(self) -> dict[str, str]:
        """Return the fields that say something, for links and the forms that export."""
        return {name: value for name, value in self.values.items() if value}


def read_filter(given: Mapping[str, str], sellers: Sequence[Seller]) -> Asked:
    """Return the filter; what cannot be read leaves the filter open and is named in `errors`."""
    values = {name: given.get(name, "").strip()[:LONGEST] for name in FIELDS}
    errors: dict[str, str] = {}
    since, until = read_day(values, "since", errors), read_day(values, "until", errors)
    if since is not None and until is not None and since > until:
        errors["until"] = _("The last day is before the first one. Change one of them.")
    seller = next((each for each in sellers if each.reference == values["cooperative"]), None)
    if values["cooperative"] and seller is None:
        errors["cooperative"] = _("This cooperative has sold nothing. Choose one from the list.")
    wanted = SalesFilter(
        since=since,
        until=until,
        kind=_one_of(values, "kind", KINDS, errors),
        country=_one_of(values, "country", {each.country for each in sellers}, errors),
        cooperative_ids=None if seller is None else (seller.key,),
        is_below_floor=values["floor"] == "below",
    )
    return Asked(wanted, sellers, values, errors)


def _one_of(
    values: Mapping[str, str], name: str, choices: Mapping[str, str] | set[str], errors: dict[str, str]
) -> str | None:
    if values[name] and values[name] not in choices:
        errors[name] = _("Choose one from the list.")
        return None
    return values[name] or None
