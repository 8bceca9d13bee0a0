"""An application with its sites as canonical JSON (RFC 8785), and its SHA-256: what a reviewer decides on."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import rfc8785

from marketplace.compliance.models import Cooperative, MineSite

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


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, (list, tuple)) else value
