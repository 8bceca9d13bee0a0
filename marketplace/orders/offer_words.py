"""What the pages of a negotiation say: where it stands, and what each offer was. Pure.

Every text is one whole msgid with parameters; the page translates it and formats money and dates.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders.offers import MOST_ROUNDS, Side, Standing, State
from marketplace.orders.words import Sentence

# For staff, who stand on neither side, the words of the buyer's side are turned into the third person.
Reader = Side | None


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What the sentence about a negotiation depends on."""

    standing: Standing
    amount: Money
    until: datetime
    order_until: datetime | None = None
    is_ordered: bool = False


STATE_WORDS: Final[dict[State, str]] = {
    State.OPEN: N_("open"),
    State.ACCEPTED: N_("accepted"),
    State.DECLINED: N_("declined"),
    State.COUNTERED: N_("answered with another amount"),
    State.WITHDRAWN: N_("taken back"),
    State.EXPIRED: N_("ended without an answer"),
}
_MADE: Final[dict[tuple[Side, Reader], str]] = {
    (Side.BUYER, Side.BUYER): N_("You offered %(amount)s"),
    (Side.BUYER, Side.COOPERATIVE): N_("The buyer offered %(amount)s"),
    (Side.BUYER, None): N_("The buyer offered %(amount)s"),
    (Side.COOPERATIVE, Side.BUYER): N_("The cooperative asked %(amount)s"),
    (Side.COOPERATIVE, Side.COOPERATIVE): N_("You asked %(amount)s"),
    (Side.COOPERATIVE, None): N_("The cooperative asked %(amount)s"),
}
_YOURS_TO_ANSWER: Final = N_("%(amount)s waits for your answer. It ends by itself on %(until)s.")
_OTHERS_TO_ANSWER: Final = N_("%(amount)s waits for the answer of the other side. It ends by itself on %(until)s.")
_FOR_STAFF: Final = N_("%(amount)s is open. It ends by itself on %(until)s.")
_ENDED: Final[dict[State, str]] = {
    State.ACCEPTED: N_("%(amount)s was agreed, and not ordered in time."),
    State.DECLINED: N_("%(amount)s was declined."),
    State.WITHDRAWN: N_("%(amount)s was taken back."),
    State.EXPIRED: N_("%(amount)s was not answered in time."),
}
_AGREED: Final[dict[Reader, str]] = {
    Side.BUYER: N_("%(amount)s is agreed. Order and pay by %(order_until)s."),
    Side.COOPERATIVE: N_("%(amount)s is agreed. The buyer may order until %(order_until)s."),
    None: N_("%(amount)s is agreed. The buyer may order until %(order_until)s."),
}
_NO_MORE: Final = N_("%(rounds)s offers were made: no more are possible. The lot can still be bought at its price.")


def state_words(facts: OfferFacts, reader: Reader = None) -> str:
    """Return the state in a few words, for lists; a reader of one side learns who must answer."""
    if facts.standing.is_agreed:
        return N_("ordered") if facts.is_ordered else N_("agreed")
    if facts.standing.is_gone:
        return N_("ended, not for sale any more")
    if facts.standing.state is State.OPEN and facts.standing.is_waiting:
        return N_("waits, the lot is reserved")
    if facts.standing.state is State.ACCEPTED:
        return N_("agreed, and not ordered")
    if facts.standing.state is State.OPEN and reader is not None:
        return N_("waits for the other side") if reader is facts.standing.made_by else N_("waits for your answer")
    return STATE_WORDS[facts.standing.state]


def what_stands(facts: OfferFacts, reader: Reader) -> Sentence:
    """Return the sentence about the newest offer and what may come of it."""
    standing, amount = facts.standing, facts.amount
    if standing.is_agreed:
        return _agreed(facts, reader)
    if standing.is_gone:
        return Sentence(N_("This lot is not for sale any more as it was. The offers about it ended."), {})
    if standing.state is not State.OPEN:
        return Sentence(_ENDED[standing.state], {"amount": amount})
    if standing.is_waiting:
        return Sentence(
            N_("Another buyer has this lot now. The offer of %(amount)s waits, and its time stands still."),
            {"amount": amount},
        )
    params: dict[str, object] = {"amount": amount, "until": facts.until}
    if reader is None:
        return Sentence(_FOR_STAFF, params)
    return Sentence(_OTHERS_TO_ANSWER if reader is standing.made_by else _YOURS_TO_ANSWER, params)


def what_is_left(standing: Standing) -> Sentence | None:
    """Return how many offers may still be made, or that none is; None when it does not matter any more."""
    if standing.is_agreed or standing.is_gone:
        return None
    left = MOST_ROUNDS - standing.rounds
    if left == 0:
        return Sentence(_NO_MORE, {"rounds": MOST_ROUNDS})
    return Sentence(N_("Offers that can still be made in this negotiation: %(left)s."), {"left": left})


def what_was_offered(made_by: Side, amount: Money, reader: Reader) -> Sentence:
    """Return what one offer was, for the list of all of them."""
    return Sentence(_MADE[made_by, reader], {"amount": amount})


def _agreed(facts: OfferFacts, reader: Reader) -> Sentence:
    if facts.is_ordered:
        return Sentence(N_("%(amount)s was agreed, and ordered."), {"amount": facts.amount})
    return Sentence(_AGREED[reader], {"amount": facts.amount, "order_until": facts.order_until})
