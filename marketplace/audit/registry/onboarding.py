"""Kinds of entries about applications of cooperatives, visits and signed declarations."""

from typing import Final

from marketplace.audit.registry.kinds import CODES, COOPERATIVE, EVIDENCE, LONG, STAFF, ActionKind
from marketplace.core.text import N_

_BOTH: Final = ("cooperative_application", "cooperative")
KINDS: Final = (
    ActionKind(
        "cooperative_application.begin",
        N_("%(actor)s began the application %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("kind", "on_behalf"),
    ),
    ActionKind(
        "cooperative_application.save",
        N_("%(actor)s filled in a step of the application %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("step", "version", "on_behalf"),
    ),
    ActionKind(
        "cooperative_application.hand_in",
        N_("%(actor)s handed in the application %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("on_behalf",),
    ),
    ActionKind(
        "cooperative_application.take_back",
        N_("%(actor)s took back the application %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("on_behalf",),
    ),
    ActionKind(
        "cooperative_application.return",
        N_("%(actor)s asked for changes of the application %(target)s."),
        LONG,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("reasons", "note"),
    ),
    ActionKind(
        "cooperative_application.approve",
        N_("%(actor)s approved the application %(target)s as the first person."),
        LONG,
        STAFF,
        targets=_BOTH,
        disclosures=("note", "checklist"),
    ),
    ActionKind(
        "cooperative_application.confirm",
        N_("%(actor)s approved the application %(target)s as the second person."),
        LONG,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("note", "checklist", "renewal_due"),
    ),
    ActionKind(
        "cooperative_application.refuse",
        N_("%(actor)s refused the application %(target)s."),
        LONG,
        COOPERATIVE,
        targets=_BOTH,
        disclosures=("reasons", "note"),
    ),
    ActionKind(
        "cooperative_application.reopen",
        N_("%(actor)s put the application %(target)s into the queue again after an appeal."),
        LONG,
        COOPERATIVE,
        targets=_BOTH,
    ),
    ActionKind(
        "application_appeal.make",
        N_("%(actor)s appealed against the refusal of the application %(target)s."),
        LONG,
        COOPERATIVE,
        targets=("application_appeal", "cooperative_application"),
        disclosures=("words",),
    ),
    ActionKind(
        "application_appeal.decide",
        N_("%(actor)s answered the appeal about the application %(target)s."),
        LONG,
        COOPERATIVE,
        targets=("application_appeal", "cooperative_application"),
        disclosures=("verdict", "answer"),
    ),
    ActionKind(
        "field_visit.record",
        N_("%(actor)s recorded the visit %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=("field_visit", "cooperative", "mine_site"),
        disclosures=("visited_on", "not_well", "next_visit"),
        excused={"not_well": CODES},
    ),
    ActionKind("field_visit.read", N_("%(actor)s opened the findings of the visit %(target)s."), EVIDENCE, STAFF),
    ActionKind(
        "signed_declaration.enter",
        N_("%(actor)s entered a signed declaration."),
        EVIDENCE,
        COOPERATIVE,
        targets=("signed_declaration", "cooperative", "mine_site"),
        disclosures=("kind", "signed_on", "expires", "on_behalf"),
    ),
    ActionKind(
        "mine_site.attest",
        N_("%(actor)s noted that the declaration for the mine site %(target)s was signed again."),
        EVIDENCE,
        COOPERATIVE,
        disclosures=("signed_on", "on_behalf"),
    ),
)
