"""What a reader of the monitoring report asks for, read from the address or from the form that exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.monitoring.periods import Period, Step, fitting_step, whole, year_before
from marketplace.monitoring.queries import Named
from marketplace.monitoring.wanted import Wanted
from marketplace.web.days import read_day
from marketplace.web.filters import country

FIELDS: Final = ("since", "until", "step", "country", "cooperative", "mineral")
STEPS: Final = {Step.MONTH: N_("Months"), Step.QUARTER: N_("Quarters"), Step.YEAR: N_("Years")}
MINERALS: Final = {"gold": N_("Gold"), "gem": N_("Stones")}
LONGEST: Final = 40
_FIRST_YEAR: Final = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, the fields as typed, what is wrong with them, and the cooperatives to choose."""

    wanted: Wanted
    step: Step
    values: dict[str, str]
    errors: dict[str, str]
    cooperatives: Sequence[Named]

    @property
    def args(self) -> dict[str, str]:
        """Return the fields that say something, for links and the forms that export."""
        return {name: value for name, value in self.values.items() if value}

    def form(self) -> dict[str, object]:
        """Return what the filter form needs."""
        return {
            "values": self.values,
            "errors": self.errors,
            "args": self.args,
            "step_choices": [(step.value, _(words)) for step, words in STEPS.items()],
            "mineral_choices": [(code, _(words)) for code, words in MINERALS.items()],
            "country_choices": [(code, country(code)) for code in sorted({each.country for each in self.cooperatives})],
            "cooperative_choices": [(each.reference, each.name) for each in self.cooperatives],
        }


def read_filter(given: Mapping[str, str], cooperatives: Sequence[Named], *, today: date) -> Asked:
    """Return what is wanted; what cannot be read is named in `errors`. Without days it is the last twelve months."""
    values = {name: given.get(name, "").strip()[:LONGEST] for name in FIELDS}
    errors: dict[str, str] = {}
    period = _period(values, errors, today)
    found = next((each for each in cooperatives if each.reference == values["cooperative"]), None)
    if values["cooperative"] and found is None:
        errors["cooperative"] = _("Choose one from the list.")
    wanted = Wanted(
        period=period,
        country=_one_of(values, "country", {each.country for each in cooperatives}, errors),
        cooperative_id=None if found is None else found.key,
        mineral=_one_of(values, "mineral", set(MINERALS), errors),
    )
    step = _one_of(values, "step", {each.value for each in Step}, errors)
    return Asked(wanted, Step(step) if step else fitting_step(period), values, errors, cooperatives)


def presets(today: date) -> list[tuple[str, Period]]:
    """Return the periods that are asked for most."""
    this_year = whole(Step.YEAR, today)
    last_year = whole(Step.YEAR, year_before(today))
    return [
        (_("This month"), whole(Step.MONTH, today)),
        (_("This quarter"), whole(Step.QUARTER, today)),
        (_("This year"), this_year),
        (_("Last year"), last_year),
    ]


def _period(values: Mapping[str, str], errors: dict[str, str], today: date) -> Period:
    since, until = read_day(values, "since", errors), read_day(values, "until", errors)
    for name, day in (("since", since), ("until", until)):
        if day is not None and not _FIRST_YEAR <= day.year <= today.year + 1:
            errors[name] = _("Choose a day from the year 2000 to the next year.")
    if errors:
        return _usual(today)
    if since is not None and until is not None and since > until:
        errors["until"] = _("The last day is before the first one. Change one of them.")
        return _usual(today)
    until = until or max(today, since or today)
    return Period(since or min(_usual(until).since, until), until)


def _usual(until: date) -> Period:
    """Return the twelve months that end with the month of a day."""
    start = year_before(until)
    return Period(date(start.year + start.month // 12, start.month % 12 + 1, 1), until)


def _one_of(values: Mapping[str, str], name: str, choices: set[str], errors: dict[str, str]) -> str | None:
    if values[name] and values[name] not in choices:
        errors[name] = _("Choose one from the list.")
        return None
    return values[name] or None
