"""What is told about a mine site, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.compliance.vocabulary import (
    ACTIVITIES,
    BLUE,
    MERCURY_PRACTICES,
    MINERALS,
    RIGHT_KINDS,
    SITE_STATUSES,
    codes,
)
from marketplace.core.text import N_

# Four decimals are about eleven metres: enough to find a pit, and what the ICGLR site number uses.
_COORDINATE_STEP: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAnswers:
    """Answers about one site. `coordinates` is "latitude,longitude" in degrees, or None; it is stored sealed."""

    name: str
    region: str
    district: str
    coordinates: str | None
    minerals: tuple[str, ...]
    status: int
    status_on: date | None
    activity: str
    mercury_practice: str
    right_kind: str
    right_number: str
    right_valid_from: date | None
    right_valid_to: date | None
    child_labour_attested_on: date | None
    child_labour_attested_by: str


def read_site(given: Mapping[str, str], *, minerals: tuple[str, ...], today: date) -> SiteAnswers:
    """Return the answers, or raise InvalidInput. `minerals` are the ticked boxes; `today` is the business day."""
    answers = Answers(given)
    status = answers.choice("status", codes(SITE_STATUSES))
    kind = answers.choice("right_kind", codes(RIGHT_KINDS))
    is_licensed = kind != "unlicensed"
    site = SiteAnswers(
        name=answers.line("name", empty=N_("Enter the name people use for the site."), most=80),
        region=answers.line("region", empty=N_("Enter the region."), most=80),
        district=answers.line("district", empty=N_("Enter the district."), most=80),
        coordinates=_coordinates(answers),
        minerals=_minerals(answers, minerals),
        status=int(status) if status in codes(SITE_STATUSES) else BLUE,
        status_on=answers.day("status_on", empty=_status_day_wanted(status)),
        activity=answers.choice("activity", codes(ACTIVITIES)),
        mercury_practice=_mercury(answers, minerals),
        right_kind=kind,
        right_number=answers.line(
            "right_number", empty=N_("Enter the number of the licence.") if is_licensed else None, most=60
        ),
        right_valid_from=answers.day("right_valid_from", empty=N_("Enter its first day.") if is_licensed else None),
        right_valid_to=answers.day("right_valid_to", empty=N_("Enter its last day.") if is_licensed else None),
        child_labour_attested_on=answers.day(
            "child_labour_attested_on", empty=N_("Enter the day the declaration was signed.")
        ),
        child_labour_attested_by=answers.line(
            "child_labour_attested_by", empty=N_("Enter the name of the person who signed."), most=80
        ),
    )
    _check_days(answers, site, today=today)
    answers.finish()
    return site


def _status_day_wanted(status: str) -> str | None:
    return N_("Enter the day of the inspection.") if status in {"1", "2", "3"} else None


def _mercury(answers: Answers, minerals: tuple[str, ...]) -> str:
    practice = answers.choice("mercury_practice", codes(MERCURY_PRACTICES))
    if "gold" in minerals and practice == "not_applicable":
        answers.refuse("mercury_practice", N_("Say how gold is recovered here."))
    return practice


def _minerals(answers: Answers, minerals: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(sorted(set(minerals)))
    if not chosen or not codes(MINERALS).issuperset(chosen):
        answers.refuse("minerals", N_("Choose at least one mineral."))
    return chosen


def _coordinates(answers: Answers) -> str | None:
    """Return "latitude,longitude" to four decimals; both or neither."""
    latitude, longitude = answers.typed("latitude"), answers.typed("longitude")
    if not latitude and not longitude:
        return None
    north = _degrees(answers, "latitude", latitude, limit=90)
    east = _degrees(answers, "longitude", longitude, limit=180)
    return None if north is None or east is None else f"{north},{east}"


def _degrees(answers: Answers, name: str, text: str, *, limit: int) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", ".")) if len(text) <= 20 else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > limit:
        answers.refuse(name, N_("Enter degrees, such as -3.5667. South and west begin with a minus."))
        return None
    return value.quantize(_COORDINATE_STEP)


def _check_days(answers: Answers, site: SiteAnswers, *, today: date) -> None:
    for name, day in (("status_on", site.status_on), ("child_labour_attested_on", site.child_labour_attested_on)):
        if day and day > today:
            answers.refuse(name, N_("This day is still to come."))
    if site.right_valid_from and site.right_valid_to and site.right_valid_to < site.right_valid_from:
        answers.refuse("right_valid_to", N_("The last day comes after the first day."))
