"""Kinds of entries about documents: sent, reviewed, read, over."""

from typing import Final

from marketplace.audit.registry.kinds import CODES, COOPERATIVE, EVIDENCE, LONG, STAFF, ActionKind
from marketplace.core.text import N_

_BOTH: Final = ("document", "cooperative")

KINDS: Final = (
    ActionKind(
        "document.upload",
        N_("%(actor)s sent the document %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("kind", "owner", "version"),
    ),
    ActionKind(
        "document.accept",
        N_("%(actor)s accepted the document %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("kind", "noticed"),
        excused={"noticed": CODES},
    ),
    ActionKind(
        "document.reject",
        N_("%(actor)s refused the document %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("kind", "reason"),
        words=("reason",),
    ),
    ActionKind(
        "document.take_back",
        N_("%(actor)s took the acceptance of the document %(target)s back."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("kind", "reason"),
        words=("reason",),
    ),
    ActionKind(
        "document.replace", N_("A newer version took the place of the document %(target)s."), EVIDENCE, COOPERATIVE
    ),
    ActionKind("document.read", N_("%(actor)s opened the file of the document %(target)s."), LONG, STAFF),
    ActionKind(
        "document.warn",
        N_("Officers were told that the document %(target)s ends soon."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("kind", "last_day", "days"),
    ),
    ActionKind(
        "document.expire",
        N_("The last day of the document %(target)s is over."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("kind", "last_day"),
    ),
)
