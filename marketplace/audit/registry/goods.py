"""Kinds of entries about cooperatives, mine sites, lots and cases."""

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
    ActionKind("force_majeure.confirm", N_("%(actor)s confirmed the closure of a region."), EVIDENCE, STAFF),
    ActionKind(
        "force_majeure.declare",
        N_("%(actor)s declared a region closed."),
        EVIDENCE,
        STAFF,
        disclosures=("country", "region", "starts", "ends", "reason"),
    ),
    ActionKind(
        "force_majeure.end", N_("%(actor)s ended the closure of a region."), EVIDENCE, STAFF, disclosures=("reason",)
    ),
    ActionKind(
        "limit_clearance.confirm",
        N_("%(actor)s confirmed a higher limit for a buyer."),
        LONG,
        STAFF,
        targets=("limit_clearance", "buyer"),
        disclosures=("up_to", "expires"),
    ),
    ActionKind(
        "limit_clearance.end",
        N_("%(actor)s ended the higher limit of a buyer."),
        LONG,
        STAFF,
        targets=("limit_clearance", "buyer"),
        disclosures=("reason", "was_in_force"),
    ),
    ActionKind(
        "limit_clearance.propose",
        N_("%(actor)s proposed a higher limit for a buyer."),
        LONG,
        STAFF,
        targets=("limit_clearance", "buyer"),
        disclosures=("up_to", "expires", "reason"),
    ),
    ActionKind(
        "lot.publish",
        N_("%(actor)s published lot %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot", "lot_version"),
        disclosures=("number",),
    ),
    ActionKind("lot.refuse", N_("%(actor)s refused lot %(target)s."), EVIDENCE, COOPERATIVE),
    ActionKind("lot.release", N_("Lot %(target)s can be bought again."), EVIDENCE, COOPERATIVE),
    ActionKind(
        "lot.reserve",
        N_("Lot %(target)s was kept for a buyer."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot", "lot_claim"),
        disclosures=("kind", "expires_at"),
        version=2,
    ),
    ActionKind(
        "lot.save_step",
        N_("%(actor)s saved a step of lot %(target)s."),
        EVIDENCE,
        COOPERATIVE,
        disclosures=("step", "revision"),
    ),
    ActionKind("lot.sell", N_("Lot %(target)s was sold."), EVIDENCE, COOPERATIVE),
    ActionKind("lot.send_back", N_("%(actor)s sent lot %(target)s back for changes."), EVIDENCE, COOPERATIVE),
    ActionKind(
        "lot.start", N_("%(actor)s started lot %(target)s."), EVIDENCE, COOPERATIVE, targets=("lot", "cooperative")
    ),
    ActionKind("lot.take_off", N_("%(actor)s took lot %(target)s off the market."), EVIDENCE, COOPERATIVE),
    ActionKind("lot.withdraw", N_("%(actor)s withdrew lot %(target)s."), EVIDENCE, COOPERATIVE),
    ActionKind(
        "lot_photo.add",
        N_("%(actor)s added a photo to a lot."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot_photo", "lot"),
        disclosures=("slot",),
    ),
    ActionKind(
        "lot_photo.remove",
        N_("%(actor)s removed a photo of a lot."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot_photo", "lot"),
        disclosures=("slot",),
    ),
    ActionKind(
        "lot_stock.close", N_("The stock of a lot was closed."), EVIDENCE, COOPERATIVE, targets=("lot_stock", "lot")
    ),
    ActionKind(
        "lot_stock.give_back",
        N_("A part of a lot went back to its stock."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot_stock", "lot"),
        disclosures=("part_mg", "price"),
    ),
    ActionKind(
        "lot_stock.open",
        N_("The stock of a lot was opened."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot_stock", "lot"),
        disclosures=("whole_mg", "least_mg"),
    ),
    ActionKind(
        "lot_stock.sell",
        N_("A part of a lot was sold."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot_stock", "lot"),
        disclosures=("part_mg",),
    ),
    ActionKind(
        "lot_stock.take",
        N_("A part of a lot was kept for a buyer."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot_stock", "lot"),
        disclosures=("part_mg", "price"),
    ),
    ActionKind(
        "lot_version.submit",
        N_("%(actor)s sent a version of a lot for review."),
        EVIDENCE,
        COOPERATIVE,
        targets=("lot_version", "lot"),
        disclosures=("number",),
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
    ActionKind("moderation_case.claim", N_("%(actor)s took a case."), EVIDENCE, STAFF, disclosures=("until",)),
    ActionKind(
        "moderation_case.decide",
        N_("%(actor)s decided a case."),
        EVIDENCE,
        STAFF,
        targets=("moderation_case", "decision"),
        disclosures=("verdict", "reasons"),
    ),
    ActionKind(
        "moderation_case.open", N_("A case was opened."), EVIDENCE, STAFF, disclosures=("kind", "reference", "flags")
    ),
    ActionKind("moderation_case.release", N_("%(actor)s gave a case back."), EVIDENCE, STAFF),
    ActionKind("moderation_case.withdraw", N_("A case was withdrawn."), EVIDENCE, STAFF),
)
