"""An application with its sites as canonical JSON (RFC 8785), and its SHA-256: what a reviewer decides on."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import rfc8785

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.vocabulary import (
    ACTIVITIES,
    LEGAL_FORMS,
    MERCURY_PRACTICES,
    MINERALS,
    RIGHT_KINDS,
    SITE_STATUSES,
    words_of,
)
from marketplace.core.text import N_

_COOPERATIVE: Final = (
    "reference", "legal_name", "legal_form", "registration_number", "country", "region", "district", "founded_on",
    "members_total", "members_women", "is_women_led", "about", "contact_phone", "payout_currency",
)  # fmt: skip
_SITE: Final = (
    "reference", "name", "region", "district", "minerals", "status", "status_on", "activity", "mercury_practice",
    "right_kind", "right_number", "right_valid_from", "right_valid_to", "child_labour_attested_on",
    "child_labour_attested_by",
)  # fmt: skip


def content_of(cooperative: Cooperative, sites: Sequence[MineSite]) -> dict[str, Any]:
    """Return the application as JSON values. Coordinates stay sealed; whether they are given is told."""
    return {
        **{name: _plain(getattr(cooperative, name)) for name in _COOPERATIVE},
        "sites": [
            {**{name: _plain(getattr(site, name)) for name in _SITE}, "located": site.coordinates_sealed is not None}
            for site in sorted(sites, key=lambda site: site.reference)
        ],
    }


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of the content's canonical bytes, in hex."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


class Change(NamedTuple):
    """One answer that differs: a label and, before and after, words that a page translates one by one."""

    field: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


_LABELS: Final = {
    "legal_name": N_("Registered name"),
    "legal_form": N_("Legal form"),
    "registration_number": N_("Registration number"),
    "country": N_("Country"),
    "region": N_("Region"),
    "district": N_("District"),
    "founded_on": N_("Founded on"),
    "members_total": N_("Members"),
    "members_women": N_("Women among them"),
    "is_women_led": N_("Led by women"),
    "about": N_("About the cooperative"),
    "contact_phone": N_("Telephone"),
    "payout_currency": N_("Paid in"),
    "name": N_("Name of the site"),
    "minerals": N_("Minerals"),
    "status": N_("Status of the site"),
    "status_on": N_("Day of the status"),
    "activity": N_("Work at the site"),
    "mercury_practice": N_("How gold is recovered"),
    "right_kind": N_("Kind of licence"),
    "right_number": N_("Number of the licence"),
    "right_valid_from": N_("First day of the licence"),
    "right_valid_to": N_("Last day of the licence"),
    "child_labour_attested_on": N_("Declaration against child labour of"),
    "child_labour_attested_by": N_("Declaration signed by"),
    "located": N_("Place on the map is known"),
}


_WORDS: Final = {
    "legal_form": LEGAL_FORMS,
    "minerals": MINERALS,
    "status": SITE_STATUSES,
    "activity": ACTIVITIES,
    "mercury_practice": MERCURY_PRACTICES,
    "right_kind": RIGHT_KINDS,
}


def difference(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Return the answers that differ between two contents, the cooperative's first, then each site's."""
    changes = [_change(name, before.get(name), after.get(name)) for name in _COOPERATIVE if name in _LABELS]
    old = {site["reference"]: site for site in before.get("sites", [])}
    new = {site["reference"]: site for site in after.get("sites", [])}
    for reference in sorted(old | new):
        was, now = old.get(reference, {}), new.get(reference, {})
        changes += [_change(name, was.get(name), now.get(name)) for name in (*_SITE, "located") if name in _LABELS]
    return [change for change in changes if change.before != change.after]


def _change(name: str, before: object, after: object) -> Change:
    return Change(name, _LABELS[name], _words(name, before), _words(name, after))


def _words(name: str, value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return (N_("Yes") if value else N_("No"),)
    values = value if isinstance(value, list) else [value]
    return tuple(words_of(_WORDS.get(name, ()), str(each)) for each in values)


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, (list, tuple)) else value
