"""Kinds of entries about sanctions lists, owners of cooperatives and hits; for staff only, as tipping off is wrong."""

from typing import Final

from marketplace.audit.registry.kinds import EVIDENCE, LONG, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind(
        "beneficial_owner.end",
        N_("%(actor)s noted that somebody owns less than a quarter of a cooperative now."),
        EVIDENCE,
        STAFF,
        targets=("beneficial_owner", "cooperative"),
        disclosures=("on_behalf",),
    ),
    ActionKind(
        "beneficial_owner.enter",
        N_("%(actor)s entered an owner of a cooperative."),
        LONG,
        STAFF,
        targets=("beneficial_owner", "cooperative"),
        disclosures=("share_bps", "on_behalf"),
    ),
    ActionKind(
        "screening_edition.import",
        N_("%(actor)s imported a sanctions list."),
        EVIDENCE,
        STAFF,
        disclosures=("list", "published", "entries"),
    ),
    ActionKind(
        "screening_hit.confirm",
        N_("%(actor)s confirmed that %(target)s is the listed party."),
        LONG,
        STAFF,
        disclosures=("reason",),
    ),
    ActionKind(
        "screening_hit.dismiss",
        N_("%(actor)s decided that %(target)s is somebody else."),
        LONG,
        STAFF,
        disclosures=("reason",),
    ),
    ActionKind(
        "screening_hit.dismiss_first",
        N_("%(actor)s thinks that %(target)s is somebody else."),
        LONG,
        STAFF,
        disclosures=("reason",),
    ),
    ActionKind(
        "screening_hit.doubt",
        N_("%(actor)s doubted that %(target)s is the listed party."),
        LONG,
        STAFF,
        disclosures=("reason",),
    ),
    ActionKind("screening_hit.leave", N_("%(target)s is no longer like a listed name."), EVIDENCE, STAFF),
    ActionKind(
        "screening_hit.propose",
        N_("%(actor)s thinks that %(target)s is the listed party."),
        LONG,
        STAFF,
        disclosures=("reason",),
    ),
    ActionKind(
        "screening_hit.raise",
        N_("A name looks like a listed one: %(target)s."),
        EVIDENCE,
        STAFF,
        disclosures=("list", "score"),
    ),
    ActionKind("screening_hit.remind", N_("Moderators were told that %(target)s still waits."), EVIDENCE, STAFF),
    ActionKind(
        "screening_hit.renew",
        N_("What speaks for %(target)s changed."),
        EVIDENCE,
        STAFF,
        disclosures=("score",),
    ),
    ActionKind(
        "screening_hit.reopen",
        N_("%(actor)s opened %(target)s again."),
        LONG,
        STAFF,
        disclosures=("reason",),
    ),
)
