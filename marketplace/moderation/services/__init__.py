"""Changes of cases: opened by who sends, claimed and decided by who reviews."""

from marketplace.moderation.services.applications import submit_cooperative, withdraw_cooperative
from marketplace.moderation.services.claims import CLAIM_LASTS, claim, claim_next, release
from marketplace.moderation.services.decisions import decide
from marketplace.moderation.services.lots import close_cases_of_lot, submit_lot, withdraw_lot
from marketplace.moderation.services.suspension import lift_suspension, suspend_cooperative

__all__ = [
    "CLAIM_LASTS",
    "claim",
    "claim_next",
    "close_cases_of_lot",
    "decide",
    "lift_suspension",
    "release",
    "submit_cooperative",
    "submit_lot",
    "suspend_cooperative",
    "withdraw_cooperative",
    "withdraw_lot",
]
