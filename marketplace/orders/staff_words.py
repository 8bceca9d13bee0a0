"""What the staff's page of an order says: who acts next, and by when. Pure."""

from typing import Final

from marketplace.core.text import N_
from marketplace.orders.transitions import State
from marketplace.orders.words import OrderFacts

_NEXT: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("The buyer pays before the deadline. Otherwise the order ends by itself."),
    State.FUNDING: N_("A bank transfer is awaited. Nobody has to do anything."),
    State.FUNDED: N_(
        "The cooperative confirms. After 72 hours the buyer may cancel, after 7 days the money goes back."
    ),
    State.CONFIRMED: N_("The cooperative ships. A moderator may give it one more week, once."),
    State.AT_VERIFICATION: N_("A verifier opens the parcel and reports within 5 working days."),
    State.SHIPPED: N_("The buyer says that the parcel came. A moderator may record the carrier’s proof instead."),
    State.DELIVERED: N_("The buyer inspects the goods. Silence counts as acceptance."),
    State.ADJUSTMENT: N_("The cooperative answers about the lower price within 72 hours."),
    State.RETURN_PENDING: N_("The buyer sends the goods back within 5 days. Otherwise the buyer keeps them."),
    State.RETURNING: N_(
        "The cooperative says that the goods are back. A moderator may record the carrier’s proof instead."
    ),
    State.RETURN_INSPECTION: N_("The cooperative looks at the goods within 3 working days, then the refund goes out."),
    State.DISPUTED: N_("Both sides show what they know within 7 days. A moderator decides within 21 days."),
    State.DECIDED: N_("Who lost may appeal before the deadline. Then the decision is carried out."),
    State.ACCEPTED: N_("After 24 hours a finance person who did not act on this order releases it."),
    State.RELEASING: N_("Finance prepares the payout, a second person approves it, then its receipt is confirmed."),
    State.RELEASE_FAILED: N_("The payout came back. Finance compares the account and prepares another payout."),
    State.REFUNDING: N_("The payment provider sends the money back. Nobody has to do anything."),
    State.REFUND_FAILED: N_("The refund came back to us. Finance sends it again."),
}
_CHECKED: Final = N_("Compliance stops this order. Who set the hold does not lift it: another moderator does.")
_TAKEN_BACK: Final = N_("The buyer’s bank asks for the payment back. Finance answers the bank; the order waits.")
_PROPOSED: Final = N_("A decision is proposed. Another moderator takes the same one, or proposes another.")
_LARGE: Final = N_(
    "Both sides show what they know within 7 days. Within 21 days a moderator proposes, and another one decides."
)
_APPEALED: Final = N_("One side asked for another reviewer. A moderator who did not decide before has the last word.")
_NOTHING: Final = N_("Nothing more happens with this order.")


def what_staff_does(facts: OrderFacts, *, is_checked: bool, is_proposed: bool) -> str:
    """Return who acts next; `is_checked` under a hold of compliance, `is_proposed` when a decision needs its second."""
    if facts.is_frozen and facts.state in _NEXT:
        return _CHECKED if is_checked else _TAKEN_BACK
    if facts.state is State.DISPUTED and is_proposed:
        return _PROPOSED
    if facts.state is State.DISPUTED and facts.outcome is not None:
        return _APPEALED
    if facts.state is State.DISPUTED and facts.needs_second_person:
        return _LARGE
    return _NEXT.get(facts.state, _NOTHING)
