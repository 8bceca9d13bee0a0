"""Changes of cooperatives, their officers and their mine sites."""

from marketplace.compliance.services.cooperatives import (
    ApplicationFrozen,
    SitesMissing,
    amend,
    amend_open_answers,
    apply,
    approve,
    refuse,
    reopen,
    request_changes,
    submit,
    take_over,
    withdraw,
)
from marketplace.compliance.services.officers import add_officer
from marketplace.compliance.services.oversight import SamePerson, lift, screen, suspend
from marketplace.compliance.services.sites import (
    add_site,
    amend_site,
    coordinates_of,
    inspect_site,
    renew_declaration,
    verify_site,
)

__all__ = [
    "ApplicationFrozen",
    "SamePerson",
    "SitesMissing",
    "add_officer",
    "add_site",
    "amend",
    "amend_open_answers",
    "amend_site",
    "apply",
    "approve",
    "coordinates_of",
    "inspect_site",
    "lift",
    "refuse",
    "renew_declaration",
    "reopen",
    "request_changes",
    "screen",
    "submit",
    "suspend",
    "take_over",
    "verify_site",
    "withdraw",
]
