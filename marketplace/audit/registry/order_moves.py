"""Kinds of entries about orders, a move of the order's machine each, and what happens beside the moves."""

from collections.abc import Mapping
from typing import Final

from marketplace.audit.registry.kinds import BOTH, EVIDENCE, STAFF, ActionKind
from marketplace.core.text import N_

_BESIDE: Final = (
    ActionKind(
        "order.place",
        N_("%(actor)s placed order %(target)s."),
        EVIDENCE,
        BOTH,
        targets=("order", "lot", "lot_claim", "payment", "provider_command"),
        disclosures=("reference", "lot", "price", "part_mg", "split", "terms_version", "tolerance_version"),
        version=2,
    ),
    ActionKind(
        "order.extend", N_("%(actor)s gave order %(target)s more time."), EVIDENCE, BOTH, disclosures=("deadline",)
    ),
    ActionKind(
        "order.note_offer", N_("A settlement was offered for order %(target)s."), EVIDENCE, BOTH, disclosures=("party",)
    ),
    ActionKind(
        "order.note_proposal",
        N_("%(actor)s proposed a decision about order %(target)s."),
        EVIDENCE,
        STAFF,
        disclosures=("decision", "refund_minor"),
    ),
    ActionKind(
        "order.plan",
        N_("The next deadline of order %(target)s was planned."),
        EVIDENCE,
        STAFF,
        disclosures=("next_due",),
    ),
    ActionKind(
        "order.price_by_assay",
        N_("Order %(target)s got its final price by assay."),
        EVIDENCE,
        BOTH,
        disclosures=("final", "fineness_permille"),
    ),
    ActionKind(
        "order.remind",
        N_("A reminder about order %(target)s was sent."),
        EVIDENCE,
        BOTH,
        disclosures=("notice", "next_due"),
    ),
    ActionKind("order.thaw", N_("Order %(target)s goes on."), EVIDENCE, BOTH, disclosures=("deadline",)),
)
_FOR_STAFF: Final = frozenset(
    ("approve_release", "fail_refund", "fail_release", "propose", "retry_refund", "retry_release")
)
_MOVES: Final[Mapping[str, str]] = {
    "capture": N_("The payment of order %(target)s is held safely."),
    "start_funding": N_("The payment of order %(target)s is on its way."),
    "fail_funding": N_("The payment of order %(target)s failed."),
    "stop_payment": N_("The payment of order %(target)s was stopped."),
    "lapse": N_("Order %(target)s ended because no payment came."),
    "abandon": N_("%(actor)s gave up paying order %(target)s."),
    "expire": N_("The time to pay order %(target)s ended."),
    "confirm": N_("%(actor)s confirmed order %(target)s."),
    "decline": N_("%(actor)s declined order %(target)s."),
    "cancel": N_("%(actor)s cancelled order %(target)s."),
    "cancel_unconfirmed": N_("%(actor)s cancelled order %(target)s, which nobody confirmed."),
    "refund_unconfirmed": N_("Order %(target)s is paid back: nobody confirmed it in time."),
    "extend_shipping": N_("%(actor)s took more time to ship order %(target)s."),
    "ship": N_("%(actor)s shipped order %(target)s."),
    "refund_unshipped": N_("Order %(target)s is paid back: nobody shipped it in time."),
    "match": N_("%(actor)s found that the goods of order %(target)s match."),
    "mismatch": N_("%(actor)s found that the goods of order %(target)s do not match."),
    "receive": N_("%(actor)s said that order %(target)s arrived."),
    "prove_delivery": N_("%(actor)s proved the delivery of order %(target)s."),
    "report_late": N_("Order %(target)s is late."),
    "extend_inspection": N_("%(actor)s took more time to inspect order %(target)s."),
    "accept": N_("%(actor)s accepted the goods of order %(target)s."),
    "accept_by_silence": N_("The time to reject order %(target)s ended, so it counts as accepted."),
    "ask_adjustment": N_("%(actor)s asked for a lower price for order %(target)s."),
    "agree_adjustment": N_("%(actor)s agreed to a lower price for order %(target)s."),
    "decline_adjustment": N_("%(actor)s declined a lower price for order %(target)s."),
    "withdraw_adjustment": N_("%(actor)s no longer asks for a lower price for order %(target)s."),
    "lapse_adjustment": N_("Nobody answered in time about a lower price for order %(target)s."),
    "reject": N_("%(actor)s rejected the goods of order %(target)s."),
    "send_back": N_("%(actor)s sent the goods of order %(target)s back."),
    "keep_unreturned": N_("The goods of order %(target)s were not sent back in time."),
    "receive_return": N_("%(actor)s got the goods of order %(target)s back."),
    "prove_return": N_("%(actor)s proved that the goods of order %(target)s went back."),
    "report_return_late": N_("The goods of order %(target)s are late on their way back."),
    "take_back": N_("%(actor)s took the goods of order %(target)s back."),
    "take_back_by_silence": N_("The time to contest the return of order %(target)s ended."),
    "contest_return": N_("%(actor)s contested the return of order %(target)s."),
    "report_problem": N_("%(actor)s reported a problem with order %(target)s."),
    "withdraw_problem": N_("%(actor)s withdrew the problem of order %(target)s."),
    "add_evidence": N_("%(actor)s added evidence about order %(target)s."),
    "offer_settlement": N_("%(actor)s offered a settlement for order %(target)s."),
    "accept_settlement": N_("%(actor)s took the settlement for order %(target)s."),
    "propose": N_("%(actor)s proposed a decision about order %(target)s."),
    "continue": N_("Order %(target)s goes on after a problem."),
    "decide": N_("%(actor)s decided about order %(target)s."),
    "reach_backstop": N_("The last day for a decision about order %(target)s came."),
    "decide_by_rule": N_("Order %(target)s was decided by the rule."),
    "appeal": N_("%(actor)s appealed the decision about order %(target)s."),
    "carry_out": N_("The decision about order %(target)s is carried out."),
    "lose_chargeback": N_("The bank of the buyer took the payment of order %(target)s back."),
    "release": N_("The payment of order %(target)s goes to its owners."),
    "approve_release": N_("%(actor)s approved the release of order %(target)s."),
    "complete_release": N_("The payment of order %(target)s is shared out."),
    "fail_release": N_("The release of order %(target)s failed."),
    "retry_release": N_("%(actor)s tried the release of order %(target)s again."),
    "complete_refund": N_("The payment of order %(target)s is back with the buyer."),
    "fail_refund": N_("The refund of order %(target)s failed."),
    "retry_refund": N_("%(actor)s tried the refund of order %(target)s again."),
}
KINDS: Final = (
    *_BESIDE,
    *(
        ActionKind(
            f"order.{move}",
            sentence,
            EVIDENCE,
            STAFF if move in _FOR_STAFF else BOTH,
            disclosures=("before", "after", "party", "facts"),
            words=("facts",),
        )
        for move, sentence in _MOVES.items()
    ),
)
