"""The forms of a cooperative and of a mine site: stored rows as typed text, and the choices with their words."""

from collections.abc import Sequence
from typing import Any, Final

from werkzeug.datastructures import ImmutableMultiDict

from marketplace.compliance import vocabulary as words
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.errors import InvalidInput
from marketplace.http.languages import translate, translate_error

Values = dict[str, str]


def application_values(cooperative: Cooperative) -> Values:
    """Return a stored application as its form shows it."""
    names = (
        "legal_name", "legal_form", "registration_number", "country", "region", "district", "members_total",
        "members_women", "about", "contact_phone", "payout_currency", "founded_on",
    )  # fmt: skip
    return {
        **{name: _typed(getattr(cooperative, name)) for name in names},
        "is_women_led": "yes" if cooperative.is_women_led else "no",
    }


SITE_FIELDS: Final = (
    "name", "region", "district", "status", "status_on", "activity", "mercury_practice", "right_kind",
    "right_number", "right_valid_from", "right_valid_to", "child_labour_attested_on", "child_labour_attested_by",
)  # fmt: skip


def site_values(site: MineSite, *, names: Sequence[str] = SITE_FIELDS) -> Values:
    """Return a stored site as its form shows it; the sealed place is never shown again."""
    return {name: _typed(getattr(site, name)) for name in names}


def site_choices() -> dict[str, Any]:
    """Return the choices of the site form, in the reader's language."""
    return {
        "minerals": _choices(words.MINERALS),
        "statuses": _choices(words.SITE_STATUSES),
        "activities": _choices(words.ACTIVITIES),
        "practices": _choices(words.MERCURY_PRACTICES),
        "rights": _choices(words.RIGHT_KINDS),
    }


def ticked_minerals(form: "ImmutableMultiDict[str, str]") -> tuple[str, ...]:
    """Return the minerals ticked in a sent form."""
    return tuple(form.getlist("minerals"))


def messages_of(error: InvalidInput) -> dict[str, str]:
    """Return the errors of a form in the reader's language."""
    return {name: translate_error(field) for name, field in error.fields.items()}


def _choices(entries: tuple[words.Entry, ...]) -> list[tuple[str, str]]:
    return [(entry.code, translate(entry.words)) for entry in entries]


def _typed(value: object) -> str:
    return "" if value is None else str(value)
