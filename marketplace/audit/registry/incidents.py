"""Kinds of entries about incidents, reports of strangers and lists of conflict-affected areas."""

from typing import Final

from marketplace.audit.registry.kinds import CODES, COOPERATIVE, EVIDENCE, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind(
        "cahra_edition.import",
        N_("%(actor)s imported a list of conflict-affected areas."),
        EVIDENCE,
        STAFF,
        disclosures=("published", "rows"),
    ),
    ActionKind(
        "incident.open",
        N_("%(actor)s opened the incident %(target)s."),
        EVIDENCE,
        STAFF,
        targets=("incident", "cooperative"),
        disclosures=("code", "severity", "source"),
        excused={"source": CODES},
    ),
    ActionKind(
        "incident.move",
        N_("%(actor)s took the incident %(target)s a step further."),
        EVIDENCE,
        COOPERATIVE,
        disclosures=("move", "state"),
    ),
    ActionKind("incident.read", N_("%(actor)s read the words of the incident %(target)s."), EVIDENCE, STAFF),
    ActionKind(
        "incident.regrade",
        N_("%(actor)s changed how severe the incident %(target)s is."),
        EVIDENCE,
        COOPERATIVE,
        disclosures=("severity",),
    ),
    ActionKind("incident_report.add", N_("Somebody added to a report."), EVIDENCE, STAFF),
    ActionKind("incident_report.answer", N_("%(actor)s answered a report."), EVIDENCE, STAFF),
    ActionKind("incident_report.close", N_("%(actor)s closed a report."), EVIDENCE, STAFF),
    ActionKind("incident_report.forget", N_("How to reach the sender of a report was erased."), EVIDENCE, STAFF),
    ActionKind(
        "incident_report.join",
        N_("%(actor)s put a report to an incident."),
        EVIDENCE,
        STAFF,
        targets=("incident_report", "incident"),
    ),
    ActionKind("incident_report.read", N_("%(actor)s read the words of a report."), EVIDENCE, STAFF),
    ActionKind("incident_report.receive", N_("A report came in."), EVIDENCE, STAFF, disclosures=("channel",)),
    ActionKind(
        "incident_step.finish",
        N_("%(actor)s noted a step of an incident’s plan as done."),
        EVIDENCE,
        COOPERATIVE,
        targets=("incident_step", "incident"),
    ),
    ActionKind(
        "incident_step.remind",
        N_("Moderators were told that a step of %(target)s is overdue."),
        EVIDENCE,
        STAFF,
        targets=("incident_step", "incident"),
        disclosures=("due",),
    ),
    ActionKind(
        "incident_step.plan",
        N_("%(actor)s planned a step to put an incident right."),
        EVIDENCE,
        COOPERATIVE,
        targets=("incident_step", "incident"),
        disclosures=("due",),
    ),
)
