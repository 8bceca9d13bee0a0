"""Kinds of entries about cases, appeals and second looks."""

from typing import Final

from marketplace.audit.registry.kinds import CODES, COOPERATIVE, EVIDENCE, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind(
        "appeal.decide",
        N_("%(actor)s decided an appeal."),
        EVIDENCE,
        COOPERATIVE,
        targets=("appeal", "moderation_case"),
        disclosures=("verdict", "answer"),
        words=("answer",),
    ),
    ActionKind(
        "appeal.make",
        N_("%(actor)s appealed against a decision."),
        EVIDENCE,
        COOPERATIVE,
        targets=("appeal", "moderation_case"),
        disclosures=("words",),
        words=("words",),
    ),
    ActionKind(
        "blind_review.decide",
        N_("%(actor)s looked at a case again without seeing what was decided."),
        EVIDENCE,
        STAFF,
        targets=("blind_review", "moderation_case"),
        disclosures=("verdict", "reasons"),
        excused={"reasons": CODES},
    ),
    ActionKind(
        "blind_review.open",
        N_("A case was drawn to be looked at again."),
        EVIDENCE,
        STAFF,
        targets=("blind_review", "moderation_case"),
    ),
    ActionKind(
        "case_note.write",
        N_("%(actor)s wrote a note on a case."),
        EVIDENCE,
        STAFF,
        targets=("case_note", "moderation_case"),
    ),
    ActionKind(
        "moderation_case.assign",
        N_("%(actor)s gave a case to somebody."),
        EVIDENCE,
        STAFF,
        targets=("moderation_case", "user"),
    ),
    ActionKind("moderation_case.claim", N_("%(actor)s took a case."), EVIDENCE, STAFF, disclosures=("until",)),
    ActionKind(
        "moderation_case.decide",
        N_("%(actor)s decided a case."),
        EVIDENCE,
        STAFF,
        targets=("moderation_case", "decision"),
        disclosures=("verdict", "reasons", "state"),
        excused={"reasons": CODES},
    ),
    ActionKind(
        "moderation_case.escalate",
        N_("%(actor)s left a case to others."),
        EVIDENCE,
        STAFF,
        disclosures=("words",),
        words=("words",),
    ),
    ActionKind(
        "moderation_case.expire",
        N_("%(actor)s closed a case that nobody answered."),
        EVIDENCE,
        STAFF,
        disclosures=("days",),
    ),
    ActionKind(
        "moderation_case.open",
        N_("A case was opened."),
        EVIDENCE,
        STAFF,
        disclosures=("kind", "reference", "flags", "two_people", "seed", "edit_class"),
        version=2,
    ),
    ActionKind("moderation_case.release", N_("%(actor)s gave a case back."), EVIDENCE, STAFF),
    ActionKind("moderation_case.withdraw", N_("A case was withdrawn."), EVIDENCE, STAFF),
)
