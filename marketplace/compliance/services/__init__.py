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
from marketplace.compliance.services.oversight import SamePerson, lift, screen, suspend, unscreen
from marketplace.compliance.services.sites import (
    SETTLED,
    add_site,
    amend_site,
    coordinates_of,
    inspect_site,
    is_settled,
    renew_declaration,
    verify_site,
)

__all__ = [
    "SETTLED",
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
    "is_settled",
    "lift",
    "refuse",
    "renew_declaration",
    "reopen",
    "request_changes",
    "screen",
    "submit",
    "suspend",
    "take_over",
    "unscreen",
    "verify_site",
    "withdraw",
]
