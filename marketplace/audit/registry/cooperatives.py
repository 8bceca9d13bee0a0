"""Kinds of entries about cooperatives and their mine sites."""

from typing import Final

from marketplace.audit.registry.kinds import COOPERATIVE, EVIDENCE, LONG, STAFF, ActionKind
from marketplace.core.text import N_

KINDS: Final = (
    ActionKind(
        "cooperative.amend",
        N_("%(actor)s changed facts of the cooperative %(target)s."),
        LONG,
        COOPERATIVE,
        disclosures=("changed", "on_behalf"),
    ),
    ActionKind(
        "cooperative.apply",
        N_("%(actor)s applied for the cooperative %(target)s."),
        LONG,
        COOPERATIVE,
        disclosures=("name", "on_behalf"),
    ),
    ActionKind(
        "cooperative.approve",
        N_("%(actor)s approved the cooperative %(target)s."),
        LONG,
        COOPERATIVE,
        disclosures=("note",),
    ),
    ActionKind(
        "cooperative.hide_lots",
        N_("%(actor)s hid the lots of the cooperative %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        disclosures=("lots",),
    ),
    ActionKind(
        "cooperative.lift",
        N_("%(actor)s lifted the suspension of the cooperative %(target)s."),
        LONG,
        COOPERATIVE,
        disclosures=("reason",),
    ),
    ActionKind(
        "cooperative.refuse",
        N_("%(actor)s refused the cooperative %(target)s."),
        LONG,
        COOPERATIVE,
        disclosures=("note",),
    ),
    ActionKind(
        "cooperative.reopen",
        N_("%(actor)s put the application of %(target)s under decision again."),
        LONG,
        COOPERATIVE,
    ),
    ActionKind(
        "cooperative.request_changes",
        N_("%(actor)s asked the cooperative %(target)s for changes."),
        LONG,
        COOPERATIVE,
        disclosures=("note",),
    ),
    ActionKind(
        "cooperative.screen",
        N_("%(actor)s screened the cooperative %(target)s."),
        LONG,
        STAFF,
        disclosures=("lists", "note"),
    ),
    ActionKind(
        "cooperative.show_lots",
        N_("%(actor)s showed the lots of the cooperative %(target)s again."),
        EVIDENCE,
        COOPERATIVE,
        disclosures=("lots",),
    ),
    ActionKind(
        "cooperative.submit",
        N_("%(actor)s sent the cooperative %(target)s for review."),
        LONG,
        COOPERATIVE,
        disclosures=("on_behalf",),
    ),
    ActionKind(
        "cooperative.unscreen",
        N_("The last screening of the cooperative %(target)s no longer counts."),
        EVIDENCE,
        STAFF,
    ),
    ActionKind(
        "cooperative.suspend",
        N_("%(actor)s suspended the cooperative %(target)s."),
        LONG,
        COOPERATIVE,
        disclosures=("reason",),
    ),
    ActionKind(
        "cooperative.update",
        N_("%(actor)s updated the profile of the cooperative %(target)s."),
        LONG,
        COOPERATIVE,
        disclosures=("changed",),
    ),
    ActionKind(
        "cooperative.withdraw", N_("%(actor)s withdrew the cooperative %(target)s from review."), LONG, COOPERATIVE
    ),
    ActionKind(
        "mine_site.add",
        N_("%(actor)s added the mine site %(target)s."),
        LONG,
        COOPERATIVE,
        targets=("mine_site", "cooperative"),
        disclosures=("name", "on_behalf"),
    ),
    ActionKind(
        "mine_site.amend",
        N_("%(actor)s changed the mine site %(target)s."),
        LONG,
        COOPERATIVE,
        targets=("mine_site", "cooperative"),
        disclosures=("changed", "on_behalf"),
    ),
    ActionKind(
        "mine_site.inspect",
        N_("%(actor)s inspected the mine site %(target)s."),
        LONG,
        COOPERATIVE,
        disclosures=("status", "activity", "seen_on", "note"),
    ),
    ActionKind(
        "mine_site.locate", N_("%(actor)s opened the exact place of the mine site %(target)s."), LONG, COOPERATIVE
    ),
    ActionKind(
        "mine_site.verify", N_("%(actor)s verified the mine site %(target)s."), LONG, COOPERATIVE, disclosures=("note",)
    ),
)
