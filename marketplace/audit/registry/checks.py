"""Kinds of entries about independent checks of lots."""

from typing import Final

from marketplace.audit.registry.kinds import BOTH, BUYER, EVIDENCE, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind(
        "lot_check.ask",
        N_("%(actor)s asked for the independent check %(target)s."),
        EVIDENCE,
        BUYER,
        targets=("lot_check", "lot"),
    ),
    ActionKind(
        "lot_check.assign",
        N_("%(actor)s gave the independent check %(target)s to somebody."),
        EVIDENCE,
        STAFF,
        disclosures=("due_on",),
    ),
    ActionKind(
        "lot_check.decline",
        N_("%(actor)s declined the independent check %(target)s."),
        EVIDENCE,
        BUYER,
        disclosures=("reason",),
        words=("reason",),
    ),
    ActionKind(
        "lot_check.finish",
        N_("%(actor)s finished the independent check %(target)s."),
        EVIDENCE,
        BOTH,
        targets=("lot_check", "lot"),
        disclosures=("finding", "seen"),
    ),
    ActionKind(
        "lot_check.hand_back",
        N_("%(actor)s gave the independent check %(target)s back."),
        EVIDENCE,
        STAFF,
    ),
    ActionKind("lot_check.withdraw", N_("%(actor)s withdrew the independent check %(target)s."), EVIDENCE, BUYER),
)
