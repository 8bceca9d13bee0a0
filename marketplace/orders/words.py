"""What an order's pages say: where the money is, what happens next, what each step was. Pure.

Every text is one whole msgid with parameters; the page translates it and formats money and dates.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders.transitions import FINAL, Action, State


class Reader(StrEnum):
    """For whom the sentence is."""

    BUYER = "buyer"
    COOPERATIVE = "cooperative"


class Sentence(NamedTuple):
    """A msgid with its parameters."""

    message: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the sentences depend on."""

    state: State
    price: Money
    net: Money
    deadline_at: datetime | None
    is_held: bool = False
    is_stopping: bool = False
    needs_second_person: bool = False


STATE_WORDS: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("waiting for payment"),
    State.FUNDED: N_("paid, waiting for the cooperative"),
    State.CONFIRMED: N_("being packed"),
    State.SHIPPED: N_("with the courier"),
    State.DELIVERED: N_("delivered, to be inspected"),
    State.ACCEPTED: N_("accepted"),
    State.RELEASING: N_("accepted, payment on its way"),
    State.RELEASED: N_("complete"),
    State.RELEASE_FAILED: N_("accepted, payment delayed"),
    State.REFUNDING: N_("refund on its way"),
    State.REFUNDED: N_("refunded"),
    State.REFUND_FAILED: N_("refund delayed"),
    State.CANCELLED: N_("cancelled"),
    State.EXPIRED: N_("ended without payment"),
}
HELD_WORDS: Final = N_("on hold, a problem was reported")

_HELD_BUYER: Final = N_(
    "Your money is held safely. %(price)s stays with us while we look at the problem. Nothing is paid out meanwhile."
)
_HELD_COOPERATIVE: Final = N_(
    "The buyer's payment is held safely. You will be paid %(net)s if the problem is solved and the sale goes on."
)
_STOPPING: Final = N_("No money is held. We are closing the payment page with the payment provider.")
_DELIVERED_SILENT: Final = N_(
    "Your money is held safely. %(price)s is paid out after you accept the goods, or on %(deadline)s if you do nothing."
)

_BUYER: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("You have not paid yet. The lot is reserved for you until %(deadline)s."),
    State.FUNDED: N_(
        "Your money is held safely. %(price)s comes back to you if the cooperative does not confirm by %(deadline)s."
    ),
    State.CONFIRMED: N_(
        "Your money is held safely. %(price)s comes back to you if nothing is shipped by %(deadline)s."
    ),
    State.SHIPPED: N_(
        "Your money is held safely. %(price)s stays with us until you have received and accepted the goods."
    ),
    State.DELIVERED: _DELIVERED_SILENT,
    State.ACCEPTED: N_("Your money is held safely. %(price)s is paid out after a last check by our staff."),
    State.RELEASING: N_("Your payment of %(price)s was shared out. The cooperative's part is on its way to it."),
    State.RELEASED: N_("Your payment of %(price)s was shared out. The cooperative has received its part."),
    State.RELEASE_FAILED: N_(
        "Your payment of %(price)s was shared out. Paying the cooperative met a delay; you have nothing to do."
    ),
    State.REFUNDING: N_("Your money is on its way back. %(price)s returns to the card or account you paid with."),
    State.REFUNDED: N_("Your money was sent back. %(price)s returned to the card or account you paid with."),
    State.REFUND_FAILED: N_("Your money is still owed to you. Sending %(price)s back met a delay; our staff is on it."),
    State.CANCELLED: N_("No money is held. The order was cancelled before payment."),
    State.EXPIRED: N_("No money is held. The order ended because no payment arrived in time."),
}
_COOPERATIVE: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("No money has arrived yet. You will be paid %(net)s if the buyer pays and accepts."),
    State.FUNDED: N_(
        "The buyer's payment is held safely. You will be paid %(net)s after the buyer accepts. Confirm by %(deadline)s."
    ),
    State.CONFIRMED: N_(
        "The buyer's payment is held safely. You will be paid %(net)s after the buyer accepts. Ship by %(deadline)s."
    ),
    State.SHIPPED: N_("The buyer's payment is held safely. You will be paid %(net)s after the buyer accepts."),
    State.DELIVERED: N_(
        "The buyer's payment is held safely. You will be paid %(net)s after the buyer accepts, "
        "or on %(deadline)s if the buyer does nothing."
    ),
    State.ACCEPTED: N_("The buyer's payment is held safely. You will be paid %(net)s after a last check by our staff."),
    State.RELEASING: N_("You will be paid %(net)s. The money is yours and is being sent."),
    State.RELEASED: N_("You were paid %(net)s."),
    State.RELEASE_FAILED: N_("You will be paid %(net)s. Sending it met a delay; our staff is on it."),
    State.REFUNDING: N_("The payment goes back to the buyer. You will not be paid for this order."),
    State.REFUNDED: N_("The payment went back to the buyer. You were not paid for this order."),
    State.REFUND_FAILED: N_("The payment goes back to the buyer. You will not be paid for this order."),
    State.CANCELLED: N_("No money arrived. The buyer cancelled before paying."),
    State.EXPIRED: N_("No money arrived. The buyer did not pay in time."),
}
_NEXT_BUYER: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("Pay on the payment provider's page. We never see your card."),
    State.FUNDED: N_("The cooperative checks that the parcel is in hand and confirms."),
    State.CONFIRMED: N_("The cooperative packs, seals and ships the parcel."),
    State.SHIPPED: N_("When the parcel is with you, check the seal, weigh it, and tell us."),
    State.DELIVERED: N_("Inspect the goods. Accept them, or report a problem."),
    State.ACCEPTED: N_("Our staff checks the order once more and releases the payment."),
    State.RELEASING: N_("The cooperative is being paid. You have nothing to do."),
    State.RELEASE_FAILED: N_("Our staff pays the cooperative again. You have nothing to do."),
    State.REFUNDING: N_("Your bank shows the refund within a few working days."),
    State.REFUND_FAILED: N_("Our staff sends the refund again. You have nothing to do."),
}
_NEXT_COOPERATIVE: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("Wait until the buyer has paid. Do not send anything yet."),
    State.FUNDED: N_("Check that you have the parcel in hand. Then confirm, or say why you cannot."),
    State.CONFIRMED: N_("Pack, seal and ship the parcel. Then enter the tracking number here."),
    State.SHIPPED: N_("The courier brings the parcel to the buyer. You have nothing to do."),
    State.DELIVERED: N_("The buyer inspects the goods. You have nothing to do."),
    State.ACCEPTED: N_("Our staff checks the order once more and releases the payment."),
    State.RELEASING: N_("Our staff sends the money to your account."),
    State.RELEASE_FAILED: N_("Our staff sends the money again. Check your account details."),
}
_NOTHING: Final = N_("Nothing more happens with this order.")
_HELD_NEXT: Final = N_("Our staff looks at the problem and writes to both of you.")

