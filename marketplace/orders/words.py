"""What an order's pages say: where the money is, and what happens next. Pure.

Every text is one whole msgid with parameters; the page translates it and formats money and dates.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders.chargeback_words import CHARGEBACK_MONEY, CHARGEBACK_NEXT, CHARGEBACK_WORDS
from marketplace.orders.transitions import FINAL, State


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
    is_frozen: bool = False
    refund: Money | None = None
    outcome: str | None = None
    is_stopping: bool = False
    needs_second_person: bool = False
    is_by_verifier: bool = False
    is_chargeback: bool = False


STATE_WORDS: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("waiting for payment"),
    State.FUNDING: N_("payment on its way"),
    State.FUNDED: N_("paid, waiting for the cooperative"),
    State.CONFIRMED: N_("being packed"),
    State.AT_VERIFICATION: N_("at the independent check"),
    State.SHIPPED: N_("with the courier"),
    State.DELIVERED: N_("delivered, to be inspected"),
    State.ADJUSTMENT: N_("a lower price was asked for"),
    State.RETURN_PENDING: N_("rejected, to be sent back"),
    State.RETURNING: N_("on its way back"),
    State.RETURN_INSPECTION: N_("back at the cooperative"),
    State.DISPUTED: N_("on hold, a problem was reported"),
    State.DECIDED: N_("decided, to be carried out"),
    State.ACCEPTED: N_("accepted"),
    State.RELEASING: N_("payment to the cooperative on its way"),
    State.RELEASED: N_("complete"),
    State.RELEASE_FAILED: N_("accepted, payment delayed"),
    State.REFUNDING: N_("refund on its way"),
    State.REFUNDED: N_("refunded"),
    State.REFUND_FAILED: N_("refund delayed"),
    State.SPLIT_SETTLED: N_("complete, a part was refunded"),
    State.CANCELLED: N_("cancelled"),
    State.EXPIRED: N_("ended without payment"),
}
FROZEN_WORDS: Final = N_("stopped for a check")

_FROZEN_BUYER: Final = N_("The payment of %(price)s is stopped for a check. Nothing is paid out meanwhile.")
_FROZEN_COOPERATIVE: Final = N_(
    "The payment is stopped for a check. If it goes on, you will be paid %(net)s. Nothing is lost."
)
_FROZEN_NEXT: Final = N_("Our staff checks the payment and writes to you.")
_STOPPING: Final = N_("No money is held. We are closing the payment page with the payment provider.")
_DELIVERED_SILENT: Final = N_(
    "Your money is held safely. %(price)s is paid out after you accept the goods, or on %(deadline)s if you do nothing."
)

_BUYER: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("You have not paid yet. The lot is reserved for you until %(deadline)s."),
    State.FUNDING: N_("Your payment of %(price)s is on its way. The lot stays reserved for you until it arrives."),
    State.AT_VERIFICATION: N_(
        "Your money is held safely. %(price)s stays with us while an independent person checks the goods."
    ),
    State.ADJUSTMENT: N_(
        "Your money is held safely. %(price)s stays with us until the cooperative answers, by %(deadline)s."
    ),
    State.RETURN_PENDING: N_(
        "Your money is held safely. %(price)s is paid out if you do not send the goods back by %(deadline)s."
    ),
    State.RETURNING: N_(
        "Your money is held safely. %(price)s comes back to you after the cooperative has the goods again."
    ),
    State.RETURN_INSPECTION: N_(
        "Your money is held safely. %(price)s comes back to you by %(deadline)s unless the cooperative objects."
    ),
    State.DISPUTED: N_(
        "Your money is held safely. %(price)s stays with us while we look at the problem. "
        "Nothing is paid out meanwhile."
    ),
    State.DECIDED: N_(
        "Your money is held safely. %(price)s stays with us until %(deadline)s, then the decision is carried out."
    ),
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
    State.SPLIT_SETTLED: N_("%(refund)s of your payment came back to you. The rest was shared out."),
    State.CANCELLED: N_("No money is held. The order was cancelled before payment."),
    State.EXPIRED: N_("No money is held. The order ended because no payment arrived in time."),
}
_COOPERATIVE: Final[dict[State, str]] = {
    State.PENDING_PAYMENT: N_("No money has arrived yet. You will be paid %(net)s if the buyer pays and accepts."),
    State.FUNDING: N_(
        "The buyer's payment is on its way. You will be paid %(net)s if it arrives and the buyer accepts."
    ),
    State.AT_VERIFICATION: N_(
        "The buyer's payment is held safely. You will be paid %(net)s after the check and after the buyer accepts."
    ),
    State.ADJUSTMENT: N_(
        "The buyer's payment is held safely. You will be paid %(net)s, or less if you agree by %(deadline)s."
    ),
    State.RETURN_PENDING: N_(
        "The buyer's payment is held safely. You will be paid %(net)s if nothing is sent back by %(deadline)s."
    ),
    State.RETURNING: N_(
        "The buyer's payment is held safely. You will be paid %(net)s only if the goods do not come back."
    ),
    State.RETURN_INSPECTION: N_(
        "The buyer's payment is held safely. You will be paid %(net)s only if you object by %(deadline)s and are right."
    ),
    State.DISPUTED: N_(
        "The buyer's payment is held safely. You will be paid %(net)s if the problem is solved and the sale goes on."
    ),
    State.DECIDED: N_(
        "The buyer's payment is held safely. You will be paid what was decided, on %(deadline)s if nobody appeals."
    ),
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
    State.SPLIT_SETTLED: N_("You were paid %(net)s. A part of the price went back to the buyer."),
    State.CANCELLED: N_("No money arrived. The buyer cancelled before paying."),
    State.EXPIRED: N_("No money arrived. The buyer did not pay in time."),
}
# An agreed part of the price goes back first, then the rest is paid out.
_PARTIAL_BUYER: Final[dict[State, str]] = {
    State.DELIVERED: N_(
        "Your money is held safely. %(refund)s of it comes back to you. "
        "The rest is paid out after you accept the goods, or on %(deadline)s if you do nothing."
    ),
    State.ACCEPTED: N_(
        "Your money is held safely. %(refund)s of it comes back to you. "
        "The rest is paid out after a last check by our staff."
    ),
    State.REFUNDING: N_("%(refund)s of your money is on its way back to the card or account you paid with."),
    State.REFUND_FAILED: N_("%(refund)s is still owed to you. Sending it back met a delay; our staff is on it."),
    State.RELEASING: N_("%(refund)s of your payment came back to you. The cooperative's part is on its way to it."),
    State.RELEASE_FAILED: N_(
        "%(refund)s came back to you. Paying the cooperative met a delay; you have nothing to do."
    ),
}
_PARTIAL_COOPERATIVE: Final[dict[State, str]] = {
    State.REFUNDING: N_("You will be paid %(net)s. First the buyer's part of %(refund)s goes back."),
    State.REFUND_FAILED: N_("You will be paid %(net)s. First the buyer's part of %(refund)s goes back."),
}
_NEXT_BUYER: Final[dict[State, str]] = {
    State.FUNDING: N_("Your bank sends the payment. We write to you when it arrives; that can take some days."),
    State.AT_VERIFICATION: N_(
        "Within 5 working days a verifier compares the parcel with the listing and sends it on. You have nothing to do."
    ),
    State.ADJUSTMENT: N_("The cooperative agrees to the lower price, or our staff looks at it."),
    State.RETURN_PENDING: N_("Pack and send the goods back. Then enter the tracking number here."),
    State.RETURNING: N_("The courier brings the goods back. You have nothing to do."),
    State.RETURN_INSPECTION: N_("The cooperative looks at what came back. You have nothing to do."),
    State.DISPUTED: N_(
        "Show what you found within 7 days. You may also offer the other side an end. "
        "Otherwise our staff decides within 21 days."
    ),
    State.DECIDED: N_("Read the decision. Who lost may ask for another reviewer, once."),
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
    State.FUNDING: N_("Wait until the payment has arrived. Do not send anything yet."),
    State.AT_VERIFICATION: N_(
        "Within 5 working days a verifier compares the goods with the listing and sends them on. "
        "You have nothing to do."
    ),
    State.ADJUSTMENT: N_("The buyer asks for a lower price. Agree to it, or say why not."),
    State.RETURN_PENDING: N_("The buyer rejected the goods and sends them back. You have nothing to do yet."),
    State.RETURNING: N_("The goods come back to you. When you have them, check the seal, weigh them, and tell us."),
    State.RETURN_INSPECTION: N_("Look at what came back. Take it back, or say what is wrong."),
    State.DISPUTED: N_(
        "Show what you know within 7 days. You may also offer the other side an end. "
        "Otherwise our staff decides within 21 days."
    ),
    State.DECIDED: N_("Read the decision. Who lost may ask for another reviewer, once."),
    State.PENDING_PAYMENT: N_("Wait until the buyer has paid. Do not send anything yet."),
    State.FUNDED: N_("Check that you have the parcel in hand. Then confirm, or say why you cannot."),
    State.CONFIRMED: N_("Pack, seal and ship the parcel. Then enter the tracking number here."),
    State.SHIPPED: N_("The courier brings the parcel to the buyer. You have nothing to do."),
    State.DELIVERED: N_("The buyer inspects the goods. You have nothing to do."),
    State.ACCEPTED: N_("Our staff checks the order once more and releases the payment."),
    State.RELEASING: N_("Our staff sends the money to your account."),
    State.RELEASE_FAILED: N_("Our staff sends the money again. Check your account details."),
}
_TO_THE_VERIFIER: Final = N_("Pack, seal and ship the parcel to the verifier. Then enter the tracking number here.")
_NOTHING: Final = N_("Nothing more happens with this order.")


def state_words(facts: OrderFacts) -> str:
    """Return the state as people read it in the heading."""
    if facts.is_frozen:
        return CHARGEBACK_WORDS if facts.is_chargeback else FROZEN_WORDS
    return STATE_WORDS[facts.state]


def where_is_the_money(facts: OrderFacts, reader: Reader) -> Sentence:
    """Return the first sentence of the page: who has the money now, and what moves it."""
    message = _money_message(facts, reader)
    params: dict[str, object] = {
        "price": facts.price,
        "net": facts.net,
        "deadline": facts.deadline_at,
        "refund": facts.refund,
    }
    return Sentence(message, {name: value for name, value in params.items() if f"%({name})s" in message})


def what_happens_next(facts: OrderFacts, reader: Reader) -> str:
    """Return the sentence above the primary button."""
    if facts.state in FINAL:
        return _NOTHING
    if facts.is_frozen:
        return CHARGEBACK_NEXT[reader.value] if facts.is_chargeback else _FROZEN_NEXT
    if facts.is_by_verifier and facts.state is State.CONFIRMED and reader is Reader.COOPERATIVE:
        return _TO_THE_VERIFIER
    return (_NEXT_BUYER if reader is Reader.BUYER else _NEXT_COOPERATIVE).get(facts.state, _NOTHING)


def _money_message(facts: OrderFacts, reader: Reader) -> str:
    is_buyer = reader is Reader.BUYER
    if facts.is_frozen and facts.is_chargeback:
        return CHARGEBACK_MONEY[reader.value]
    if facts.is_frozen:
        return _FROZEN_BUYER if is_buyer else _FROZEN_COOPERATIVE
    if facts.is_stopping and facts.state is State.PENDING_PAYMENT:
        return _STOPPING
    is_partial = facts.refund is not None and 0 < facts.refund.minor < facts.price.minor
    partial = _PARTIAL_BUYER if is_buyer else _PARTIAL_COOPERATIVE
    if is_partial and facts.state in partial:
        return partial[facts.state]
    return (_BUYER if is_buyer else _COOPERATIVE)[facts.state]
