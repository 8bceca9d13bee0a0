"""What our own records say for a payment that a bank takes back: one text in English, as banks want it.

Source: Stripe asks for what was agreed, how the goods were sent and received, and what was written to the customer. The
text holds only what is recorded; a person of finance reads and completes it before it goes out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Buyer
from marketplace.core.money import Money
from marketplace.notifications.models import Message
from marketplace.notifications.params import unpacked
from marketplace.notifications.rendering import render
from marketplace.orders.models import Order, Shipment
from marketplace.orders.queries import payment_of, price_of, shipments_of, steps_of
from marketplace.orders.step_words import step_words
from marketplace.payments.provider_disputes import LONGEST_EVIDENCE

MOST_LETTERS: Final = 30
_LANGUAGE: Final = "en"
_LEGS: Final = {"out": "Parcel to the buyer", "onward": "Parcel from the verifier on", "back": "Parcel back"}


def evidence_text(session: Session, order: Order) -> str:
    """Return everything recorded about the order that speaks for the payment, at most what the provider takes."""
    sections = (
        ("The purchase", _purchase(session, order)),
        ("What the buyer saw and agreed to", _agreed(order)),
        ("The parcel", [line for leg in shipments_of(session, order.id) for line in _leg(leg)]),
        ("What happened", [f"{_at(step.at)}: {step_words(step.action)}." for step in steps_of(session, order.id)]),
        ("Letters to the buyer", list(_letters(session, order))),
    )
    text = "\n\n".join("\n".join((f"{title}:", *lines)) for title, lines in sections if lines)
    return text[:LONGEST_EVIDENCE]


def _purchase(session: Session, order: Order) -> list[str]:
    buyer = session.get_one(Buyer, order.buyer_id)
    payment = payment_of(session, order.id)
    to = order.delivery
    lines = [
        f"Order {order.reference} of {_at(order.created_at)}: {order.title}, {_money(price_of(order))}.",
        f"Buyer: {buyer.company}, {buyer.country}.",
        f"Delivery address given by the buyer: {to['recipient']}, {to['street']}, {to['city']}, {to['country']}.",
    ]
    if payment is not None and payment.paid_at is not None:
        paid = Money(payment.amount_minor, payment.currency)
        lines.append(f"Paid on {_at(payment.paid_at)}: {_money(paid)}, charge {payment.charge_id}.")
    return lines


def _agreed(order: Order) -> list[str]:
    return [
        f"The description was frozen before the payment; its SHA-256 is {order.version_sha256}.",
        f"It has {len(order.photo_hashes)} photos, frozen in the same way.",
        f"Terms of {order.terms_version}; tolerances of {order.tolerance_version}.",
        f"The buyer had {order.inspection_days} days to inspect the goods and to reject them.",
    ]


def _leg(leg: Shipment) -> Iterator[str]:
    insured = Money(leg.insured_minor, leg.currency)
    yield (
        f"{_LEGS[leg.leg]}: {leg.carrier} {leg.tracking}, handed over {_at(leg.shipped_at)}, "
        f"seal {leg.seal_number}, {leg.weight_mg} mg, insured for {_money(insured)}."
    )
    if leg.delivered_at is not None:
        received = f", {leg.received_weight_mg} mg" if leg.received_weight_mg is not None else ""
        seal = {True: ", seal whole", False: ", seal broken", None: ""}[leg.seal_intact]
        yield f"It was delivered {_at(leg.delivered_at)}{received}{seal}."


def _letters(session: Session, order: Order) -> Iterator[str]:
    for letter in _letters_about(session, order):
        params = {"base_url": "", **unpacked(letter.params)}
        subject = render(letter.template, params, language=_LANGUAGE).subject
        yield f"{_at(letter.sent_at or letter.created_at)}: {subject}"


def _letters_about(session: Session, order: Order) -> Sequence[Message]:
    about = Message.params["reference"].astext == order.reference
    # Letters about orders alone; a check of compliance is nobody's business.
    is_ours = Message.template.startswith("order_", autoescape=True) & ~Message.template.startswith("order_checked")
    found = select(Message).where(Message.user_id == order.buyer_user_id, Message.channel == "mail", about, is_ours)
    return session.scalars(found.order_by(Message.created_at, Message.id).limit(MOST_LETTERS)).all()


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _money(amount: Money) -> str:
    return str(amount)