STEP_WORDS: Final[dict[Action, str]] = {
    Action.CAPTURE: N_("Payment received and held"),
    Action.STOP_PAYMENT: N_("The buyer asked to cancel"),
    Action.LAPSE: N_("The time to pay ran out"),
    Action.ABANDON: N_("Cancelled before payment"),
    Action.EXPIRE: N_("Ended without payment"),
    Action.CONFIRM: N_("The cooperative confirmed"),
    Action.DECLINE: N_("The cooperative could not deliver"),
    Action.CANCEL: N_("The buyer changed their mind"),
    Action.CANCEL_UNCONFIRMED: N_("The buyer cancelled: no confirmation came"),
    Action.REFUND_UNCONFIRMED: N_("Ended: no confirmation came"),
    Action.SHIP: N_("Handed to the courier"),
    Action.REFUND_UNSHIPPED: N_("Ended: nothing was shipped"),
    Action.RECEIVE: N_("Received by the buyer"),
    Action.PROVE_DELIVERY: N_("Delivered, proved by the carrier"),
    Action.REPORT_LATE: N_("On hold: the parcel is late"),
    Action.ACCEPT: N_("Accepted by the buyer"),
    Action.ACCEPT_BY_SILENCE: N_("Accepted: the inspection time ended"),
    Action.RELEASE: N_("Payment shared out"),
    Action.APPROVE_RELEASE: N_("Payment shared out after a second check"),
    Action.COMPLETE_RELEASE: N_("The cooperative was paid"),
    Action.FAIL_RELEASE: N_("Paying the cooperative failed"),
    Action.RETRY_RELEASE: N_("Paying the cooperative again"),
    Action.COMPLETE_REFUND: N_("Refund sent"),
    Action.FAIL_REFUND: N_("The refund failed"),
    Action.RETRY_REFUND: N_("Sending the refund again"),
    Action.REPORT_PROBLEM: N_("The buyer reported a problem"),
    Action.WITHDRAW_PROBLEM: N_("The buyer withdrew the report"),
    Action.PROPOSE: N_("Staff proposed a decision"),
    Action.CONTINUE: N_("Problem solved: the order goes on"),
    Action.REFUND: N_("Decided: the buyer is refunded"),
}


def state_words(facts: OrderFacts) -> str:
    """Return the state as people read it in the heading."""
    return HELD_WORDS if facts.is_held else STATE_WORDS[facts.state]


def where_is_the_money(facts: OrderFacts, reader: Reader) -> Sentence:
    """Return the first sentence of the page: who has the money now, and what moves it."""
    params: dict[str, object] = {"price": facts.price, "net": facts.net, "deadline": facts.deadline_at}
    if facts.is_held:
        message = _HELD_BUYER if reader is Reader.BUYER else _HELD_COOPERATIVE
    elif facts.is_stopping and facts.state is State.PENDING_PAYMENT:
        message = _STOPPING
    else:
        message = (_BUYER if reader is Reader.BUYER else _COOPERATIVE)[facts.state]
    return Sentence(message, {name: value for name, value in params.items() if f"%({name})s" in message})


def what_happens_next(facts: OrderFacts, reader: Reader) -> str:
    """Return the sentence above the primary button."""
    if facts.state in FINAL:
        return _NOTHING
    if facts.is_held:
        return _HELD_NEXT
    return (_NEXT_BUYER if reader is Reader.BUYER else _NEXT_COOPERATIVE).get(facts.state, _NOTHING)
