"""Kinds of entries about the chain of custody and the tags of bags."""

from typing import Final

from marketplace.audit.registry.kinds import COOPERATIVE, EVIDENCE, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind(
        "custody.record",
        N_("%(actor)s recorded what happened to the goods of a lot."),
        EVIDENCE,
        COOPERATIVE,
        targets=("custody_event", "lot"),
        disclosures=("kind", "on_behalf", "corrects"),
    ),
    ActionKind(
        "lot.report",
        N_("%(actor)s took the ICGLR record of the lot %(target)s, with its exact place and its taxes."),
        EVIDENCE,
        COOPERATIVE,
        disclosures=("form",),
    ),
    ActionKind(
        "tag.issue",
        N_("%(actor)s issued tags for bags."),
        EVIDENCE,
        STAFF,
        targets=("tag_range", "cooperative"),
        disclosures=("issuer", "prefix", "first", "last"),
    ),
    ActionKind("tag.use", N_("A tag was used for a bag."), EVIDENCE, COOPERATIVE, disclosures=("number", "origin")),
    ActionKind(
        "tag.lose",
        N_("%(actor)s noted a lost tag."),
        EVIDENCE,
        STAFF,
        disclosures=("number", "reason"),
        words=("reason",),
    ),
    ActionKind(
        "tag.void",
        N_("%(actor)s made a tag void."),
        EVIDENCE,
        STAFF,
        disclosures=("number", "reason"),
        words=("reason",),
    ),
)
