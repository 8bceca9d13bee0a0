"""What the moves are called that a page of orders or offers allows: the words of its buttons. Pure.

A refused move names them on its page as the API does in `allowed_actions`.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from marketplace.core.text import N_
from marketplace.orders import offers
from marketplace.orders.transitions import Action
from marketplace.web.order_moves import BUYER_MOVES, COOPERATIVE_MOVES, STAFF_MOVES

_DECIDE: Final = N_("Decide about the problem")
_OF_BUYER: Final[dict[str, str]] = {
    **{action: move.label for action, move in BUYER_MOVES.items()},
    Action.RECEIVE: N_("I have received it"),
    Action.ACCEPT: N_("Accept the goods"),
    Action.STOP_PAYMENT: N_("Cancel the order"),
    Action.CANCEL: N_("Cancel and get your money back"),
    Action.CANCEL_UNCONFIRMED: N_("Cancel and get your money back"),
    Action.REPORT_PROBLEM: N_("Report a problem"),
    Action.WITHDRAW_PROBLEM: N_("The problem is solved: the order goes on"),
}
_OF_COOPERATIVE: Final[dict[str, str]] = {
    **{action: move.label for action, move in COOPERATIVE_MOVES.items()},
    Action.CONFIRM: N_("We have it in hand"),
    Action.SHIP: N_("We have shipped it"),
    Action.DECLINE: N_("We cannot deliver it"),
}
_OF_STAFF: Final[dict[str, str]] = {
    **{action: move.label for action, move in STAFF_MOVES.items()},
    Action.PROVE_DELIVERY: N_("The carrier proved delivery"),
    Action.CONTINUE: _DECIDE,
    Action.DECIDE: _DECIDE,
    Action.PROPOSE: _DECIDE,
    Action.APPROVE_RELEASE: N_("Release the payment"),
    Action.RETRY_REFUND: N_("Send the refund again"),
    # These three are made on the pages of the payout.
    Action.COMPLETE_RELEASE: N_("Confirm that the cooperative was paid"),
    Action.FAIL_RELEASE: N_("Note that paying the cooperative failed"),
    Action.RETRY_RELEASE: N_("Pay the cooperative again"),
}
_OF_OFFERS: Final[dict[str, str]] = {
    offers.Action.MAKE: N_("Make another offer"),
    offers.Action.ACCEPT: N_("Accept the offer"),
    offers.Action.COUNTER: N_("Send another amount"),
    offers.Action.DECLINE: N_("Decline"),
    offers.Action.WITHDRAW: N_("Take the offer back"),
}
# By blueprint: the same name of a move is another button elsewhere.
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "buyer_orders": _OF_BUYER,
    "cooperative_orders": _OF_COOPERATIVE,
    "staff_orders": _OF_STAFF,
    "buyer_offers": _OF_OFFERS,
    "cooperative_offers": _OF_OFFERS,
}


def legal_moves(names: Iterable[str], blueprint: str | None) -> list[str] | None:
    """Return each button's words once, in the order of `names`; None where pages have no words for moves."""
    words = WORDS.get(blueprint or "")
    return None if words is None else list(dict.fromkeys(words[name] for name in names if name in words))
