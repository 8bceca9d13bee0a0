"""Kinds of entries about passports and the keys that sign them."""

from typing import Final

from marketplace.audit.registry.kinds import COOPERATIVE, EVIDENCE, LONG, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind(
        "passport.issue",
        N_("The passport of lot %(target)s was signed."),
        EVIDENCE,
        COOPERATIVE,
        targets=("passport", "lot"),
        disclosures=("number",),
    ),
    ActionKind(
        "passport.revoke",
        N_("%(actor)s revoked the passport of lot %(target)s."),
        LONG,
        COOPERATIVE,
        targets=("passport_revocation", "passport", "lot"),
        disclosures=("reason",),
    ),
    ActionKind("passport_key.add", N_("A key that signs passports was added."), EVIDENCE, STAFF),
)
