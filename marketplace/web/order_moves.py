"""The moves of an order that are made on one small form or with one button: what each asks, and what it does.

The buttons of an order's page come from `allowed_actions` and this table; the pages are web/order_move_page.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from marketplace.core.storage import FileStore
from marketplace.core.text import N_
from marketplace.orders import move_answers as read
from marketplace.orders import services
from marketplace.orders.answers import PROBLEM_KINDS, Reason, Typed
from marketplace.orders.models import Order
from marketplace.orders.transitions import Action
from marketplace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a form."""

    typed: Typed
    photos: Sequence[bytes]
    store: FileStore


@dataclass(frozen=True, slots=True)
class Move:
    """One form. `fields` name macros of orders/move.html; without fields it is a button."""

    label: str
    do: Callable[[UnitOfWork, Order, Sent], object]
    intro: str = ""
    fields: tuple[str, ...] = ()
    text: str = ""
    kind: str = "alt"
    choices: Mapping[str, str] = field(default_factory=dict)


_SAY = N_("Say in a few words what you found.")
_PARCEL = ("carrier", "tracking", "seal_number", "weight", "insured")
_REJECTIONS = {kind: label for kind, label in PROBLEM_KINDS.items() if kind != "not_arrived"}


def _evidence(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    text = read.read_text(sent.typed, empty=_SAY)
    services.add_evidence(uow, order=order, text=text, photos=sent.photos, store=sent.store)


def _keep(uow: UnitOfWork, order: Order, sent: Sent, text: str) -> None:
    """Keep the photos that came with a move as evidence."""
    if sent.photos:
        photos = services.read_photos(uow, sent.photos)
        services.keep_evidence(uow, order=order, text=text, photos=photos, store=sent.store)


def _adjust(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    refund, text = read.read_refund(sent.typed, currency=order.currency, empty=_SAY)
    services.ask_adjustment(uow, order=order, refund=refund, text=text)
    _keep(uow, order, sent, text)


def _reject(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    reason = read.read_rejection(sent.typed)
    services.reject(uow, order=order, reason=reason)
    _keep(uow, order, sent, reason.text)


def _send_back(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    services.send_back(uow, order=order, parcel=read.read_return(sent.typed, currency=order.currency))


def _extend_inspection(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    laboratory = read.read_text(sent.typed, empty=N_("Enter the name and town of the laboratory."))
    services.extend_inspection(uow, order=order, laboratory=laboratory)


def _extend_shipping(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    reason = read.read_text(sent.typed, empty=N_("Give the reason for both parties to read."))
    services.extend_shipping(uow, order=order, reason=reason)


def _offer(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    refund, text = read.read_refund(sent.typed, currency=order.currency, empty=N_("Say in a few words why."))
    services.offer_settlement(uow, order=order, refund=refund, text=text)


def _decline_adjustment(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    text = read.read_text(sent.typed, empty=N_("Say in a few words why."))
    services.decline_adjustment(uow, order=order, text=text)
    _keep(uow, order, sent, text)


def _receive_return(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    services.receive_return(uow, order=order, receipt=read.read_return_receipt(sent.typed))


def _contest(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    text = read.read_text(sent.typed, empty=_SAY)
    services.contest_return(uow, order=order, reason=Reason("return_contested", text))
    _keep(uow, order, sent, text)


def _appeal(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    services.appeal(uow, order=order, text=read.read_text(sent.typed, empty=N_("Say what was overlooked.")))


def _prove_return(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    proof = read.read_text(sent.typed, empty=N_("Enter the carrier's proof: its number and who signed."))
    services.prove_return(uow, order=order, proof=proof)


def _match(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    by_assay = order.provisional_minor is not None
    finding, parcel = read.read_match(sent.typed, currency=order.currency, by_assay=by_assay)
    services.confirm_match(uow, order=order, finding=finding, parcel=parcel)
    _keep(uow, order, sent, finding.note)


def _mismatch(uow: UnitOfWork, order: Order, sent: Sent) -> None:
    finding = read.read_mismatch(sent.typed)
    services.report_mismatch(uow, order=order, finding=finding)
    _keep(uow, order, sent, finding.note)


_OF_BOTH: Final[dict[Action, Move]] = {
    Action.ACCEPT_SETTLEMENT: Move(
        N_("Accept the offer"),
        lambda uow, order, _sent: services.accept_settlement(uow, order=order),
        intro=N_("It is carried out at once. Nobody can appeal then."),
        kind="primary",
    ),
    Action.ADD_EVIDENCE: Move(
        N_("Show what you know"),
        _evidence,
        intro=N_("The other side and our staff can see it. Nothing you add can be changed or taken away."),
        fields=("text", "photos"),
        text=N_("What do you want to show?"),
    ),
    Action.OFFER_SETTLEMENT: Move(
        N_("Offer an end"),
        _offer,
        intro=N_("When the other side accepts, it is carried out at once. Nobody can appeal then."),
        fields=("refund", "text"),
        text=N_("Why is that fair?"),
    ),
    Action.APPEAL: Move(
        N_("Ask for another reviewer"),
        _appeal,
        intro=N_("You can do this once. Somebody else of our staff looks at everything again; their word is the last."),
        fields=("text",),
        text=N_("What was overlooked?"),
    ),
}
BUYER_MOVES: Final[dict[Action, Move]] = {
    Action.SEND_BACK: Move(N_("I have sent it back"), _send_back, fields=_PARCEL, kind="primary"),
    Action.ASK_ADJUSTMENT: Move(
        N_("Ask for a lower price"),
        _adjust,
        intro=N_(
            "The cooperative answers within 72 hours. If it agrees, the part goes back to you and you keep the goods."
        ),
        fields=("refund", "text", "photos"),
        text=N_("Why is it worth less?"),
    ),
    Action.REJECT: Move(
        N_("Reject the goods"),
        _reject,
        intro=N_("You send the goods back within 5 days, insured. When the cooperative has them, you are refunded."),
        fields=("kind", "text", "photos"),
        text=N_("Say what you found"),
        kind="plain",
        choices=_REJECTIONS,
    ),
    Action.EXTEND_INSPECTION: Move(
        N_("A laboratory has the goods"),
        _extend_inspection,
        intro=N_("You get 14 more days, once. The cooperative is told."),
        fields=("text",),
        text=N_("Which laboratory, and where is it?"),
        kind="plain",
    ),
    Action.WITHDRAW_ADJUSTMENT: Move(
        N_("I no longer ask for it"),
        lambda uow, order, _sent: services.withdraw_adjustment(uow, order=order),
        intro=N_("Your time to inspect the goods goes on."),
    ),
    **_OF_BOTH,
}
COOPERATIVE_MOVES: Final[dict[Action, Move]] = {
    Action.AGREE_ADJUSTMENT: Move(
        N_("Agree to the lower price"),
        lambda uow, order, _sent: services.agree_adjustment(uow, order=order),
        intro=N_("The part goes back to the buyer, who keeps the goods. You are paid the rest."),
        kind="primary",
    ),
    Action.DECLINE_ADJUSTMENT: Move(
        N_("Refuse the lower price"),
        _decline_adjustment,
        intro=N_("Our staff then looks at both sides and decides."),
        fields=("text", "photos"),
        text=N_("Why not?"),
    ),
    Action.RECEIVE_RETURN: Move(
        N_("We have it back"), _receive_return, fields=("seal_intact", "weight"), kind="primary"
    ),
    Action.TAKE_BACK: Move(
        N_("Take it back: the buyer is refunded"),
        lambda uow, order, _sent: services.take_back(uow, order=order),
        intro=N_("The whole payment goes back at once."),
        kind="primary",
    ),
    Action.CONTEST_RETURN: Move(
        N_("This is not what we sent"),
        _contest,
        intro=N_("Our staff then looks at both sides and decides. Keep the goods and the seal as they are."),
        fields=("text", "photos"),
        text=N_("Say what you found"),
    ),
    **_OF_BOTH,
    # The last one: it ends the dispute, and stands beside "Accept the offer".
    Action.WITHDRAW_PROBLEM: Move(
        N_("The problem is solved: the order goes on"),
        lambda uow, order, _sent: services.withdraw_problem(uow, order=order),
        intro=N_("You take your objection back."),
        kind="plain",
    ),
}
STAFF_MOVES: Final[dict[Action, Move]] = {
    Action.MATCH: Move(
        N_("It matches: send it on"),
        _match,
        intro=N_("Seal the goods again. Then enter how they travel to the buyer."),
        fields=(
            "seal_intact",
            "weight",
            "fineness",
            "certificate",
            "text",
            "carrier",
            "tracking",
            "seal_number",
            "insured",
            "photos",
        ),
        text=N_("Anything the buyer should know?"),
        kind="primary",
    ),
    Action.MISMATCH: Move(
        N_("It does not match"),
        _mismatch,
        intro=N_("Keep the parcel until the dispute is decided."),
        fields=("seal_intact", "weight", "certificate", "text", "photos"),
        text=N_("What is different from the listing?"),
    ),
    Action.EXTEND_SHIPPING: Move(
        N_("Give another week to ship"),
        _extend_shipping,
        intro=N_("Only once, for example while an export permit is on its way."),
        fields=("text",),
        text=N_("Reason, for both parties to read"),
    ),
    Action.PROVE_RETURN: Move(
        N_("The carrier proved the return"),
        _prove_return,
        fields=("text",),
        text=N_("Proof: its number and who signed"),
    ),
}
