"""Changes of cases: opened by who sends, claimed and decided by who reviews."""

from marketplace.moderation.services.appeals import answer_appeal, appeal, may_appeal
from marketplace.moderation.services.applications import submit_cooperative, withdraw_cooperative
from marketplace.moderation.services.blind import look_again
from marketplace.moderation.services.claims import CLAIM_LASTS, claim, claim_next, release
from marketplace.moderation.services.decisions import decide, escalate
from marketplace.moderation.services.lots import close_cases_of_lot, drop_edit, submit_lot, withdraw_lot
from marketplace.moderation.services.suspension import lift_suspension, suspend_cooperative

__all__ = [
    "CLAIM_LASTS",
    "answer_appeal",
    "appeal",
    "claim",
    "claim_next",
    "close_cases_of_lot",
    "decide",
    "drop_edit",
    "escalate",
    "lift_suspension",
    "look_again",
    "may_appeal",
    "release",
    "submit_cooperative",
    "submit_lot",
    "suspend_cooperative",
    "withdraw_cooperative",
    "withdraw_lot",
]
